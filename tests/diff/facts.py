"""Lists of what changed between two pages, row by row, and what a comparison says to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reqc.compiler.comparison.changes import Category, Change, Comparison, Difference
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.diagnostics import Report
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: what it is about, the ids that say it, and the verdict.

    `ids` are those of changes, `same` those of requirements that are no change.
    """

    fact: str
    verdict: str
    ids: tuple[str, ...] = ()
    same: tuple[str, ...] = ()


def row(fact: str, verdict: str, ids: str = "", same: str = "") -> Row:
    return Row(fact, verdict, tuple(ids.split()), tuple(same.split()))


def read(path: Path) -> Document:
    report = Report()
    document = resolve(str(path), report)
    assert document is not None, render(report.sorted())
    return document


def compared(old: Path, new: Path) -> Comparison:
    return compare(read(old), read(new))


def verdict(item: Difference) -> str:
    """Return a change in the words of the lists."""
    if item.erratum:
        return "erratum"
    if item.category is Category.ADVICE:
        return "advisory"
    conditional = any(split.condition is not None for split in item.splits)
    if item.change is Change.ADDED and conditional:
        return "feature"
    if item.implied_by is not None:
        return "no host effect"
    words = {
        Change.EQUIVALENT: "equal",
        Change.DIFFERENT: "changed",
        Change.ADDED: "new",
        Change.REMOVED: "gone",
    }
    return words.get(item.change, item.change.value)


def contradictions(found: Comparison, rows: Sequence[Row]) -> list[str]:
    """Return in what a comparison and a list differ, nothing more and nothing less."""
    changes = {item.id: item for item in found.differences}
    told = []
    for item in rows:
        for name in item.ids:
            said = verdict(changes[name]) if name in changes else "no change"
            if said != item.verdict:
                told.append(f"{item.fact}: {name} is {item.verdict}, not {said}")
        for name in item.same:
            known = [{one.id for one in side.requirements} for side in (found.old, found.new)]
            if name in changes or not all(name in ids for ids in known):
                told.append(f"{item.fact}: {name} did not stay as it was")
    listed = [name for item in rows for name in item.ids]
    told += [f"{name} is in no row" for name in changes if name not in listed]
    told += [f"{name} is in two rows" for name in set(listed) if listed.count(name) > 1]
    return told
