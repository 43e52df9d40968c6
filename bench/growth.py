"""Measures how time and memory grow with the number of requirements."""

from __future__ import annotations

import gc
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TypeAlias

from commands import REQC, Spent, compiling, watched
from generated import ADDRESSES, choices, inventory, specification
from measure import FEW, RUNS, Cost, failure, middle, repeated, timed
from rows import Budget, Heading, Line, Row, missing

from reqc.backends.registry import TARGETS, target
from reqc.compiler.diagnostics import Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve

SIZES = (10, 100, 1_000, 10_000)
HUGE = 100_000
IN_HUGE = ("shell", "nftables", "markdown", "html", "json")
"""The targets that are compiled from the largest document, too; the others do less for each."""
TIMES_TEN = Budget(12, of_processors=True)
MEMORY = Budget(200, " MB")
"""The peak, at the largest document."""
MEMORY_TIMES_TEN = Budget(12)
CHECKED = Budget(0.25, " s")
COMPILED = Budget(0.5, " s")
THOUSAND = 1_000
LIMIT = 300.0
"""Seconds after which a process is given up."""

Step: TypeAlias = Callable[[], object]


def measure(*, quick: bool) -> Iterator[Line]:
    """Yield the rows of each step by itself, of whole processes, and of a thousand requirements."""
    sizes = SIZES[:-1] if quick else SIZES
    with tempfile.TemporaryDirectory() as folder:
        for size in (*sizes, HUGE):
            _file(folder, size).write_text(specification(size), encoding="utf-8")
        (Path(folder) / "hosts.yaml").write_text(inventory(), encoding="utf-8")
        yield from _thousand(folder, FEW if quick else RUNS)
        yield from _steps(folder, sizes)
        if quick:
            yield from _processes(folder, (sizes[0], *sizes[-2:]), IN_HUGE)
        else:
            yield from _processes(folder, (sizes[0], *sizes[-2:], HUGE), tuple(TARGETS))


def _file(folder: str, size: int) -> Path:
    return Path(folder) / f"{size}.req"


def _thousand(folder: str, runs: int) -> Iterator[Line]:
    yield Heading(
        f"{THOUSAND:,} requirements",
        "The budgets judge whole processes, with all that starting takes; nothing is cached.",
    )
    spec = str(_file(folder, THOUSAND))
    everything = partial(_all_targets, spec)
    rows: list[tuple[str, Callable[[], Cost], Budget | None]] = [
        ("reqc check", _process(_check(spec)), CHECKED),
        ("the same work in a process that runs already", timed(partial(_checked, spec)), None),
        (f"reqc compile, all {len(TARGETS)} targets", _process(_compile(folder, spec)), COMPILED),
        ("the same work in a process that runs already", timed(everything), None),
    ]
    for name, work, budget in rows:
        try:
            work()
            clock, processors = middle([work() for _ in range(runs)])
        except (subprocess.SubprocessError, OSError) as problem:
            yield missing(name, failure(problem))
            continue
        measured = f"{clock:.3f} s, {processors:.3f} s of processors"
        yield Row(name, measured=measured, budget=budget, judged=clock if budget else None)


def _process(command: Sequence[str]) -> Callable[[], Cost]:
    """Return what times a process; a folder that it writes is a new one each time."""
    folder = command[command.index("--output") + 1] if "--output" in command else ""

    def run() -> Cost:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        spent = watched(command)
        return Cost(spent.clock, spent.processors)

    return run


def _check(spec: str) -> list[str]:
    return [REQC, "check", spec]


def _compile(folder: str, spec: str, *targets: str) -> list[str]:
    """Return the command for some targets, or for all, with everything asked for."""
    named = [word for name in targets or TARGETS for word in ("--target", name)]
    size = int(Path(spec).stem)
    chosen = [word for option in choices(size) for word in ("--set", f"{option}=true")]
    hosts = ["--inventory", f"{folder}/hosts.yaml"]
    out = ["--output", f"{folder}/out-{size}-{'-'.join(targets) or 'all'}"]
    return compiling(spec, *named, *chosen, *hosts, *out)


def _read(spec: str) -> Document:
    document = resolve(spec, Report())
    assert document is not None
    return document


def _checked(spec: str) -> None:
    lint(_read(spec))


def _deployment(size: int) -> Deployment:
    return Deployment(choices=choices(size), addresses=ADDRESSES)


