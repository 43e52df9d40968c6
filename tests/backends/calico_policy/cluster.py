"""A cluster that judges packets by the policies it has, as Calico's documentation says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from tests.real.probes import Probe, Way

NUMBERS = {"TCP": 6, "UDP": 17, "ICMP": 1, "ICMPv6": 58, "SCTP": 132, "UDPLite": 136}
Labels = Mapping[str, str]


class Cluster:
    """The objects of a stream; `pods` are workloads by their address, with their labels."""

    def __init__(
        self, objects: Iterable[dict[str, Any]], pods: Mapping[str, Labels] | None = None
    ) -> None:
        self.objects = list(objects)
        self.sources: list[tuple[Labels, list[str]]] = [
            (item["metadata"].get("labels", {}), _addresses(item["spec"]))
            for item in self.objects
            if item["kind"] in {"GlobalNetworkSet", "HostEndpoint"}
        ]
        for address, labels in (pods or {}).items():
            self.sources.append(({**labels, "projectcalico.org/namespace": "default"}, [address]))
        self.policies = sorted(
            (item for item in self.objects if item["kind"] == "GlobalNetworkPolicy"),
            key=lambda item: (item["spec"].get("order", math.inf), item["metadata"]["name"]),
        )

    def lets_in(self, labels: Labels, probe: Probe) -> bool:
        """Tell whether a packet reaches an endpoint with these labels and the default profile."""
        (verdict,) = self.verdicts(labels, [probe])
        return verdict

    def verdicts(self, labels: Labels, probes: Iterable[Probe]) -> list[bool]:
        """Tell of each packet whether it reaches such an endpoint."""
        selecting = [item["spec"] for item in self.policies if _selects(item["spec"], labels)]
        rules = [rule for spec in selecting for rule in spec["ingress"]]
        return [
            probe.way in {Way.REPLY, Way.RELATED}
            or not selecting
            or next((rule["action"] for rule in rules if self._matches(rule, probe)), "") == "Allow"
            for probe in probes
        ]

    def _matches(self, rule: dict[str, Any], probe: Probe) -> bool:
        protocol = rule.get("protocol", probe.protocol)
        return (
            rule.get("ipVersion", probe.version) == probe.version
            and NUMBERS.get(protocol, protocol) == probe.protocol
            and rule.get("icmp", {}).get("type", probe.icmp_type) == probe.icmp_type
            and self._comes_from(rule.get("source", {}), probe)
            and _has_port(rule.get("destination", {}), probe.port)
        )

    def _comes_from(self, entity: dict[str, Any], probe: Probe) -> bool:
        if "nets" in entity and not _in(probe.source, entity["nets"]):
            return False
        if not _has_port(entity, probe.source_port):
            return False
        return "selector" not in entity or any(
            _selects(entity, labels) and _in(probe.source, addresses)
            for labels, addresses in self.sources
        )


def _addresses(spec: dict[str, Any]) -> list[str]:
    return list(spec.get("nets", spec.get("expectedIPs", [])))


@cache
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text)


@cache
def _address(text: str) -> IPv4Address | IPv6Address:
    return ip_address(text)


def _in(address: str, networks: Iterable[str]) -> bool:
    return any(_address(address) in _network(network) for network in networks)


def _has_port(entity: dict[str, Any], port: int) -> bool:
    if "ports" not in entity:
        return True
    ranges = [str(item).partition(":") for item in entity["ports"]]
    return any(int(first) <= port <= int(last or first) for first, _, last in ranges)


def _selects(holder: dict[str, Any], labels: Labels) -> bool:
    """Evaluate the little of the selector language that is used; nothing else is understood."""
    return all(_term(term, labels) for term in holder["selector"].split(" && "))


def _term(term: str, labels: Labels) -> bool:
    if absent := re.fullmatch(r"!has\(([\w./-]+)\)", term):
        return absent[1] not in labels
    equal = re.fullmatch(r"([\w./-]+) == '([^']*)'", term)
    assert equal, term
    return labels.get(equal[1]) == equal[2]
