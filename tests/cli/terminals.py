"""Runs the installed command at a terminal of a given size."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.cli.command import REQC, environment


@dataclass(frozen=True, slots=True)
class Shown:
    """What a run wrote: on the terminal, line ends as the program wrote them, and as errors."""

    status: int
    raw: str
    stderr: str

    @property
    def text(self) -> str:
        """What stays on the terminal: without what was written over."""
        return "\n".join(line.rpartition("\r")[2] for line in self.raw.split("\n"))


def at_terminal(
    *arguments: str | Path,
    columns: int = 80,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> Shown:
    """Run reqc with a terminal as its standard output."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    wanted = {**environment({"TERM": "xterm", "PYTHONUTF8": "1"}), **(env or {})}
    wanted.pop("COLUMNS", None)
    process = subprocess.Popen(
        [str(REQC), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=wanted,
        cwd=cwd,
    )
    os.close(theirs)
    raw = _all(ours).replace("\r\n", "\n")
    _, stderr = process.communicate(timeout=60)
    told = stderr.decode("utf-8", "replace")
    assert "Traceback" not in told
    assert "internal error" not in told
    return Shown(process.returncode, raw, told)


def plain(text: str) -> str:
    """Return the text without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _all(terminal: int) -> str:
    """Return all that is written to a terminal until nobody holds it any more."""
    parts = []
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # Linux tells the end of a terminal so
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()
