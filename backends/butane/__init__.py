"""Butane: the same configuration in the language that people write by hand."""
