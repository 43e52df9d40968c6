"""Prints how long reqc takes, as ratios to something measured beside it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

import yaml

sys.path.insert(0, str(Path(__file__).parent))

from documents import data, specification

from reqc.backends.registry import TARGETS, target
from reqc.compiler.diagnostics import Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Source
from reqc.compiler.syntax.parser import parse
from reqc.compiler.syntax.printer import canonical

COUNT = 1000
RUNS = 7
SPEC = Path(__file__).parents[1] / "specs" / "v3.24-openshift.req"


def seconds(work: Callable[[], object]) -> float:
    """Return one timing of a piece of work."""
    start = perf_counter()
    work()
    return perf_counter() - start


def compared(name: str, work: Callable[[], object], other: Callable[[], object]) -> None:
    """Print the median ratio of two pieces of work, run in turn after one warm-up."""
    work(), other()
    pairs = [(seconds(work), seconds(other)) for _ in range(RUNS)]
    ratio = median(one / two for one, two in pairs)
    mine = median(one for one, _ in pairs) * 1000
    theirs = median(two for _, two in pairs) * 1000
    print(f"{name:<44} {ratio:6.2f}x   {mine:8.1f} ms against {theirs:.1f} ms")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "example.req"
        spec.write_text(specification(COUNT), encoding="utf-8")
        in_process(spec, data(COUNT))
    processes()


def in_process(spec: Path, text: str) -> None:
    """Compare the stages of the compiler on one document."""
    source = Source(spec.name, spec.name, spec.read_text(encoding="utf-8"))
    document = resolve(str(spec), Report())
    assert document is not None
    lowered = lower(document, Deployment(choices={"o1": True, "o2": True}))
    tree = parse(source, Report())

    def check() -> None:
        found = resolve(str(spec), Report())
        assert found is not None
        lint(found)

    def read() -> object:
        return yaml.load(text, Loader=yaml.CSafeLoader)

    def parsed() -> object:
        return parse(source, Report())

    compared(f"check {COUNT} requirements / YAML, C loader", check, read)
    compared("parse / YAML, C loader", parsed, read)
    compared("format / parse", lambda: canonical(tree), parsed)
    for name in TARGETS:
        found = target(name)
        work = partial(found.render, lowered, found.defaults)
        compared(f"compile to {name} / parse", work, parsed)


def processes() -> None:
    """Compare whole processes."""
    reqc = str(Path(sys.executable).with_name("reqc"))

    def process(*command: str) -> Callable[[], object]:
        return lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    nothing = process(sys.executable, "-c", "pass")
    compared("reqc --version / python -c pass", process(reqc, "--version"), nothing)
    command = process(reqc, "compile", str(SPEC), "--target", "machineconfig")
    compared("reqc compile, machineconfig / python -c pass", command, nothing)


if __name__ == "__main__":
    main()
