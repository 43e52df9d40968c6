"""Ignition: files, units and kernel arguments of a node's first boot."""
