"""Conditions of more choices than can be tried."""

from __future__ import annotations

import pytest

from reqc.compiler.comparison.changes import Change
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.comparison.outline import Heading, outline
from tests.diff.comparing import LARGE, MANY, changes
from tests.language.reading import document, section


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (f"cpu >= number when {LARGE}", f"cpu >= number when {LARGE}", None),
        (f"cpu >= number when {LARGE}", f"cpu >= 4 when {LARGE}", Change.STRICTER),
        (f"cpu >= 2 when {LARGE}", "cpu >= 2", Change.DIFFERENT),
    ],
)
def test_what_takes_too_many_choices_is_only_itself(
    old: str, new: str, expected: Change | None
) -> None:
    found = changes(f"must a: {old}", f"must a: {new}", MANY)

    assert [item.change for item in found] == ([expected] if expected else [])
    splits = [split for item in found for split in item.splits]
    assert all((split.usual, split.told) == (True, False) for split in splits)


@pytest.mark.parametrize(("came", "heading"), [(False, Heading.NOTHING), (True, Heading.BEFORE)])
def test_what_comes_or_goes_has_a_direction_however_many_choices_it_takes(
    came: bool,  # noqa: FBT001  # a case
    heading: Heading,
) -> None:
    with_it = document(section(f"must a: cpu >= 2 when {LARGE}", head=MANY))
    without = document(section("", head=MANY))

    found = compare(without, with_it) if came else compare(with_it, without)

    told = [(block.heading, entry.when) for block in outline(found) for entry in block.entries]
    assert told == [(heading, "for some choices")]


@pytest.mark.parametrize(("condition", "opened"), [(LARGE, 0), (f"{LARGE} or yes", 1)])
def test_what_is_open_for_the_same_choices_is_not_opened_again(condition: str, opened: int) -> None:
    asked = "must a: allow tcp 80 any -> host when"

    (found,) = changes(f"{asked} {LARGE}", f"{asked} {condition} {{ where cpu >= 2 }}", MANY)

    assert len(found.opens) == opened


@pytest.mark.parametrize(
    ("condition", "old", "new"),
    [("it", "bool = false", "bool = true"), ("it == 5", "int = 5", "port = 5")],
)
def test_what_takes_too_many_choices_is_another_thing_for_another_option(
    condition: str, old: str, new: str
) -> None:
    one, other = (
        document(
            section(
                f"must a: cpu >= {number} when {LARGE} and {condition}",
                head=f"{MANY}option it: {kind}\n",
            )
        )
        for number, kind in ((2, old), (4, new))
    )

    assert [item.change for item in compare(one, other).differences] == [Change.DIFFERENT]
