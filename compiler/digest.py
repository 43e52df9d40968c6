"""The fingerprint of a document."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from reqc.compiler.said import without_places
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.printer import canonical_lines


def digest(statements: Iterable[tree.Statement]) -> str:
    """Return the sha256 of what is said, whatever its layout, comments and division into files."""
    found = sha256()
    for line in canonical_lines(without_places(statements)):
        found.update(line.encode())
    return found.hexdigest()
