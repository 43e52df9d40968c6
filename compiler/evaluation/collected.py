"""Finds the facts of many nodes: in files, in folders and on standard input."""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.loader import LARGEST_FILE, STANDARD_INPUT

PATTERN: Final = "*.json"
"""The files of a folder that hold facts."""

_BLOCK: Final = 1 << 20
_ONE_DOCUMENT: Final = 16 << 20  # the facts of a node have less than a megabyte
_BLANKS: Final = " \t\r\n"
_DECODER: Final = json.JSONDecoder()


class Collection(Struct, frozen=True):
    """Where the facts of one node or of several are.

    `name` is what the node is called, `file` what was asked for. `text` is one document that was
    read already, None where the file is still to be read.
    """

    name: str
    file: str
    text: str | None = None


class Unreadable(Struct, frozen=True):
    """Facts that cannot be judged; `reason` stands behind the name of the file."""

    name: str
    file: str
    reason: str


class MalformedError(ValueError):
    """What should be JSON documents, one after another, is not."""


def files_of(given: Iterable[str], report: Report) -> list[str]:
    """Return the files that arguments stand for, each once; what cannot be found is reported.

    A folder stands for the JSON files in it, sorted by name, `-` for standard input.
    """
    found: dict[str, None] = {}
    for item in given:
        if item == STANDARD_INPUT:
            found[item] = None
        elif Path(item).is_dir():
            found.update(dict.fromkeys(_inside(item, report)))
        elif not Path(item).exists():
            report.error(Code.UNREADABLE, f"cannot read {shown(item)}: No such file or directory")
        else:
            found[str(Path(item))] = None
    return list(found)


def _inside(folder: str, report: Report) -> list[str]:
    try:
        names = [path for path in Path(folder).glob(PATTERN) if not path.is_dir()]
    except OSError as problem:
        report.error(Code.UNREADABLE, f"cannot read {shown(folder)}: {problem.strerror}")
        return []
    if not names:
        message = f"the folder {shown(folder)} has no facts"
        report.error(Code.UNREADABLE, message, help=f"facts are in files named {PATTERN}")
    return [str(path) for path in sorted(names)]


def shown(name: str) -> str:
    """Return the name of a file as text that every report can hold."""
    return os.fsencode(name).decode("utf-8", "replace")


def collections(files: Sequence[str]) -> Iterator[Collection | Unreadable]:
    """Yield where the facts are, file by file, and what standard input holds document by document.

    A node is called as its file, or by the path where two files are called alike.
    """
    stems = [Path(file).stem for file in files]
    seen = Counter(stems)
    for stem, file in zip(stems, files, strict=True):
        name = shown(stem if seen[stem] == 1 else file)
        if file == STANDARD_INPUT:
            yield from _streamed("stdin", file, sys.stdin.buffer)
        elif Path(file).is_file() and Path(file).stat().st_size > _ONE_DOCUMENT:
            with Path(file).open("rb") as stream:
                yield from _streamed(name, file, stream)
        else:
            yield Collection(name, file)


def _streamed(name: str, file: str, stream: BinaryIO) -> Iterator[Collection | Unreadable]:
    number = 0
    try:
        for number, text in enumerate(documents(stream), start=1):
            yield Collection(f"{name}:{number}", file, text)
    except MalformedError as problem:
        yield Unreadable(f"{name}:{number + 1}", file, str(problem))


def documents(stream: BinaryIO) -> Iterator[str]:
    """Yield the JSON documents of a stream, which follow each other with or without line breaks.

    Only the one that is being read is held. Raise `MalformedError` for what is none.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    text, ended = "", False
    while not ended:
        text, ended = _more(stream, decoder, text)
        at = _behind_blanks(text, 0)
        while at < len(text):
            try:
                _, end = _DECODER.raw_decode(text, at)
            except (json.JSONDecodeError, RecursionError) as problem:
                if ended or len(text) - at > LARGEST_FILE:
                    raise MalformedError(_reason(problem)) from None
                break
            yield text[at:end]
            at = _behind_blanks(text, end)
        text = text[at:]


def _behind_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _more(stream: BinaryIO, decoder: codecs.IncrementalDecoder, text: str) -> tuple[str, bool]:
    """Return the text with what follows it, and whether that was all."""
    block = stream.read(_BLOCK)
    try:
        return text + decoder.decode(block, final=not block), not block
    except UnicodeDecodeError as problem:
        message = f"not UTF-8 text: byte 0x{problem.object[problem.start]:02x}"
        raise MalformedError(message) from None


def _reason(problem: Exception) -> str:
    if isinstance(problem, json.JSONDecodeError):
        return f"not JSON: {problem.msg} in line {problem.lineno}, column {problem.colno}"
    return "not JSON: nested too deep"
