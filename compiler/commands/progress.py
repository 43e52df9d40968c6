"""Tells a person at a terminal how far a run has come, and leaves no trace of it."""

from __future__ import annotations

import os
import shutil
from types import TracebackType
from typing import Self, TextIO

from reqc.compiler.render import visible
from reqc.compiler.source import display_width


class Progress:
    """A line on a terminal that is written over; what is no terminal gets nothing."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._shown = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._columns = 0  # that are written on

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._columns:
            self._write("\r" + " " * self._columns + "\r")

    def tell(self, text: str) -> None:
        """Show a text in the place of the one before, as much of it as fits."""
        if not self._shown:
            return
        room = shutil.get_terminal_size().columns - 1
        told = visible(text)
        while display_width(told) > room:
            told = told[:-1]
        columns = display_width(told)
        self._write("\r" + told + " " * (self._columns - columns))
        self._columns = columns

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
