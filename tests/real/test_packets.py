"""Rule sets meet packets: peers pass, others do not, ssh always does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqc.backends.base import Target
from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import HOSTS, missing, page, ports, rendered, written
from tests.documents import document, requirement
from tests.real.packet_lab import STRANGER, Lab, Probe
from tests.tools import require

PEERS = ["10.98.0.9", "10.98.7.7", "fd00:98::9"]
STRANGERS = ["10.98.1.9", "10.98.7.8", "fd00:98::1:9"]
REQUIRED = [(6, 179), (6, 2379), (6, 2380), (17, 4789)]
OPEN = [(6, 9099)]
UNNAMED = [(6, 8080), (6, 2381), (17, 4790), (47, 0), (94, 0)]
IP_IN_IP = 4
VARIANTS = [
    pytest.param(NFTABLES, "nft -f calico-openstack.nft", id="nftables"),
    pytest.param(IPTABLES, "sh apply.sh iptables-nft", id="iptables-nft"),
    pytest.param(IPTABLES, "sh apply.sh iptables-legacy", id="iptables-legacy"),
]


@pytest.fixture
def lab() -> Iterator[Lab]:
    for tool in ("nft", "ipset", "iptables-nft", "iptables-legacy", "ip", "sysctl"):
        require(tool)
    if os.geteuid() != 0:
        missing("root")
    with Lab() as built:
        yield built


def loaded(  # where, what, how
    lab: Lab,
    target: Target,
    command: str,
    folder: Path,
    asked: LoweredDocument | None = None,
    **settings: str,
) -> None:
    written(rendered(target, asked or page(), **settings), folder)
    lab.host.run(f"cd {folder}; {command}", XTABLES_LOCKFILE=str(folder / "lock"))


def verdicts(lab: Lab, services: list[tuple[int, int]], sources: list[str]) -> set[str]:
    return {
        lab.verdict(Probe(protocol, source, port))
        for protocol, port in services
        for source in sources
    }


def test_without_rules_everything_arrives(lab: Lab) -> None:
    services = [(6, 22), (IP_IN_IP, 0), *REQUIRED, *OPEN, *UNNAMED]

    assert verdicts(lab, services, PEERS + STRANGERS) == {"accept"}


@pytest.mark.parametrize(("target", "command"), VARIANTS)
@pytest.mark.parametrize("mode", ["guard", "enforce"])
def test_required_services_are_for_peers_and_ssh_for_all(
    lab: Lab, target: Target, command: str, mode: str, tmp_path: Path
) -> None:
    loaded(lab, target, command, tmp_path, mode=mode)

    assert verdicts(lab, REQUIRED, PEERS) == {"accept"}
    assert verdicts(lab, REQUIRED, STRANGERS) == {"drop"}
    assert verdicts(lab, [(6, 22), *OPEN], PEERS + STRANGERS) == {"accept"}
    unnamed = {"guard": "accept", "enforce": "drop"}[mode]
    assert verdicts(lab, UNNAMED, PEERS + STRANGERS) == {unnamed}


@pytest.mark.parametrize(("target", "command"), VARIANTS)
@pytest.mark.parametrize("mode", ["guard", "enforce"])
def test_ip_in_ip_is_protocol_4_between_peers_and_never_94(
    lab: Lab, target: Target, command: str, mode: str, tmp_path: Path
) -> None:
    loaded(lab, target, command, tmp_path, mode=mode)

    assert lab.verdict(Probe(IP_IN_IP, "10.98.0.9")) == "accept"
    assert lab.verdict(Probe(IP_IN_IP, "10.98.1.9")) == "drop"
    # 94 is what /etc/protocols calls ipip: no rule may speak of it
    unnamed = {"guard": "accept", "enforce": "drop"}[mode]
    assert lab.verdict(Probe(94, "10.98.0.9")) == unnamed
    assert lab.verdict(Probe(IP_IN_IP, "fd00:98::9")) == unnamed


@pytest.mark.parametrize(("target", "command"), VARIANTS)
@pytest.mark.parametrize("mode", ["guard", "enforce"])
def test_a_page_that_restricts_all_of_tcp_leaves_ssh_alone(
    lab: Lab, target: Target, command: str, mode: str, tmp_path: Path
) -> None:
    asked = document(
        requirement("network.tcp", flows=[Flow(6, (), "host", "host")]),
        requirement("network.ssh", flows=[Flow(6, ports(2222), "host", "host")]),
        roles=[HOSTS],
        platform="openstack",
    )
    loaded(lab, target, command, tmp_path, asked, mode=mode, ssh_port="2222")

    assert verdicts(lab, [(6, 2222)], PEERS + STRANGERS) == {"accept"}
    assert verdicts(lab, [(6, 22), (6, 2221), (6, 2223)], PEERS) == {"accept"}
    assert verdicts(lab, [(6, 22), (6, 2221), (6, 2223)], STRANGERS) == {"drop"}


@pytest.mark.parametrize(("target", "command"), VARIANTS)
@pytest.mark.parametrize("mode", ["guard", "enforce"])
def test_answers_and_loopback_pass_even_at_a_restricted_port(
    lab: Lab, target: Target, command: str, mode: str, tmp_path: Path
) -> None:
    loaded(lab, target, command, tmp_path, mode=mode)

    assert lab.verdict(Probe(17, STRANGER[0], 4789)) == "drop"
    lab.close_listeners()
    assert lab.answered(4789)
    assert lab.own(4789)


@pytest.mark.parametrize(("target", "command"), VARIANTS)
def test_a_deny_that_nobody_confirms_opens_again(
    lab: Lab, target: Target, command: str, tmp_path: Path
) -> None:
    loaded(lab, target, command, tmp_path, mode="enforce", trial="1")
    unnamed = Probe(17, "10.98.0.9", 4790)

    assert lab.verdict(unnamed) == "drop"
    # the kernel opens within a second or so; a verdict of drop takes 50 ms to reach
    assert any(lab.verdict(unnamed) == "accept" for _ in range(200))


@pytest.mark.parametrize(("target", "command"), VARIANTS)
@pytest.mark.parametrize("mode", ["guard", "enforce"])
def test_an_open_connection_survives_a_reload(
    lab: Lab, target: Target, command: str, mode: str, tmp_path: Path
) -> None:
    loaded(lab, target, command, tmp_path, mode=mode)
    with lab.connected(Probe(6, "10.98.0.9", 179)) as (near, far):
        loaded(lab, target, command, tmp_path, mode=mode)
        near.sendall(b"ping")
        assert far.recv(4) == b"ping"
        far.sendall(b"pong")
        assert near.recv(4) == b"pong"
