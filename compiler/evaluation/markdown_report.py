"""What judging nodes gave, for tickets and wikis: Markdown with the tables of GitHub's dialect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reqc.compiler.evaluation.json_report import erratum
from reqc.compiler.evaluation.results import State
from reqc.compiler.evaluation.summary import (
    MISSES,
    SEVERITY,
    VERDICTS,
    Agreement,
    Evaluation,
    Group,
    agreements,
    counts,
    findings,
    verdict,
)
from reqc.compiler.evaluation.tables import counted
from reqc.compiler.prose import plain

MOST_NODES: Final = 200
"""How many nodes a table names; the others are counted."""

_MOST_NAMES: Final = 20
_BLANKS: Final = re.compile(r"\s+")
_MARKUP: Final = re.compile(r"[\\*_{}\[\]<>&|~#$]")
_UNSHOWABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def escaped(text: str) -> str:
    """Return Markdown on one line that shows the text, in a table or behind other words."""
    shown = showable(_BLANKS.sub(" ", text.strip()))
    return _MARKUP.sub(r"\\\g<0>", shown).replace("`", "&#96;")


def showable(text: str) -> str:
    """Return a text with U+FFFD for what no document can show, or what turns others around."""
    return _UNSHOWABLE.sub("\ufffd", text)


def document(evaluation: Evaluation) -> str:
    """Return the report: a table of nodes, one of requirements, and what is to be looked at."""
    return "\n".join(_lines(evaluation)) + "\n"


def _lines(evaluation: Evaluation) -> Iterator[str]:
    identity = evaluation.document.identity
    verdicts = evaluation.verdicts
    said = [f"{verdicts[state]:,} {state}" for state in VERDICTS.values() if verdicts[state]]
    yield f"# {escaped(identity.title)}"
    yield ""
    yield f"{escaped(str(identity))}: {counted(len(evaluation.nodes), 'node')}, {', '.join(said)}."
    yield from _remarks(evaluation)
    about = agreements(evaluation)
    states = [state for state in SEVERITY if any(item.counts.get(state) for item in about)]
    yield from ("", "## Nodes", "")
    yield from _nodes(evaluation, states)
    yield from ("", "## Requirements", "")
    heads = ["Requirement", "Level", "Title", *map(str.capitalize, states)]
    yield from grid(
        heads,
        (
            [
                escaped(item.requirement.origin.id),
                str(item.requirement.origin.level),
                escaped(item.requirement.origin.title),
                *(f"{item.counts.get(state, 0):,}" for state in states),
            ]
            for item in about
        ),
        numbers=len(states),
    )
    notable = [item for item in about if item.notable]
    if notable:
        yield from ("", "## To be looked at")
    for item in notable:
        yield from _agreement(item, len(evaluation.nodes))


def _remarks(evaluation: Evaluation) -> Iterator[str]:
    for waiver in evaluation.unused():
        yield ""
        yield f"The waiver of {escaped(waiver.requirement)} is stale: it is met everywhere."
    for item in evaluation.unreadable:
        yield ""
        yield f"Not judged: {escaped(item.name)}, {escaped(item.reason)}."


def _nodes(evaluation: Evaluation, states: Sequence[State]) -> Iterator[str]:
    ordered = evaluation.outliers_first()
    rows = []
    for node in ordered[:MOST_NODES]:
        found = counts(findings(node))
        numbers = (f"{found[state]:,}" for state in states)
        rows.append([escaped(node.name), str(verdict(node)), *numbers])
    heads = ["Node", "Verdict", *map(str.capitalize, states)]
    yield from grid(heads, rows, numbers=len(states))
    if len(ordered) > MOST_NODES:
        yield ""
        yield f"And {len(ordered) - MOST_NODES:,} more nodes."


def _agreement(item: Agreement, total: int) -> Iterator[str]:
    origin = item.requirement.origin
    yield from ("", f"### {escaped(origin.id)}: {escaped(origin.title)}", "")
    yield from grid(
        ["State", "Nodes", "Which", "Found"],
        ([str(group.state), *_group(item, group, total)] for group in item.groups),
    )
    told = (
        ("Expected", plain(item.requirement.statement)),
        ("Because", item.requirement.because),
        ("Fix", item.requirement.fix),
        ("See", ", ".join(item.requirement.see)),
        ("Erratum", erratum(item.requirement)),
        ("Source", str(origin.place)),
    )
    if item.state in MISSES:
        yield ""
        yield from (f"- {label}: {escaped(text)}" for label, text in told if text)


def _group(item: Agreement, group: Group, total: int) -> tuple[str, str, str]:
    names = group.nodes[:_MOST_NAMES]
    which = ", ".join(map(escaped, names))
    if len(group.nodes) == total:
        which = "all"
    elif group.state is item.common:
        which = ""
    elif len(group.nodes) > len(names):
        which += f" and {len(group.nodes) - len(names):,} more"
    return f"{len(group.nodes):,}", which, escaped(group.found)


def grid(heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> Iterator[str]:
    """Yield the lines of a table of which the last columns are numbers."""
    words = len(heads) - numbers
    yield _row(heads)
    yield _row(["---"] * words + ["--:"] * numbers)
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
