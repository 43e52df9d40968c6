"""What is taken for a line that asks for something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.normative import SIGNS, signs

ASKING = {
    "Hosts must be reachable.": "obligation",
    "Make sure that nothing else listens there.": "obligation",
    "It REQUIRES a datastore.": "obligation",
    "The agent should be disabled.": "obligation",
    "Python three or newer": "obligation",
    "kernel 5.10": "number",
    "TCP 179": "number",
    "- A processor": "list or table",
    "  • A processor": "list or table",
    "2) A processor": "list or table",
    "BGP | All | Both |": "list or table",
    "| BGP": "list or table",
    "the module ip_set": "name",
    "pass --secure-port": "name",
    "below /etc/example": "name",
    "interfaces cali*": "name",
    "sctp": "name",
}
SILENT = [
    "",
    "   ",
    "-",
    "---|---|---|",
    "System requirements",
    "Kernel dependencies",
    "Key/value store",
    "A word about tunnels: they carry packets.",
    "Requirements",
]


@pytest.mark.parametrize(("line", "sign"), ASKING.items())
def test_a_line_that_asks_for_something_shows_it(line: str, sign: str) -> None:
    assert sign in signs(line)


@pytest.mark.parametrize("line", SILENT)
def test_a_line_that_asks_for_nothing_shows_nothing(line: str) -> None:
    assert signs(line) == ()


def test_every_sign_has_an_example() -> None:
    assert set(ASKING.values()) == set(SIGNS)


@given(st.text(), st.sampled_from(["must", "3.10", "ip_set"]), st.text())
def test_a_sign_is_seen_between_any_words(before: str, sign: str, after: str) -> None:
    assert signs(f"{before} {sign} {after}")
