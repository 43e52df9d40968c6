"""Folding: the small states of many requirements become the files and units of one node."""
