"""Tests of the policies of Calico."""
