"""What `reqc verify` finds out about artefacts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from reqc.compiler.commands.artefact_header import Header


class State(StrEnum):
    """What an artefact is, compared with what its specification compiles to."""

    INTACT = "intact"
    OUTDATED = "outdated"
    EDITED = "edited"
    UNKNOWN = "unknown"


class File(Struct, frozen=True):
    """A file as it was found; `raw` is None where there is none."""

    path: Path
    raw: bytes | None

    @property
    def text(self) -> str:
        """What is in the file, with a mark for each byte that is no UTF-8."""
        return (self.raw or b"").decode(errors="replace")


class Finding(Struct, frozen=True):
    """What became of a file; `expected` is what it would hold today, where that is known."""

    file: File
    state: State
    reason: str = ""
    header: Header | None = None
    expected: str | None = None
