"""The second evaluator: judges checks on what a node told of itself, in Python."""
