"""Compares the check script with other ways to ask a node the same, on one fake node.

Runs with mounts of its own (`nodes.separate`), because every way is run in the node's root folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent)]

from measure import Budget, Timed, compared, heading, looped, missing, on_path, timed
from naive import Line, lines, playbook, script, testinfra
from nodes import inside, world
from oval import Definitions
from peers import known, shared

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
COUNT = "\"$@\" >/dev/null 2>&1; dash -c 'echo $$'; :"
"""Prints the number of the process after a command, in a space of numbers of its own."""


def main() -> None:
    """Print the rows."""
    quick = "--quick" in sys.argv[1:]
    document = _document()
    asked = lines(document)
    with world(*shared()) as root:
        _write(root, document, asked)
        heading(f"Checks of one node: {len(asked)} of {SPEC.stem} on a tree of 4,000 modules")
        _ours(root, quick=quick)
        _peers(root, len(asked), quick=quick)
        _processes(root, len(asked), quick=quick)


def _document() -> LoweredDocument:
    found = resolve(str(SPEC), Report())
    assert found is not None
    return lower(found, Deployment())


def _write(root: Path, document: LoweredDocument, asked: list[Line]) -> None:
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


def _ours(root: Path, *, quick: bool) -> None:
    done = _run(root, OURS)
    missed = [line for line in done.splitlines() if line.startswith(("FAIL", "UNKNOWN"))]
    ours = _looped(root, OURS)
    compared("check script, dash / dash -c :", ours, _looped(root, EMPTY), budget=Budget(25))
    compared("check script / naive script", ours, _looped(root, NAIVE), budget=Budget(0.1))
    print(f"    of ours: {done.splitlines()[-2]}; not passed: {len(missed)}")
    if quick:
        return
    for name, program in OTHER_SHELLS.items():
        if on_path(program[0]):
            other = _looped(root, [*program, "/bench/check.sh"])
            compared(f"check script, {name} / dash", other, ours)
        else:
            missing(f"check script, {name} / dash", f"no {program[0]}")
    facts = _looped(root, [*OURS, "--facts"])
    compared("check script --facts / the check", facts, ours)


def _peers(root: Path, count: int, *, quick: bool) -> None:
    ours = _looped(root, OURS)
    for peer in known(count):
        name = f"check script / {peer.name}"
        if quick and peer.slow:
            missing(name, "left out by --quick")
            continue
        if not peer.present:
            missing(name, f"no {Path(peer.tool).name}; make bench-peers brings it")
            continue
        said = _run(root, peer.command)
        ran = peer.counted(said)
        if ran == count:
            work = timed(lambda command=peer.command: _run(root, command))
            compared(name, ours, work, runs=1 if peer.slow else 3)
        else:
            last = (said.strip().splitlines() or ["nothing"])[-1]
            missing(name, f"ran {ran} of {count} checks, and said: {last}")
    missing("check script / goss", "not to be had here: neither PyPI, npm nor Debian has it")


def _processes(root: Path, count: int, *, quick: bool) -> None:
    heading("Processes and threads that one run starts")
    rows = [("check script, dash", OURS), ("naive script", NAIVE)]
    peers = [peer for peer in known(count) if peer.present and not (quick and peer.slow)]
    rows += [(peer.name, peer.command) for peer in peers]
    for name, command in rows:
        count = ["unshare", "--pid", "--fork", *inside(root, "dash", "-c", COUNT, "count")]
        done = subprocess.run([*count, *command], capture_output=True, text=True, check=True)
        # Before the last one there were the shell around, the command, and what that one started.
        started = int(done.stdout) - 3
        told = Budget(3, "").verdict(started) if command is OURS else ""
        print(f"{name:<46} {started:8}{told}", flush=True)


def _run(root: Path, command: list[str]) -> str:
    done = subprocess.run(inside(root, *command), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
