"""Tests of the firewall targets."""
