"""YAML that nobody can read in two ways."""

from __future__ import annotations

import re
from unittest import mock

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.machineconfig import yaml_text as module
from reqc.backends.machineconfig.yaml_text import Octal, yaml_text

SOMETHING_ELSE_IN_1_2 = re.compile(
    r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|null|Null|NULL|~||true|True|TRUE|false|False|FALSE"
)
"""What the core schema of YAML 1.2 takes for a number, null or a boolean (section 10.3.2)."""

BOOLEAN_IN_1_1 = re.compile(r"y|n|yes|no|on|off|true|false", re.IGNORECASE)
"""Includes the single letters of the 1.1 specification, which PyYAML itself ignores."""

TEXTS = st.text(st.characters(codec="utf-8"))
AMBIGUOUS = (
    *("on", "Off", "y", "N", "yes", "NO", "true", "null", "~", "", "0644", "644", "0o644", "0x1F"),
    *("1e3", "4.10", "3.2.0", "1_000", "12:30", "190:20:30", ".inf", ".NaN", "2001-12-14", "="),
    *("<<", "- a", "a: b", "a #b", "#a", "&a", "*a", "!a", "%a", "@a", "`a", "{a", "[a", "|", ">"),
    *(" a", "a ", "a\tb", "'", '"', "---", "...", "? a", ": a", "nan", "inf", "99-worker-calico"),
)


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_text_stays_text(text: str) -> None:
    written = yaml_text({"key": text})

    assert yaml.safe_load(written) == {"key": text}
    assert_plain_only_where_text(written)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), TEXTS, min_size=1))
def test_any_text_comes_back(data: dict[str, str]) -> None:
    written = yaml_text(data)

    assert yaml.safe_load(written) == data
    assert_plain_only_where_text(written)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\n")))
def test_no_line_is_folded(text: str) -> None:
    assert len(yaml_text({"key": f"{text} " * 50 + "x"}).split("\n")) == 2


def test_a_long_value_stays_on_its_line() -> None:
    url = "data:," + "a%20" * 5000

    assert yaml_text({"source": url}) == f"source: {url}\n"


def test_equal_parts_are_written_twice() -> None:
    part = {"role": ["worker"]}

    assert yaml_text({"a": part, "b": part}) == "a:\n  role:\n  - worker\nb:\n  role:\n  - worker\n"


def test_numbers_and_booleans_are_what_they_are() -> None:
    assert yaml_text({"mode": 420, "overwrite": True}) == "mode: 420\noverwrite: true\n"


def assert_plain_only_where_text(written: str) -> None:
    """Check every plain scalar of a document in which all values are text."""
    for event in yaml.parse(written):
        if isinstance(event, yaml.ScalarEvent) and event.style is None:
            assert not SOMETHING_ELSE_IN_1_2.fullmatch(event.value)
            assert not BOOLEAN_IN_1_1.fullmatch(event.value)


def test_every_value_has_one_form() -> None:
    shared = ["x", {"y": None}]
    data = {
        "mode": Octal(0o644),
        "sticky": Octal(0o1777),
        "none": Octal(0),
        "number": 420,
        "yes": True,
        "plain": "/etc/a.conf",
        "word": "Off",
        "digits": "0644",
        "lines": "a\né\n",
        "escape": "a\x1b\u202e",
        "blank": "a\xa0b",
        "long": "a " * 100,
        "unicode": "\u00e9 \u00e8",
        "lists": [shared, shared, []],
    }

    assert yaml_text(data) == (
        "mode: 0644\nsticky: 1777\nnone: 0000\nnumber: 420\n"
        '"yes": true\nplain: /etc/a.conf\nword: "Off"\ndigits: "0644"\n'
        "lines: |\n  a\n  é\n"
        'escape: "a\\e\\u202E"\n'
        'blank: "a\\_b"\n'
        f'long: "{"a " * 100}"\n'
        'unicode: "\u00e9 \u00e8"\n'
        'lists:\n- - x\n  - "y": null\n- - x\n  - "y": null\n- []\n'
    )


@pytest.mark.parametrize("data", [{"a": "é"}, {"é": "a"}])
def test_letters_are_written_as_they_are(data: dict[str, str]) -> None:
    assert "é" in yaml_text(data)


LINES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=150)
KEYS = LINES.filter(bool)
PLAIN = st.recursive(
    LINES | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
)


@given(st.dictionaries(KEYS, PLAIN, max_size=3))
def test_the_quick_writer_makes_the_same_bytes(data: dict[str, object]) -> None:
    quick = yaml_text(data)
    with mock.patch.object(module, "_plain", return_value=False):
        assert yaml_text(data) == quick
