"""Cases that stand for all choices: too few would hide one, too many would take for ever."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reqc.compiler.checks import Relation
from reqc.compiler.condition_order import MOST_CASES, distinct_cases, distinct_values
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    OneOf,
    Unless,
    Value,
    evaluate,
)
from reqc.compiler.model import Option
from reqc.compiler.values import LAST_PORT, OptionType
from tests.language.reading import HEAD, document
from tests.language.test_conditions import OPTIONS, conditions

NUMBERS = st.integers(0, 6)
RELEASES = st.lists(st.integers(0, 2), min_size=1, max_size=5).map(
    lambda parts: ".".join(map(str, parts))
)
CHOICES = st.fixed_dictionaries(
    {
        "yes": st.booleans(),
        "also": st.booleans(),
        "word": st.sampled_from("abc"),
        "number": NUMBERS,
        "release": RELEASES | st.builds("{}-{}".format, RELEASES, NUMBERS),
        "text": st.sampled_from(["", "x", "a b"]) | st.text(),
    }
)


def options(text: str = OPTIONS) -> Mapping[str, Option]:
    return document(f"{HEAD}{text}role host\n").options


@given(conditions(), conditions(), CHOICES)
def test_every_choice_has_a_case_that_is_like_it(
    one: Condition, other: Condition, choices: Mapping[str, Value]
) -> None:
    cases = distinct_cases(options(), one, other, None)

    assert cases is not None
    outcomes = {(evaluate(one, case), evaluate(other, case)) for case in cases}
    assert (evaluate(one, choices), evaluate(other, choices)) in outcomes
    assert None not in {outcome for pair in outcomes for outcome in pair}


@example("1", "1.0.0.1", "1.0.0.0.1")
@example("1.2-3", "1.2-3.0.0.1", "1.2-3.0.0.0.1")
@given(RELEASES, RELEASES, RELEASES)
def test_no_version_between_two_others_is_overlooked(low: str, high: str, found: str) -> None:
    between = Both(
        (
            Compared("release", Relation.GREATER, low, ordered=True),
            Compared("release", Relation.LESS, high, ordered=True),
        )
    )

    cases = distinct_cases(options(), between)

    assert cases is not None
    lies_between = evaluate(between, {"release": found})
    assert not lies_between or any(evaluate(between, case) for case in cases)


def asked(*values: Value) -> tuple[Condition | None, ...]:
    """Return conditions that compare the option `it` with values, and one of another option."""
    first, *others = values
    return (
        None,
        Unless(Compared("it", Relation.LESS, first)),
        Both((Chosen("yes"), OneOf("it", tuple(others)))),
        Compared("number", Relation.LESS, 77),
    )


@pytest.mark.parametrize(
    ("kind", "values", "found"),
    [
        (OptionType("bool"), (True,), [False, True]),
        (OptionType("enum", ("c", "a")), ("a",), ["c", "a"]),
        (OptionType("int"), (5,), [4, 5, 6]),
        (OptionType("int"), (10, 9, 2), [1, 2, 3, 8, 9, 10, 11]),
        (OptionType("int"), (0,), [0, 1]),
        (OptionType("int"), (LAST_PORT,), [LAST_PORT - 1, LAST_PORT, LAST_PORT + 1]),
        (OptionType("port"), (1,), [1, 2]),
        (OptionType("port"), (2,), [1, 2, 3]),
        (OptionType("port"), (LAST_PORT,), [LAST_PORT - 1, LAST_PORT]),
        (OptionType("string"), ("b", "a"), ["a", "b", "\0"]),
        (OptionType("cidr"), ("10.0.0.0/8",), ["10.0.0.0/8", "\0"]),
    ],
)
def test_values_are_those_asked_for_and_what_lies_beside_them(
    kind: OptionType, values: tuple[Value, ...], found: list[Value]
) -> None:
    assert distinct_values("it", kind, asked(*values)) == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("int", [6, 7, 8]),
        ("version", ["0", "1.10", "1.10.0.1", "1.9", "1.9.0.1"]),
        ("cidr", ["10.0.0.0/8", "\0"]),
        ("string", ["1.10", "1.9", "10.0.0.0/8", "x", "\0"]),
    ],
)
def test_values_of_another_type_are_left_out(kind: str, found: list[Value]) -> None:
    conditions = asked(7, "x", "1.10", "1.9", "10.0.0.0/8")

    assert distinct_values("it", OptionType(kind), conditions) == found


@pytest.mark.parametrize(
    ("kind", "found"), [("int", []), ("version", ["0"]), ("string", ["\0"]), ("cidr", ["\0"])]
)
def test_where_nothing_is_asked_any_value_will_do(kind: str, found: list[Value]) -> None:
    assert distinct_values("it", OptionType(kind), (None, Chosen("it"))) == found


def test_a_case_has_the_options_that_are_asked_about() -> None:
    condition = Both((Chosen("yes"), Compared("word", Relation.EQUAL, "a")))

    cases = distinct_cases(options(), condition)

    assert cases is not None
    assert list(cases) == [
        {"word": word, "yes": yes} for word, yes in product("abc", (False, True))
    ]
    assert list(distinct_cases(options(), None) or ()) == [{}]


def test_nothing_is_tried_where_there_is_too_much() -> None:
    exact = MOST_CASES.bit_length() - 1
    names = [f"option_{number}" for number in range(exact + 1)]
    offered = options("".join(f"option {name}: bool\n" for name in names))

    most = distinct_cases(offered, *map(Chosen, names[:exact]))

    assert most is not None
    assert sum(1 for _ in most) == MOST_CASES == 2**exact
    assert distinct_cases(offered, *map(Chosen, names)) is None
