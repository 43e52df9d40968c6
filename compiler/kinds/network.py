"""Kinds about the network: allow, free, endpoint, datastore."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

from reqc.compiler import checks
from reqc.compiler.diagnostics import Code
from reqc.compiler.flows import PROTOCOL_NAMES, Flow, Ports
from reqc.compiler.kinds.base import Kind, Ref, code, known
from reqc.compiler.kinds.forms import (
    ArgumentError,
    Form,
    Scope,
    Slot,
    integer,
    port,
    ports,
    quoted,
    role,
    sign,
    word,
)
from reqc.compiler.knowledge.linux import PROTOCOL_TRAPS
from reqc.compiler.prose import Sentence, plain, sentence
from reqc.compiler.syntax.tree import Term, Word

_NUMBERS = {name: number for number, name in PROTOCOL_NAMES.items()}
_TRANSPORT = ("tcp", "udp", "sctp")
_ENDS = (role("source"), sign("arrow", "->", "<->"), role("destination"))


def _read_trap(term: Term, _: Scope) -> str:
    written = term.text if isinstance(term, Word) else ""
    raise ArgumentError(
        Code.PROTOCOL_NAME, f"`{written}` is no safe name of a protocol", PROTOCOL_TRAPS[written]
    )


def _trap(label: str) -> Slot:
    """Return a slot for a word that is no protocol, shown as what should stand there."""
    return Slot("protocol", label, _is_trap, _read_trap)


def _is_trap(term: Term) -> bool:
    return isinstance(term, Word) and term.text in PROTOCOL_TRAPS


class Allow(Kind, frozen=True):
    """Traffic between roles must be let through."""

    name: ClassVar[str] = "allow"
    summary: ClassVar[str] = "Firewalls let traffic through, from the side that opens it."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((word("protocol", *_TRANSPORT), ports(), *_ENDS)),
        Form((word("protocol", "icmp", "icmpv6"), integer("icmp_type", 255).maybe(), *_ENDS)),
        Form((word("protocol", "ip"), _trap("NUMBER"), *_ENDS)),
        Form((word("protocol", "ip"), integer("number", 255), *_ENDS)),
        Form((_trap("ip NUMBER"), *_ENDS)),
    )
    examples: ClassVar[tuple[str, ...]] = (
        "allow tcp 179 host <-> host",
        "allow tcp 30000-32767 any -> host",
        "allow icmp 8 any -> host",
        "allow ip 4 host <-> host",
    )

    protocol: str
    source: str
    arrow: str
    destination: str
    ports: Ports | Ref[int] | None = None
    icmp_type: Ref[int] | None = None
    number: Ref[int] | None = None

    def check(self) -> checks.Check:
        """Return what a person must look at: no node sees the firewalls on the way."""
        return checks.Manual(
            f"confirm that every firewall on the way lets through {plain(self.words())}"
        )

    def flows(self) -> tuple[Flow, ...]:
        """Return one flow, or two where two different roles may each open traffic."""
        there = Flow(
            self.protocol_number,
            _ranges(self.ports),
            self.source,
            self.destination,
            known(self.icmp_type) if self.icmp_type is not None else None,
        )
        if self.arrow == "->" or self.source == self.destination:
            return (there,)
        back = Flow(there.protocol, there.ports, self.destination, self.source, there.icmp_type)
        return (there, back)

    @property
    def protocol_number(self) -> int:
        """The number of the protocol."""
        return known(self.number) if self.number is not None else _NUMBERS[self.protocol]

    def words(self) -> Sentence:
        """Return protocol, ports and ends: `TCP 179 between hosts of role host`."""
        return sentence(
            *self._service(),
            " ",
            code(self.source),
            " both ways with " if self.arrow == "<->" else " to ",
            code(self.destination),
        )

    def _service(self) -> Sentence:
        if self.number is not None:
            return sentence("IP protocol ", code(self.number), " from")
        if self.ports is not None:
            return sentence(f"{self.protocol.upper()} ", code(self.ports), " from")
        kind = (" type ", code(self.icmp_type)) if self.icmp_type is not None else ()
        name = {"icmp": "ICMP", "icmpv6": "ICMPv6"}[self.protocol]
        return sentence(name, *kind, " from")


def _ranges(found: Ports | Ref[int] | None) -> tuple[Ports, ...]:
    if found is None:
        return ()
    if isinstance(found, Ports):
        return (found,)
    port = known(found)
    return (Ports(port, port),)


Socket: TypeAlias = Literal["tcp", "udp"]


class Free(Kind, frozen=True):
    """A port is free for the product."""

    name: ClassVar[str] = "free"
    summary: ClassVar[str] = "Nothing else on the node listens on a port; opens nothing."
    forms: ClassVar[tuple[Form, ...]] = (Form((word("protocol", "tcp", "udp"), port())),)
    examples: ClassVar[tuple[str, ...]] = ("free tcp 10250",)

    protocol: Socket
    port: Ref[int]

    def check(self) -> checks.Check:
        """Return that no socket listens there."""
        return checks.PortFree(self.protocol, known(self.port))

    def words(self) -> Sentence:
        """Return the port."""
        return sentence(f"{self.protocol.upper()} port ", code(self.port), " is free on the node")


class Endpoint(Kind, frozen=True):
    """Something must be reachable from the node."""

    name: ClassVar[str] = "endpoint"
    summary: ClassVar[str] = "The node can open a TCP connection to a host."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((word("protocol", "tcp"), port(), quoted("host", '"HOST"'))),
    )
    examples: ClassVar[tuple[str, ...]] = ('endpoint tcp 443 "registry.example.org"',)

    protocol: Literal["tcp"]
    port: Ref[int]
    host: Ref[str]

    def check(self) -> checks.Check:
        """Return that a connection succeeds."""
        host = known(self.host)
        return checks.Reachable(host, (host,), known(self.port))

    def words(self) -> Sentence:
        """Return the host and the port."""
        return sentence(code(self.host), " is reachable on TCP ", code(self.port))


class Datastore(Kind, frozen=True):
    """The product has a store that all its parts reach."""

    name: ClassVar[str] = "datastore"
    summary: ClassVar[str] = "A key/value store is there, and every part of the product reaches it."
    forms: ClassVar[tuple[Form, ...]] = (Form((word("store", "etcd", "kubernetes"),)),)
    examples: ClassVar[tuple[str, ...]] = ("datastore etcd", "datastore kubernetes")

    store: str

    _TITLES: ClassVar[dict[str, str]] = {
        "etcd": "an etcd v3 cluster",
        "kubernetes": "the Kubernetes API as datastore",
    }
    _ASK: ClassVar[dict[str, str]] = {
        "etcd": "run etcdctl endpoint health from a node of each role",
        "kubernetes": "run kubectl get --raw /readyz from a node of each role",
    }

    def check(self) -> checks.Check:
        """Return what a person can run: reaching a store takes its addresses and credentials."""
        return checks.Manual(self._ASK[self.store])

    def words(self) -> Sentence:
        """Return the store."""
        return sentence(f"{self._TITLES[self.store]}, reachable from all components")
