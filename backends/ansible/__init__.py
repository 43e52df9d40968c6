"""Ansible: a role that brings nodes to the document's states, and back."""
