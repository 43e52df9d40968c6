"""Rules are loaded again and again under traffic: no peer loses a packet, no stranger gets one in.

A thread sends from a peer and from strangers in turn, and waits for each of the peer's packets, so
that what counts as lost was dropped and is not late.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Final, Self

import pytest

from reqc.backends.base import Target
from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.compiler.flows import UDP, Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import ports, rendered, written
from tests.documents import document, requirement, role
from tests.real.packet_lab import Lab
from tests.tools import needs_root, require

IP_FREEBIND: Final = 15
PORT: Final = 4789
HOST: Final = ("10.99.0.2", PORT)
PEER: Final = "10.98.0.100"
STRANGERS: Final = ("10.98.0.101", "10.98.255.1")
"""One between two peers, one far from all of them."""

PATIENCE: Final = 2
"""Seconds to wait for a packet of the peer before it counts as lost."""

ENOUGH: Final = 2000
"""Packets of the peer without which a run shows nothing."""

TIMES: Final = 16
"""How often rules are loaded while the hammer strikes."""

LOAD: Final = [
    pytest.param(NFTABLES, "nft -f {}/calico-openstack.nft", id="nftables"),
    pytest.param(IPTABLES, "sh {}/apply.sh iptables-nft", id="iptables-nft"),
    pytest.param(IPTABLES, "sh {}/apply.sh iptables-legacy", id="iptables-legacy"),
]


def singles(*numbers: int) -> tuple[str, ...]:
    """Return addresses of both versions of which no two can become one network."""
    return tuple(
        address
        for number in numbers
        for address in (f"10.98.{number // 128}.{number % 128 * 2}", f"fd00:98::{number * 2:x}")
    )


THOUSAND: Final = singles(*range(1000))
SECOND: Final = singles(7000)
ETCD: Final = singles(7001)
OTHERS: Final = (*singles(*range(48, 52), *range(3000, 3900)), "10.98.128.0/20")


def page(
    host: tuple[str, ...] = THOUSAND,
    second: tuple[str, ...] = SECOND,
    etcd: tuple[str, ...] | None = ETCD,
) -> LoweredDocument:
    """Return a document in which host and second may use the port, and etcd only others.

    A role without addresses is not in the inventory, and etcd as None not in the document.
    """
    roles = {"host": host, "second": second} | ({"etcd": etcd} if etcd is not None else {})
    more = [name for name in roles if name != "second"]
    return document(
        requirement("network.vxlan", flows=[asked(PORT, "host"), asked(PORT, "second")]),
        requirement("network.more", flows=[asked(7000, name) for name in more]),
        roles=[role(name, *addresses) for name, addresses in roles.items()],
        platform="openstack",
    )


def asked(port: int, source: str) -> Flow:
    """Return a flow of UDP to the hosts."""
    return Flow(UDP, ports(port), source, "host")


@dataclass
class Hammer:
    """Sends while it is open: what a peer may lose and what strangers may get through."""

    lab: Lab
    sent: int = 0
    lost: int = 0
    let_in: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self.lab.sender.run("ip route replace local 10.98.0.0/16 dev lo")
        with self.lab.sender.entered():
            self._peer, *self._strangers = (
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in (PEER, *STRANGERS)
            )
        with self.lab.host.entered():
            self._host = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._host.bind(HOST)
        for sender, source in zip((self._peer, *self._strangers), (PEER, *STRANGERS), strict=True):
            sender.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
            sender.bind((source, 0))
            sender.connect(HOST)
        self._thread = threading.Thread(target=self._strike)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        while select([self._host], [], [], 0)[0]:
            self.let_in += self._host.recv(64) != b"peer"
        for one in (self._peer, *self._strangers, self._host):
            one.close()

    def _strike(self) -> None:
        while not self._stop.is_set() or self.sent < ENOUGH:
            for stranger in self._strangers:
                stranger.send(b"stranger")
            self._peer.send(b"peer")
            self.sent += 1
            self.lost += not self._arrived()

    def _arrived(self) -> bool:
        """Wait for the peer's packet and count what comes before it."""
        while select([self._host], [], [], PATIENCE)[0]:
            if self._host.recv(64) == b"peer":
                return True
            self.let_in += 1
        return False


@pytest.fixture
def lab() -> Iterator[Lab]:
    for tool in ("nft", "ipset", "iptables-nft", "iptables-legacy", "ip", "sysctl"):
        require(tool)
    needs_root()
    with Lab() as built:
        yield built


