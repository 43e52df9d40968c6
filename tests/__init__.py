"""The tests of reqc."""
