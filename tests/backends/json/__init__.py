"""The tests of the json target."""
