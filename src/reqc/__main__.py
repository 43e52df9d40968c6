"""`python -m reqc` is `reqc`."""

from reqc.compiler.cli import program

program()
