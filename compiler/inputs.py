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

    def holds(self) -> bool:
        """Tell whether the same would be found now; raise OSError where that cannot be told."""
        place = Path(self.path).resolve()
        if str(place) != self.place or place.is_file() != (self.sha256 is not None):
            return False
        return self.sha256 is None or fingerprint(place.read_bytes()) == self.sha256


def fingerprint(raw: bytes) -> str:
    """Return the sha256 of what a file holds."""
    return sha256(raw).hexdigest()
