"""Reads the file of a specification and, once each, the fragments that it uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reqc.compiler.diagnostics import Code, Label, Report
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.parser import parse

STANDARD_INPUT = "-"
LARGEST_FILE = 64 << 20
"""In bytes; a page of requirements has a few thousand."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A statement, and whether it stands in the specification itself or in a fragment."""

    statement: tree.Statement
    main: bool


def load(path: str, report: Report) -> tuple[list[tree.File], list[Loaded]]:
    """Return all files that were read and all statements, fragments put where they are used.

    `path` is a file name or `-` for standard input.
    """
    if path == STANDARD_INPUT:
        raw: bytes | None = sys.stdin.buffer.read(LARGEST_FILE + 1)
        file, shown, name = Path("standard input"), "<stdin>", "<stdin>"
    else:
        file, shown = Path(path), path
        raw, name = _bytes(file, shown, None, report), file.name
    text = _text(raw, shown, None, report) if raw is not None else None
    if text is None:
        return [], []
    loader = _Loader(report, file.parent.resolve(), file.parent)
    return loader.files, loader.begin(Source(shown, name, text), file)


class _Loader:
    def __init__(self, report: Report, root: Path, shown_root: Path) -> None:
        self.report = report
        self.root = root
        self.shown_root = shown_root
        self.files: list[tree.File] = []
        self.open: dict[Path, Span | None] = {}
        self.done: set[Path] = set()

    def begin(self, source: Source, file: Path) -> list[Loaded]:
        """Return the statements of the main file and of what it uses."""
        return list(self._statements(source, file.resolve(), None))

    def _statements(self, source: Source, file: Path, used: Span | None) -> Iterator[Loaded]:
        parsed = parse(source, self.report)
        self.files.append(parsed)
        self.open[file] = used
        for statement in parsed.statements:
            if isinstance(statement, tree.Use):
                yield from self._used(statement, file)
            else:
                yield Loaded(statement, main=used is None)
        del self.open[file]
        self.done.add(file)

    def _used(self, use: tree.Use, user: Path) -> Iterator[Loaded]:
        found = self._find(use.path, user)
        if found is None or found in self.done:
            return
        if found in self.open:
            self._cycle(use.path.span, found)
            return
        relative = found.relative_to(self.root)
        shown = str(self.shown_root / relative)
        raw = _bytes(found, shown, use.path.span, self.report)
        text = _text(raw, shown, use.path.span, self.report) if raw is not None else None
        if text is not None:
            source = Source(shown, relative.as_posix(), text)
            yield from self._statements(source, found, use.path.span)

    def _find(self, path: tree.String, user: Path) -> Path | None:
        """Return the file that a path means, if it lies below the specification's folder."""
        written = PurePosixPath(path.text)
        if "\0" in path.text or written.is_absolute():
            help_text = "a path is relative to the file that uses it"
            self.report.error(
                Code.USE_OUTSIDE, f"`{path.text}` is no relative path", path.span, help=help_text
            )
            return None
        try:
            found = (user.parent / written).resolve()
        except (OSError, RuntimeError) as problem:
            self.report.error(Code.UNREADABLE, f"cannot read {path.text}: {problem}", path.span)
            return None
        if not found.is_relative_to(self.root):
            self.report.error(
                Code.USE_OUTSIDE,
                f"`{path.text}` lies outside the folder of the specification",
                path.span,
                help="move the fragment below the folder of the file that reqc is given",
            )
            return None
        return found

    def _cycle(self, span: Span, found: Path) -> None:
        chain = list(self.open)
        names = [item.name for item in chain[chain.index(found) :]]
        users = [place for item in chain[chain.index(found) :] if (place := self.open[item])]
        self.report.error(
            Code.CYCLIC_USE,
            f"files use each other in a circle: {' -> '.join([*names, found.name])}",
            span,
            labels=tuple(Label(place, "used here") for place in users),
            help="move what both need into a third file",
        )


def _bytes(file: Path, shown: str, span: Span | None, report: Report) -> bytes | None:
    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST_FILE + 1)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        report.error(Code.UNREADABLE, f"cannot read {shown}: {reason}", span)
    except ValueError as problem:
        report.error(Code.UNREADABLE, f"cannot read {shown}: {problem}", span)
    return None


def _text(raw: bytes, shown: str, span: Span | None, report: Report) -> str | None:
    if len(raw) > LARGEST_FILE:
        message = f"{shown} is larger than {LARGEST_FILE >> 20} MiB"
        report.error(Code.NOT_TEXT, message, span)
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        message = f"{shown} is not UTF-8 text: byte 0x{raw[problem.start]:02x} in line {line}"
        report.error(Code.NOT_TEXT, message, span, help="save the file as UTF-8")
        return None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        report.error(Code.NOT_TEXT, f"{shown} is not text: a zero byte in line {line}", span)
        return None
    return text
