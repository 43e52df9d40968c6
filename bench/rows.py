"""What the benchmark finds, as data: headings and rows, which are printed, written or sent."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TypeAlias

_WIDTH = 50


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a number may be; of two ratios it is that of the clock unless said."""

    most: float
    unit: str = "x"
    of_processors: bool = False

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.most:g}{self.unit}" + (" of processors" if self.of_processors else "")


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a group of rows, and what one has to know to read them."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured, or why it was not.

    `clock` and `processors` are ratios to the other side, of which `seconds` has both; `measured`
    tells absolute numbers in words; a budget judges the number `judged`.
    """

    name: str
    clock: float | None = None
    processors: float | None = None
    measured: str = ""
    budget: Budget | None = None
    judged: float | None = None
    missing: str = ""
    seconds: tuple[float, float] | None = None

    @property
    def met(self) -> bool | None:
        """Whether the budget is kept; None where there is none, or nothing was measured."""
        if self.budget is None or self.judged is None:
            return None
        return self.judged <= self.budget.most

    @property
    def verdict(self) -> str:
        """Whether the budget is kept, in words; empty where there is nothing to tell."""
        return {None: "", True: "met", False: "NOT MET"}[self.met]


Line: TypeAlias = Heading | Row


def missing(name: str, why: str) -> Row:
    """Return a row of what could not be measured, and why."""
    return Row(name, missing=why)


def printed(line: Line) -> str:
    """Return a line as people read it in a terminal."""
    if isinstance(line, Heading):
        note = f"\n{line.note}" if line.note else ""
        return f"\n{line.title}\n{'-' * len(line.title)}{note}"
    if line.missing:
        return f"{line.name:<{_WIDTH}} not measured: {line.missing}"
    ratios = "".join(
        f"{ratio:9.3f}x " for ratio in (line.clock, line.processors) if ratio is not None
    )
    told = f"   budget {line.budget}: {line.verdict}" if line.budget and line.verdict else ""
    return f"{line.name:<{_WIDTH}} {ratios} {line.measured}{told}"


def sent(line: Line) -> str:
    """Return a line as one line of JSON, for the program that asked for it."""
    return json.dumps({"heading": isinstance(line, Heading), **asdict(line)})


def received(text: str) -> Line:
    """Return the line that another program sent."""
    fields = json.loads(text)
    if fields.pop("heading"):
        return Heading(**fields)
    budget, seconds = fields.pop("budget"), fields.pop("seconds")
    return Row(
        **fields,
        budget=Budget(**budget) if budget else None,
        seconds=tuple(seconds) if seconds else None,
    )


def tables(lines: Iterable[Line]) -> list[tuple[Heading, list[Row]]]:
    """Return the rows below their headings; a heading without rows is left out."""
    found: list[tuple[Heading, list[Row]]] = []
    for line in lines:
        if isinstance(line, Heading):
            found.append((line, []))
        else:
            found[-1][1].append(line)
    return [table for table in found if table[1]]
