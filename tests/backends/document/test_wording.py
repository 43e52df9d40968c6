"""Checks in words: every probe has them, and they name what it asks for."""

from __future__ import annotations

from string import Formatter
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.document.wording import PHRASES, in_words
from reqc.compiler.checks import (
    All,
    Any,
    Architecture,
    Check,
    CommandVersion,
    FileMode,
    Manual,
    Not,
    OperatingSystem,
    Probe,
    Relation,
    Unit,
    UnitCondition,
)
from reqc.compiler.prose import plain
from tests.backends.strategies import values

UNIT = Unit("x.service", UnitCondition.PRESENT)
UNIT_WORDS = "the unit x.service is present"
MACHINE = Architecture(("x86_64", "aarch64"))
MACHINE_WORDS = "the machine is x86_64 or aarch64"


def test_every_probe_has_a_phrase() -> None:
    assert set(PHRASES) == set(get_args(Probe))


@pytest.mark.parametrize("kind", get_args(Probe), ids=lambda kind: kind.__name__)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_every_probe_names_what_it_asks_for(kind: type[Probe], data: st.DataObject) -> None:
    probe = data.draw(values(kind, st.text("abc", min_size=3)))

    words = plain(in_words(probe))

    named = {name for _, name, _, _ in Formatter().parse(PHRASES[kind]) if name}
    for name in named - {"relation", "mode"}:
        value = getattr(probe, name)
        for part in value if isinstance(value, tuple) else (value,):
            assert part is None or name == "version" or str(part) in words


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (MACHINE, MACHINE_WORDS),
        (OperatingSystem("rhel"), "the operating system is rhel"),
        (
            OperatingSystem("rhel", Relation.AT_LEAST, "8.2"),
            "the operating system is rhel, version at least 8.2",
        ),
        (CommandVersion("nft"), "the command nft is on the search path"),
        (
            CommandVersion("nft", relation=Relation.LESS, version="1.0"),
            "the version of the command nft is below 1.0",
        ),
        (FileMode("/x", 0o644), "the mode of /x is 0644"),
        (Manual("look"), "this was found by hand: look"),
        (Not(UNIT), f"it is not so that {UNIT_WORDS}"),
        (
            All((MACHINE, Any((UNIT, Manual("look"))))),
            f"{MACHINE_WORDS} and ({UNIT_WORDS} or this was found by hand: look)",
        ),
        (Not(All((UNIT, MACHINE))), f"it is not so that ({UNIT_WORDS} and {MACHINE_WORDS})"),
        (All(()), "always"),
        (Any(()), "never"),
    ],
)
def test_a_check_reads_as_a_clause(check: Check, words: str) -> None:
    assert plain(in_words(check)) == words
