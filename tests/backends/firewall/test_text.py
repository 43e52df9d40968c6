"""Texts and names in rule sets: on one line, within their bytes, and never two under one name."""

from __future__ import annotations

import pytest

from reqc.backends.firewall.admission import Peers
from reqc.backends.firewall.text import cut, ipset_name, object_name, one_line
from reqc.backends.iptables.backend import quoted as quoted_for_iptables
from reqc.backends.nftables.backend import quoted as quoted_for_nft


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain words", "plain words"),
        ("  a \t b\r\nc\u2028d ", "a b c d"),
        ('say "x"', "say 'x'"),
        ("a\\b", "a/b"),
        ("a\x1b[0m\x00b", "a [0m b"),
        ("\u202eé", "é"),
        ("", ""),
    ],
)
def test_a_text_becomes_one_line_without_quotes_and_backslashes(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "size", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abc..."),
        ("ééé", 6, "ééé"),
        ("éééé", 6, "é..."),
        ("éééé", 7, "éé..."),
        ("", 3, ""),
    ],
)
def test_a_text_is_cut_between_characters(text: str, size: int, short: str) -> None:
    assert cut(text, size) == short


@pytest.mark.parametrize(
    ("text", "limit", "name"),
    [
        ("calico-3_16", 11, "calico-3_16"),
        ("calico-3_16", 10, "cal-3be5e7"),
        ("calico 3.16", 20, "calico-3-16-3dbe31"),
        ("AZ az", 12, "AZ-az-b232b5"),
        ("é", 12, "--4a9955"),
    ],
)
def test_a_name_that_has_to_change_gets_a_digest(text: str, limit: int, name: str) -> None:
    assert object_name(text, limit) == name


def test_an_ipset_has_room_for_the_one_that_replaces_it() -> None:
    assert ipset_name("calico-3", Peers("etcd", (), ()), 4) == "reqc-calico-3-etcd4"
    long = ipset_name("calico-3", Peers("a" * 40, (), ()), 6)
    assert long.startswith("reqc-calico-3-a")
    assert long.endswith("6")
    assert len(f"{long}.n") == 31


def test_comments_are_as_long_as_their_tools_take() -> None:
    assert quoted_for_nft('a "b"\n') == "\"a 'b'\""
    assert quoted_for_iptables('a "b"\n') == "\"a 'b'\""
    assert quoted_for_nft("x" * 128) == f'"{"x" * 128}"'
    assert quoted_for_nft("x" * 129) == f'"{"x" * 125}..."'
    assert quoted_for_iptables("x" * 255) == f'"{"x" * 255}"'
    assert quoted_for_iptables("x" * 256) == f'"{"x" * 252}..."'
