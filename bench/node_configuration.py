"""Configurations of nodes with many files: how the time grows with their number."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

from measure import FEW, RUNS, compared, timed
from rows import Budget, Heading, Line

from reqc.backends.registry import target
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.resolve import resolve

COUNTS = (10, 100, 1000)
TARGETS = ("ignition", "machineconfig", "butane")
GROWTH = Budget(12.0)
"""For ten times as many files; 10 would be exactly linear."""


def measure(*, quick: bool) -> Iterator[Line]:
    """Compare each number of files with a tenth of it."""
    yield Heading(
        f"Configurations of nodes with {', '.join(f'{count:,}' for count in COUNTS)} files"
    )
    documents = {count: _lowered(count) for count in COUNTS}
    for name in TARGETS:
        found = target(name)
        for few, many in pairwise(COUNTS):
            work = timed(partial(found.render, documents[many], found.defaults))
            other = timed(partial(found.render, documents[few], found.defaults))
            row = f"{name}, {many:,} files / {few} files"
            budget = GROWTH if few > COUNTS[0] else None
            yield compared(row, work, other, budget=budget, runs=FEW if quick else RUNS)


def _lowered(count: int) -> LoweredDocument:
    lines = ["req 1", "spec example 1.0 on linux", "role host", "section node {"]
    lines += [
        f'  must r{number}: file "/etc/example.d/{number}.conf" content "value = {number}\\n"'
        for number in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "example.req"
        path.write_text("\n".join([*lines, "}"]) + "\n", encoding="utf-8")
        document = resolve(str(path), Report())
    assert document is not None
    return lower(document, Deployment())
