"""What works against a rule set is told at the line that shows it, and in the artefact."""

from __future__ import annotations

import pytest

from reqc.backends.base import Output, Target
from reqc.backends.firewall.conflicts import RULED_BY, cautions
from reqc.backends.firewalld.backend import TARGET as FIREWALLD
from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import UnitState
from tests.backends.firewall.samples import ports, rendered
from tests.documents import document, requirement, role

TARGETS = {"firewalld": FIREWALLD, "iptables": IPTABLES, "nftables": NFTABLES}


def asking(
    unit: str,
    state: str,
    platform: str = "linux",
    *,
    applies: bool = True,
    roles: tuple[str, ...] = ("host",),
) -> LoweredDocument:
    wanted = UnitState(unit, state)  # type: ignore[arg-type]  # one of three words
    item = requirement("node.unit", states=[wanted], applies=applies, roles=roles)
    return document(item, platform=platform)


def said(output: Output) -> str:
    """Return the artefacts as one line, so that it does not matter where a header was wrapped."""
    text = "\n".join(item.text for item in output.artifacts)
    return " ".join(text.replace("# ", "").split())


@pytest.mark.parametrize("firewall", TARGETS)
@pytest.mark.parametrize("unit", RULED_BY)
@pytest.mark.parametrize("state", ["enabled", "disabled", "masked"])
def test_units_of_firewalls(firewall: str, unit: str, state: str) -> None:
    found = [one.code for one in cautions(asking(unit, state), firewall)]

    same = RULED_BY[unit] == firewall
    if state == "enabled":
        assert found == ([] if same else ["REQ571"])
    else:
        assert found == (["REQ570"] if same else [])


def test_other_units_and_other_hosts_say_nothing() -> None:
    assert not cautions(asking("chronyd.service", "disabled"), "firewalld")
    assert not cautions(asking("firewalld.service", "disabled", applies=False), "firewalld")
    assert not cautions(asking("firewalld.service", "disabled", roles=("etcd",)), "firewalld")


@pytest.mark.parametrize("firewall", TARGETS)
def test_a_source_that_the_inventory_forgot(firewall: str) -> None:
    def asked(**groups: tuple[str, ...]) -> LoweredDocument:
        flows = [Flow(6, ports(179), "host", "host"), Flow(6, ports(80), "any", "host")]
        return document(
            requirement("network.bgp", flows=flows),
            requirement("network.etcd", flows=[Flow(6, ports(2380), "etcd", "host")]),
            requirement("network.off", flows=[Flow(6, ports(1), "etcd", "host")], applies=False),
            requirement("network.other", flows=[Flow(6, ports(2), "host", "etcd")]),
            roles=[role("host", *groups.get("host", ())), role("etcd", *groups.get("etcd", ()))],
            platform="linux",
        )

    forgotten = rendered(TARGETS[firewall], asked(host=("10.0.0.1",)))

    assert [(one.requirement, one.code) for one in forgotten.cautions] == [
        ("network.etcd", "REQ577")
    ]
    assert "Caution, REQ577 (network.etcd)" in said(forgotten)
    # without an inventory nobody takes a rule for a restriction
    assert not rendered(TARGETS[firewall], asked()).cautions
    assert not rendered(TARGETS[firewall], asked(host=("10.0.0.1",), etcd=("10.0.0.2",))).cautions


@pytest.mark.parametrize("firewall", TARGETS)
def test_rules_on_nodes_of_openshift(firewall: str) -> None:
    asked = asking("chronyd.service", "enabled", platform="openshift")
    (found,) = cautions(asked, firewall)

    assert (found.requirement, found.code) == (None, "REQ572")
    assert ("MachineConfig" in found.help) is (firewall != "firewalld")


@pytest.mark.parametrize(("name", "target"), TARGETS.items())
def test_the_artefact_repeats_it(name: str, target: Target) -> None:
    asked = asking("ufw.service", "enabled", platform="openshift")
    output = rendered(target, asked)

    assert output.cautions == cautions(asked, name)
    for one in output.cautions:
        assert one.message in said(output)
        assert one.help in said(output)
