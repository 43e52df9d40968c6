"""Which requirements of two documents belong together, and what is told of them."""

from __future__ import annotations

import pytest

from reqc.compiler.comparison.changes import Change, counted
from tests.diff.comparing import LARGE, MANY, change, changes


def test_what_comes_and_goes_is_told_in_the_order_of_the_pages() -> None:
    found = changes(
        "must a: package a; must b: package b; must c: package c",
        "must d: package d; must b: package b; must e: package e",
    )

    assert [(item.change, item.id) for item in found] == [
        (Change.ADDED, "s.d"),
        (Change.ADDED, "s.e"),
        (Change.REMOVED, "s.a"),
        (Change.REMOVED, "s.c"),
    ]
    assert counted(found)[Change.ADDED] == 2


def test_several_requirements_may_become_one() -> None:
    (found,) = changes(
        "must a: module xt_set; must b: module xt_mark",
        "must c: match set, mark { was s.a, s.b }",
    )

    assert found.change is Change.EQUIVALENT
    assert [old.id for old in found.old] == ["s.a", "s.b"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("arch amd64", "arch arm64", Change.DIFFERENT),
        ("os rhel 8.0", "os ubuntu 20.04.0", Change.DIFFERENT),
        ("os rhel >= 8", "os ubuntu >= 20.04", Change.DIFFERENT),
        ('file "/f" mode 0644', 'file "/f" contains "x"', Change.DIFFERENT),
        ("all { module ip_vs; module xt_set }", "not module ip_vs", Change.DIFFERENT),
        # About other things, but one follows from the other.
        ("feature iptables", "module ip_tables", Change.STRICTER),
        ("module ip_tables", "feature iptables", Change.LOOSER),
        (
            "all { cpu >= 2; memory >= 1GiB }",
            'any { cpu >= 2; disk "/" >= 1GiB }',
            Change.LOOSER,
        ),
    ],
)
def test_what_has_another_name_is_found_by_what_it_is_about(
    old: str, new: str, expected: Change
) -> None:
    assert change(f"must a: {old}", f"must b: {new}") is expected


def test_what_may_have_become_this_or_that_has_become_neither() -> None:
    found = changes(
        "must a: feature conntrack",
        "must b: match conntrack; must c: module nf_conntrack_netlink",
    )

    assert [item.change for item in found] == [Change.ADDED, Change.ADDED, Change.REMOVED]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("cpu >= 2", "cpu >= 2 on typha", "on host -> typha"),
        (
            "cpu >= 2",
            "cpu >= 2 { where memory >= 1GiB }",
            "on every node -> where at least 1GiB of memory",
        ),
        (
            "cpu >= 2 when yes",
            "cpu >= 2 when yes; must c: cpu >= 2 when also { was s.a }",
            "when yes -> when yes or also",
        ),
        (
            "cpu >= 2 { where arch amd64 }",
            'cpu >= 2 { where command "a" }; must c: cpu >= 2 { was s.a; where command "b" }',
            "where a processor of type x86_64 -> where the command a or where the command b",
        ),
    ],
)
def test_a_change_is_told_in_words(old: str, new: str, told: str) -> None:
    (found,) = changes(f"must a: {old}", f"must a: {new}")

    assert found.aspects == (told,)


@pytest.mark.parametrize(
    ("body", "by"),
    [
        ("must a: cpu >= 4; must b: cpu >= 2", "s.a"),
        ("must a: cpu >= 4 when yes; must b: cpu >= 2 when yes", "s.a"),
        ("must a: cpu >= 4 when yes; must b: cpu >= 2", None),
        ("should a: cpu >= 4; must b: cpu >= 2", None),
        ("must a: cpu >= 4 on typha; must b: cpu >= 2", None),
        ("must a: cpu >= 2; must b: cpu >= 4", None),
        ("must a: module xt_set; must b: feature ipset", "s.a"),
        (f"must a: cpu >= 4 when {LARGE}; must b: cpu >= 2 when {LARGE}", None),
    ],
)
def test_what_another_requirement_asks_for_comes_without_an_effect(
    body: str, by: str | None
) -> None:
    before = body.partition(";")[0]

    (found,) = changes(before, body, MANY)

    assert (found.change, found.implied_by) == (Change.ADDED, by)
    assert found.may_fail is (by is None)
