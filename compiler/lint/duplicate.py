"""The lint for one requirement under two ids."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.diagnostics import Label
from reqc.compiler.kinds.base import Predicate
from reqc.compiler.lint.overlap import MOST_COMPARED, Overlap
from reqc.compiler.lint.parts import wishes
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.lint.sharing import sharing
from reqc.compiler.lowered import Level
from reqc.compiler.model import Document, Requirement


def find(document: Document) -> Iterator[Finding]:
    """Find requirements that ask of the same hosts what an earlier one asks, at the same level."""
    overlap = Overlap(document.options)
    earlier: dict[object, list[Requirement]] = {}
    for item in sharing(document.requirements, lambda item: (_meaning(item),)):
        alike = earlier.setdefault(_meaning(item), [])
        first = next((other for other in alike if overlap.meet(other, item)), None)
        alike.append(item)
        del alike[:-MOST_COMPARED]
        if first is not None:
            yield _finding(item, first)


def _meaning(item: Requirement) -> tuple[Level, Predicate | None, frozenset[object]]:
    things = frozenset((wish.thing, wish.wanted) for wish in wishes(item))
    return item.level, item.guard, things


def _finding(item: Requirement, first: Requirement) -> Finding:
    return Finding(
        item.places.predicate,
        f"`{item.id}` asks for the same as `{first.id}`",
        here="" if item.predicate == first.predicate else "the same, said in another way",
        labels=(Label(first.places.predicate, "first asked for here"),),
        help="keep one of them, with the citations and the conditions of both",
        requirements=(first.id, item.id),
    )


RULE = Rule("REQ702", "duplicate", "Two requirements ask for the same thing", find)
