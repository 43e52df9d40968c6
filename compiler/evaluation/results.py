"""What judging a node gives: a state for each requirement, and one exit status for all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

from reqc.compiler.lowered import Level, LoweredRequirement


class State(StrEnum):
    """The states of a requirement on a node; the check script prints the same words.

    `WARN` is a missed `should` or a pass with a caution, `INFO` a missed `may`. `UNKNOWN` could
    not be told from what was read, `MANUAL` by no program. `WAIVED` is a miss that a waiver in
    force excuses.
    """

    PASS = "pass"  # noqa: S105  # a verdict and no password
    FAIL = "fail"
    WARN = "warn"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "n/a"
    MANUAL = "manual"
    INFO = "info"
    SKIPPED = "skipped"
    WAIVED = "waived"


class Result(Struct, frozen=True):
    """A requirement on one node: its state, what was found, and where it was looked at."""

    requirement: LoweredRequirement
    state: State
    found: str = ""
    looked: str = ""


_REQUIRED: Final = frozenset({Level.MUST, Level.MUST_NOT})
_RECOMMENDED: Final = frozenset({Level.SHOULD, Level.SHOULD_NOT})


def status(results: Iterable[Result], *, strict: bool = False) -> int:
    """Return the exit status: 1 for a failure, else 3 where something required is unknown, else 0.

    `strict` requires what is recommended too.
    """
    binding = _REQUIRED | _RECOMMENDED if strict else _REQUIRED
    unverified = False
    for result in results:
        if result.state is State.FAIL:
            return 1
        level = result.requirement.origin.level
        unverified |= result.state is State.UNKNOWN and level in binding
    return 3 if unverified else 0
