"""Tests of the parser: its tree, its spans, and how it goes on after mistakes."""
