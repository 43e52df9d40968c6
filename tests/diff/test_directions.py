"""What changed between two documents, and which way."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.comparison.changes import Change
from reqc.compiler.comparison.comparing import Choice, compare
from reqc.compiler.conditions import written
from reqc.compiler.kinds.base import Direction
from reqc.compiler.model import Requirement
from tests.diff.comparing import DECLARED, change, changes
from tests.language.reading import document, section


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("must a: cpu >= 2", "must a: cpu >= 2", None),
        ("must a: cpu >= 2", "must a: cpu >= 4", Change.STRICTER),
        ("must a: cpu >= 4", "must a: cpu >= 2", Change.LOOSER),
        ("should a: cpu >= 2", "must a: cpu >= 2", Change.STRICTER),
        ("must a: cpu >= 2", "may a: cpu >= 2", Change.LOOSER),
        ("must a: cpu >= 2", "must not a: cpu >= 2", Change.DIFFERENT),
        ("should not a: cpu >= 2", "must not a: cpu >= 2", Change.STRICTER),
        ("must not a: cpu >= 2", "must not a: cpu >= 4", Change.LOOSER),
        ("must a: not cpu >= 2", "must a: not cpu >= 4", Change.LOOSER),
        ("should a: cpu >= 2", "must a: cpu >= 4", Change.STRICTER),
        ("must a: cpu >= 2", "should a: cpu >= 4", Change.DIFFERENT),
        ("must a: cpu >= 2", "must a: memory >= 2GiB", Change.DIFFERENT),
        ("must a: cpu >= 2", "must a: cpu >= 2 on host, typha", Change.STRICTER),
        ("must a: cpu >= 2 on typha", "must a: cpu >= 2 on host", Change.DIFFERENT),
        ("must a: cpu >= 2", "must a: cpu >= 2 when yes", Change.LOOSER),
        ("must a: cpu >= 2 when yes", "must a: cpu >= 2", Change.STRICTER),
        ("must a: cpu >= 2 when yes", "must a: cpu >= 2 when also", Change.DIFFERENT),
        ("must a: cpu >= 2", "must a: cpu >= 2 { where memory >= 1GiB }", Change.LOOSER),
        ("must a: cpu >= 2 { where memory >= 1GiB }", "must a: cpu >= 2", Change.STRICTER),
        (
            "must a: cpu >= 2 { where memory >= 1GiB }",
            "must a: cpu >= 2 { where memory >= 2GiB }",
            Change.LOOSER,
        ),
        ("must a: cpu >= 2", 'must a: cpu >= 2 { note "only words" }', None),
        ("must a: module xt_set", "must a: match set", None),
        ("must a: module xt_set", "must a: match set, addrtype", Change.STRICTER),
        ("must a: all { cpu >= 2; memory >= 1GiB }", "must a: cpu >= 2", Change.LOOSER),
        (
            "must a: all { cpu >= 2; memory >= 1GiB }",
            "must a: all { memory >= 1GiB; cpu >= 2 }",
            None,
        ),
        ("must a: any { cpu >= 2; memory >= 1GiB }", "must a: cpu >= 2", Change.STRICTER),
        ("must a: cpu >= number", "must a: cpu >= 1", None),
        ("must a: cpu >= number", "must a: cpu >= 2", Change.STRICTER),
        ("must a: cpu >= 2", "must b: cpu >= 2 { was s.a }", Change.EQUIVALENT),
        ("must a: cpu >= 2", "must b: cpu >= 4 { was s.a }", Change.STRICTER),
        ("must a: module xt_set", "must b: match set { was s.a }", Change.EQUIVALENT),
    ],
)
def test_a_change_has_a_direction(old: str, new: str, expected: Change | None) -> None:
    assert change(old, new) is expected


def test_a_default_that_changed_is_a_change_of_what_it_is_for() -> None:
    body = "must a: allow tcp port host -> host"
    old = document(section(body, head=DECLARED))
    new = document(section(body, head=DECLARED.replace("179", "180")))

    (found,) = compare(old, new).differences

    assert found.change is Change.DIFFERENT
    assert "179" in found.aspects[0]
    assert "180" in found.aspects[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [("cpu >= 2", "cpu >= n"), ("cpu >= n", "cpu >= 2"), ("cpu >= n", "cpu >= m")],
)
def test_what_nobody_chose_cannot_be_compared(old: str, new: str) -> None:
    head = "role host\noption n: int\noption m: int\n"

    (found,) = changes(f"must a: {old}", f"must a: {new}", head)

    assert found.change is Change.DIFFERENT


def test_an_option_of_another_type_is_another_option() -> None:
    body = "must a: cpu >= 2 when it == 1"
    old = document(section(body, head="role host\noption it: int = 1\n"))
    new = document(section(body, head="role host\noption it: version = 1\n"))

    assert [item.change for item in compare(old, new).differences] == [Change.DIFFERENT]


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        ("yes and also", "also and yes", Direction.EQUIVALENT),
        ("not (yes and also)", "not yes or not also", Direction.EQUIVALENT),
        ("not not yes", "yes", Direction.EQUIVALENT),
        ("word == a", "word in [a, b]", Direction.STRICTER),
        ("word != c", "word in [a, b]", Direction.EQUIVALENT),
        ("yes or also", "yes", Direction.LOOSER),
        ("number >= 2", "number > 1", Direction.EQUIVALENT),
        ("number >= 2", "number >= 3", Direction.LOOSER),
        ("number >= 0", "number >= 0 or yes", Direction.EQUIVALENT),
        ("port >= 1", "port <= 65535", Direction.EQUIVALENT),
        ("release >= 3.10", "release >= 3.9", Direction.STRICTER),
        ("release >= 3.10", "release >= 3.10.0", Direction.EQUIVALENT),
        ("release < 3.10", "not release >= 3.10", Direction.EQUIVALENT),
        ("release < 3.10", "release <= 3.10", Direction.STRICTER),
        ("text == x", 'text != "y"', Direction.STRICTER),
        ("text == x", "text == y", Direction.DIFFERENT),
        ("yes", "also", Direction.DIFFERENT),
    ],
)
def test_conditions_compare_by_what_they_mean(old: str, new: str, direction: Direction) -> None:
    found = changes(f"must a: cpu >= 2 when {old}", f"must a: cpu >= 2 when {new}")

    assert [item.change.value for item in found] == (
        [] if direction is Direction.EQUIVALENT else [direction.value]
    )


PREDICATES = st.sampled_from(
    [
        "cpu >= 2",
        "cpu > 2",
        "cpu >= 4",
        "cpu <= 8",
        "kernel >= 3.10",
        "kernel >= 4.18.0-193",
        "kernel >= 4.18.0",
        "arch amd64",
        "arch amd64, arm64",
        "module xt_set",
        "match set, addrtype",
        'interface "a*"',
        'interface "a*", "b*"',
        "not cpu >= 2",
        "not cpu >= 4",
        "any { cpu >= 2; memory >= 1GiB }",
        "all { cpu >= 2; memory >= 1GiB }",
        "allow tcp port host -> typha",
        "allow tcp 179 host -> typha",
        "cpu >= number",
    ]
)
CONDITIONS = st.sampled_from(
    ["", " when yes", " when yes or also", " when word in [a, b]", " when number < 3 and yes"]
)
ROLES = st.sampled_from(["", " on typha", " on host, typha"])
GUARDS = st.sampled_from(["", " { where memory >= 1GiB }", " { where memory >= 2GiB }"])
LEVELS = st.sampled_from(["must", "must not", "should", "should not", "may"])
REQUIREMENTS = st.builds(
    "{} {{}}: {}{}{}{}".format, LEVELS, PREDICATES, ROLES, CONDITIONS, GUARDS
).filter(lambda text: "allow" not in text or "not {" not in text)


@st.composite
def documents(draw: st.DrawFn) -> str:
    names = draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=4))
    body = [draw(REQUIREMENTS).replace("{}", name, 1) for name in names]
    return section(*body, head=DECLARED)


MIRROR = {
    Change.ADDED: Change.REMOVED,
    Change.REMOVED: Change.ADDED,
    Change.STRICTER: Change.LOOSER,
    Change.LOOSER: Change.STRICTER,
    Change.DIFFERENT: Change.DIFFERENT,
    Change.EQUIVALENT: Change.EQUIVALENT,
}


def ids(side: tuple[Requirement, ...]) -> frozenset[str]:
    return frozenset(item.id for item in side)


@settings(max_examples=60)
@given(documents())
def test_a_document_does_not_differ_from_itself(text: str) -> None:
    assert compare(document(text), document(text)).differences == ()


@settings(max_examples=150)
@given(documents(), documents())
def test_the_way_back_is_the_mirror_of_the_way_there(one: str, two: str) -> None:
    old, new = document(one), document(two)

    there = {(ids(item.old), ids(item.new)): item.change for item in compare(old, new).differences}
    back = {
        (ids(item.new), ids(item.old)): MIRROR[item.change]
        for item in compare(new, old).differences
    }

    assert there == back


def test_a_default_that_stands_between_two_values_is_the_usual_choice() -> None:
    head = DECLARED.replace("number: int = 1", "number: int = 100")
    (found,) = changes("must a: cpu >= 2", "must a: cpu >= 2 when number < 50", head)

    (split,) = found.splits
    assert (found.usual, split.usual, split.told) == (Direction.LOOSER, True, False)


def test_each_document_is_read_with_its_own_choices_where_a_page_is_wrong() -> None:
    old, new = (
        document(section(f"must a: {body}", head=DECLARED.replace("number: int = 1", number)))
        for body, number in (
            ('cpu >= 1 { erratum "Too few." intended cpu >= number }', "number: int = 2"),
            ("cpu >= 3", "number: int = 3"),
        )
    )

    (found,) = compare(old, new).differences
    assert (found.change, found.erratum) == (Change.STRICTER, False)


def test_what_a_page_did_not_mean_is_not_there_when_it_is_corrected() -> None:
    body = "must a: allow tcp 80 any -> host {{ {} }}"
    old, new = (
        document(section(body.format(detail), head=DECLARED))
        for detail in ('erratum "No such port."', "")
    )

    (found,) = compare(old, new, reading="corrected").differences
    assert (found.change, len(found.opens)) == (Change.ADDED, 1)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ((), (), {"s.a": "different", "s.b": "different", "/f": "changed"}),
        (("typha",), (), {"s.b": "different", "/g": "changed"}),
        ((), ("typha",), {"s.b": "different", "/g": "changed"}),
        (
            ("typha",),
            ("host",),
            {"s.a": "added", "s.b": "removed", "/f": "added", "/g": "removed"},
        ),
    ],
)
def test_roles_of_one_side_are_those_of_both_and_a_node_has_the_first(
    before: tuple[str, ...], after: tuple[str, ...], told: dict[str, str]
) -> None:
    body = 'must a: file "/f" content "{0}"; must b: file "/g" content "{0}" on typha'
    old, new = (document(section(body.format(number), head=DECLARED)) for number in (1, 2))

    found = compare(old, new, Choice(roles=before), Choice(roles=after))

    changed = {item.id: item.change.value for item in found.differences}
    assert changed | {item.name: item.change for item in found.configuration} == told


@pytest.mark.parametrize(
    ("old", "new", "condition"),
    [
        ("cpu >= 2 when word in [a, b]", "cpu >= 2 when word in [a, b, c]", "word == c"),
        ("cpu >= 2", "cpu >= 2 when word in [c, d]", "word in [a, b]"),
        ("cpu >= 2 when word == c", "cpu >= 4 when word in [c, d]", "word in [c, d]"),
        ("cpu >= 2", "cpu >= 2 when word == a", "word != a"),
        ("cpu >= 2", "cpu >= 2 when word == a and yes", None),
        ("cpu >= 2", "cpu >= 2 when word in [a, b, c, d] and yes", "not yes"),
        ("cpu >= 2 when word == a and yes", "cpu >= 4 when word == a and yes", "word == a and yes"),
    ],
)
def test_the_choices_of_a_change_are_told_where_one_condition_says_them(
    old: str, new: str, condition: str | None
) -> None:
    head = "role host\noption word: a | b | c | d = a\noption yes: bool = false\n"

    (found,) = changes(f"must a: {old}", f"must a: {new}", head)

    (split,) = found.splits
    told = written(split.condition) if split.condition is not None else None
    assert (told, split.told) == (condition, condition is not None)


TYPES = {
    "bool = true": "it",
    "a | b = a": "it == a",
    "int = 5": "it == 5",
    "port = 5": "it > 5",
    "version = 3.10": "it >= 3.10",
    'string = "abc"': 'it == "abc"',
    "cidr = 10.0.0.0/8": "it == 10.0.0.0/8",
}


@pytest.mark.parametrize(("old", "new"), [*permutations(TYPES, 2)])
def test_an_option_may_get_another_type(old: str, new: str) -> None:
    one, other = (
        document(
            section(
                f"must a: cpu >= 2 when {TYPES[kind]}",
                "must b: cpu >= 4",
                head=f"role host\noption it: {kind}\n",
            )
        )
        for kind in (old, new)
    )

    found = compare(one, other).differences

    # What is chosen for the old option says nothing about the new one.
    assert [(item.change, [part.id for part in item.new]) for item in found] == [
        (Change.DIFFERENT, ["s.a"])
    ]
