"""Two network namespaces and probes between them: what a rule set does to real packets.

One namespace sends from any source address, the other carries the rule set. They have no names and
vanish with the process, so labs may run side by side. Needs root.
"""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from select import select
from typing import Final, Literal, Self, TypeAlias

Version: TypeAlias = Literal[4, 6]
Verdict: TypeAlias = Literal["accept", "drop"]

CLONE_NEWNET: Final = 0x40000000
FREEBIND: Final[dict[Version, tuple[int, int]]] = {
    4: (socket.IPPROTO_IP, 15),
    6: (socket.IPPROTO_IPV6, 78),
}
"""Level and number of IP_FREEBIND and IPV6_FREEBIND, which Python has no names for."""

ANY_ADDRESS: Final[dict[Version, str]] = {4: "0.0.0.0", 6: "::"}  # noqa: S104  # no way out
TARGET: Final[dict[Version, str]] = {4: "10.99.0.2", 6: "fd00:99::2"}
FAMILY: Final[dict[Version, socket.AddressFamily]] = {4: socket.AF_INET, 6: socket.AF_INET6}
STRANGER: Final = ("10.99.0.1", 5000)
"""An address and port of the sender's own, outside every group."""

PATIENCE: Final = 0.05
"""Seconds to wait for a packet; a veth delivers within the call that sends."""

_LIBC = ctypes.CDLL(None, use_errno=True)

COMMON: Final = """
sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
ip link set lo up
ip address add 10.99.0.{me}/24 dev v0
ip address add fd00:99::{me}/64 dev v0 nodad
ip link set v0 up
ip -6 neighbour add fd00:99::{peer} lladdr 02:00:00:00:00:0{peer} dev v0 nud permanent
"""
SENDER: Final = """
ip link add v0 address 02:00:00:00:00:01 type veth \
  peer name v0 address 02:00:00:00:00:02 netns /proc/{process}/fd/{descriptor}
"""
EVERY_SOURCE: Final = (
    "ip route add local 10.98.0.0/16 dev lo; ip -6 route add local fd00:98::/64 dev lo"
)
WAY_BACK: Final = (
    "ip route add 10.98.0.0/16 via 10.99.0.1; ip -6 route add fd00:98::/64 via fd00:99::1"
)


@dataclass(frozen=True)
class Probe:
    """One packet: a protocol number, a port for TCP and UDP, and a source address."""

    protocol: int
    source: str
    port: int = 0

    @property
    def version(self) -> Version:
        """The version of the Internet Protocol that the source speaks."""
        return 6 if ":" in self.source else 4

    @property
    def target(self) -> tuple[str, int]:
        """Where the packet goes."""
        return (TARGET[self.version], self.port)


class Namespace:
    """A network namespace that lives as long as its descriptor."""

    def __init__(self) -> None:
        here = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        try:
            _call("unshare", CLONE_NEWNET)
            self.descriptor = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            _call("setns", here, CLONE_NEWNET)
            os.close(here)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Make new sockets and processes of this thread belong to the namespace."""
        here = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
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


@dataclass
class Lab:
    """A sender and a guarded host on one wire, with a listener for everything that is probed."""

    sender: Namespace = field(default_factory=Namespace)
    host: Namespace = field(default_factory=Namespace)
    listeners: dict[tuple[int, int, Version], socket.socket] = field(default_factory=dict)

    def __enter__(self) -> Self:
        wire = SENDER.format(process=os.getpid(), descriptor=self.host.descriptor)
        self.sender.run(wire + COMMON.format(me=1, peer=2) + EVERY_SOURCE)
        self.host.run(COMMON.format(me=2, peer=1) + WAY_BACK)
        return self

    def __exit__(self, *_: object) -> None:
        self.close_listeners()
        os.close(self.sender.descriptor)
        os.close(self.host.descriptor)

    def close_listeners(self) -> None:
        """Free the ports of all probes so far."""
        for listener in self.listeners.values():
            listener.close()
        self.listeners.clear()

    def verdict(self, probe: Probe) -> Verdict:
        """Send one packet and tell whether it arrived."""
        listener = self._listener(probe)
        if probe.protocol == socket.IPPROTO_TCP:
            return self._connection(probe, listener)
        mark = os.urandom(8)
        with self._sender(probe) as sender:
            sender.sendto(mark, probe.target)
            while select([listener], [], [], PATIENCE)[0]:
                # a raw IPv4 socket sees the IP header in front of the data
                if listener.recv(2048).endswith(mark):
                    return "accept"
        return "drop"

    def answered(self, port: int) -> bool:
        """Tell whether an answer reaches the host that sent from this UDP port to a stranger."""
        with self.sender.entered():
            stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with self.host.entered():
            asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with stranger, asking:
            stranger.bind(STRANGER)
            asking.bind((ANY_ADDRESS[4], port))
            asking.sendto(b"question", STRANGER)
            question, back = stranger.recvfrom(64)
            stranger.sendto(question, back)
            return bool(select([asking], [], [], PATIENCE)[0])

    def own(self, port: int) -> bool:
        """Tell whether the host reaches its own UDP port over loopback."""
        with self.host.entered():
            asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with asking, listening:
            listening.bind((ANY_ADDRESS[4], port))
            asking.sendto(b"hello", ("127.0.0.1", port))
            return bool(select([listening], [], [], PATIENCE)[0])

    @contextmanager
    def connected(self, probe: Probe) -> Iterator[tuple[socket.socket, socket.socket]]:
        """Open a TCP connection and yield its end at the sender and its end at the host."""
        listener = self._listener(probe)
        with self._sender(probe) as near:
            near.settimeout(PATIENCE * 20)
            near.connect(probe.target)
            far, _ = listener.accept()
            with far:
                far.settimeout(PATIENCE * 20)
                yield near, far

    def _connection(self, probe: Probe, listener: socket.socket) -> Verdict:
        with self._sender(probe) as sender:
            sender.settimeout(0)
            with suppress(BlockingIOError):
                sender.connect(probe.target)
            if not select([listener], [], [], PATIENCE)[0]:
                return "drop"
            listener.accept()[0].close()
            return "accept"

    def _sender(self, probe: Probe) -> socket.socket:
        with self.sender.entered():
            sender = _socket(probe)
        # a source that no interface has
        sender.setsockopt(*FREEBIND[probe.version], 1)
        sender.bind((probe.source, 0))
        return sender

    def _listener(self, probe: Probe) -> socket.socket:
        key = (probe.protocol, probe.port, probe.version)
        if key not in self.listeners:
            with self.host.entered():
                self.listeners[key] = _socket(probe)
            self.listeners[key].bind((ANY_ADDRESS[probe.version], probe.port))
            if probe.protocol == socket.IPPROTO_TCP:
                self.listeners[key].listen()
        return self.listeners[key]


def _socket(probe: Probe) -> socket.socket:
    kind = {socket.IPPROTO_TCP: socket.SOCK_STREAM, socket.IPPROTO_UDP: socket.SOCK_DGRAM}.get(
        probe.protocol, socket.SOCK_RAW
    )
    made = socket.socket(FAMILY[probe.version], kind, probe.protocol)
    if made.family == socket.AF_INET6 and kind != socket.SOCK_RAW:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return made


def _call(name: str, *arguments: int) -> None:
    if getattr(_LIBC, name)(*arguments):
        raise OSError(ctypes.get_errno(), name)
