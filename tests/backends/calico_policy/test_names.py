"""Names of Calico's objects: what Kubernetes takes, and no two texts under one name."""

from __future__ import annotations

import pytest

from reqc.backends.calico_policy.names import dns_label, is_node


@pytest.mark.parametrize(
    ("text", "limit", "name"),
    [
        ("calico-3-host", 63, "calico-3-host"),
        ("abc", 3, "abc"),
        ("a" * 20, 20, "a" * 20),
    ],
)
def test_a_name_that_can_stay_stays(text: str, limit: int, name: str) -> None:
    assert dns_label(text, limit) == name


@pytest.mark.parametrize(
    ("text", "limit", "start"),
    [
        ("Calico 3.16", 63, "calico-3-16"),
        ("--a__b--", 63, "a-b"),
        ("xxl_max", 63, "xxl-max"),
        ("MAX", 63, "max"),
        ("-a-", 63, "a"),
        ("", 63, "x"),
        ("é", 63, "x"),
        ("a" * 21, 20, "a" * 13),
        ("abcde-fghijklm", 13, "abcde"),
        ("\ud800", 63, "x"),
    ],
)
def test_a_name_that_has_to_change_gets_a_digest(text: str, limit: int, start: str) -> None:
    name = dns_label(text, limit)

    body, dash, digest = name.rpartition("-")
    assert (body, dash, len(digest)) == (start, "-", 6)
    assert len(name) <= limit
    assert is_node(name)
    assert dns_label(f"{text}!", limit) != name


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("node-1.example.org", True),
        ("a" * 248, True),
        ("a" * 249, False),
        ("", False),
        ("Node", False),
        ("a..b", False),
        ("-a", False),
        ("a-", False),
        ("a_b", False),
    ],
)
def test_a_node_has_a_name_of_the_domain_system(name: str, is_one: bool) -> None:  # noqa: FBT001  # a case
    assert is_node(name) is is_one
