"""Tests of the target node-disruption-policy."""
