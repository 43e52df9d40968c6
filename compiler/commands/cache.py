"""Finds what compilations had to say, for as long as nothing that they were made from changes.

An entry is a JSON file with texts in it. It is found by everything that decides an answer beside
files - the words of the command line, the folder, the colour, the version, the code - and counts
only while every file that was read, and every path where none was found, is still the same by its
sha256. To find one takes little time, also to import: no pathlib, typing or contextlib.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256

import reqc
from reqc.compiler.commands.answer import Answer, Delivery, File
from reqc.compiler.commands.colours import colours

_FORM = "reqc/cache/2"


class Cache:
    """The place for one answer in a folder of this user; `folder` and `entry` are paths."""

    def __init__(self, folder: str, question: str) -> None:
        self.folder = folder
        self.entry = os.path.join(folder, f"{question}.json")

    def is_ours_alone(self) -> bool:
        """Tell whether nobody but this user can write into the folder; raise OSError."""
        found = os.stat(self.folder)
        return found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)

    def find(self) -> tuple[Answer, Delivery] | None:
        """Return the answer, if there is one that still holds, and where it goes."""
        try:
            if not self.is_ours_alone():
                return None
            with open(self.entry, "rb") as stream:
                kept = json.loads(stream.read())
            if not all(_holds(*found) for found in kept["inputs"]):
                return None
            status, files, printed, told = kept["answer"]
            one = None if printed is None else File("", printed)
            answer = Answer(status, tuple(File(*file) for file in files), one, told)
            return answer, Delivery(**kept["delivery"])
        except (OSError, ValueError, LookupError, TypeError, RuntimeError):
            # There is none, or it cannot be read, which is the same: the answer is made anew.
            return None


def cache_for(words: Sequence[str]) -> Cache | None:
    """Return where the answer to a command line is kept, None where nothing can be."""
    given, home = os.environ.get("XDG_CACHE_HOME", ""), os.environ.get("HOME", "")
    if not os.path.isabs(given) and not os.path.isabs(home):
        return None
    folder = os.path.join(given if os.path.isabs(given) else f"{home}/.cache", "reqc")
    try:
        here = os.getcwd()
    except FileNotFoundError:
        return None
    asked = [_FORM, here, list(words), colours("auto", sys.stderr), list(_code())]
    return Cache(folder, sha256(json.dumps(asked).encode()).hexdigest())


def _holds(path: str, place: str, digest: str | None) -> bool:
    """Tell whether an input is what it was; raise OSError where that cannot be told."""
    if os.path.realpath(path) != place or _is_file(place) != (digest is not None):
        return False
    if digest is None:
        return True
    with open(place, "rb") as stream:
        return sha256(stream.read()).hexdigest() == digest


def _is_file(path: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _code() -> Iterator[object]:
    """Yield what changes when reqc, Python or an installed package does."""
    yield reqc.__version__
    yield sys.version
    for folder in sys.path:
        try:
            yield folder, os.stat(folder or ".").st_mtime_ns  # also of a zip file
        except OSError:
            continue
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
