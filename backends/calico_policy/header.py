"""What the stream says for people: its sources, what Felix keeps open, and how to use it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reqc.backends.base import Caution
from reqc.backends.calico_policy.objects import Object, Objects
from reqc.backends.firewall.admission import Admission, incoming
from reqc.backends.firewall.posture import Posture
from reqc.backends.firewall.services import Service
from reqc.backends.firewall.text import header
from reqc.compiler.flows import ANYONE, TCP, UDP, Ports

FELIX_KEEPS_OPEN: Final = (
    *(Service(TCP, (Ports(port, port),)) for port in (22, 179, 2379, 2380, 5473, 6443, 6666, 6667)),
    Service(UDP, (Ports(68, 68),)),
)
"""The failsafe ports of Felix by default: felix/config/config_params.go of Calico 3.24."""

_AUTOMATIC: Final = (
    "calicoctl patch kubecontrollersconfiguration default --patch \\",
    '    \'{"spec":{"controllers":{"node":{"hostEndpoint":{"autoCreate":"Enabled"}}}}}\'',
)


def told(  # noqa: PLR0913, PLR0917  # all that is in the stream
    maker: Objects,
    admitted: Admission,
    stance: Posture,
    closed: Sequence[Service],
    objects: Sequence[Object],
    found: tuple[Caution, ...],
) -> str:
    """Return the comment above the objects; `closed` are the services denied to non-peers."""
    notes = [*_treatment(stance, staged=maker.staged), *_kept_open(closed, stance)]
    lines = header(maker.document, admitted, notes, found, _sources(maker, admitted))
    return "".join(f"# {line}".rstrip() + "\n" for line in (*lines, "", *_use(maker, objects)))


def sentences(
    maker: Objects, admitted: Admission, stance: Posture, closed: Sequence[Service]
) -> Iterator[str]:
    """Yield what is said of the sources, and of the traffic that no requirement names."""
    yield from _sources(maker, admitted)
    yield from _treatment(stance, staged=maker.staged)
    yield from _kept_open(closed, stance)


def _sources(maker: Objects, admitted: Admission) -> Iterator[str]:
    document = maker.document
    known = {role.name: role for role in document.roles}
    for peers in admitted.peers:
        endpoints = f"endpoints of hosts with the label {maker.names.label(peers.role)}"
        if known[peers.role].addresses:
            count = f"{len(peers.v4)} IPv4 and {len(peers.v6)} IPv6 networks"
            yield f"Source {peers.role}: {count}, and {endpoints}"
        else:
            yield f"Source {peers.role}: {endpoints}; nobody said its addresses"
    asked = (
        flow.source
        for item in document.requirements
        if item.applies
        for flow in incoming(document, item)
    )
    for name in dict.fromkeys(asked):
        if name != ANYONE and name not in known:
            yield f"Source {name}: nobody said its addresses, so its rules are for any source"


def _treatment(stance: Posture, *, staged: bool) -> Iterator[str]:
    if staged:
        yield "Staged: nothing is dropped. Flow logs tell what these policies would do."
    if stance.enforced:
        yield (
            "Mode enforce: what comes in and no policy lets in is dropped, such as the traffic of"
            " kubelet, unless a policy of the cluster is for it."
        )
    else:
        yield (
            "Mode guard: the services below are kept to their sources; nothing else is touched."
            " Where policies of the cluster already protect its hosts, use mode enforce instead:"
            " the policies ending in -rest let through what those would drop."
        )
    yield (
        f"Open to any source whatever else is said: loopback, tcp {stance.ssh_port} (ssh), DHCP "
        "replies, ICMP errors and echo, and what IPv6 needs of ICMPv6."
    )


def _kept_open(closed: Sequence[Service], stance: Posture) -> Iterator[str]:
    kept = [
        str(service)
        for service in FELIX_KEEPS_OPEN
        if stance.enforced or any(service.overlaps(one) for one in closed)
    ]
    if kept:
        yield (
            f"Felix keeps open to any source, whatever a policy says: {', '.join(kept)}. These are"
            " its failsafe ports. They hold neither IP protocol 4 nor udp 4789, which policies"
            " therefore rule. To restrict one, leave it out of failsafeInboundHostPorts in the"
            " FelixConfiguration; never set that to an empty list."
        )


def _use(maker: Objects, objects: Sequence[Object]) -> Iterator[str]:
    if not objects:
        yield "No object: nothing is let in to hosts of these roles."
        return
    yield "Apply:   calicoctl apply -f FILE"
    yield "         or oc apply -f FILE, or kubectl, where the API server of Calico runs. The order"
    yield "         matters: endpoints without policies are left alone, policies without the ones"
    yield "         before them may drop too much."
    yield "Remove:  the objects from the last to the first, by name. So also what an earlier"
    yield "         stream had and this one has not."
    if maker.staged:
        yield "Then:    delete the staged policies and compile again with staged=no."
    yield from _endpoints(maker, any(item["kind"] == "HostEndpoint" for item in objects))


def _endpoints(maker: Objects, written: bool) -> Iterator[str]:  # noqa: FBT001  # one caller
    roles, names = maker.document.host_roles, maker.names
    if written:
        yield "Hosts:   spec.node must be the name by which `calicoctl get nodes` knows a host."
        yield "         Another endpoint for all interfaces of the host must not be there."
        return
    yield "Hosts:   no policy here does anything before hosts have endpoints with its label."
    if maker.document.identity.platform == "openstack":
        yield "         Name the hosts in the inventory to have the endpoints written."
    else:
        yield "         Let Calico make them, with the labels of the nodes, and keep them in step:"
        for line in (
            *_AUTOMATIC,
            *(f"oc label node NODE {names.label(role)}=true" for role in roles),
        ):
            yield f"           {line}"
        yield "         or name the nodes in the inventory to have them written."
