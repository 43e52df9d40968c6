"""Comparison of two documents by what they mean, and what follows for those who upgrade."""
