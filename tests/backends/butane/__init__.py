"""Tests of the target butane."""
