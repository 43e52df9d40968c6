"""The tests of the markdown target."""
