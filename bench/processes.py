"""Measures whole processes of reqc against a Python that does nothing."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from commands import NOTHING, REQC, compiling, process
from measure import FEW, RUNS, compared
from rows import Budget, Heading, Line, missing

from reqc.backends.registry import TARGETS

ROOT = Path(__file__).parents[1]
SPECS = ROOT / "specs"
CHECKOUT = ROOT / ".venv" / "bin"
OPENSTACK = str(SPECS / "v3.16-openstack.req")
OPENSHIFT = str(SPECS / "v3.24-openshift.req")
OF_OPENSHIFT = frozenset({"machineconfig", "node-disruption-policy", "ignition", "butane"})
"""What nodes of OpenShift are configured with; all else is compiled from the other page."""
QUICKLY = ("shell", "machineconfig", "nftables", "html")
STARTS = Budget(2.5, of_processors=True)
COLD = Budget(12, of_processors=True)
WARM = Budget(3, of_processors=True)


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield the rows of what starts, and of each target: compiled anew, and found in the cache."""
    runs = FEW if quick else RUNS
    note = "Cold is with `--no-cache`, warm what the cache of a run before answers."
    yield Heading("Whole processes / `python -c pass`", note)
    nothing = process(NOTHING)
    yield compared(
        "reqc --version", process([REQC, "--version"]), nothing, budget=STARTS, runs=runs
    )
    yield compared("reqc check, OpenStack", process([REQC, "check", OPENSTACK]), nothing, runs=runs)
    yield from _in_checkout(runs)
    names = QUICKLY if quick else TARGETS
    targets = [(name, OPENSHIFT if name in OF_OPENSHIFT else OPENSTACK) for name in names]
    with tempfile.TemporaryDirectory() as folder:
        for name, spec in targets:
            out = str(Path(folder) / name)
            cold = process(compiling(spec, "--target", name, "--output", out))
            yield compared(f"compile to {name}, cold", cold, nothing, budget=COLD, runs=runs)
        cached = os.environ | {"XDG_CACHE_HOME": str(Path(folder) / "cache")}
        for name, spec in targets:
            command = [REQC, "compile", spec, "--target", name, "--output", f"{folder}/{name}"]
            subprocess.run(command, env=cached, check=True, capture_output=True)
            warm = process(command, cached)
            yield compared(f"compile to {name}, warm", warm, nothing, budget=WARM, runs=runs)


def _in_checkout(runs: int) -> Iterator[Line]:
    """Yield the same for the environment of `make demo`, in which Python itself starts slower."""
    reqc, python = (str(CHECKOUT / name) for name in ("reqc", "python"))
    rows = {
        name: f"{name}, in .venv" for name in ("reqc --version", "compile, cold", "compile, warm")
    }
    if not Path(reqc).exists():
        yield from (missing(row, "make demo brings it") for row in rows.values())
        return
    nothing = process([python, "-c", "pass"])
    page = [OPENSHIFT, "--target", "machineconfig"]
    with tempfile.TemporaryDirectory() as folder:
        cached = os.environ | {"XDG_CACHE_HOME": folder}
        commands = {
            "reqc --version": ([reqc, "--version"], STARTS),
            "compile, cold": ([reqc, "compile", "--no-cache", *page], COLD),
            "compile, warm": ([reqc, "compile", *page], WARM),
        }
        for name, (command, budget) in commands.items():
            work = process(command, cached)
            yield compared(rows[name], work, nothing, budget=budget, runs=runs)
