"""A place to run scripts in which nothing that a text asks for stays unseen."""

from __future__ import annotations

import os
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.backends.shell.nodes import SHELLS
from tests.injection.texts import CANARY
from tests.tools import require

SAYS_SO: Final = """#!/bin/sh
echo "$0 $*" >> "{marks}"
"""
DIRECTIONS: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Of Unicode's bidirectional classes, those of marks that turn the text around them."""


@dataclass(frozen=True, slots=True)
class Cage:
    """A folder to run scripts in, with commands that tell that they were called."""

    folder: Path

    @classmethod
    def at(cls, folder: Path) -> Cage:
        """Make the place: `inside` to run in, `bin` with the canary and what texts call."""
        cage = cls(folder)
        cage.inside.mkdir()
        commands = folder / "bin"
        commands.mkdir()
        for name in (CANARY, "touch"):
            file = commands / name
            file.write_text(SAYS_SO.format(marks=cage.marks), encoding="utf-8")
            file.chmod(0o755)
        return cage

    @property
    def inside(self) -> Path:
        """The current folder of what is run, which is empty."""
        return self.folder / "inside"

    @property
    def marks(self) -> Path:
        """Where the commands tell of their calls."""
        return self.folder / "marks"

    def run(
        self,
        shell: str,
        script: Path | None,
        *arguments: str,
        stdin: bytes = b"",
        options: tuple[str, ...] = (),
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a script in a shell that has some options, or what comes by its input."""
        program, *words = SHELLS[shell]
        file = () if script is None else (str(script),)
        return subprocess.run(
            [require(program), *words, *options, *file, *arguments],
            input=stdin,
            capture_output=True,
            check=False,
            cwd=self.inside,
            env={"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "HOME": str(self.inside)},
            timeout=60,
        )

    def sung(self, *, beside: Path | None = None) -> list[str]:
        """Return what was touched: calls of the commands, files in the folder, canaries below.

        Below the folder `beside` files may have that name, because somebody asked for them.
        """
        calls = self.marks.read_text(encoding="utf-8").splitlines() if self.marks.exists() else []
        files = [str(path) for path in self.inside.iterdir()]
        names = [*self.folder.rglob(CANARY), *Path("/").glob(CANARY)]
        own = {self.folder / "bin" / CANARY}
        return [
            *calls,
            *files,
            *(str(path) for path in names if path not in own and not _below(path, beside)),
        ]


def _below(path: Path, folder: Path | None) -> bool:
    return folder is not None and path.is_relative_to(folder) and path.parent != folder


def obeyed(output: str) -> set[str]:
    """Return what a terminal would obey in an output, beside line ends."""
    return {
        mark
        for mark in set(output)
        if unicodedata.category(mark) in {"Cc", "Cs", "Zl", "Zp"}
        or unicodedata.bidirectional(mark) in DIRECTIONS
        or mark in "\u061c\u200e\u200f"
    } - {"\n"}
