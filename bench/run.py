"""Prints how long reqc takes, as ratios to something measured beside it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

import firewalls
import fleet
import node_configuration
import site_of_library
from documents import data, specification
from measure import RUNS, Budget, Timed, compared, heading, missing, timed
from nodes import separate

from reqc.backends.registry import TARGETS, target
from reqc.compiler.diagnostics import Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Source
from reqc.compiler.syntax.parser import parse
from reqc.compiler.syntax.printer import canonical

COUNT = 1000
SPEC = FOLDER.parent / "specs" / "v3.24-openshift.req"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    parser.add_argument(
        "parts", metavar="PART", nargs="*", help=f"measure only these: {', '.join(PARTS)}"
    )
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    for name in options.parts or PARTS:
        PARTS[name](quick=options.quick)


def compiler(*, quick: bool) -> None:
    """Compare the stages of the compiler, in one process."""
    heading(f"The compiler on {COUNT:,} requirements")
    with tempfile.TemporaryDirectory() as folder:
        spec = Path(folder) / "example.req"
        spec.write_text(specification(COUNT), encoding="utf-8")
        in_process(spec, data(COUNT), runs=3 if quick else RUNS)


def node_checks(*, quick: bool) -> None:
    """Compare node checks, in a program of its own that has mounts of its own."""
    flags = ["--quick"] if quick else []
    own = separate()
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode:
        missing("check script", "no mounts of its own here; it needs root or user namespaces")
        return
    program = [sys.executable, str(FOLDER / "node_checks.py"), *flags]
    subprocess.run([*own, *program], check=True)


def in_process(spec: Path, text: str, runs: int) -> None:
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

    def row(name: str, work: Callable[[], object], other: Callable[[], object]) -> None:
        compared(name, timed(work), timed(other), runs=runs)

    row(f"check {COUNT} requirements / YAML, C loader", check, read)
    row("parse / YAML, C loader", parsed, read)
    row("format / parse", lambda: canonical(tree), parsed)
    for name in TARGETS:
        found = target(name)
        work = partial(found.render, lowered, found.defaults)
        row(f"compile to {name} / parse", work, parsed)


def processes(*, quick: bool) -> None:
    """Compare whole processes."""
    heading("Whole processes")
    runs = 3 if quick else RUNS
    reqc = str(Path(sys.executable).with_name("reqc"))

    def process(*command: str) -> Timed:
        return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))

    nothing = process(sys.executable, "-c", "pass")
    version = process(reqc, "--version")
    compared("reqc --version / python -c pass", version, nothing, budget=Budget(2.5), runs=runs)
    command = process(reqc, "compile", str(SPEC), "--target", "machineconfig")
    compared("reqc compile, machineconfig / python -c pass", command, nothing, runs=runs)


PARTS: Mapping[str, Callable[..., None]] = {
    "compiler": compiler,
    "processes": processes,
    "configuration": node_configuration.measure,
    "nodes": node_checks,
    "fleet": fleet.measure,
    "site": site_of_library.measure,
    "firewalls": firewalls.measure,
}
"""What can be measured alone, by name."""


if __name__ == "__main__":
    main()
