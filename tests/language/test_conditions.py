"""Conditions: their three values, how they are written, and what binds tighter."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.checks import Relation
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    Either,
    OneOf,
    Unless,
    Value,
    compared_values,
    conjunction,
    disjunction,
    evaluate,
    options_of,
    quoted,
    spelled,
    written,
)
from reqc.compiler.syntax import tree
from tests.language.reading import HEAD, document, mistakes
from tests.syntax.parsing import nodes, sound

THREE = (True, False, None)
OPTIONS = """\
option yes: bool
option also: bool
option word: a | b | c
option number: int
option release: version
option text: string
"""
OUTCOMES: dict[str, tuple[Value, ...]] = {
    "yes": (False, True),
    "also": (False, True),
    "word": ("a", "b", "c"),
    "number": (0, 1, 2, 3),
    "release": ("1", "1.0", "1.1", "2"),
    "text": ("", "x", "a b", 'q"\n\\'),
}


def read(condition: str) -> Condition:
    """Return the condition that a text means."""
    found = document(f"{HEAD}{OPTIONS}role host when {condition}\n")
    read = found.roles["host"].condition
    assert read is not None
    return read


def conditions() -> st.SearchStrategy[Condition]:
    numbers = st.builds(
        Compared, st.just("number"), st.sampled_from(Relation), st.sampled_from((0, 1, 2, 3))
    )
    releases = st.builds(
        Compared,
        st.just("release"),
        st.sampled_from(Relation),
        st.sampled_from(OUTCOMES["release"]),
        ordered=st.just(value=True),
    )
    equality = st.sampled_from([Relation.EQUAL, Relation.NOT_EQUAL])
    words = st.builds(Compared, st.just("word"), equality, st.sampled_from(OUTCOMES["word"]))
    texts = st.builds(Compared, st.just("text"), equality, st.sampled_from(OUTCOMES["text"]))
    listed = st.builds(
        OneOf, st.just("word"), st.lists(st.sampled_from("abc"), min_size=1).map(tuple)
    )
    leaves = st.one_of(
        st.builds(Chosen, st.sampled_from(["yes", "also"])), numbers, releases, words, texts, listed
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Unless, inner),
            st.builds(Both, st.lists(inner, min_size=2, max_size=3).map(tuple)),
            st.builds(Either, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        ),
        max_leaves=8,
    )


@pytest.mark.parametrize(("left", "right"), list(product(THREE, THREE)))
def test_and_and_or_are_those_of_kleene(
    left: bool | None,  # noqa: FBT001  # a case
    right: bool | None,  # noqa: FBT001  # a case
) -> None:
    order = {False: 0, None: 1, True: 2}
    by_order = {rank: outcome for outcome, rank in order.items()}

    assert conjunction([left, right]) == by_order[min(order[left], order[right])]
    assert disjunction([left, right]) == by_order[max(order[left], order[right])]


def test_no_condition_always_holds() -> None:
    assert evaluate(None, {}) is True
    assert conjunction([]) is True
    assert disjunction([]) is False


@given(conditions(), st.data())
def test_an_outcome_is_known_only_if_every_choice_agrees(
    condition: Condition, data: st.DataObject
) -> None:
    choices = {
        name: data.draw(st.sampled_from((None, *values)), label=name)
        for name, values in OUTCOMES.items()
    }
    free = [name for name in options_of(condition) if choices[name] is None]

    outcome = evaluate(condition, choices)
    filled = {
        evaluate(condition, {**choices, **dict(zip(free, case, strict=True))})
        for case in product(*(OUTCOMES[name] for name in free))
    }

    assert None not in filled
    assert outcome is None or filled == {outcome}
    if not free:
        assert {outcome} == filled


@given(conditions(), st.data())
def test_complete_choices_decide_as_python_does(condition: Condition, data: st.DataObject) -> None:
    choices = {
        name: data.draw(st.sampled_from(values), label=name) for name, values in OUTCOMES.items()
    }

    assert evaluate(condition, choices) is brute(condition, choices)


RELEASES = {"1": (1, 0), "1.0": (1, 0), "1.1": (1, 1), "2": (2, 0)}


def brute(condition: Condition, choices: dict[str, Value]) -> bool:
    """Evaluate a condition in another way."""
    match condition:
        case Chosen(option):
            return choices[option] is True
        case OneOf(option, values):
            return choices[option] in values
        case Compared(option, relation, value, ordered):
            pair: tuple[object, object] = (choices[option], value)
            if ordered:
                pair = RELEASES[str(choices[option])], RELEASES[str(value)]
            sign = "==" if relation is Relation.EQUAL else relation.value
            scope = {"left": pair[0], "right": pair[1]}
            return bool(eval(f"left {sign} right", scope))  # noqa: S307  # our own few signs
        case Both(parts):
            return all(brute(part, choices) for part in parts)
        case Either(parts):
            return any(brute(part, choices) for part in parts)
        case Unless(part):
            return not brute(part, choices)


@given(conditions())
def test_a_condition_is_read_as_it_was_written(condition: Condition) -> None:
    assert read(written(condition)) == condition


YES, ALSO = Chosen("yes"), Chosen("also")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (YES, "yes"),
        (Compared("word", Relation.EQUAL, "a"), "word == a"),
        (Compared("text", Relation.NOT_EQUAL, "a b"), 'text != "a b"'),
        (OneOf("word", ("a", "b")), "word in [a, b]"),
        (Either((YES, ALSO)), "yes or also"),
        (Both((YES, ALSO)), "yes and also"),
        (Either((Both((YES, ALSO)), YES)), "yes and also or yes"),
        (Both((Either((YES, ALSO)), YES)), "(yes or also) and yes"),
        (Unless(YES), "not yes"),
        (Unless(Unless(YES)), "not not yes"),
        (Unless(Compared("number", Relation.LESS, 2)), "not number < 2"),
        (Unless(Both((YES, ALSO))), "not (yes and also)"),
        (Unless(Either((YES, ALSO))), "not (yes or also)"),
        # Parts of parts are no parts: what is read again has to be the same.
        (Either((Either((YES, ALSO)), YES)), "(yes or also) or yes"),
        (Both((Both((YES, ALSO)), YES)), "(yes and also) and yes"),
    ],
)
def test_a_condition_is_written_with_the_fewest_parentheses(
    condition: Condition, text: str
) -> None:
    assert written(condition) == text
    assert read(text) == condition


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (12, "12"),
        ("4.18.0-193", "4.18.0-193"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("", '""'),
        ("a b", '"a b"'),
        ("-a", '"-a"'),
        ("a.", '"a."'),
        ('say "x"', r'"say \"x\""'),
        ("a\\b", r'"a\\b"'),
        ("a\nb", r'"a\nb"'),
        ("a\tb", r'"a\tb"'),
        ("\x1b[0m", r'"\u{1b}[0m"'),
        ("\u202e", r'"\u{202e}"'),
        ("\u00e9", '"\u00e9"'),
    ],
)
def test_a_value_is_a_word_where_it_can_be_one(value: Value, text: str) -> None:
    assert spelled(value) == text


def test_a_word_can_be_quoted_too() -> None:
    assert quoted("a") == '"a"'


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_value_is_spelled_so_that_it_is_read_again(text: str) -> None:
    file = sound(
        f"req 1\nspec a 1 on b\noption text: string\nrole h when text == {spelled(text)}\n"
    )

    test = next(node for node in nodes(file.statements) if isinstance(node, tree.OptionTest))
    assert test.values[0].text == text


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("yes and also or yes", "(yes and also) or yes"),
        ("yes or also and yes", "yes or (also and yes)"),
        ("not yes and also", "(not yes) and also"),
        ("not yes or also", "(not yes) or also"),
        ("not number == 1", "not (number == 1)"),
        ("not not yes", "not (not yes)"),
        ("yes and also and yes or also or yes", "((yes and also and yes) or also or yes)"),
    ],
)
def test_not_binds_tighter_than_and_and_and_tighter_than_or(text: str, grouped: str) -> None:
    assert read(text) == read(grouped)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("yes", Chosen("yes")),
        ("yes == true", Chosen("yes")),
        ("yes != false", Chosen("yes")),
        ("yes == false", Unless(Chosen("yes"))),
        ("yes != true", Unless(Chosen("yes"))),
        ("word = a", Compared("word", Relation.EQUAL, "a")),
        ('word == "a"', Compared("word", Relation.EQUAL, "a")),
        ("number < 2", Compared("number", Relation.LESS, 2)),
        ("release >= 1.0", Compared("release", Relation.AT_LEAST, "1.0", ordered=True)),
        ("word in [a, b]", OneOf("word", ("a", "b"))),
        ("release in [1.0]", Compared("release", Relation.EQUAL, "1.0", ordered=True)),
    ],
)
def test_values_have_the_type_of_their_option(text: str, condition: Condition) -> None:
    assert read(text) == condition


def test_a_list_decides_nothing_where_nobody_chose() -> None:
    condition = OneOf("word", ("a", "b"))

    assert evaluate(condition, {"word": None}) is None
    assert evaluate(condition, {"word": "b"}) is True
    assert evaluate(condition, {"word": "c"}) is False


@pytest.mark.parametrize(
    ("relation", "outcomes"),
    [
        (Relation.LESS, (True, False, False)),
        (Relation.AT_MOST, (True, True, False)),
        (Relation.EQUAL, (False, True, False)),
        (Relation.NOT_EQUAL, (True, False, True)),
        (Relation.AT_LEAST, (False, True, True)),
        (Relation.GREATER, (False, False, True)),
    ],
)
def test_numbers_and_versions_compare_alike(
    relation: Relation, outcomes: tuple[bool, bool, bool]
) -> None:
    number = Compared("number", relation, 10)
    release = Compared("release", relation, "3.10", ordered=True)

    assert tuple(evaluate(number, {"number": found}) for found in (9, 10, 11)) == outcomes
    assert (
        tuple(evaluate(release, {"release": found}) for found in ("3.9", "3.10", "3.11"))
        == outcomes
    )


def test_the_values_asked_for_are_found_wherever_they_stand() -> None:
    word = Compared("word", Relation.EQUAL, "a")
    listed = OneOf("word", ("b", "c"))
    other = Compared("number", Relation.LESS, 2)
    condition = Either((Both((word, YES, other)), Unless(listed), OneOf("text", ("x",))))

    assert list(compared_values(condition, "word")) == ["a", "b", "c"]
    assert list(compared_values(condition, "number")) == [2]
    assert list(compared_values(condition, "yes")) == []
    assert list(compared_values(None, "word")) == []


def test_equal_versions_are_one_in_a_list_as_well() -> None:
    condition = read("release in [1.0, 2]")

    assert evaluate(condition, {"release": "1"}) is True
    assert evaluate(condition, {"release": "1.1"}) is False


def test_a_condition_knows_no_facts_of_a_node() -> None:
    text = f"{HEAD}{OPTIONS}role host when kernel >= 5\n"

    assert [item.code for item in mistakes(text)] == ["REQ202"]
