"""The shipped specifications meet packets, for hosts of every role and whatever is chosen."""

from __future__ import annotations

import os
from contextlib import ExitStack
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final, get_args

import pytest
from msgspec.structs import replace

from reqc.compiler.conditions import options_of
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, Reading
from tests.deployments import SHIPPED, shipped
from tests.real.firewalls import FIREWALLS, expectation, laboratory, load
from tests.real.oracle import Mode

ADDRESSES: Final = {
    "host": ("10.98.0.0/24", "10.98.7.7/32", "fd00:98::/120"),
    "typha": ("10.98.1.1/32",),
    "etcd": ("10.98.2.0/30", "fd00:98:2::/64"),
}
EVERY_PAIR: Final = "REQC_EXAMPLES" in os.environ
"""Whether all documents are tried in both modes; else those of hosts with all roles take turns."""


def flows_of(document: LoweredDocument) -> frozenset[object]:
    """Return what decides the rules for these hosts: the flows to them that apply."""
    return frozenset(
        flow
        for item in document.requirements
        if item.applies
        for flow in item.flows
        if flow.destination in document.host_roles
    )


@cache
def documents(spec: str) -> list[LoweredDocument]:
    """Return a document for each role, and for all at once, and each set of flows that can be.

    What makes another set of flows is another choice, or the other reading of errata.
    """
    model = shipped(spec)
    asking = [item for item in lower(model, Deployment()).requirements if item.flows]
    names = sorted({name for item in asking for name in options_of(item.condition)})
    values = product(*(model.options[name].type.values for name in names))
    found: dict[tuple[object, ...], LoweredDocument] = {}
    for chosen, reading in product(values, get_args(Reading)):
        choices = dict(zip(names, chosen, strict=True))
        document = lower(model, Deployment(choices, addresses=ADDRESSES, reading=reading))
        for roles in [*((name,) for name in model.roles), tuple(model.roles)]:
            bound = replace(document, host_roles=roles)
            found.setdefault((roles, flows_of(bound)), bound)
    return list(found.values())


@pytest.mark.parametrize("spec", SHIPPED)
def test_choices_and_roles_change_the_flows(spec: str) -> None:
    assert {item.host_roles for item in documents(spec)} >= {
        *((name,) for name in shipped(spec).roles),
        tuple(shipped(spec).roles),
    }
    assert len({flows_of(item) for item in documents(spec)}) > 5


@pytest.mark.parametrize("spec", SHIPPED)
@pytest.mark.parametrize("role", ["one", "all"])
def test_every_document_lets_in_what_it_says_and_only_that(
    spec: str, role: str, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        labs = [(one, stack.enter_context(laboratory())) for one in FIREWALLS]
        asked = [item for item in documents(spec) if (len(item.host_roles) == 1) == (role == "one")]
        for number, document in enumerate(asked):
            modes = tuple(Mode) if role == "one" or EVERY_PAIR else (tuple(Mode)[number % 2],)
            for mode in modes:
                expected = expectation(document, mode)
                for firewall, lab in labs:
                    # over what the document before has left: a change of choices is a reload
                    load(lab, firewall, document, tmp_path, mode=mode, trial="0")
                    verdicts = lab.verdicts(list(expected))
                    found = dict(zip(expected, (one == "accept" for one in verdicts), strict=True))
                    assert found == expected, (firewall.name, mode, document.host_roles)
