"""Measures pieces of work side by side and returns their ratios."""

from __future__ import annotations

import gc
import math
import resource
import subprocess
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import NamedTuple, TypeAlias

from rows import Budget, Row, missing


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
FEW = 3
"""Runs where one takes seconds, or where the answer is wanted soon."""
_LONG_ENOUGH = 0.15
_LONG_ENOUGH_WITHIN = 0.03
_LOOP = 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null 2>&1; n=$((n - 1)); done'


def timed(work: Callable[[], object]) -> Timed:
    """Return a piece of work as one that is timed."""

    def run() -> Cost:
        start = Cost.now()
        work()
        return Cost.now().since(start)

    return run


def repeated(work: Callable[[], object]) -> Timed:
    """Return a timing of one run of short work in this process, from enough of them to be told.

    What other work has left to the collector is not charged to it.
    """

    def run(count: int) -> Cost:
        gc.collect()
        start = Cost.now()
        for _ in range(count):
            work()
        return Cost.now().since(start, count)

    run(1)
    count = max(1, math.ceil(_LONG_ENOUGH_WITHIN / max(run(1).clock, 1e-9)))
    return lambda: run(count)


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
    name: str,
    work: Timed,
    other: Timed,
    *,
    budget: Budget | None = None,
    runs: int = RUNS,
) -> Row:
    """Return the median ratios of two pieces of work, run in turn after one warm-up.

    The first ratio is of the clock, the second of the processors, which other programs disturb
    less. A process that fails gives a row that says so.
    """
    try:
        if runs > 1:
            work(), other()
        pairs = [(work(), other()) for _ in range(runs)]
    except (subprocess.SubprocessError, OSError) as problem:
        return missing(name, failure(problem))
    ratio, cost = (median(one[part] / two[part] for one, two in pairs) for part in (0, 1))
    mine, theirs = (median(pair[side].clock for pair in pairs) for side in (0, 1))
    judged = None if budget is None else cost if budget.of_processors else ratio
    measured = f"{mine * 1000:.2f} ms against {theirs * 1000:.2f} ms"
    return Row(name, ratio, cost, measured, budget, judged, seconds=(mine, theirs))


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each number of several runs."""
    return Cost(*(median(cost[part] for cost in costs) for part in (0, 1)))


def failure(problem: Exception) -> str:
    """Return in one line why a program could not be measured."""
    match problem:
        case subprocess.CalledProcessError():
            said = problem.stderr or b""
            text = said if isinstance(said, str) else said.decode(errors="replace")
            last = (text.strip().splitlines() or ["nothing"])[-1]
            return f"{_program(problem.cmd)} ended with {problem.returncode} and said: {last}"
        case subprocess.TimeoutExpired():
            return f"{_program(problem.cmd)} took more than {problem.timeout:g} s"
        case FileNotFoundError():
            return f"no {str(problem.filename).rpartition('/')[2]}; make bench-peers brings it"
        case _:
            return f"{type(problem).__name__}: {problem}"


def _program(command: str | Sequence[str]) -> str:
    words = command if isinstance(command, str) else command[0]
    return words.rpartition("/")[2]
