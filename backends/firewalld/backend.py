"""Render flows as permits for a firewalld that already rules the host.

firewalld throws away its whole configuration when a rule names an ipset that is not there or an
ipset holds overlapping networks, and its own check says nothing. So each reference is made from
the object that it names, and networks arrive without overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from reqc.backends.base import Artifact, Language, Output, Reason, Target, Unsupported
from reqc.backends.firewall.admission import Admission, Permit, admission, in_page_order
from reqc.backends.firewall.conflicts import cautions
from reqc.backends.firewall.services import HIGHEST_PORT, PORT_PROTOCOLS, VERSIONS, Service, Version
from reqc.backends.firewall.text import (
    header,
    identity_line,
    ipset_name,
    object_name,
    one_line,
)
from reqc.compiler.flows import ICMP, ICMPV6, Ports
from reqc.compiler.lowered import LoweredDocument

POLICY_LENGTH: Final = 17
"""The longest name of a policy."""

SERVICE_LENGTH: Final = 60
"""Of a service's name, which has no limit, what a person still reads."""

PRIORITY: Final = "-10"
"""Before the zones, whose rules have priority 0."""

UDPLITE: Final = 136
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

NOTES: Final = (
    "Permits only: the zones go on deciding what no rule here lets in.",
    (
        "A reload of firewalld 1.3 deletes every rule that iptables-nft made, also those of Calico "
        "and kube-proxy: use this only where firewalld rules the host on purpose."
    ),
    "Copy the folders to /etc/firewalld, then: firewall-cmd --reload; firewall-cmd --state",
)


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:  # noqa: ARG001  # no settings
    """Return services, ipsets and a policy, as files below /etc/firewalld."""
    admitted = _expressible(document, admission(document))
    slug = object_name(document.identity.slug, SERVICE_LENGTH)
    origin = identity_line(document)
    services = {
        _service_name(slug, service): _service(service, permits, origin)
        for service, permits in _by_service(admitted)
    }
    ipsets = {
        ipset_name(slug, peers, version): _ipset(peers.role, version, peers.of(version), origin)
        for peers in admitted.peers
        for version in VERSIONS
        if peers.of(version)
    }
    found = cautions(document, "firewalld")
    policy = _policy(slug, admitted, header(document, admitted, NOTES, found))
    name = object_name(f"reqc-{slug}", POLICY_LENGTH)
    return Output(
        (
            *(_file(f"services/{name}.xml", root) for name, root in services.items()),
            *(_file(f"ipsets/{name}.xml", root) for name, root in ipsets.items()),
            _file(f"policies/{name}.xml", policy),
        ),
        admitted.unsupported,
        cautions=found,
    )


def _expressible(document: LoweredDocument, admitted: Admission) -> Admission:
    """Report the permits that firewalld has no words for."""
    refused = [item for item in admitted.permits if _refusal(item.service)]
    reports = {
        origin.id: Unsupported(origin.id, Reason.INEXPRESSIBLE, str(_refusal(item.service)))
        for item in refused
        for origin in item.origins
    }
    return Admission(
        tuple(item for item in admitted.permits if item not in refused),
        in_page_order(document, (*admitted.unsupported, *reports.values())),
    )


def _refusal(service: Service) -> str | None:
    if service.protocol == UDPLITE:
        return "firewalld knows no ports of udplite"
    if service.icmp_type is None or service.icmp_type in ICMP_TYPES[service.protocol]:
        return None
    return f"firewalld has no name for {service}"


def _by_service(admitted: Admission) -> Iterable[tuple[Service, tuple[Permit, ...]]]:
    """Return the services that a file defines, each with its permits."""
    for service in dict.fromkeys(item.service for item in admitted.permits):
        if service.icmp_type is None:
            yield service, tuple(item for item in admitted.permits if item.service == service)


def _service(service: Service, permits: Iterable[Permit], origin: str) -> Element:
    root = Element("service")
    reasons = dict.fromkeys(item.reasons for item in permits)
    _say(root, "short", str(service))
    _say(root, "description", f"{origin}; {', '.join(reasons)}")
    if not service.ports:
        SubElement(root, "protocol", value=str(service.protocol))
    for ports in service.ports:
        SubElement(root, "port", port=str(ports), protocol=PORT_PROTOCOLS[service.protocol])
    return root


def _ipset(role: str, version: Version, networks: Iterable[str], origin: str) -> Element:
    root = Element("ipset", type="hash:net")
    _say(root, "short", f"{role}, IPv{version}")
    _say(root, "description", origin)
    SubElement(root, "option", name="family", value=FAMILY[version][1])
    for network in networks:
        SubElement(root, "entry").text = network
    return root


def _policy(slug: str, admitted: Admission, lines: Iterable[str]) -> Element:
    root = Element("policy", priority=PRIORITY, target="CONTINUE")
    _say(root, "short", f"reqc: what {slug} requires")
    SubElement(root, "description").text = "\n".join(lines)
    SubElement(root, "ingress-zone", name="ANY")
    SubElement(root, "egress-zone", name="HOST")
    for permit in admitted.permits:
        for version in permit.versions:
            root.append(_rule(slug, permit, version))
    return root


def _rule(slug: str, permit: Permit, version: Version) -> Element:
    rule = Element("rule", family=FAMILY[version][0])
    service = permit.service
    if permit.peers is not None:
        SubElement(rule, "source", ipset=ipset_name(slug, permit.peers, version))
    if service.icmp_type is None:
        SubElement(rule, "service", name=_service_name(slug, service))
    else:
        SubElement(rule, "icmp-type", name=ICMP_TYPES[service.protocol][service.icmp_type])
    SubElement(rule, "accept")
    return rule


def _service_name(slug: str, service: Service) -> str:
    """Return a name that says what the service is: `reqc-calico-openstack-tcp-179`."""
    parts = [PORT_PROTOCOLS.get(service.protocol, f"ip-{service.protocol}")]
    if service.ports != (Ports(0, HIGHEST_PORT),):
        parts.extend(str(ports).replace("-", "to") for ports in service.ports)
    return object_name(f"reqc-{slug}-{'-'.join(parts)}", SERVICE_LENGTH)


def _say(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = one_line(text)


def _file(name: str, root: Element) -> Artifact:
    indent(root)
    # the form without bytes would name the encoding of whoever runs the compiler
    return Artifact(name, tostring(root, encoding="utf-8", xml_declaration=True).decode() + "\n")


TARGET = Target(
    "firewalld",
    "services, ipsets and a policy that permit the required traffic where firewalld rules",
    Language.FLOWS,
    render,
)
