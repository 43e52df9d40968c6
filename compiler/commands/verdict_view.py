"""Tells a person what the results of a check come to, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from reqc.compiler.commands.check_report import CheckReport
from reqc.compiler.commands.layout import Layout
from reqc.compiler.evaluation.results import State

_HANG: Final = 9

_VERDICTS: Final = {
    0: ("PASS", "1;32", "every required item that can be checked is met"),
    1: ("FAIL", "1;31", "not all that is required is met"),
    3: ("UNKNOWN", "1;35", "no required item fails, but not all of them could be verified"),
}
"""What each exit status of a check says, and its paint."""


def summary(report: CheckReport, status: int, layout: Layout) -> Iterator[str]:
    """Yield lines: how many requirements are in which state, the verdict, and what to do next."""
    counts = Counter(finding.state for finding in report.findings)
    told = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
    yield from layout.beside("summary:", "1", told or "nothing was asked for", _HANG)
    word, paint, meaning = _VERDICTS[status]
    if counts[State.FAIL]:
        meaning = f"required and not met: {_items(counts[State.FAIL])}"
    first, *rest = layout.beside("verdict:", "1", f"{word} - {meaning}", _HANG)
    yield first.replace(word, layout.painted(word, paint), 1)
    yield from rest
    for advice in _next(report, counts):
        yield from layout.beside("next:", "1", advice, _HANG)


def _next(report: CheckReport, counts: Counter[State]) -> Iterator[str]:
    if counts[State.FAIL]:
        yield (
            f"mend the {_items(counts[State.FAIL])} marked FAIL and run this again; "
            "what you accept for a time can be waived with --waive FILE"
        )
    if counts[State.UNKNOWN]:
        what = f"the {_items(counts[State.UNKNOWN])} marked ?"
        if report.container:
            yield f"for {what}, look at the host: mount it, and pass its folder with --root"
        elif not report.root:
            yield f"for {what}, run this as root"
        else:
            yield f"for {what}, see under `found` what could not be read"
    if counts[State.MANUAL]:
        what = f"the {_items(counts[State.MANUAL])} marked manual"
        yield f"confirm {what}, which no program can check"


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"