def written(name: str, lowered: LoweredDocument) -> int:
    """Make all pieces of what a target writes, and return how many characters they have."""
    found = target(name)
    output = found.render(lowered, found.defaults)
    assert not output.refusals, output.refusals[0].message
    return sum(len(piece) for item in output.artifacts for piece in item.pieces)


def _all_targets(spec: str) -> None:
    lowered = lower(_read(spec), _deployment(int(Path(spec).stem)))
    for name in TARGETS:
        written(name, lowered)


def _steps(folder: str, sizes: Sequence[int]) -> Iterator[Line]:
    """Yield a row for each step. What a command does is their sum, which grows no faster."""
    yield Heading(
        "Growth of each step with the number of requirements",
        "In one process. The ratios are the largest of ten times as many requirements to as many.",
    )
    documents = {size: _read(str(_file(folder, size))) for size in sizes}
    lowered = {size: lower(documents[size], _deployment(size)) for size in sizes}
    # what is only kept here is no work for the collector in any step
    gc.collect()
    gc.freeze()
    try:
        yield _grown("read", {size: partial(_read, str(_file(folder, size))) for size in sizes})
        yield _grown("lint", {size: partial(lint, documents[size]) for size in sizes})
        lowering = {size: partial(lower, documents[size], _deployment(size)) for size in sizes}
        yield _grown("lower", lowering)
        for name in TARGETS:
            steps = {size: partial(written, name, lowered[size]) for size in sizes}
            yield _grown(f"write {name}", steps)
    finally:
        gc.unfreeze()


def _grown(name: str, steps: Mapping[int, Step]) -> Row:
    works = {size: repeated(step) for size, step in steps.items()}
    rounds = [{size: work() for size, work in works.items()} for _ in range(FEW)]
    clock, processors = (
        max(
            median(found[many][part] / found[few][part] for found in rounds)
            for few, many in pairwise(steps)
        )
        for part in (0, 1)
    )
    took = {size: middle([found[size] for found in rounds]).processors for size in steps}
    measured = ", ".join(f"{size:,}: {_short(seconds)}" for size, seconds in took.items())
    return Row(name, clock, processors, measured, TIMES_TEN, processors)


def _short(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"


def _processes(folder: str, sizes: Sequence[int], names: Sequence[str]) -> Iterator[Line]:
    """Yield what whole processes take."""
    yield Heading(
        "Peak memory of whole processes with the number of requirements",
        "Growth of memory is that of what is above the memory for 10 requirements.",
    )
    yield from _remembered("check", {size: _check(str(_file(folder, size))) for size in sizes})
    for name in names:
        few = [size for size in sizes if size < HUGE or name in IN_HUGE]
        commands = {size: _compile(folder, str(_file(folder, size)), name) for size in few}
        yield from _remembered(f"compile to {name}", commands)


def _remembered(name: str, commands: Mapping[int, list[str]]) -> Iterator[Line]:
    spent: dict[int, Spent] = {}
    problem = ""
    for size, command in commands.items():
        try:
            spent[size] = watched(command, limit=LIMIT)
        except (subprocess.SubprocessError, OSError) as found:
            problem = failure(found)
            break
    told = ", ".join(f"{size:,}: {one.memory:.0f} MB" for size, one in spent.items())
    yield Row(name, measured=told) if spent else missing(name, problem)
    if HUGE in spent:
        yield from _huge(name, spent)
    elif spent and problem:
        yield missing(f"{name}, {HUGE:,}", problem)


def _huge(name: str, spent: Mapping[int, Spent]) -> Iterator[Row]:
    least, few, many = spent[min(spent)], spent[HUGE // 10], spent[HUGE]
    row = f"{name}, {HUGE:,}"
    yield Row(row, measured=str(many), budget=MEMORY, judged=many.memory)
    row = f"{row} / {HUGE // 10:,}"
    memory = (many.memory - least.memory) / (few.memory - least.memory)
    yield Row(f"{row}, memory", measured=f"{memory:.1f}x", budget=MEMORY_TIMES_TEN, judged=memory)
    times = many.clock / few.clock, many.processors / few.processors
    measured = f"{many.clock:.1f} s against {few.clock:.1f} s"
    yield Row(f"{row}, time", *times, measured, TIMES_TEN, times[1])
