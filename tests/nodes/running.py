"""The shipped pages with everything asked for, and their scripts run on the fleet."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from reqc.compiler.conditions import Value
from reqc.compiler.lowered import LoweredDocument
from tests.backends.shell.nodes import run
from tests.backends.shell.samples import script
from tests.deployments import lowered, shipped
from tests.nodes import debian, host_cases, kernel_cases, other_systems, red_hat
from tests.nodes.fleet import FLEET, Member
from tests.nodes.machine import Machine, machine
from tests.nodes.truth import OPENSHIFT, OPENSTACK

FAMILIES: Final = (red_hat, debian, other_systems, kernel_cases, host_cases)
"""The modules whose import fills the fleet."""

CHOICES: Final[Mapping[str, Mapping[str, Value]]] = {
    OPENSTACK: {"ipv6": True, "vxlan": True, "flannel": True, "typha": True},
    OPENSHIFT: {
        "ipv6": True,
        "vxlan": True,
        "wireguard": True,
        "sctp": True,
        "kube_proxy": "ipvs",
        "dataplane": "ebpf",
    },
}
"""Choices under which every requirement that a node can meet is asked for."""

SPECS: Final = tuple(CHOICES)
NAMES: Final = tuple(FLEET.members)
MATRIX: Final = ("dash", "busybox", "bash --posix", "mksh")
"""The shells that judge the whole fleet."""


@dataclass(frozen=True, slots=True)
class Built:
    """A node of the fleet on disk."""

    member: Member
    machine: Machine
    folder: Path


@dataclass(frozen=True, slots=True)
class Said:
    """What a script said about a node: its exit status, and its report."""

    status: int
    report: str

    @property
    def states(self) -> dict[str, str]:
        """Return the state of each requirement, in the order of the page."""
        return {item["id"]: item["state"] for item in json.loads(self.report)["results"]}


@cache
def document(spec: str) -> LoweredDocument:
    """Return a page with everything asked for."""
    return lowered(shipped(spec), CHOICES[spec])


@cache
def text(spec: str) -> str:
    """Return the script of a page with everything asked for."""
    return script(document(spec))


def build(name: str, folder: Path) -> Built:
    """Build a node in an empty folder."""
    member = FLEET.members[name]
    made = machine(folder)
    member.build(made)
    made.finish()
    return Built(member, made, folder)


@dataclass(frozen=True, slots=True)
class Observed:
    """A node with what the script of each page says about it in each shell."""

    node: Built
    said: Mapping[str, Mapping[str, Said]]

    def states(self, spec: str) -> dict[str, str]:
        """Return the states of what a page asks for under the choices, of hosts of its role."""
        here = {item.origin.id for item in document(spec).here}
        states = self.said[spec][MATRIX[0]].states
        return {name: state for name, state in states.items() if name in here}


def observe(node: Built) -> Observed:
    """Run the scripts of both pages on a node in every shell."""
    reports = {spec: {shell: said(shell, spec, node) for shell in MATRIX} for spec in SPECS}
    return Observed(node, reports)


def said(shell: str, spec: str, node: Built, *arguments: str) -> Said:
    """Run the script of a page on a node."""
    root = ("--root", str(node.machine.node.root), "--format", "json")
    done = run(shell, text(spec), node.folder, *root, *arguments, user=node.machine.user)
    assert done.stderr == b""
    return Said(done.returncode, done.stdout.decode())


def facts(shell: str, spec: str, node: Built) -> bytes:
    """Return the facts that the script of a page collects on a node."""
    arguments = ("--root", str(node.machine.node.root), "--facts")
    done = run(shell, text(spec), node.folder, *arguments, user=node.machine.user)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout
