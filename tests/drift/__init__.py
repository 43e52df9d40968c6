"""Tests of the comparison of machines with rule sets."""
