"""A document that has everything a reader can meet, small enough to be read."""

from __future__ import annotations

from msgspec.structs import replace

from reqc.compiler.checks import Relation, Unit, UnitCondition
from reqc.compiler.conditions import Both, Chosen, Compared, Unless, Value, evaluate
from reqc.compiler.flows import TCP, UDP, Flow, Ports
from reqc.compiler.lowered import (
    Erratum,
    Level,
    LoweredDocument,
    LoweredOption,
    LoweredRequirement,
    LoweredRole,
    LoweredSource,
)
from reqc.compiler.prose import Code, sentence
from tests.documents import document, requirement

TUNNEL = Compared("tunnel", Relation.EQUAL, "ipip")
MESH = Chosen("mesh")
RECENT = Compared("release", Relation.AT_LEAST, "2.10", ordered=True)


def _option(
    name: str, kind: str, words: str, *, values: tuple[str, ...] = (), default: Value | None = None
) -> LoweredOption:
    return LoweredOption(name, kind, values, default, default, chosen=False, help=words)


SOURCES = (
    LoweredSource(
        name="page",
        file="page.txt",
        title="What a node needs",
        url="https://example.invalid/needs?lang=en&v=2",
        revision="2020-08-27",
        sha256="ab" * 32,
    ),
)
OPTIONS = (
    _option("tunnel", "word", "The overlay", values=("ipip", "vxlan", "none"), default="ipip"),
    _option("mesh", "bool", "A full mesh | no reflectors", default=False),
    _option("release", "version", "Which release runs"),
)
ROLES = (
    LoweredRole("host", "Every host", None, applies=True, addresses=("192.0.2.0/24",)),
    LoweredRole("relay", "Hosts that fan out updates", MESH, applies=False, addresses=()),
)


def example(**choices: str | bool) -> LoweredDocument:
    """Return the example, with values chosen for some of its options."""
    options = tuple(
        replace(option, value=choices.get(option.name, option.value), chosen=option.name in choices)
        for option in OPTIONS
    )
    values = {option.name: option.value for option in options}
    requirements = (
        replace(item, applies=evaluate(item.condition, values)) for item in _requirements()
    )
    made = document(*requirements, roles=ROLES, platform="openstack", version="3.16")
    return replace(made, options=options, sources=SOURCES)


def _requirements() -> tuple[LoweredRequirement, ...]:
    return (*_node_requirements(), *_network_requirements())


def _node_requirements() -> tuple[LoweredRequirement, ...]:
    return (
        requirement(
            "node.kernel",
            statement=sentence("The kernel is ", Code("3.10"), " or later"),
            title="Kernel floor",
            see=("https://example.invalid/kernel_notes(old)",),
            line=3,
        ),
        requirement(
            "node.unmanaged",
            level=Level.MUST_NOT,
            statement=sentence("NetworkManager manages ", Code("cali*"), " or ", Code("tunl*")),
            condition=Both((TUNNEL, Unless(RECENT))),
            guard=Unit("NetworkManager.service", UnitCondition.PRESENT),
            because="It would take these interfaces over,\nand pods would lose their network.",
            notes=("Do this first.\n\nA reload is not enough.",),
            fix="List them under `unmanaged-devices`.",
            roles=("host", "relay"),
            line=5,
        ),
        requirement(
            "node.release",
            level=Level.MAY,
            statement=sentence("The release is supported"),
            condition=RECENT,
            line=9,
        ),
    )


def _network_requirements() -> tuple[LoweredRequirement, ...]:
    return (
        requirement(
            "network.bgp",
            statement=sentence("Hosts exchange routes"),
            flows=(Flow(TCP, (Ports(179, 179),), "host", "host"),),
            line=12,
        ),
        requirement(
            "network.tunnel",
            statement=sentence("Hosts tunnel the traffic of pods"),
            condition=TUNNEL,
            flows=(Flow(4, (), "host", "host"),),
            line=13,
        ),
        requirement(
            "network.relay",
            statement=sentence("Hosts and relays exchange updates"),
            condition=MESH,
            flows=(
                Flow(TCP, (Ports(5473, 5473), Ports(6000, 6010)), "host", "relay"),
                Flow(UDP, (Ports(5473, 5473),), "external", "relay"),
            ),
            erratum=Erratum("The row belongs to another platform."),
            line=14,
        ),
        requirement(
            "network.sctp",
            level=Level.SHOULD,
            statement=sentence("The kernel tracks ", Code("sctp|x")),
            erratum=Erratum("The condition is wrong.", sentence("Only where ", Code("sctp"))),
            line=16,
        ),
    )
