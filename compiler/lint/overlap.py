"""When requirements apply together, over the choices of deployments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from reqc.compiler.condition_order import distinct_cases
from reqc.compiler.conditions import Choices, Condition, evaluate
from reqc.compiler.model import Option, Requirement

MOST_COMPARED = 16
"""How many earlier requirements about one subject a requirement is compared with, the latest."""


class Overlap(Struct, frozen=True):
    """Answers for the options of one document; each question is worked out once.

    Where too many choices would have to be tried the answer is the one that keeps a lint quiet.
    """

    options: Mapping[str, Option]
    _pairs: dict[tuple[Condition | None, Condition | None], bool] = field(default_factory=dict)
    _outcomes: dict[tuple[Condition, bool], bool] = field(default_factory=dict)

    def meet(self, one: Requirement, other: Requirement) -> bool:
        """Tell whether some host has to satisfy both requirements for some choices.

        Two requirements with different guards are about different nodes as far as anyone knows.
        """
        if set(one.roles).isdisjoint(other.roles):
            return False
        if one.guard is not None and other.guard is not None and one.guard != other.guard:
            return False
        return self.together(one.condition, other.condition)

    def together(self, one: Condition | None, other: Condition | None) -> bool:
        """Tell whether both conditions hold for some choices."""
        if (one, other) not in self._pairs:
            cases = distinct_cases(self.options, one, other)
            self._pairs[one, other] = cases is not None and any(
                evaluate(one, case) and evaluate(other, case) for case in cases
            )
        return self._pairs[one, other]

    def uncovered(
        self, condition: Condition | None, covers: Iterable[Condition | None]
    ) -> Choices | None:
        """Return choices for which a condition holds and none of `covers` does, if there are any.

        With more than `MOST_COMPARED` different covers nothing is said.
        """
        others = tuple(dict.fromkeys(covers))
        if None in others or condition in others or len(others) > MOST_COMPARED:
            return None
        for case in distinct_cases(self.options, condition, *others) or ():
            if evaluate(condition, case) and not any(evaluate(item, case) for item in others):
                return case
        return None

    def possible(self, condition: Condition) -> bool:
        """Tell whether a condition holds for some choices, or is too large to be tried."""
        return self._occurs(condition, outcome=True)

    def avoidable(self, condition: Condition) -> bool:
        """Tell whether a condition fails for some choices, or is too large to be tried."""
        return self._occurs(condition, outcome=False)

    def _occurs(self, condition: Condition, *, outcome: bool) -> bool:
        if (condition, outcome) not in self._outcomes:
            cases = distinct_cases(self.options, condition)
            self._outcomes[condition, outcome] = cases is None or any(
                evaluate(condition, case) is outcome for case in cases
            )
        return self._outcomes[condition, outcome]
