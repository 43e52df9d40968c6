"""Two network namespaces and probes between them: what a rule set does to real packets.

One namespace sends from any source address, the other carries the rule set. They have no names and
vanish with the process, so labs may run side by side. Needs root.

    with Lab() as lab:
        lab.host.run("nft -f rules.nft")
        lab.verdicts([Probe(6, "10.98.0.9", 179), Probe(4, "10.98.0.9")])     ["accept", "drop"]

A packet counts as accepted when a raw socket of the host sees it, which is behind the input hook.
Such sockets exist for every protocol, also for those this kernel knows nothing else about: SCTP and
DCCP arrive or do not arrive as on any host. Nothing waits for a packet that may not come: packets
travel in order, so a last one that no rule can stop tells that all others were judged.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from select import select
from typing import Final, Literal, Self, TypeAlias

from tests.real.frames import incoming, outgoing
from tests.real.probes import LOOPBACK, TARGET, Probe, Version, Way

Verdict: TypeAlias = Literal["accept", "drop"]

CLONE_NEWNET: Final = 0x40000000
FREEBIND: Final[dict[Version, tuple[int, int]]] = {
    4: (socket.IPPROTO_IP, 15),
    6: (socket.IPPROTO_IPV6, 78),
}
"""Level and number of IP_FREEBIND and IPV6_FREEBIND, which Python has no names for."""

RECEIVE_BUFFER: Final = (socket.SOL_SOCKET, 33)
"""Level and number of SO_RCVBUFFORCE."""

FAMILY: Final[dict[Version, socket.AddressFamily]] = {4: socket.AF_INET, 6: socket.AF_INET6}
ASKED: Final = frozenset({Way.REPLY, Way.RELATED})
"""The ways of packets that the host has to send something for."""

LAST: Final = 5.0
"""Seconds after which a packet that no rule can stop is taken for lost."""

BATCH: Final = 256
"""Packets on their way at once: a quarter of what waits in a queue of the kernel by default."""

ETHERNET: Final[dict[Version, bytes]] = {
    4: b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x00",
    6: b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x86\xdd",
}
LAST_TYPE: Final = 0x88B5
"""An EtherType that IEEE leaves for experiments."""

LAST_FRAME: Final = ETHERNET[4][:12] + struct.pack("!H", LAST_TYPE) + bytes(46)
CONNECTIONS_GONE: Final = struct.pack("=IHHIIBBH", 20, 1 << 8 | 2, 5, 1, 0, 0, 0, 0)
"""The message of ctnetlink that deletes all connections, and wants an answer."""

_LIBC = ctypes.CDLL(None, use_errno=True)

COMMON: Final = """
sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
sysctl -qw net.ipv6.conf.v0.accept_dad=0
ip link set lo up
ip address add 10.99.0.{me}/24 dev v0
ip address add fd00:99::{me}/64 dev v0 nodad
ip link set v0 up
ip neighbour add 10.99.0.{peer} lladdr 02:00:00:00:00:0{peer} dev v0 nud permanent
ip -6 neighbour add fd00:99::{peer} lladdr 02:00:00:00:00:0{peer} dev v0 nud permanent
"""
SENDER: Final = """
ip link add v0 address 02:00:00:00:00:01 type veth \
  peer name v0 address 02:00:00:00:00:02 netns /proc/{process}/fd/{descriptor}
"""
WAY_BACK: Final = (
    "ip route add default via 10.99.0.1; ip -6 route add default via fd00:99::1;"
    # no probe carries the checksum of SCTP
    "sysctl -qw net.netfilter.nf_conntrack_checksum=0"
)


class Namespace:
    """A network namespace that lives as long as its descriptor."""

    def __init__(self) -> None:
        here = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _call("unshare", CLONE_NEWNET)
            self.descriptor = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            _call("setns", here, CLONE_NEWNET)
            os.close(here)

    def close(self) -> None:
        """Let the namespace go, once nothing in it is open."""
        os.close(self.descriptor)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make new sockets and processes of this thread belong to the namespace."""
        here = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        _call("setns", self.descriptor, CLONE_NEWNET)
        try:
            yield
        finally:
            _call("setns", here, CLONE_NEWNET)
            os.close(here)

    def run(self, script: str, **environment: str) -> str:
        """Run a shell script in the namespace and return what it printed."""
        with self.entered():
            result = subprocess.run(
                ["sh", "-eu", "-c", script],
                env=os.environ | environment,
                capture_output=True,
                text=True,
                check=False,
            )
        if result.returncode:
            message = f"status {result.returncode}: {result.stderr}"
            raise RuntimeError(message)
        return result.stdout


