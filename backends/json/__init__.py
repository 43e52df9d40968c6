"""The json target: the whole lowered document, for programs."""
