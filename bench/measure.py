"""Measures pieces of work side by side and prints their ratios."""

from __future__ import annotations

import math
import resource
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple, TypeAlias


class Cost(NamedTuple):
    """What one run takes: seconds on the clock, and seconds of processors, also of its children."""

    clock: float
    processors: float

    @classmethod
    def now(cls) -> Cost:
        """Return what was spent so far."""
        own, children = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        spent = sum(used.ru_utime + used.ru_stime for used in (own, children))
        return cls(perf_counter(), spent)

    def since(self, start: Cost, count: int = 1) -> Cost:
        """Return what one of `count` runs took."""
        return Cost(
            (self.clock - start.clock) / count, (self.processors - start.processors) / count
        )


Timed: TypeAlias = Callable[[], Cost]
"""Does a piece of work and returns what it took."""

RUNS = 7
_LONG_ENOUGH = 0.15
_LOOP = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null 2>&1; n=$((n - 1)); done'


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a number may be; of two ratios it is that of the clock unless said."""

    most: float
    unit: str = "x"
    of_processors: bool = False

    def verdict(self, number: float) -> str:
        """Return whether a number keeps to the budget, in words."""
        said = "met" if number <= self.most else "NOT MET"
        return f"   budget {self.most:g}{self.unit}: {said}"


def timed(work: Callable[[], object]) -> Timed:
    """Return a piece of work as one that is timed."""

    def run() -> Cost:
        start = Cost.now()
        work()
        return Cost.now().since(start)

    return run


def looped(command: Sequence[str], before: Sequence[str] = ()) -> Timed:
    """Return a timing of one run of a short command, from a loop long enough to be told.

    The loop is in a shell, which forks as fast as anything, below the command `before`.
    """

    def run(count: int) -> Cost:
        loop = [*before, "dash", "-c", _LOOP, "loop", str(count), *command]
        start = Cost.now()
        subprocess.run(loop, check=True)
        return Cost.now().since(start, count)

    run(1)
    count = max(1, math.ceil(_LONG_ENOUGH / run(3).clock))
    return lambda: run(count)


def compared(
    name: str, work: Timed, other: Timed, *, budget: Budget | None = None, runs: int = RUNS
) -> None:
    """Print the median ratios of two pieces of work, run in turn after one warm-up.

    The first is of the clock, the second of the processors, which other programs disturb less.
    """
    if runs > 1:
        work(), other()
    pairs = [(work(), other()) for _ in range(runs)]
    ratio, cost = (median(one[part] / two[part] for one, two in pairs) for part in (0, 1))
    mine, theirs = (median(pair[side].clock for pair in pairs) * 1000 for side in (0, 1))
    told = budget.verdict(cost if budget.of_processors else ratio) if budget else ""
    numbers = f"{ratio:9.3f}x {cost:9.3f}x  {mine:10.2f} ms against {theirs:.2f} ms"
    print(f"{name:<46} {numbers}{told}", flush=True)


def missing(name: str, why: str) -> None:
    """Print that something could not be compared, and why."""
    print(f"{name:<46}         -  {why}", flush=True)


def heading(text: str) -> None:
    """Print the title of a group of rows."""
    print(f"\n{text}\n{'-' * len(text)}", flush=True)


def on_path(tool: str) -> bool:
    """Tell whether a tool of the system is there."""
    folders = ("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/bin")
    return any((Path(folder) / tool).exists() for folder in folders)
