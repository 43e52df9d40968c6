"""Outcomes of checks on a node, and the three-valued logic that combines them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, Self

from msgspec import Struct
from msgspec.structs import replace


class Verdict(StrEnum):
    """What a check says: `UNKNOWN` could not be told from what was read, `MANUAL` by no program."""

    PASS = "pass"  # noqa: S105  # a verdict and no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    MANUAL = "manual"


class Outcome(Struct, frozen=True):
    """The answer of a check: what was found, and where it was looked at.

    `caution` is what keeps a check that holds from being without a doubt.
    """

    verdict: Verdict
    found: str = ""
    looked: str = ""
    caution: str = ""

    def joined(self, later: Self) -> Outcome:
        """Return two answers of one verdict as one."""
        return Outcome(
            self.verdict,
            join(self.found, later.found),
            join(self.looked, later.looked),
            join(self.caution, later.caution),
        )


def passed(found: str, looked: str, caution: str = "") -> Outcome:
    """Return that the check holds."""
    return Outcome(Verdict.PASS, found, looked, caution)


def failed(found: str, looked: str) -> Outcome:
    """Return that the check does not hold."""
    return Outcome(Verdict.FAIL, found, looked)


def unknown(found: str, looked: str) -> Outcome:
    """Return that what was read does not tell."""
    return Outcome(Verdict.UNKNOWN, found, looked)


def decided(found: str, looked: str, *, holds: bool) -> Outcome:
    """Return that the check holds or does not."""
    return Outcome(Verdict.PASS if holds else Verdict.FAIL, found, looked)


def join(one: str, other: str) -> str:
    """Return both texts, or one where the other adds nothing."""
    if not one or not other:
        return one or other
    return one if f"; {other}; " in f"; {one}; " else f"{one}; {other}"


_ALL: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.PASS)
_ANY: Final = (Verdict.PASS, Verdict.UNKNOWN, Verdict.MANUAL, Verdict.FAIL)


def all_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Return that every part holds: one that does not decides, then one that is unknown."""
    combined = Outcome(Verdict.PASS)
    for outcome in outcomes:
        combined = _stronger(combined, outcome, _ALL)
    return combined


def any_of(outcomes: Iterable[Outcome]) -> Outcome:
    """Return that some part holds; the first that holds without a caution decides alone."""
    combined = Outcome(Verdict.FAIL)
    for outcome in outcomes:
        if outcome.verdict is Verdict.PASS and not outcome.caution:
            return outcome
        combined = _stronger(combined, outcome, _ANY)
    return combined


def negated(outcome: Outcome) -> Outcome:
    """Return that the part does not hold; what cannot be told stays so."""
    opposite = {Verdict.PASS: Verdict.FAIL, Verdict.FAIL: Verdict.PASS}
    return replace(outcome, verdict=opposite.get(outcome.verdict, outcome.verdict), caution="")


def _stronger(earlier: Outcome, later: Outcome, order: tuple[Verdict, ...]) -> Outcome:
    if earlier.verdict is later.verdict:
        return earlier.joined(later)
    return min(earlier, later, key=lambda outcome: order.index(outcome.verdict))
