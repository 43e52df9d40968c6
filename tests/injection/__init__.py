"""Tests that no text of a specification is ever taken for anything but a text."""
