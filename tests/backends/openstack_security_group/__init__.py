"""Tests of the security groups of OpenStack."""
