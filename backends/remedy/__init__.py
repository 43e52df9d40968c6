"""The target `remedy`: a POSIX script that brings a node to a document's states, and back."""
