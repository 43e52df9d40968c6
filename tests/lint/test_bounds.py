"""Contradictions of bounds and of services, against all values that could satisfy both."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.checks import Relation, UnitCondition
from reqc.compiler.conditions import holds
from reqc.compiler.kinds.host import Service
from reqc.compiler.lint.bounds import OPPOSITE, Bound
from reqc.compiler.lint.claims import Among, claims
from reqc.compiler.lint.parts import Wish
from reqc.compiler.versions import compare_versions

VERSIONS = [
    f"{base}{build}"
    for base in ("3", "4.18", "4.18.0", "4.18.1", "5")
    for build in ("", "-1", "-2", "-3")
]
KERNELS = [
    f"{base}{build}"
    for base in ("2.9", "3.0", "3.5", "4.18.0", "4.18.0.5", "4.18.1", "4.19", "5.0", "5.1")
    for build in ("", "-0", "-1", "-1.5", "-2", "-3", "-4")
]
"""Kernels at, between and around the versions."""


def _by_number(found: int, wanted: int) -> int:
    return (found > wanted) - (found < wanted)


@given(
    st.sampled_from(Relation),
    st.sampled_from(VERSIONS),
    st.sampled_from(Relation),
    st.sampled_from(VERSIONS),
)
def test_no_kernel_satisfies_bounds_that_exclude_each_other(
    one: Relation, version: str, other: Relation, second: str
) -> None:
    excluded = Bound(one, version, compare_versions).excludes(
        Bound(other, second, compare_versions)
    )
    both = [
        kernel
        for kernel in KERNELS
        if holds(one, compare_versions(kernel, version))
        and holds(other, compare_versions(kernel, second))
    ]

    assert not (excluded and both), both


@pytest.mark.parametrize(("one", "other"), list(product(Relation, repeat=2)))
def test_bounds_on_numbers_exclude_each_other_where_no_number_is_left(
    one: Relation, other: Relation
) -> None:
    # Halves stand for what lies between two numbers.
    for first, second in product(range(0, 8, 2), repeat=2):
        room = any(
            holds(one, _by_number(value, first)) and holds(other, _by_number(value, second))
            for value in range(-1, 9)
        )

        excluded = Bound(one, first, _by_number).excludes(Bound(other, second, _by_number))

        assert excluded is not room


@pytest.mark.parametrize("relation", Relation)
def test_the_opposite_of_a_bound_holds_where_it_does_not(relation: Relation) -> None:
    for order in (-1, 0, 1):
        assert holds(OPPOSITE[relation], order) is not holds(relation, order)


def _units(condition: UnitCondition, *, wanted: bool) -> Among:
    part = Service("a", condition.value)
    (found,) = (
        claim
        for subject, claim in claims(Wish(part, part, wanted))
        if subject == ("service", "a.service") and isinstance(claim, Among)
    )
    return found


def test_conditions_of_a_service_exclude_each_other_as_systemd_has_them() -> None:
    exclusive = {
        frozenset((one, other))
        for one, other in product(UnitCondition, repeat=2)
        if _units(one, wanted=True).excludes(_units(other, wanted=True))
    }

    absent, enabled, running = UnitCondition.ABSENT, UnitCondition.ENABLED, UnitCondition.RUNNING
    assert exclusive == {
        frozenset((absent, UnitCondition.PRESENT)),
        frozenset((absent, enabled)),
        frozenset((absent, running)),
        frozenset((absent, UnitCondition.MASKED)),
        frozenset((enabled, UnitCondition.DISABLED)),
        frozenset((enabled, UnitCondition.MASKED)),
        frozenset((running, UnitCondition.STOPPED)),
        frozenset((running, UnitCondition.MASKED)),
    }


@pytest.mark.parametrize("condition", UnitCondition)
def test_a_condition_of_a_service_excludes_its_opposite(condition: UnitCondition) -> None:
    assert _units(condition, wanted=True).excludes(_units(condition, wanted=False))
