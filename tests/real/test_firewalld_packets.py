"""Packets through a real firewalld: what requirements let in arrives, the zone decides the rest."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from reqc.backends.firewalld.backend import TARGET
from reqc.compiler.conditions import Value
from reqc.compiler.flows import ICMP, ICMPV6, Flow
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.daemon import Firewalld, running
from tests.backends.firewall.samples import HOSTS, page, ports, rendered
from tests.deployments import SHIPPED, shipped
from tests.documents import document, requirement, role
from tests.real.firewalls import laboratory
from tests.real.oracle import Oracle
from tests.real.packet_lab import Lab
from tests.real.probes import ICMP_OF, UDP_LITE, Probe, Way
from tests.real.probes import TARGET as TARGET_ADDRESS
from tests.real.probing import probes_for
from tests.real.test_random_packets import documents

TRACKED: Final = {
    ICMP: frozenset({8, 13, 15, 17}),
    ICMPV6: frozenset({128, 139, *range(130, 137), 143}),
}
"""ICMP that may begin something: all else that belongs to nothing is invalid to the kernel."""

ADDRESSES: Final = {
    "host": ("10.98.0.0/24", "10.98.7.7", "fd00:98::/120"),
    "typha": ("10.98.1.1",),
    "etcd": ("10.98.2.0/30", "fd00:98:2::/64"),
}
PEER: Final = "10.98.0.9"
OUTSIDER: Final = "10.98.1.9"
ON_THE_WAY: Final = 5.0


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with laboratory() as built:
        yield built


@pytest.fixture(scope="module")
def firewalld(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firewalld]:
    with running(tmp_path_factory.mktemp("firewalld"), lab.host.entered()) as daemon:
        yield daemon


def expected(oracle: Oracle, probe: Probe) -> bool:
    """Tell whether a packet passes a host whose default zone is public, with ssh as it comes."""
    if probe.way is not Way.NEW:
        return True
    if probe.protocol == ICMP_OF[probe.version]:
        # the zone lets in all of ICMP; nobody lets in what is invalid
        return probe.icmp_type in TRACKED[probe.protocol]
    if (probe.protocol, probe.port) == (6, 22):
        return True
    return oracle.permitted(probe)


def surprises(lab: Lab, asked: LoweredDocument) -> list[tuple[str, Probe]]:
    oracle = Oracle(asked)
    # what firewalld cannot say is reported, not tried
    probes = [one for one in probes_for(asked) if one.protocol != UDP_LITE]
    verdicts = lab.verdicts(probes)
    return [
        (verdict, probe)
        for verdict, probe in zip(verdicts, probes, strict=True)
        if (verdict == "accept") != expected(oracle, probe)
    ]


def every_shape() -> LoweredDocument:
    flows = [
        Flow(6, ports(1, (70, 90), 65535), "host", "host"),
        Flow(6, ports(80, (90, 95)), "client", "host"),
        Flow(6, ports(85), "any", "host"),
        Flow(132, ports(38412), "host", "any"),
        Flow(33, ports(5001), "client", "host"),
        Flow(47, (), "client", "host"),
        Flow(4, (), "host", "host"),
        Flow(50, (), "new", "host"),
        Flow(17, (), "new", "host"),
        Flow(6, ports(7000), "host", "client"),
    ]
    return document(
        *(requirement(f"a.r{number}", flows=[one]) for number, one in enumerate(flows)),
        requirement("a.not_now", flows=[Flow(6, ports(7001), "host", "host")], applies=False),
        roles=[HOSTS, role("client", "172.16.0.0/12", "::/1"), role("new", "2001:db8:2::/64")],
        platform="openstack",
    )


@contextmanager
def address(lab: Lab, source: str) -> Iterator[None]:
    """Let the sender have an address, so that it completes connections from there."""
    lab.sender.run(f"ip route replace local {source} dev lo")
    yield
    # with it, the sender would answer to single packets as well
    lab.sender.run(f"ip route delete local {source} dev lo")


def attempt(lab: Lab, port: int, source: str) -> str:
    """Open a TCP connection to the host and tell what became of it."""
    with lab.host.entered():
        listener = socket.create_server(("", port))
    with lab.sender.entered():
        near = socket.socket()
    with address(lab, source), listener, near:
        near.settimeout(ON_THE_WAY)
        near.bind((source, 0))
        try:
            near.connect((TARGET_ADDRESS[4], port))
        except OSError as error:
            return str(error.strerror)
    return "open"


@pytest.mark.parametrize("asked", [page(), every_shape()], ids=["page", "every shape"])
def test_packets_fare_as_the_oracle_says(
    lab: Lab, firewalld: Firewalld, asked: LoweredDocument
) -> None:
    firewalld.load(rendered(TARGET, asked))

    assert surprises(lab, asked) == []


@pytest.mark.parametrize("spec", SHIPPED)
def test_shipped_specifications_fare_as_the_oracle_says(
    lab: Lab, firewalld: Firewalld, spec: str
) -> None:
    model = shipped(spec)
    everyone, nothing = tuple(model.roles), dict[str, Value]()
    everything = nothing | {
        name: True for name, item in model.options.items() if item.default is False
    }
    cases = [((name,), nothing) for name in everyone]
    for roles, choices in [*cases, (everyone, everything)]:
        asked = lower(model, Deployment(choices, roles, ADDRESSES))
        firewalld.load(rendered(TARGET, asked))
        assert surprises(lab, asked) == [], (roles, choices)
    assert firewalld.complaints == []


@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(documents())
def test_whatever_is_asked_packets_fare_as_the_oracle_says(
    lab: Lab, firewalld: Firewalld, asked: LoweredDocument
) -> None:
    firewalld.load(rendered(TARGET, asked))

    assert surprises(lab, asked) == []


def test_without_rules_the_zone_decides_alone(lab: Lab, firewalld: Firewalld) -> None:
    firewalld.load(rendered(TARGET, document()))

    assert surprises(lab, document()) == []
    assert attempt(lab, 179, PEER) == "No route to host"


def test_strangers_are_rejected_by_the_zone_and_ssh_is_for_all(
    lab: Lab, firewalld: Firewalld
) -> None:
    firewalld.load(rendered(TARGET, page()))

    assert attempt(lab, 179, PEER) == "open"
    assert attempt(lab, 179, OUTSIDER) == "No route to host"
    assert [attempt(lab, 22, source) for source in (PEER, OUTSIDER)] == ["open", "open"]
    assert lab.verdict(Probe(4, PEER)) == "accept"
    # 94 is what /etc/protocols calls ipip: no rule may speak of it
    assert lab.verdict(Probe(94, PEER)) == "drop"


def test_a_reload_changes_nothing_and_keeps_what_is_open_and_what_others_made(
    lab: Lab, firewalld: Firewalld
) -> None:
    firewalld.load(rendered(TARGET, page()))
    firewalld.run("nft add table inet foreign; nft add chain inet foreign input")
    before = firewalld.ruleset()
    with address(lab, PEER), lab.connected(Probe(6, PEER, 179)) as (near, far):
        for _ in range(2):
            assert firewalld.run("firewall-cmd --reload").returncode == 0
            near.sendall(b"ping")
            assert far.recv(4) == b"ping"
            far.sendall(b"pong")
            assert near.recv(4) == b"pong"
    assert firewalld.ruleset() == before
    assert "table inet foreign" in before
    assert "reqc-calico" in before