class Wire:
    """The sockets that send and see single packets, as long as their namespaces live."""

    def __init__(self, sender: Namespace, host: Namespace) -> None:
        self._host = host
        self._sent = 0
        self._seen: dict[tuple[int, Version], socket.socket] = {}
        with sender.entered():
            self._frames = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            self._frames.bind(("v0", 0))
        with host.entered():
            self._last = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(LAST_TYPE))
            # a raw socket of number 255 takes whole packets, with their IP header
            self._own: dict[Version, socket.socket] = {
                version: socket.socket(FAMILY[version], socket.SOCK_RAW, socket.IPPROTO_RAW)
                for version in (4, 6)
            }
            self._connections = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)

    def close(self) -> None:
        """Close all sockets."""
        for one in (self._frames, self._last, self._connections, *self._own.values()):
            one.close()
        for one in self._seen.values():
            one.close()

    def arrived(self, probes: Sequence[Probe]) -> set[int]:
        """Return the positions of the probes that arrived."""
        for key in set(map(_key, probes)) - self._seen.keys():
            self._seen[key] = self._raw(*key)
        self._forget()
        found: set[int] = set()
        with _one_processor():
            # what the host has sent makes known whom it sent it to, so that comes last
            order = sorted(enumerate(probes), key=lambda item: item[1].way in ASKED)
            for start in range(0, len(order), BATCH):
                for number, probe in order[start : start + BATCH]:
                    self._send(self._sent + number, probe)
                self._await_last()
                found.update(self._tokens(probes))
        self._sent += len(probes)
        return found

    def _send(self, number: int, probe: Probe) -> None:
        packet = incoming(probe, b"%08d" % number)
        if probe.way is Way.LOOPBACK:
            self._own[probe.version].sendto(packet, (LOOPBACK[probe.version], 0))
            return
        if probe.way in ASKED:
            self._own[probe.version].sendto(outgoing(probe), (probe.source, 0))
        self._frames.send(ETHERNET[probe.version] + packet)

    def _await_last(self) -> None:
        self._frames.send(LAST_FRAME)
        if not select([self._last], [], [], LAST)[0]:
            message = "the wire is broken: what no rule can stop did not arrive"
            raise RuntimeError(message)
        self._last.recv(64)

    def _tokens(self, probes: Sequence[Probe]) -> Iterator[int]:
        for key, listener in self._seen.items():
            with suppress(BlockingIOError):
                while True:
                    token = listener.recv(2048)[-8:]
                    # an error about an answer that found no way comes seconds later
                    number = int(token) - self._sent if token.isdigit() else -1
                    # an error that quotes a probe ends like it but is of another protocol
                    if 0 <= number < len(probes) and _key(probes[number]) == key:
                        yield number

    def _forget(self) -> None:
        """Delete the connections that earlier packets have made known."""
        self._connections.send(CONNECTIONS_GONE)
        answer = self._connections.recv(64)
        (error,) = struct.unpack("=i", answer[16:20])
        if error:
            raise OSError(-error, "connections cannot be deleted")

    def _raw(self, protocol: int, version: Version) -> socket.socket:
        with self._host.entered():
            made = socket.socket(FAMILY[version], socket.SOCK_RAW, protocol)
        made.setsockopt(*RECEIVE_BUFFER, 1 << 24)
        made.settimeout(0)
        return made


class Lab:
    """A sender and a guarded host on one wire."""

    def __init__(self) -> None:
        self.sender = Namespace()
        self.host = Namespace()

    def __enter__(self) -> Self:
        wire = SENDER.format(process=os.getpid(), descriptor=self.host.descriptor)
        self.sender.run(wire + COMMON.format(me=1, peer=2))
        self.host.run(COMMON.format(me=2, peer=1) + WAY_BACK)
        self._wire = Wire(self.sender, self.host)
        return self

    def __exit__(self, *_: object) -> None:
        self._wire.close()
        self.sender.close()
        self.host.close()

    def verdict(self, probe: Probe) -> Verdict:
        """Send one packet and tell whether it arrived."""
        return self.verdicts([probe])[0]

    def verdicts(self, probes: Sequence[Probe]) -> list[Verdict]:
        """Send packets, none of which knows of another, and tell of each whether it arrived."""
        arrived = self._wire.arrived(probes)
        return ["accept" if number in arrived else "drop" for number in range(len(probes))]

    @contextmanager
    def connected(self, probe: Probe) -> Iterator[tuple[socket.socket, socket.socket]]:
        """Open a TCP connection and yield its end at the sender and its end at the host."""
        family = FAMILY[probe.version]
        # whoever answers a connection has to have its address
        self.sender.run(f"ip route replace local {probe.source} dev lo")
        with self.host.entered():
            listener = socket.create_server(("", probe.port), family=family)
        with self.sender.entered():
            near = socket.socket(family, socket.SOCK_STREAM)
        with listener, near:
            # a source that no interface has
            near.setsockopt(*FREEBIND[probe.version], 1)
            near.bind((probe.source, 0))
            near.settimeout(LAST)
            near.connect((TARGET[probe.version], probe.port))
            far, _ = listener.accept()
            with far:
                far.settimeout(LAST)
                yield near, far


def _key(probe: Probe) -> tuple[int, Version]:
    return probe.protocol, probe.version


@contextmanager
def _one_processor() -> Iterator[None]:
    """Keep this thread where it is: only packets that one processor sends stay in order."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {_LIBC.sched_getcpu()})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _call(name: str, *arguments: int) -> None:
    if getattr(_LIBC, name)(*arguments):
        raise OSError(ctypes.get_errno(), name)
