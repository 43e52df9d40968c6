"""Keeps what a compilation had to say, to be found again by the same command line."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reqc.compiler.commands.answer import Answer, Delivery
from reqc.compiler.commands.cache import Cache
from reqc.compiler.inputs import Input

MOST_ENTRIES: Final = 200
"""How many answers are kept; the oldest go first."""

LARGEST_ENTRY: Final = 8 << 20
"""In bytes; what is larger is made anew each time."""


def keep(cache: Cache, answer: Answer, delivery: Delivery, inputs: Sequence[Input]) -> None:
    """Keep an answer with the files that it was made from; raise OSError if that fails."""
    if not all(file.holds(LARGEST_ENTRY) for file in answer.files):
        return
    kept = {"inputs": inputs, "answer": answer.fields(), "delivery": delivery.fields()}
    text = json.dumps(kept).encode()
    if len(text) > LARGEST_ENTRY:
        return
    folder, entry = Path(cache.folder), Path(cache.entry)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not cache.is_ours_alone():
        return
    temporary = entry.with_suffix(f".{os.getpid()}")
    try:
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as stream:  # noqa: PTH123  # of a handle
            stream.write(text)
        temporary.replace(entry)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _forget_oldest(folder)


def _forget_oldest(folder: Path) -> None:
    entries = sorted(folder.glob("*.json"), key=lambda entry: entry.stat().st_mtime_ns)
    for entry in entries[:-MOST_ENTRIES]:
        entry.unlink(missing_ok=True)
