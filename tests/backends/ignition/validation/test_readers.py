"""The readers give what other readers give, and know where it stands."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqc.backends.ignition.validation.json_reader import read_json
from reqc.backends.ignition.validation.nodes import (
    DEEPEST,
    Fraction,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    UnreadableError,
)
from reqc.backends.ignition.validation.yaml_reader import plain, read_yaml
from reqc.backends.machineconfig.yaml_text import yaml_text

LEAVES = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.text(max_size=9)
DATA = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def data(node: Node) -> object:
    """Return a node as plain data."""
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [data(item) for item in node.items]
        case Mapping():
            return {entry.key: data(entry.value) for entry in node.entries}


def walk(node: Node) -> Iterator[Node]:
    yield node
    inner = node.items if isinstance(node, Sequence) else ()
    if isinstance(node, Mapping):
        inner = tuple(entry.value for entry in node.entries)
    for item in inner:
        yield from walk(item)


STYLES = [{"indent": 1}, {"indent": None}, {"ensure_ascii": False}]


@given(DATA, st.sampled_from(STYLES))
def test_json_is_read_as_the_standard_library_reads_it(
    value: object, style: dict[str, Any]
) -> None:
    text = json.dumps(value, **style)
    node = read_json(text)

    assert data(node) == value
    for item in walk(node):
        assert data(item) == json.loads(text[item.place.start : item.place.end])


@given(st.text('{}[]":,0123456789.eE+-truefalsn \n\\u', max_size=12))
def test_json_is_refused_where_the_standard_library_refuses_it(text: str) -> None:
    try:
        expected = json.loads(text, parse_constant=float.fromhex, strict=True)
    except ValueError:
        with pytest.raises(UnreadableError):
            read_json(text)
    else:
        found = data(read_json(text))
        assert found == expected or "." in text or "e" in text.lower() or len(text) == 12


@given(DATA)
def test_yaml_is_read_as_it_was_written(value: object) -> None:
    text = yaml_text({"value": value})

    assert [*map(data, read_yaml(text))] == [{"value": value}] == [*yaml.safe_load_all(text)]


@pytest.mark.parametrize(
    ("text", "value", "other"),
    [
        ("420", 420, ""),
        ("0644", 420, "the number 644"),
        ("-010", -8, "the number -10"),
        ("0o644", 420, ""),
        ("0x1F", 31, ""),
        ("0b11", 3, "the text `0b11`"),
        ("1_000", 1000, "the text `1_000`"),
        ("0", 0, ""),
        ("00", 0, "the number 0"),
        ("089", 89, ""),
        ("420.0", 420, ""),
        ("1e3", 1000, ""),
        ("abc", "abc", ""),
        ("3.2.0", "3.2.0", ""),
        ("yes", True, "the text `yes`"),
        ("Off", False, "the text `Off`"),
        ("True", True, ""),
        ("nope", "nope", ""),
        ("~", None, ""),
        ("", None, ""),
        ("2001-01-01", "2001-01-01", ""),
    ],
)
def test_plain_words_are_what_kubernetes_takes_them_for(
    text: str, value: object, other: str
) -> None:
    found = plain(text, Place(0, 1))

    assert (found.value, type(found.value), found.ambiguous) == (value, type(value), other)


@pytest.mark.parametrize("text", ["1.5", "1e-3", ".5", "-.inf", ".NaN", str(1 << 63), "9" * 100])
def test_other_numbers_are_no_integers(text: str) -> None:
    assert isinstance(plain(text, Place(0, 1)).value, Fraction)


def test_json_has_numbers_that_are_no_integers() -> None:
    values = data(read_json("[1.5, 1e3, 9223372036854775808, -9223372036854775808]"))

    assert isinstance(values, list)
    assert [type(value) for value in values] == [Fraction, Fraction, Fraction, int]
    assert math.isnan(values[2])


def test_half_of_a_surrogate_pair_is_no_character() -> None:
    assert data(read_json(r'"\ud83d\ude00\ud800x\udc00"')) == "😀\ufffdx\ufffd"


def test_quotes_and_tags_make_texts() -> None:
    (node,) = read_yaml("['0644', \"yes\", !!str 5, |-\n  on\n]".replace("|-\n  on\n", "'on'"))

    assert data(node) == ["0644", "yes", "5", "on"]


def test_what_is_merged_yields_to_what_is_written() -> None:
    (node,) = read_yaml("a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 4, x: 5}]}\n")

    assert data(node) == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 3},
        "c": {"x": 1, "y": 2, "z": 4},
    }


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{chr(ord(name) - 1)}'] * 9)}]\n" for name in "bcdefghij"
)


@pytest.mark.parametrize(
    "text",
    [
        *(BOMB, "&a [*a]", "[" * 5000, "- " * 3000 + "x", "? [a]\n: b", "!!set {a}", "a: !!int 5"),
        *(
            "!!python/object:os.system x: 1",
            "<<: x",
            "\x01",
            "a: b: c",
            "%TAG",
            "{",
            "a: *b",
            "\t- x",
        ),
    ],
)
def test_hostile_yaml_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_yaml(text)

    assert str(caught.value)
    assert 0 <= caught.value.place.start <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 100_000, '{"a":' * 100_000, '"' + "a" * 1_000_000, '"' + "\\" * 999_999, "-" * 99),
        *(
            '{"a":1' + " " * 99_999,
            "",
            " ",
            "\ufeff1",
            "nul",
            "01",
            "1.",
            "+1",
            '"\n"',
            "[1,]",
            "{,}",
        ),
        *(
            '{"a" 1}',
            "{1:2}",
            '{"a":1,}',
            "1 2",
            "'a'",
            "NaN",
            r'"\x"',
            r'"\u12"',
            "[1 2]",
            '{"a":}',
        ),
    ],
)
def test_hostile_json_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_json(text)

    assert str(caught.value)
    assert 0 <= caught.value.place.start <= len(text)


def test_what_is_nested_less_deep_is_read() -> None:
    text = "[" * DEEPEST + "]" * DEEPEST

    assert isinstance(read_json(text), Sequence)
    assert isinstance(read_yaml(text)[0], Sequence)
