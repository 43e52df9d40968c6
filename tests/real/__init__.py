"""Tests with real kernels, daemons and packets."""
