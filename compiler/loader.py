"""Reads the file of a specification, what it amends, and the fragments that it uses."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from reqc.compiler.diagnostics import Code, Label, Report
from reqc.compiler.inputs import Input, fingerprint
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.parser import parse

STANDARD_INPUT = "-"
LARGEST_FILE = 64 << 20
"""In bytes; a page of requirements has a few thousand."""

DEEPEST_CHAIN = 100
"""How many files may be open at once, each taken in by the one before."""


class Part(Struct, frozen=True):
    """Where something stands.

    Layer 0 is the file that was given, layer 1 the one that it amends, and so on. A fragment
    belongs to the layer of the file that uses it.
    """

    layer: int
    fragment: bool


class Loaded(Struct, frozen=True):
    """A statement, and the part of the document it stands in."""

    statement: tree.Statement
    part: Part


class Reading(Struct, frozen=True):
    """All files that were read, the one that was given first, and all statements.

    What a document amends comes before it, and fragments are put where they are used. It is not
    `complete` where a file, or a statement that may have declared any name, is missing. `inputs`
    are what was read and where nothing was found; none where it was standard input.
    """

    files: list[tuple[tree.File, Part]]
    statements: list[Loaded]
    complete: bool
    inputs: tuple[Input, ...]


def load(path: str, report: Report, include: Sequence[str] = ()) -> Reading | None:
    """Return what a file says, with all it takes in, or None for a file that cannot be read.

    `path` is a file name or `-` for standard input. Files that are used or amended lie below the
    folder of `path` or below a folder of `include`, where they are looked for as well.
    """
    found = read(path, report)
    if found is None:
        return None
    raw, source = found
    file = Path("standard input" if path == STANDARD_INPUT else path)
    inputs = [] if path == STANDARD_INPUT else [Input.read(file, raw)]
    del found, raw  # what nobody needs beside the text may be large
    roots = (_Root(file.parent), *(_Root(Path(folder)) for folder in include))
    loader = _Loader(report, roots)
    statements = loader.begin(source, file)
    complete = not loader.failed and all(parsed.complete for parsed, _ in loader.files)
    if inputs:
        inputs += loader.inputs()
    return Reading(loader.files, statements, complete, tuple(inputs))


def read(path: str, report: Report) -> tuple[bytes, Source] | None:
    """Return what a file holds, in bytes and as text, or None for a file that cannot be read.

    `path` is a file name or `-` for standard input.
    """
    if path == STANDARD_INPUT:
        raw: bytes | None = sys.stdin.buffer.read(LARGEST_FILE + 1)
        shown, name = "<stdin>", "<stdin>"
    else:
        raw, shown, name = _bytes(Path(path), path, None, report), path, _name(Path(path).name)
    text = _text(raw, shown, None, report) if raw is not None else None
    return None if raw is None or text is None else (raw, Source(shown, name, text))


class _Root:
    """A folder that files may be read from, as it was given and as it is."""

    def __init__(self, shown: Path) -> None:
        self.shown = shown
        self.path = shown.resolve()


class _Loader:
    def __init__(self, report: Report, roots: tuple[_Root, ...]) -> None:
        self.report = report
        self.roots = roots
        self.files: list[tuple[tree.File, Part]] = []
        self.open: dict[Path, Span | None] = {}
        self.done: set[Path] = set()
        self.places = {root.shown: root.path for root in roots[1:]}
        self.fingerprints: dict[Path, str] = {}
        self.failed = False

    def begin(self, source: Source, file: Path) -> list[Loaded]:
        """Return the statements of the main file and of all that it takes in."""
        return list(self._statements(source, file.resolve(), None, Part(0, fragment=False)))

    def inputs(self) -> Iterator[Input]:
        """Yield every path that was looked at, and what was read there."""
        for path, place in self.places.items():
            yield Input(str(path.absolute()), str(place), self.fingerprints.get(place))

    def _statements(
        self, source: Source, file: Path, used: Span | None, part: Part
    ) -> Iterator[Loaded]:
        parsed = parse(source, self.report)
        self.files.append((parsed, part))
        self.open[file] = used
        yield from self._amended(parsed, file, part)
        for statement in parsed.statements:
            if isinstance(statement, tree.Use):
                inner = Part(part.layer, fragment=True)
                yield from self._taken_in(statement.path, file, inner)
            elif not isinstance(statement, tree.Amends):
                yield Loaded(statement, part)
        del self.open[file]
        self.done.add(file)

    def _amended(self, parsed: tree.File, file: Path, part: Part) -> Iterator[Loaded]:
        """Return the statements of what a file amends, which come before its own."""
        amends = [item for item in parsed.statements if isinstance(item, tree.Amends)]
        for again in amends[1:]:
            message = "a document amends one other"
            label = Label(amends[0].span, "the first one")
            self.report.error(Code.SAID_TWICE, message, again.span, labels=(label,))
        for first in amends[:1]:
            if part.fragment:
                message = "a fragment amends nothing"
                help_text = "let the specification amend the other one"
                self.report.error(Code.MISPLACED_STATEMENT, message, first.span, help=help_text)
                continue
            inner = Part(part.layer + 1, fragment=False)
            yield from self._taken_in(first.path, file, inner)

    def _taken_in(self, path: tree.String, user: Path, part: Part) -> Iterator[Loaded]:
        found = self._find(path, user)
        if found is None:
            self.failed = True
            return
        if found in self.open:
            self._cycle(path.span, found)
            return
        if found in self.done:
            return
        if len(self.open) == DEEPEST_CHAIN:
            message = f"files take in files more than {DEEPEST_CHAIN} deep"
            self.report.error(Code.TOO_DEEP, message, path.span)
            self.failed = True
            return
        root, relative = self._below(found)
        shown = str(root.shown / relative)
        raw = _bytes(found, shown, path.span, self.report)
        text = _text(raw, shown, path.span, self.report) if raw is not None else None
        if raw is None or text is None:
            self.failed = True
            return
        self.fingerprints[found] = fingerprint(raw)
        source = Source(shown, _name(relative.as_posix()), text)
        yield from self._statements(source, found, path.span, part)

    def _below(self, found: Path) -> tuple[_Root, Path]:
        root = next(root for root in self.roots if found.is_relative_to(root.path))
        return root, found.relative_to(root.path)

    def _find(self, path: tree.String, user: Path) -> Path | None:
        """Return the file that a path means, if it lies below a folder that may be read."""
        written = PurePosixPath(path.text)
        if "\0" in path.text or written.is_absolute():
            help_text = "a path is relative to the file that uses it"
            self.report.error(
                Code.USE_OUTSIDE, f"`{path.text}` is no relative path", path.span, help=help_text
            )
            return None
        folders = (user.parent, *(root.path for root in self.roots[1:]))
        try:
            candidates = {folder / written: (folder / written).resolve() for folder in folders}
            places = list(candidates.values())
            found = next((item for item in places if item.is_file()), places[0])
            self.places |= candidates
        except (OSError, RuntimeError) as problem:
            self.report.error(Code.UNREADABLE, f"cannot read {path.text}: {problem}", path.span)
            return None
        if not any(found.is_relative_to(root.path) for root in self.roots):
            self.report.error(
                Code.USE_OUTSIDE,
                f"`{path.text}` lies outside the folder of the specification",
                path.span,
                help="move the file below that folder, or allow its folder with --include-dir",
            )
            return None
        return found

    def _cycle(self, span: Span, found: Path) -> None:
        chain = list(self.open)
        names = [item.name for item in chain[chain.index(found) :]]
        users = [place for item in chain[chain.index(found) :] if (place := self.open[item])]
        self.report.error(
            Code.CYCLIC_USE,
            f"files take in each other in a circle: {' -> '.join([*names, found.name])}",
            span,
            labels=tuple(Label(place, "used here") for place in users),
            help="move what both need into a third file",
        )


def _name(name: str) -> str:
    """Return the name of a file as text that every artefact can hold, even if it is none."""
    return os.fsencode(name).decode("utf-8", "replace")


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
