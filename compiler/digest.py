"""The fingerprint of a document."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from reqc.compiler.said import unplaced
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.printer import unaligned


def digest(statements: Iterable[tree.Statement]) -> str:
    """Return the sha256 of what is said, whatever its layout, comments and division into files."""
    found = sha256()
    for line in unaligned(statements, unplaced):
        found.update(f"{line}\n".encode())
    return found.hexdigest()
