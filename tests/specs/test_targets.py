"""Every target takes the shipped specifications, whatever is chosen."""

from __future__ import annotations

import re

import pytest

from reqc.backends.base import Output, Reason
from reqc.backends.registry import TARGETS, target
from reqc.compiler.conditions import Value
from reqc.compiler.lowered import LoweredDocument, Reading
from reqc.compiler.states import FileContent
from tests.specs.shipped import NAMES, OPENSHIFT, READINGS, lowered, shipped


def _all_on(name: str) -> dict[str, Value]:
    """Return the last value of every option that has few values, which turns it on."""
    options = shipped(name).options.values()
    return {option.name: option.type.values[-1] for option in options if option.type.values}


def _render(chosen: str, document: LoweredDocument) -> Output:
    found = target(chosen)
    return found.render(document, {item.name: item.default for item in found.settings})


@pytest.mark.parametrize("everything", [False, True], ids=["default", "all-on"])
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("chosen", TARGETS)
@pytest.mark.parametrize("name", NAMES)
def test_a_target_says_what_it_can(
    name: str, chosen: str, reading: Reading, *, everything: bool
) -> None:
    choices = _all_on(name) if everything else {}
    for role in shipped(name).roles:
        document = lowered(name, reading, (role,), **choices)
        output = _render(chosen, document)

        assert output.refusals == ()
        assert output.artifacts or chosen in {"ignition", "machineconfig", "butane"}
        unsaid = {row.requirement for row in output.unsupported if row.reason != Reason.ELSEWHERE}
        assert unsaid == _unsaid(chosen, document)


def _unsaid(chosen: str, document: LoweredDocument) -> set[str]:
    """Return what a target would do harm by saying, or has no words for."""
    if chosen == "node-disruption-policy":  # only a reboot is known to be enough
        return {
            item.origin.id
            for item in document.here
            for state in item.states
            if isinstance(state, FileContent)
        }
    return set()


@pytest.mark.parametrize("chosen", ["nftables", "iptables", "firewalld"])
@pytest.mark.parametrize("name", NAMES)
def test_firewalls_warn_of_nodes_that_want_none(name: str, chosen: str) -> None:
    found = {(one.requirement, one.code) for one in _render(chosen, lowered(name)).cautions}

    expected = {(None, "REQ572")} if name == OPENSHIFT else set()
    if name == OPENSHIFT and chosen == "firewalld":
        expected.add(("node.firewalld", "REQ570"))
    assert found == expected


@pytest.mark.parametrize("chosen", ["markdown", "json"])
@pytest.mark.parametrize("name", NAMES)
def test_documents_show_every_requirement(name: str, chosen: str) -> None:
    (artifact,) = _render(chosen, lowered(name)).artifacts

    for item in shipped(name).requirements:
        assert re.search(rf"\b{re.escape(item.id)}\b", artifact.text), item.id
