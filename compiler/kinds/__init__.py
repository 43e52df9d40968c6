"""Kinds: what can be required, each with its schema and its meaning in the four languages."""
