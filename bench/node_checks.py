"""Compares the check script with other ways to ask a node the same, on one fake node.

Runs with mounts of its own (`nodes.separate`), because every way is run in the node's root folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

import naive
from measure import FEW, Timed, compared, looped, timed
from naive import lines, playbook, script, testinfra
from nodes import inside, world
from oval import Definitions
from peers import known, on_path, shared
from rows import Budget, Heading, Line, Row, missing, sent

from reqc.backends.registry import target
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.resolve import resolve

SPEC = FOLDER.parent / "specs" / "v3.16-openstack.req"
OTHER_SHELLS = {"bash": ["bash"], "mksh": ["mksh"], "busybox": ["busybox", "ash"]}
OURS = ["dash", "/bench/check.sh"]
NAIVE = ["dash", "/bench/naive.sh"]
EMPTY = ["dash", "-c", ":"]
AT_MOST = Budget(3, "")
CHEAPER = Budget(0.1, of_processors=True)
"""The pipelines of the naive script keep several processors busy at once."""
COUNT = "\"$@\" >/dev/null 2>&1; dash -c 'echo $$'; :"
"""Prints the number of the process after a command, in a space of numbers of its own."""


def main() -> None:
    """Send every row to the program that asked."""
    for line in _lines(quick="--quick" in sys.argv[1:]):
        print(sent(line), flush=True)


def _lines(*, quick: bool) -> Iterator[Line]:
    document = _document()
    asked = lines(document)
    with world(*shared()) as root:
        _write(root, document, asked)
        yield from _ours(root, len(asked), quick=quick)
        yield from _peers(root, len(asked), quick=quick)
        yield from _processes(root, len(asked), quick=quick)


def _document() -> LoweredDocument:
    found = resolve(str(SPEC), Report())
    assert found is not None
    return lower(found, Deployment())


def _write(root: Path, document: LoweredDocument, asked: list[naive.Line]) -> None:
    shell = target("shell")
    (ours,) = shell.render(document, shell.defaults).artifacts
    folder = root / "bench"
    (folder / "check.sh").write_text(ours.text)
    (folder / "naive.sh").write_text(script(asked))
    (folder / "test_node.py").write_text(testinfra(asked))
    (folder / "playbook.yml").write_text(playbook(asked))
    (folder / "oval.xml").write_bytes(Definitions(asked, os.uname().release).text())


def _looped(root: Path, command: list[str]) -> Timed:
    return looped(command, inside(root))


def _ours(root: Path, count: int, *, quick: bool) -> Iterator[Line]:
    done = _run(root, OURS)
    missed = [line for line in done.splitlines() if line.startswith(("FAIL", "UNKNOWN"))]
    yield Heading(
        f"Checks of one node: {count} of {SPEC.stem} on a tree of 4,000 modules",
        f"Our script says: {done.splitlines()[-2]}; not passed: {len(missed)}.",
    )
    ours = _looped(root, OURS)
    yield compared("check script, dash / dash -c :", ours, _looped(root, EMPTY), budget=Budget(25))
    yield compared("check script / naive script", ours, _looped(root, NAIVE), budget=CHEAPER)
    if quick:
        return
    for name, program in OTHER_SHELLS.items():
        if on_path(program[0]):
            other = _looped(root, [*program, "/bench/check.sh"])
            yield compared(f"check script, {name} / dash", other, ours)
        else:
            yield missing(f"check script, {name} / dash", f"no {program[0]}")
    facts = _looped(root, [*OURS, "--facts"])
    yield compared("check script --facts / the check", facts, ours)


def _peers(root: Path, count: int, *, quick: bool) -> Iterator[Line]:
    ours = _looped(root, OURS)
    for peer in known(count):
        name = f"check script / {peer.name}"
        if quick and peer.slow:
            yield missing(name, "left out by --quick")
            continue
        if not peer.present:
            yield missing(name, f"no {Path(peer.tool).name}; make bench-peers brings it")
            continue
        said = _run(root, peer.command)
        ran = peer.counted(said)
        if ran == count:
            work = timed(partial(_run, root, peer.command))
            yield compared(name, ours, work, runs=1 if peer.slow else FEW)
        else:
            last = (said.strip().splitlines() or ["nothing"])[-1]
            yield missing(name, f"ran {ran} of {count} checks, and said: {last}")
    yield missing("check script / goss", "not to be had here: neither PyPI, npm nor Debian has it")


def _processes(root: Path, count: int, *, quick: bool) -> Iterator[Line]:
    yield Heading("Processes and threads that one run starts")
    rows = [("check script, dash", OURS), ("naive script", NAIVE)]
    peers = [peer for peer in known(count) if peer.present and not (quick and peer.slow)]
    rows += [(peer.name, peer.command) for peer in peers]
    for name, command in rows:
        counting = ["unshare", "--pid", "--fork", *inside(root, "dash", "-c", COUNT, "count")]
        done = subprocess.run([*counting, *command], capture_output=True, text=True, check=True)
        # Before the last one there were the shell around, the command, and what that one started.
        started = int(done.stdout) - 3
        ours = command is OURS
        budget, judged = (AT_MOST, started) if ours else (None, None)
        yield Row(name, None, None, str(started), budget, judged)


def _run(root: Path, command: list[str]) -> str:
    done = subprocess.run(inside(root, *command), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
