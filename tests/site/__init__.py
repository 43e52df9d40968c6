"""Tests of `reqc docs`."""
