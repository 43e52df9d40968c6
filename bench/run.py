"""Measures how long reqc takes, as ratios to something measured beside it."""

from __future__ import annotations

import argparse
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

import documents
import firewalls
import fleet
import growth
import machine
import node_configuration
import parsing
import peers
import processes
import site_of_library
import stages
from installation import installed, is_for_development
from nodes import separate
from page import Circumstances, page
from rows import Heading, Line, missing, printed, received


def main() -> int:
    """Measure an installation like that of users."""
    options = _options()
    if not is_for_development():
        return measure(options)
    with TemporaryDirectory(prefix="reqc-bench-") as folder:
        python = installed(Path(folder))
        command = [str(python), str(Path(__file__)), *sys.argv[1:]]
        return subprocess.run(command, check=False).returncode


def measure(options: argparse.Namespace) -> int:
    """Print the rows as they come, and write the page where one is asked for."""
    lines: list[Line] = []
    broken = False
    start = monotonic()
    for name in options.parts or PARTS:
        print(f"[{name}, after {monotonic() - start:.0f} s]", file=sys.stderr, flush=True)
        try:
            for line in PARTS[name](quick=options.quick):
                print(printed(line), flush=True)
                lines.append(line)
        except Exception as problem:  # noqa: BLE001  # the other parts are worth measuring all the same
            traceback.print_exc()
            broken = True
            found: list[Line] = [
                Heading(name),
                missing(name, f"broken off by {type(problem).__name__}"),
            ]
            lines += found
            print(*map(printed, found), sep="\n", flush=True)
    if options.output:
        told = Circumstances(
            tuple(machine.description()), tuple(peers.versions()), options.date, options.quick
        )
        options.output.write_text(page(lines, told), encoding="utf-8")
    return int(broken)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    parser.add_argument("--output", metavar="FILE", type=Path, help="write a page of Markdown, too")
    parser.add_argument("--date", default="", help="the date that the page tells (default: none)")
    parser.add_argument(
        "parts", metavar="PART", nargs="*", help=f"measure only these: {', '.join(PARTS)}"
    )
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    return options


def node_checks(*, quick: bool) -> Iterator[Line]:
    """Compare node checks, in a program of its own that has mounts of its own."""
    own = separate()
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode:
        yield Heading("Checks of one node")
        yield missing("check script", "no mounts of its own here; it needs root or user namespaces")
        return
    flags = ["--quick"] if quick else []
    program: Sequence[str] = [*own, sys.executable, str(FOLDER / "node_checks.py"), *flags]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield from map(received, process.stdout)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, program)


PARTS: Mapping[str, Callable[..., Iterator[Line]]] = {
    "processes": processes.measure,
    "parsing": parsing.measure,
    "compiler": stages.measure,
    "growth": growth.measure,
    "configuration": node_configuration.measure,
    "nodes": node_checks,
    "fleet": fleet.measure,
    "firewalls": firewalls.measure,
    "documents": documents.measure,
    "site": site_of_library.measure,
}
"""What can be measured alone, by name."""


if __name__ == "__main__":
    sys.exit(main())
