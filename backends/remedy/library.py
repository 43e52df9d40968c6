"""The library of the script: its own fragments, and what they use of the check script's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from reqc.backends.fragments import fragment
from reqc.backends.shell.excerpt import excerpt

FRAGMENTS: Final = (
    "options",
    "report",
    "places",
    "journal",
    "lock",
    "changes",
    "requirements",
    "files",
    "unit_links",
    "units",
    "packages",
    "running",
    "undo",
    "main",
)
"""The fragments of this target, in the order in which they stand in the script."""

ON_CALL: Final = ("attributes", "kernel_arguments", "bounds")
"""The fragments of this target that are only there where a change calls them."""


def library(texts: Iterable[str]) -> str:
    """Return the library of a script; `texts` are commands besides it that call its functions."""
    own = (fragment("remedy", name) for name in FRAGMENTS)
    return excerpt(own, texts, (fragment("remedy", name) for name in ON_CALL))