def hammered(lab: Lab, script: str, folder: Path) -> Hammer:
    """Run a script on the host while the hammer strikes, and return what it found."""
    with Hammer(lab) as hammer:
        lab.host.run(script, XTABLES_LOCKFILE=str(folder / "lock"), SSH_CONNECTION="")
    assert hammer.sent >= ENOUGH
    return hammer


def loads(
    states: Sequence[tuple[LoweredDocument, Mapping[str, str]]],
    target: Target,
    command: str,
    folder: Path,
) -> list[str]:
    """Write a rule set for each state and return the commands that load them."""
    for number, (wanted, settings) in enumerate(states):
        written(rendered(target, wanted, **settings), folder / str(number))
    return [command.format(folder / str(number)) for number in range(len(states))]


GUARD: Final = {"mode": "guard"}
ENFORCE: Final = {"mode": "enforce"}
FOREVER: Final = {"mode": "enforce", "trial": "0"}
HOST_MOVES: Final = page(host=singles(*range(51, 900)), second=singles(50, 7000))
CHANGES: Final = {
    "nothing": [(page(), GUARD)],
    "nothing, all else denied": [(page(), FOREVER)],
    "peers": [(page(), GUARD), (page(host=OTHERS), GUARD)],
    "peers, all else denied": [(page(), ENFORCE), (page(host=OTHERS), ENFORCE)],
    "mode": [(page(), GUARD), (page(), ENFORCE), (page(), FOREVER)],
    "a role leaves the inventory": [(page(), GUARD), (page(etcd=()), GUARD)],
    "a role leaves the specification": [(page(), ENFORCE), (page(etcd=None), ENFORCE)],
    "a host has another role": [(page(), GUARD), (HOST_MOVES, GUARD)],
}
"""Rule sets that are loaded in turn; in each the peer may send and no stranger may."""


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("target", "command"), LOAD)
def test_loads_lose_nothing_and_let_nothing_in(
    lab: Lab, target: Target, command: str, change: str, tmp_path: Path
) -> None:
    commands = loads(CHANGES[change], target, command, tmp_path)
    lab.host.run(commands[-1], XTABLES_LOCKFILE=str(tmp_path / "lock"), SSH_CONNECTION="")
    turns = TIMES // len(commands)

    found = hammered(lab, f"for i in $(seq {turns}); do {'; '.join(commands)}; done", tmp_path)

    assert found.let_in == 0
    # the header says so: nft changes one set after the other, and for a moment neither has the peer
    moves = target is NFTABLES and change == "a host has another role"
    assert found.lost <= (TIMES if moves else 0)


@pytest.mark.parametrize(("target", "command"), LOAD[1:])
def test_permits_of_mode_open_do_not_blink(
    lab: Lab, target: Target, command: str, tmp_path: Path
) -> None:
    variant = command.rsplit(maxsplit=1)[-1]
    states = [(page(), {"mode": "open"}), (page(host=OTHERS), {"mode": "open"})]
    first, second = loads(states, target, command, tmp_path)
    lab.host.run(f"{variant} -P INPUT DROP; {first}", XTABLES_LOCKFILE=str(tmp_path / "lock"))

    found = hammered(lab, f"for i in $(seq {TIMES // 2}); do {second}; {first}; done", tmp_path)

    assert (found.lost, found.let_in) == (0, 0)


def test_the_clean_load_of_the_header_of_nftables_lets_nothing_in(lab: Lab, tmp_path: Path) -> None:
    (load,) = loads([(page(), GUARD)], NFTABLES, "nft -f {}/calico-openstack.nft", tmp_path)
    text = (tmp_path / "0" / "calico-openstack.nft").read_text()
    clean = next(line[1:] for line in text.splitlines() if line.endswith(") | nft -f -"))
    turns = f"cd {tmp_path}/0; for i in $(seq {TIMES}); do {clean}; done"
    lab.host.run(load)

    assert hammered(lab, turns, tmp_path).let_in == 0


def test_the_hammer_sees_a_window(lab: Lab, tmp_path: Path) -> None:
    (load,) = loads([(page(), GUARD)], NFTABLES, "nft -f {}/calico-openstack.nft", tmp_path)
    lab.host.run(load)

    assert hammered(lab, f"nft flush ruleset; {load}", tmp_path).let_in > 0
    assert hammered(lab, "nft flush ruleset; nft add table inet x", tmp_path).let_in > ENOUGH
