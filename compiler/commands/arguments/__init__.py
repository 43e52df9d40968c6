"""Arguments: what each command understands. Nothing here takes time to import."""
