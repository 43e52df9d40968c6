"""Rule sets meet packets: what requirements let in arrives, and nothing else that they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import HOSTS, page, ports
from tests.documents import document, requirement, role
from tests.real.firewalls import FIREWALLS, Firewall, laboratory, load, surprises
from tests.real.oracle import Mode
from tests.real.packet_lab import Lab
from tests.real.probes import Probe, Way
from tests.real.probing import probes_for
from tests.tools import wait_until

PEERS: Final = ("10.98.0.9", "10.98.7.7", "fd00:98::9")
OUTSIDERS: Final = ("10.98.1.9", "10.98.7.8", "fd00:98::1:9")
REQUIRED: Final = ((6, 179), (6, 2379), (6, 2380), (17, 4789))
OPEN: Final = ((6, 22), (6, 9099))
UNNAMED: Final = ((6, 8080), (6, 2381), (17, 4790), (132, 179), (33, 179), (136, 4789), (47, 0))

every_firewall = pytest.mark.parametrize("firewall", FIREWALLS, ids=lambda one: one.name)
every_mode = pytest.mark.parametrize("mode", Mode)


@pytest.fixture
def lab() -> Iterator[Lab]:
    with laboratory() as built:
        yield built


def sides(protocol: int, mine: int | tuple[int, int], theirs: int | tuple[int, int]) -> list[Flow]:
    """Return flows from hosts to some ports, and from clients to others."""
    return [
        Flow(protocol, ports(mine), "host", "host"),
        Flow(protocol, ports(theirs), "client", "host"),
    ]


def mixed(*, typed: bool = True) -> LoweredDocument:
    """Return a document with every form of flow, for hosts that are anywhere and of one version.

    It names types of ICMP where `typed`, else all of ICMP, which guards what a failsafe opens.
    """
    redirect, question = (5, 139) if typed else (None, None)
    return document(
        requirement("a.some", flows=[Flow(6, ports(1, (20, 24)), "host", "host")]),
        requirement("a.range", flows=[Flow(6, ports((70, 90)), "host", "host")]),
        # next to each port is one that is kept to others, so that one too many is seen
        requirement("a.low", flows=[Flow(6, ports(0, (2, 19), (25, 69)), "client", "host")]),
        requirement("a.beside", flows=[Flow(6, ports(80, (90, 95)), "client", "host")]),
        requirement("a.anyone", flows=[Flow(6, ports(85), "any", "host")]),
        requirement("a.last", flows=[Flow(17, ports(65535), "host", "any")]),
        requirement("a.sctp", flows=sides(132, 38412, 38413)),
        requirement("a.dccp", flows=sides(33, 5001, 5002)),
        requirement("a.udplite", flows=sides(136, (0, 9999), (10000, 20000))),
        requirement("a.redirect", flows=[Flow(1, (), "host", "host", redirect)]),
        requirement("a.question", flows=[Flow(58, (), "host", "host", question)]),
        requirement("a.gre", flows=[Flow(47, (), "old", "host"), Flow(50, (), "new", "host")]),
        requirement("a.ipip", flows=[Flow(4, (), "old", "host")]),
        requirement("a.no_host_for_it", flows=[Flow(2, (), "new", "host")]),
        requirement("a.dhcp", flows=sides(17, 68, 67) + sides(17, 546, 547)),
        requirement("a.elsewhere", flows=[Flow(6, ports(7000), "host", "client")]),
        requirement("a.not_now", flows=[Flow(6, ports(7001), "host", "host")], applies=False),
        roles=[
            HOSTS,
            role("client", "172.16.0.0/12", "2001:db8:1::/48"),
            role("old", "192.0.2.0/25", "192.0.2.128/25", "198.51.100.7"),
            role("new", "2001:db8:2::/64"),
            role("retired", "10.97.0.0/20", "2001:db8:97::/64"),
        ],
        platform="openstack",
    )


DOCUMENTS: Final = (page(), mixed(), mixed(typed=False))


@pytest.mark.parametrize("asked", DOCUMENTS, ids=["page", "mixed", "untyped"])
def test_without_rules_every_packet_arrives(lab: Lab, asked: LoweredDocument) -> None:
    probes = probes_for(asked)

    assert len(probes) > 1000
    assert set(lab.verdicts(probes)) == {"accept"}


@every_firewall
@pytest.mark.parametrize("asked", DOCUMENTS, ids=["page", "mixed", "untyped"])
def test_rules_do_what_the_oracle_says(
    lab: Lab, firewall: Firewall, asked: LoweredDocument, tmp_path: Path
) -> None:
    for mode in Mode:
        load(lab, firewall, asked, tmp_path, mode=mode)
        assert surprises(lab, asked, mode) == []


@every_firewall
@every_mode
def test_required_services_are_for_peers_and_ssh_for_all(
    lab: Lab, firewall: Firewall, mode: Mode, tmp_path: Path
) -> None:
    def verdicts(services: tuple[tuple[int, int], ...], sources: tuple[str, ...]) -> set[str]:
        asked = [Probe(number, source, port) for number, port in services for source in sources]
        return set(lab.verdicts(asked))

    load(lab, firewall, page(), tmp_path, mode=mode)

    assert verdicts(REQUIRED, PEERS) == {"accept"}
    assert verdicts(REQUIRED, OUTSIDERS) == {"drop"}
    assert verdicts(OPEN, PEERS + OUTSIDERS) == {"accept"}
    unnamed = {Mode.GUARD: "accept", Mode.ENFORCE: "drop"}[mode]
    assert verdicts(UNNAMED, PEERS + OUTSIDERS) == {unnamed}


@every_firewall
@every_mode
def test_ip_in_ip_is_protocol_4_between_peers_and_never_94(
    lab: Lab, firewall: Firewall, mode: Mode, tmp_path: Path
) -> None:
    load(lab, firewall, page(), tmp_path, mode=mode)

    assert lab.verdict(Probe(4, "10.98.0.9")) == "accept"
    assert lab.verdict(Probe(4, "10.98.1.9")) == "drop"
    # 94 is what /etc/protocols calls ipip: no rule may speak of it
    unnamed = {Mode.GUARD: "accept", Mode.ENFORCE: "drop"}[mode]
    assert lab.verdict(Probe(94, "10.98.0.9")) == unnamed
    assert lab.verdict(Probe(4, "fd00:98::9")) == unnamed


@every_firewall
@every_mode
def test_a_page_that_restricts_all_of_tcp_leaves_ssh_and_echo_alone(
    lab: Lab, firewall: Firewall, mode: Mode, tmp_path: Path
) -> None:
    asked = document(
        requirement("network.tcp", flows=[Flow(6, (), "host", "host")]),
        requirement("network.ssh", flows=[Flow(6, ports(2222), "host", "host")]),
        requirement("network.echo", flows=[Flow(1, (), "host", "host", 8)]),
        requirement("network.icmpv6", flows=[Flow(58, (), "host", "host")]),
        roles=[HOSTS],
        platform="openstack",
    )
    load(lab, firewall, asked, tmp_path, mode=mode, ssh_port="2222")

    assert lab.verdict(Probe(6, "10.98.1.9", 2222)) == "accept"
    assert lab.verdict(Probe(6, "10.98.1.9", 22)) == "drop"
    assert surprises(lab, asked, mode, ssh_port=2222) == []


@every_firewall
@every_mode
def test_answers_and_loopback_pass_even_at_a_restricted_port(
    lab: Lab, firewall: Firewall, mode: Mode, tmp_path: Path
) -> None:
    load(lab, firewall, page(), tmp_path, mode=mode)

    assert lab.verdict(Probe(17, "10.98.1.9", 4789)) == "drop"
    assert lab.verdict(Probe(17, "10.98.1.9", 4789, way=Way.REPLY)) == "accept"
    assert lab.verdict(Probe(17, "127.0.0.1", 4789, way=Way.LOOPBACK)) == "accept"
    # that the host once asked says nothing about the next packet
    assert lab.verdict(Probe(17, "10.98.1.9", 4789)) == "drop"


@every_firewall
def test_neighbours_find_each_other_while_all_else_is_denied(
    lab: Lab, firewall: Firewall, tmp_path: Path
) -> None:
    load(lab, firewall, page(), tmp_path, mode="enforce")
    for namespace, peer in ((lab.sender, "fd00:99::2"), (lab.host, "fd00:99::1")):
        namespace.run(f"ip -6 neighbour del {peer} dev v0")

    with lab.connected(Probe(6, "fd00:98::9", 179)) as (near, far):
        near.sendall(b"ping")
        assert far.recv(4) == b"ping"


@every_firewall
def test_a_deny_that_nobody_confirms_opens_again(
    lab: Lab, firewall: Firewall, tmp_path: Path
) -> None:
    load(lab, firewall, page(), tmp_path, mode="enforce", trial="1")
    unnamed = Probe(17, "10.98.0.9", 4790)

    assert lab.verdict(unnamed) == "drop"
    wait_until(lambda: lab.verdict(unnamed) != "drop")


@every_firewall
@every_mode
def test_an_open_connection_survives_a_reload(
    lab: Lab, firewall: Firewall, mode: Mode, tmp_path: Path
) -> None:
    load(lab, firewall, page(), tmp_path, mode=mode)
    with lab.connected(Probe(6, "10.98.0.9", 179)) as (near, far):
        load(lab, firewall, page(), tmp_path, mode=mode)
        near.sendall(b"ping")
        assert far.recv(4) == b"ping"
        far.sendall(b"pong")
        assert near.recv(4) == b"pong"
