"""Documents with traffic between several roles."""

from __future__ import annotations

from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.conditions import Chosen
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.lowered import LoweredDocument, LoweredRole
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document, requirement, role

HOSTS = role("host", "10.98.0.0/24", "fd00:98::/120", "10.98.7.7/32", "10.98.0.0/24")
STORE = role("etcd")
RELAY = LoweredRole("relay", "Hosts that fan out", Chosen("relay"), applies=False, addresses=())


def ports(*numbers: int) -> tuple[Ports, ...]:
    return tuple(Ports(number, number) for number in numbers)


def page(
    *, host_roles: tuple[str, ...] = ("host", "etcd", "relay"), hosts: LoweredRole = HOSTS
) -> LoweredDocument:
    """Return a document with equal rows, rows that do not apply, and all kinds of protocols."""
    vxlan = Flow(17, ports(4789), "host", "host")
    return document(
        requirement("node.cpu", line=4),
        requirement("network.bgp", title="Routes", flows=[Flow(6, ports(179), "host", "host")]),
        requirement("network.ipip", flows=[Flow(4, (), "host", "host")], line=24),
        requirement("network.vxlan", flows=[vxlan], condition=Chosen("vxlan"), line=25),
        requirement("network.flannel", flows=[vxlan], condition=Chosen("flannel"), line=27),
        requirement("network.other", flows=[vxlan], condition=Chosen("other"), applies=False),
        requirement("network.maybe", flows=[vxlan], condition=Chosen("maybe"), applies=None),
        requirement("network.relay", flows=[Flow(6, (), "external", "relay")], line=28),
        requirement("network.store", flows=[Flow(6, ports(2379, 2380), "host", "etcd")], line=29),
        requirement("network.echo", flows=[Flow(58, (), "any", "etcd", icmp_type=128)], line=30),
        roles=[hosts, STORE, RELAY],
        host_roles=host_roles,
        platform="openstack",
        version="3.16",
    )


def _without_addresses(made: LoweredDocument) -> LoweredDocument:
    return replace(made, roles=tuple(replace(one, addresses=()) for one in made.roles))


HOSTILE_DOCUMENTS: st.SearchStrategy[LoweredDocument] = documents(HOSTILE).map(_without_addresses)
"""Documents with hostile texts; addresses are none, as an inventory only gives real ones."""
