"""The shell target."""
