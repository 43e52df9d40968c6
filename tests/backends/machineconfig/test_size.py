"""What is too large for a cluster to store."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from reqc.backends.ignition import rules
from reqc.compiler.states import FileContent, State
from tests.backends.machineconfig.example import render, spec

MOST = 1572864
"""Bytes that etcd takes in one request."""


def text(size: int) -> FileContent:
    """Return a file whose content has some bytes, none of which need an escape in a URL."""
    return FileContent("/etc/large", "a" * (size - 1) + "\n")


def stored(item: dict[str, Any]) -> int:
    """Return the size of an object as Go writes it."""
    plain = json.dumps(item, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&":
        plain = plain.replace(sign, f"\\u{ord(sign):04x}")
    return len(plain.encode())


def sizes(*states: State, **settings: str) -> list[int]:
    """Return the size of each object."""
    output = render(spec(*states), **settings)
    assert output.refusals == ()
    assert output.stream is not None
    return [stored(item) for item in yaml.load_all(output.stream, Loader=yaml.CSafeLoader)]


@pytest.mark.parametrize("other", [FileContent("/etc/systemd/system/x.service", "[X]\na=<>&ü\n")])
def test_an_object_of_exactly_the_limit_is_written(other: State) -> None:
    (size,) = sizes(text(1000), other, pools="worker")
    rest = MOST - size + 1000

    assert sizes(text(rest), other, pools="worker") == [MOST]
    (refusal,) = render(spec(text(rest + 1), other), pools="worker").refusals
    assert refusal.code == rules.SIZE
    assert "1,572,865 bytes" in refusal.message


def test_what_is_large_is_named() -> None:
    states = FileContent("/etc/small", "x\n"), FileContent("/etc/large", "%" * MOST + "\n")

    found = render(spec(*states), pools="worker").refusals

    (refusal,) = found
    assert refusal.requirement == "a.1"
    assert "`/etc/large` (2,0" in refusal.help  # a third more than its bytes
    assert refusal.help.index("/etc/large") < refusal.help.index("/etc/small")


def test_one_object_is_told_for_all() -> None:
    (refusal,) = render(spec(text(MOST)), pools="worker,arbiter,master").refusals

    assert "`99-arbiter-calico`" in refusal.message  # the longest name


def test_a_config_map_holds_less() -> None:
    assert sizes(text(1_040_000), form="hosted")
    (refusal,) = render(spec(text(1_048_576)), form="hosted").refusals
    assert "at most 1,048,576" in refusal.message


@pytest.mark.parametrize("form", ["pools", "hosted"])
def test_what_does_not_fit_into_an_annotation_is_applied_by_the_server(form: str) -> None:
    for size, wanted in ((200_000, False), (300_000, True)):
        (artifact, *_) = render(spec(text(size)), form=form).artifacts
        assert ("oc apply --server-side" in artifact.text) == wanted
