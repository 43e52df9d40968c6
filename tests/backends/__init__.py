"""The tests of the targets."""
