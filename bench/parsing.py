"""Measures how many lines a second are parsed, against PyYAML's C loader and textX."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import yaml
from generated import data, specification
from measure import FEW, RUNS, Cost, Timed, compared, timed
from peers import environment
from rows import Heading, Line, Row, missing

from reqc.compiler.diagnostics import Report
from reqc.compiler.source import Source
from reqc.compiler.syntax.parser import parse

FOLDER = Path(__file__).parent


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield a row for each other parser and size."""
    note = "Imports and the making of the parsers are not counted; lines are those of the `.req`."
    yield Heading("Parsing", note)
    for count, runs in ((1_000, FEW),) if quick else ((1_000, RUNS), (10_000, FEW)):
        yield from _rows(count, runs)


def _rows(count: int, runs: int) -> Iterator[Line]:
    text, other = specification(count), data(count)
    lines = text.count("\n")

    def told(row: Row) -> Row:
        if row.seconds is None:
            return row
        mine, theirs = (f"{lines / seconds:,.0f}" for seconds in row.seconds)
        return replace(row, measured=f"{mine} lines/s against {theirs}")

    ours = timed(lambda: parse(Source("example", "example", text), Report()))
    loading = timed(lambda: yaml.load(other, Loader=yaml.CSafeLoader))
    name = f"parse {count:,} requirements / PyYAML, C loader"
    yield told(compared(name, ours, loading, runs=runs))
    name = f"parse {count:,} requirements / textX"
    python = environment() / "bin" / "python"
    if not (environment() / "bin" / "textx").exists():
        yield missing(name, "make bench-peers brings it")
        return
    with _textx(python, text, count) as theirs:
        yield told(compared(name, ours, theirs, runs=runs))


@contextmanager
def _textx(python: Path, text: str, count: int) -> Iterator[Timed]:
    """Yield a timing of textX, which runs in a process of its own and times itself."""
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "example.req"
        document.write_text(text, encoding="utf-8")
        program = [str(python), str(FOLDER / "textx_process.py"), str(FOLDER / "example.tx")]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            [*program, str(document)], stdin=pipe, stdout=pipe, text=True
        ) as peer:

            def run() -> Cost:
                assert peer.stdin is not None
                assert peer.stdout is not None
                print(file=peer.stdin, flush=True)
                answer = peer.stdout.readline()
                if not answer:
                    raise subprocess.CalledProcessError(peer.wait(), program)
                clock, processors, found = json.loads(answer)
                assert found == count, f"textX found {found} of {count} requirements"
                return Cost(clock, processors)

            yield run
