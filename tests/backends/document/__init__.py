"""The tests of what documents for people say."""
