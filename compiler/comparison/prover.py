"""Proves that one formula follows from another: never wrongly, and not always.

A proof splits both sides until literals are left, as in a sequent calculus, and closes a branch by
what `theory` knows of single atoms and by the order of values. It holds for nodes of which not all
is known, too: in Kleene's logic what is true stays true however the unknown turns out, so a node on
which the premise is true is none on which the conclusion is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Final

from reqc.compiler.comparison.formula import Every, Formula, Literal, Some, Within, negated
from reqc.compiler.comparison.ranges import EVERYTHING, PRESENT, Ranges
from reqc.compiler.comparison.theory import excludes, exhausts, implies

MOST_BRANCHES: Final = 2000
"""How many branches a proof may have before it is given up."""


class _TooLargeError(Exception):
    pass


@lru_cache(maxsize=1 << 16)
def entails(premise: Formula, conclusion: Formula) -> bool:
    """Tell whether the conclusion is proved from the premise."""
    if premise == conclusion:
        return True
    try:
        # A conclusion follows where it contradicts nothing to deny it.
        _Proof().refute([premise, negated(conclusion)], [])
    except (_OpenError, _TooLargeError):
        return False
    return True


class _OpenError(Exception):
    """A branch that nothing closes: as far as is known, there are such nodes."""


class _Proof:
    """One attempt; it counts its branches."""

    def __init__(self) -> None:
        self._branches = 0

    def refute(self, formulas: Sequence[Formula], literals: list[Literal | Within]) -> None:
        """Show that the formulas and literals cannot all be true; raise where that fails."""
        choices: list[Some] = []
        waiting = list(formulas)
        literals = list(literals)
        while waiting:
            match waiting.pop():
                case Every(parts):
                    waiting.extend(parts)
                case Some(parts) if len(parts) == 1:
                    waiting.append(parts[0])
                case Some() as choice:
                    choices.append(choice)
                case literal:
                    literals.append(literal)
        if contradictory(literals):
            return
        self._branches += 1
        if self._branches > MOST_BRANCHES:
            raise _TooLargeError
        if not choices:
            raise _OpenError
        first, *rest = sorted(choices, key=lambda choice: len(choice.parts))
        for part in first.parts:
            self.refute([part, *rest], literals)


def contradictory(literals: Iterable[Literal | Within]) -> bool:
    """Tell whether no node has all of these."""
    values: dict[tuple[str, ...], Ranges] = {}
    signed: list[Literal] = []
    for item in dict.fromkeys(literals):
        if isinstance(item, Literal):
            signed.append(item)
        else:
            known = values.get(item.subject, _every_value(item.subject))
            values[item.subject] = known & item.values
    if any(not found.spans for found in values.values()):
        return True
    systems = [
        subject
        for subject, found in values.items()
        if subject[0] == "os" and not found.with_absence
    ]
    # A node has one operating system.
    return len(systems) > 1 or any(_clash(*pair) for pair in combinations(signed, 2))


_MAY_LACK: Final = frozenset({"os", "command", "sysctl"})
"""Subjects that a node may lack: it runs another system, or the value is no number."""


def _every_value(subject: tuple[str, ...]) -> Ranges:
    return EVERYTHING if subject[0] in _MAY_LACK else PRESENT


def _clash(one: Literal, other: Literal) -> bool:
    match one.holds, other.holds:
        case True, True:
            return excludes(one.atom, other.atom)
        case False, False:
            return exhausts(one.atom, other.atom)
        case True, False:
            return implies(one.atom, other.atom)
        case _:
            return implies(other.atom, one.atom)
