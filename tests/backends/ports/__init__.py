"""Tests of the table of ports."""
