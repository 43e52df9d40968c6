"""The files that something was made from, to tell later whether they are still the same."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import NamedTuple


class Input(NamedTuple):
    """A path that was looked at, and what was read there.

    `path` is absolute, and `place` is where it led to through links. `sha256` is that of what was
    read there, None where there was no file.
    """

    path: str
    place: str
    sha256: str | None

    @classmethod
    def read(cls, path: Path, raw: bytes) -> Input:
        """Return what was read from a path."""
        return cls(str(path.absolute()), str(path.resolve()), fingerprint(raw))


def fingerprint(raw: bytes) -> str:
    """Return the sha256 of what a file holds."""
    return sha256(raw).hexdigest()
