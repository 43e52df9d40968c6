"""The exit statuses of `reqc`."""

from typing import Final

FINE: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
UNVERIFIED: Final = 3
"""Something that was asked for could not be looked at."""

INTERNAL: Final = 70
"""A bug in reqc, by sysexits.h."""
