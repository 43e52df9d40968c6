"""Whole processes: how reqc is called, what a process took, and how much memory it had."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from measure import Timed, timed

REQC = str(Path(sys.executable).with_name("reqc"))
NOTHING = [sys.executable, "-c", "pass"]
"""What a program in Python costs before it does anything."""
_WATCH = """
import json, os, resource, subprocess, sys, time
start = time.perf_counter()
limit = float(sys.argv[1]) or None
with open(sys.argv[2], "wb") as output:
    process = subprocess.Popen(sys.argv[3:], stdout=output, stderr=subprocess.PIPE)
try:
    said = process.communicate(timeout=limit)[1]
except subprocess.TimeoutExpired:
    process.kill()
    said = process.communicate()[1]
    process.returncode = None
clock = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([process.returncode, clock, used.ru_utime + used.ru_stime, used.ru_maxrss,
                  said.decode(errors="replace")]))
"""
"""Runs a command below a small process: a child starts out with the peak memory of its parent."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What a whole process took; `memory` is the peak of its largest process, in megabytes."""

    clock: float
    processors: float
    memory: float

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.clock:.2f} s, {self.processors:.2f} s of processors, {self.memory:.0f} MB"


def compiling(*arguments: str) -> list[str]:
    """Return a command that compiles anew, whatever was compiled before."""
    return [REQC, "compile", "--no-cache", *arguments]


def process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Timed:
    """Return a timing of a whole process that prints nothing."""
    return timed(lambda: subprocess.run(command, check=True, capture_output=True, env=environment))


def watched(
    command: Sequence[str],
    *,
    limit: float = 0,
    output: Path = Path(os.devnull),
    fine: Sequence[int] = (0,),
) -> Spent:
    """Run a whole process and return what it took.

    Raises TimeoutExpired after `limit` seconds, where there is such, CalledProcessError where its
    status is not `fine`, and FileNotFoundError.
    """
    if not Path(command[0]).exists():
        raise FileNotFoundError(errno.ENOENT, "no such program", command[0])
    program = [sys.executable, "-I", "-S", "-c", _WATCH, str(limit), str(output), *command]
    done = subprocess.run(program, stdout=subprocess.PIPE, text=True, check=True)
    status, clock, processors, kibibytes, said = json.loads(done.stdout)
    if status is None:
        raise subprocess.TimeoutExpired(list(command), limit)
    if status not in fine:
        raise subprocess.CalledProcessError(status, list(command), stderr=said)
    return Spent(clock, processors, kibibytes * 1024 / 1e6)
