"""The exit statuses of `reqc`."""

FINE = 0
PROBLEMS = 1
USAGE = 2
UNVERIFIED = 3
"""Something that was asked for could not be looked at."""

INTERNAL = 70
"""A bug in reqc, by sysexits.h."""
