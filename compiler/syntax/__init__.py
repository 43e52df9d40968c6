"""The syntax of the req language: its tree, its parser and the recovery from mistakes."""
