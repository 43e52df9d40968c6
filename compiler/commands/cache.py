"""Keeps what compilations had to say, for as long as nothing that they were made from changes.

An entry is a JSON file with texts in it. It is found by everything that decides an answer beside
files - the arguments, the folder, the version, the code - and counts only while every file that
was read, and every path where none was found, is still the same by its sha256.
"""

from __future__ import annotations

import argparse
import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import reqc
from reqc.compiler.commands.answer import Answer, File
from reqc.compiler.inputs import Input, fingerprint

MOST_ENTRIES: Final = 200
"""How many answers are kept; the oldest go first."""

LARGEST_ENTRY: Final = 8 << 20
"""In bytes; what is larger is made anew each time."""

_FORM: Final = "reqc/cache/1"
_DELIVERY: Final = frozenset({"output", "list", "cache"})
"""Arguments that decide where an answer goes and not what it is."""


class Cache:
    """Answers of this user, in `$XDG_CACHE_HOME/reqc` or else `~/.cache/reqc`."""

    def __init__(self, folder: Path, question: str) -> None:
        self._folder = folder
        self._entry = folder / f"{question}.json"

    def find(self) -> Answer | None:
        """Return the answer, if there is one that still holds."""
        try:
            if not _ours_alone(self._folder.stat()):
                return None
            entry = json.loads(self._entry.read_bytes())
            if not all(Input(*found).holds() for found in entry["inputs"]):
                return None
            status, files, stream, told = entry["answer"]
            return Answer(status, tuple(File(*file) for file in files), stream, told)
        except (OSError, ValueError, LookupError, TypeError, RuntimeError):
            # There is none, or it cannot be read, which is the same: the answer is made anew.
            return None

    def keep(self, answer: Answer, inputs: Sequence[Input]) -> None:
        """Keep an answer with the files that it was made from; raise OSError if that fails."""
        entry = json.dumps({"form": _FORM, "inputs": inputs, "answer": answer}).encode()
        if len(entry) > LARGEST_ENTRY:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours_alone(self._folder.stat()):
            return
        temporary = self._entry.with_suffix(f".{os.getpid()}")
        try:
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as stream:  # noqa: PTH123  # of a handle
                stream.write(entry)
            temporary.replace(self._entry)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        entries = sorted(self._folder.glob("*.json"), key=lambda entry: entry.stat().st_mtime_ns)
        for entry in entries[:-MOST_ENTRIES]:
            entry.unlink(missing_ok=True)


def cache_for(options: argparse.Namespace, *, colour: bool) -> Cache | None:
    """Return where the answer to a command line is kept, None where nothing can be."""
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    home = Path(os.environ.get("HOME", ""))
    if not given.is_absolute() and not home.is_absolute():
        return None
    folder = (given if given.is_absolute() else home / ".cache") / "reqc"
    arguments = {name: value for name, value in vars(options).items() if name not in _DELIVERY}
    asked = [_FORM, str(Path.cwd()), sorted(arguments.items()), colour, list(_code())]
    return Cache(folder, fingerprint(json.dumps(asked).encode()))


def _code() -> Iterator[object]:
    """Yield what changes when reqc, Python or an installed package does."""
    yield reqc.__version__
    yield sys.version
    for folder in sys.path:
        with suppress(OSError):
            yield folder, os.stat(folder or ".").st_mtime_ns  # noqa: PTH116  # also of a zip file
    for root in reqc.__path__:
        yield from _files(root)


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    yield from _files(entry.path)
            else:
                found = entry.stat()
                yield entry.path, found.st_size, found.st_mtime_ns


def _ours_alone(folder: os.stat_result) -> bool:
    """Tell whether nobody but this user can write into a folder."""
    return folder.st_uid == os.geteuid() and not folder.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
