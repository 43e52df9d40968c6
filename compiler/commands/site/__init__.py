"""A site of a whole library of specifications: its documents, and how they differ."""
