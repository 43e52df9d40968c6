"""The tests of the html target."""
