"""The target `ignition`, and what it shares with others that write files."""
