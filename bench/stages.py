"""Measures the stages of the compiler in one process, against parsing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import yaml
from generated import ADDRESSES, choices, data, specification
from growth import written
from measure import FEW, RUNS, compared, timed
from rows import Heading, Line

from reqc.backends.registry import TARGETS
from reqc.compiler.diagnostics import Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Source
from reqc.compiler.syntax.parser import parse
from reqc.compiler.syntax.printer import canonical

COUNT = 1000


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield a row for each stage."""
    yield Heading(f"The compiler on {COUNT:,} requirements", "In one process, without imports.")
    runs = FEW if quick else RUNS
    text = specification(COUNT)
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "example.req"
        spec.write_text(text, encoding="utf-8")
        document = resolve(str(spec), Report())
        assert document is not None
        other = data(COUNT)
        work = timed(lambda: check(spec))
        reading = timed(lambda: yaml.load(other, Loader=yaml.CSafeLoader))
        yield compared("check / YAML, C loader", work, reading, runs=runs)
    tree = parse(Source("example", "example", text), Report())
    parsing = timed(lambda: parse(Source("example", "example", text), Report()))
    yield compared("format / parse", timed(lambda: canonical(tree)), parsing, runs=runs)
    deployment = Deployment(choices=choices(COUNT), addresses=ADDRESSES)
    lowering = timed(lambda: lower(document, deployment))
    yield compared("lower / parse", lowering, parsing, runs=runs)
    lowered = lower(document, deployment)
    for name in TARGETS:
        rendering = timed(partial(written, name, lowered))
        yield compared(f"compile to {name} / parse", rendering, parsing, runs=runs)


def check(spec: Path) -> None:
    """Read, resolve and lint a specification, as `reqc check` does."""
    document = resolve(str(spec), Report())
    assert document is not None
    lint(document)
