"""A fleet of fake nodes whose truth is known, and what the checks say about them."""
