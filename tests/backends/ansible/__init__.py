"""The target `ansible`, judged by Ansible itself, its linter, and nodes that it changes."""
