"""Explanations of rule sets name each rule, its sources, its requirements and the page's lines."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from reqc.backends.base import Target
from reqc.backends.calico_policy.backend import TARGET as CALICO
from reqc.backends.firewall.admission import admission
from reqc.backends.firewall.explanation import SHOWN_NETWORKS, WIDTH
from reqc.backends.firewalld.backend import TARGET as FIREWALLD
from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.backends.openstack_security_group.backend import TARGET as OPENSTACK
from reqc.compiler.flows import Flow
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import Erratum, LoweredDocument
from reqc.compiler.states import UnitState
from tests.backends.firewall.samples import page, ports
from tests.backends.strategies import HOSTILE, documents
from tests.deployments import SHIPPED, shipped
from tests.documents import document, requirement, role

ON_HOSTS = {"firewalld": FIREWALLD, "iptables": IPTABLES, "nftables": NFTABLES}
TARGETS = ON_HOSTS | {"calico-policy": CALICO, "openstack-security-group": OPENSTACK}
ADDRESSES = {"host": ("10.98.0.0/24", "fd00:98::/120"), "etcd": ("10.98.2.0/30",)}


def told(found: Target, asked: LoweredDocument, **choices: str) -> str:
    assert found.explain is not None
    chosen: Mapping[str, str] = {**found.defaults, **choices}
    return found.explain(asked, chosen)


def flat(text: str) -> str:
    """Return the text as one line, so that it does not matter where it was wrapped."""
    return " ".join(text.split())


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("spec", SHIPPED)
def test_every_rule_of_a_shipped_specification_is_led_back_to_the_page(
    name: str, spec: str
) -> None:
    made = shipped(spec)
    known = {role: found for role, found in ADDRESSES.items() if role in made.roles}
    asked = lower(made, Deployment(host_roles=tuple(made.roles), addresses=known))
    text = told(TARGETS[name], asked)

    titles = {source.name: source.title for source in asked.sources}
    for permit in admission(asked).permits:
        assert f"  {permit}" in text
        for origin in permit.origins:
            head = f"    {origin.id} ({origin.place}), {origin.level}: {origin.title}\n"
            below = text.partition(head)[2].splitlines()
            stated = flat(" ".join(takewhile(lambda line: line.startswith("      "), below)))
            for citation in origin.citations:
                assert titles[citation.source] in stated
                assert citation.first is None or f"line {citation.first}" in stated
    assert f"rules of {name}\n" in text


@pytest.mark.parametrize("name", TARGETS)
def test_it_says_how_to_apply_verify_and_revert(name: str) -> None:
    lines = told(TARGETS[name], page()).splitlines()

    for label in ("Apply:   ", "Verify:  ", "Revert:  "):
        assert any(line.startswith(label) and line.strip() != label.strip() for line in lines)


def test_the_commands_name_what_the_artefacts_have() -> None:
    for name, marks in {
        "nftables": ["nft -f calico-openstack.nft", "table inet reqc_calico_openstack"],
        "iptables": ["sh apply.sh", "sh uninstall.sh", "REQC-calico-openstack"],
        "firewalld": ["sh apply.sh", "sh uninstall.sh", "--info-policy=reqc-"],
    }.items():
        found = TARGETS[name]
        output = found.render(page(), found.defaults)
        said = told(found, page())
        assert all(mark in said for mark in marks)
        names = {item.name for item in output.artifacts}
        files = [word for word in said.split() if word.endswith((".sh", ".nft"))]
        assert files
        assert names >= set(files)
        kept = "".join(item.text + item.name for item in output.artifacts)
        for mark in ("reqc_calico_openstack", "REQC-calico-openstack"):
            assert (mark in said) == (mark in kept)


def test_equal_traffic_is_one_rule_with_both_requirements() -> None:
    text = told(NFTABLES, page())
    permit = text[text.index("  udp 4789 from host") :]

    assert [line.strip() for line in permit.splitlines()[1:5]] == [
        "network.vxlan (example.req:25), must: network.vxlan",
        "page, line 25",
        "network.flannel (example.req:27), must: network.flannel",
        "page, line 27",
    ]


def test_who_may_use_a_rule_is_said_in_the_versions_that_it_has() -> None:
    text = told(NFTABLES, page())

    assert "  tcp 179 from host (10.98.0.0/24, 10.98.7.7, fd00:98::/120)\n" in text
    assert "  IP protocol 4 from host (10.98.0.0/24, 10.98.7.7)\n" in text


def test_whoever_is_told_by_a_group_has_no_addresses() -> None:
    assert "  tcp 179 from host\n" in told(OPENSTACK, page())
    assert "  tcp 179 from host (10.98.0.0/24, " in told(CALICO, page())
    assert "  tcp 179 from host\n" in told(CALICO, page(role("host")))


def test_of_many_networks_some_are_shown() -> None:
    hosts = role("host", *(f"10.{number}.0.0/24" for number in range(SHOWN_NETWORKS + 3)))

    assert f"10.{SHOWN_NETWORKS - 1}.0.0/24 and 3 more)" in flat(told(NFTABLES, page(hosts)))


def test_what_is_dropped_names_whom_it_protects() -> None:
    for found in (NFTABLES, IPTABLES):
        text = told(found, page())
        dropped = text[text.index("What the rules drop") :]
        assert "  udp 4789: network.vxlan, network.flannel\n" in dropped
        assert "  tcp 179, 2379-2380: network.bgp, network.etcd\n" in dropped
        assert "What the rules drop" not in told(found, page(), mode="enforce")
    for found in (FIREWALLD, OPENSTACK):
        assert "What the rules drop" not in told(found, page())
    by_role = told(CALICO, page())
    assert "  tcp 179: network.bgp\n" in by_role
    assert "  tcp 2379-2380: network.etcd\n" in by_role


def test_what_nothing_restricts_is_there_without_a_rule() -> None:
    text = told(NFTABLES, page())
    free = text[text.index("What nothing restricts") :]

    assert "  tcp 9099 from any source\n    network.probe (example.req:29)" in free
    assert "What nothing restricts" not in told(NFTABLES, page(), mode="enforce")
    unknown = told(NFTABLES, page(role("host")))
    assert "No rule is for a requirement." in unknown
    assert "Source host: nobody said its addresses" in unknown


def test_an_enforced_deny_on_trial_is_told() -> None:
    for found in (NFTABLES, IPTABLES):
        assert "opens by itself 45 seconds" in flat(told(found, page(), mode="enforce", trial="45"))
        assert "opens by itself" not in flat(told(found, page(), mode="enforce", trial="0"))


@pytest.mark.parametrize("name", ON_HOSTS)
def test_what_is_left_out_and_what_harms_is_told(name: str) -> None:
    unit = requirement("node.unit", states=[UnitState("ufw.service", "enabled")])
    sound = requirement(
        "network.a", flows=[Flow(6, ports(1), "any", "host")], erratum=Erratum("It is a slip.")
    )
    asked = document(unit, sound, platform="linux")
    found = TARGETS[name]
    text = flat(told(found, asked))
    output = found.render(asked, found.defaults)

    assert "Erratum: It is a slip." in text
    assert [one.code for one in output.cautions] == ["REQ571"]
    for one in output.cautions:
        assert f"Caution, {one.code} (node.unit): {one.message}; {one.help}" in text
    for row in output.unsupported:
        assert f"{row.reason}: {row.requirement}: {row.detail}" in text


def test_what_firewalld_has_no_name_for_is_left_out_and_not_a_rule() -> None:
    asked = document(
        requirement("network.a", flows=[Flow(1, (), "any", "host", icmp_type=200)]),
        platform="linux",
    )
    text = told(FIREWALLD, asked)

    assert "No rule is for a requirement." in text
    assert "cannot say: network.a: firewalld has no name for icmp type 200" in text
    assert "icmp type 200 from" not in text


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=20, deadline=None)
@given(documents(HOSTILE))
def test_hostile_texts_stay_on_their_lines_and_every_time_the_same(
    name: str, lowered: LoweredDocument
) -> None:
    asked = replace(lowered, roles=tuple(replace(one, addresses=()) for one in lowered.roles))
    text = told(TARGETS[name], asked)

    assert text == told(TARGETS[name], asked)
    assert text.endswith("\n")
    for line in text.splitlines():
        assert line.isprintable()
        assert (
            len(line) <= WIDTH
            or " " not in line.strip()
            or line[:9].rstrip() in {*("Apply:", "Verify:", "Revert:", "")}
        )
