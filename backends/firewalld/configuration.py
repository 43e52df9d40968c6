"""The files below /etc/firewalld: services, ipsets, and the policy that permits one to the other.

firewalld throws away its whole configuration when a rule names an ipset that is not there or an
ipset holds overlapping networks, and its own check says nothing. So each reference is made from
the object that it names, and networks arrive without overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reqc.backends.base import Artifact
from reqc.backends.firewall.admission import Admission, Peers, Permit
from reqc.backends.firewall.services import HIGHEST_PORT, PORT_PROTOCOLS, Service, Version
from reqc.backends.firewall.text import identity_line, ipset_name, object_name, one_line
from reqc.compiler.flows import ICMP, ICMPV6, Ports
from reqc.compiler.lowered import Identity, LoweredDocument

POLICY_LENGTH: Final = 17
"""The longest name of a policy."""

SERVICE_LENGTH: Final = 60
"""Of a service's name, which has no limit, what a person still reads."""

PRIORITY: Final = "-10"
"""Before the zones, whose rules have priority 0."""

USUAL_ENTRIES: Final = 65536
"""How many entries an ipset takes that does not say how many."""

MOST_ENTRIES: Final = 1048576
"""How many it takes here where these do not suffice."""

UDPLITE: Final = 136
"""UDP-Lite (RFC 3828), whose ports firewalld knows nothing of."""

EVERY_PORT: Final = (Ports(0, HIGHEST_PORT),)

FAMILY: Final[Mapping[Version, tuple[str, str]]] = {4: ("ipv4", "inet"), 6: ("ipv6", "inet6")}
"""How a rule and an ipset call each version."""

ICMP_TYPES: Final[Mapping[int, Mapping[int, str]]] = {
    ICMP: {
        0: "echo-reply",
        3: "destination-unreachable",
        4: "source-quench",
        5: "redirect",
        8: "echo-request",
        9: "router-advertisement",
        10: "router-solicitation",
        11: "time-exceeded",
        12: "parameter-problem",
        13: "timestamp-request",
        14: "timestamp-reply",
    },
    ICMPV6: {
        1: "destination-unreachable",
        2: "packet-too-big",
        3: "time-exceeded",
        4: "parameter-problem",
        128: "echo-request",
        129: "echo-reply",
        133: "router-solicitation",
        134: "router-advertisement",
        135: "neighbour-solicitation",
        136: "neighbour-advertisement",
        137: "redirect",
    },
}
"""The types that firewalld has a name for; it takes no numbers."""

INVALID: Final = frozenset({(ICMP, 9), (ICMP, 10), (ICMPV6, 137)})
"""Types that begin something the kernel does not track, which firewalld drops before any rule.

Others that it does not track are replies and errors, which pass with what they belong to.
"""


def slug(identity: Identity) -> str:
    """Return the name that all objects of a specification begin with, behind `reqc-`."""
    return object_name(identity.slug, SERVICE_LENGTH)


def mark(identity: Identity) -> str:
    """Return what the short description of each file begins with, as names may have been cut."""
    return f"reqc {slug(identity)}: "


def policy_name(identity: Identity) -> str:
    """Return the name of the policy."""
    return object_name(f"reqc-{slug(identity)}", POLICY_LENGTH)


def has_ports(service: Service) -> bool:
    """Tell whether the ports are said; those of UDP-Lite can only be said by not saying any."""
    return bool(service.ports) and service.protocol != UDPLITE


def service_name(identity: Identity, service: Service) -> str:
    """Return a name that says what the service is: `reqc-calico-openstack-tcp-179`."""
    parts = [PORT_PROTOCOLS.get(service.protocol, f"ip-{service.protocol}")]
    if service.ports != EVERY_PORT:
        parts.extend(str(ports).replace("-", "to") for ports in service.ports)
    return object_name(f"reqc-{slug(identity)}-{'-'.join(parts)}", SERVICE_LENGTH)


def definitions(document: LoweredDocument, admitted: Admission) -> Iterator[Artifact]:
    """Return the files of the services and of the ipsets that rules name."""
    services: dict[Service, list[Permit]] = {}
    for item in admitted.permits:
        services.setdefault(item.service, []).append(item)
    for service, permits in services.items():
        if service.icmp_type is None:
            name = service_name(document.identity, service)
            yield _file(f"services/{name}.xml", _service(document, service, permits))
    named = (
        (permit.peers, version)
        for permit in admitted.permits
        if permit.peers
        for version in permit.versions
    )
    for peers, version in dict.fromkeys(named):
        name = ipset_name(slug(document.identity), peers, version)
        yield _file(f"ipsets/{name}.xml", _ipset(document, peers, version))


def policy(document: LoweredDocument, admitted: Admission, lines: Iterable[str]) -> Artifact:
    """Return the file of the policy; `lines` describe it."""
    root = Element("policy", priority=PRIORITY, target="CONTINUE")
    _say(root, "short", f"{mark(document.identity)}what may come in")
    SubElement(root, "description").text = "\n".join(lines)
    SubElement(root, "ingress-zone", name="ANY")
    SubElement(root, "egress-zone", name="HOST")
    for permit in admitted.permits:
        for version in permit.versions:
            root.append(_rule(document.identity, permit, version))
    return _file(f"policies/{policy_name(document.identity)}.xml", root)


def _service(document: LoweredDocument, service: Service, permits: Iterable[Permit]) -> Element:
    root = Element("service")
    reasons = ", ".join(dict.fromkeys(item.reasons for item in permits))
    _say(root, "short", f"{mark(document.identity)}{service}")
    _say(root, "description", f"{identity_line(document)}; {reasons}")
    if not has_ports(service):
        SubElement(root, "protocol", value=str(service.protocol))
        return root
    for ports in service.ports:
        SubElement(root, "port", port=str(ports), protocol=PORT_PROTOCOLS[service.protocol])
    return root


def _ipset(document: LoweredDocument, peers: Peers, version: Version) -> Element:
    networks = peers.of(version)
    root = Element("ipset", type="hash:net")
    _say(root, "short", f"{mark(document.identity)}{peers.role}, IPv{version}")
    _say(root, "description", identity_line(document))
    SubElement(root, "option", name="family", value=FAMILY[version][1])
    if len(networks) > USUAL_ENTRIES:
        SubElement(root, "option", name="maxelem", value=str(MOST_ENTRIES))
    for network in networks:
        SubElement(root, "entry").text = network
    return root


def _rule(identity: Identity, permit: Permit, version: Version) -> Element:
    rule = Element("rule", family=FAMILY[version][0])
    service = permit.service
    if permit.peers is not None:
        SubElement(rule, "source", ipset=ipset_name(slug(identity), permit.peers, version))
    if service.icmp_type is None:
        SubElement(rule, "service", name=service_name(identity, service))
    else:
        SubElement(rule, "icmp-type", name=ICMP_TYPES[service.protocol][service.icmp_type])
    SubElement(rule, "accept")
    return rule


def rich_rule(identity: Identity, permit: Permit, version: Version) -> str:
    """Return the same rule in the language that firewall-cmd takes."""
    words = ["rule"]
    for element in _rule(identity, permit, version).iter():
        if element.tag != "rule":
            words.append(element.tag)
        words.extend(f'{name}="{value}"' for name, value in element.attrib.items())
    return " ".join(words)


def _say(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = one_line(text)


def _file(name: str, root: Element) -> Artifact:
    indent(root)
    # the form without bytes would name the encoding of whoever runs the compiler
    return Artifact(name, tostring(root, encoding="utf-8", xml_declaration=True).decode() + "\n")
