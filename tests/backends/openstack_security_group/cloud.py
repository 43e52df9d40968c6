"""A cloud that judges packets by the rules of a group, as Neutron does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from tests.real.probes import Probe

NUMBERS = {"tcp": 6, "udp": 17, "icmp": 1, "ipv6-icmp": 58}


class Cloud:
    """Rules in the provider's words; `members` are the networks of each group, by reference."""

    def __init__(
        self, rules: Sequence[dict[str, Any]], members: Mapping[str, Sequence[str]]
    ) -> None:
        self.rules = rules
        self.members = members

    def lets_in(self, groups: set[str], probe: Probe) -> bool:
        """Tell whether a packet reaches a port that has these groups."""
        return any(
            rule["security_group_id"] in groups and self._matches(rule, probe)
            for rule in self.rules
        )

    def _matches(self, rule: dict[str, Any], probe: Probe) -> bool:
        protocol = NUMBERS.get(rule["protocol"]) or int(rule["protocol"])
        return (
            rule["ethertype"] == f"IPv{probe.version}"
            and protocol == probe.protocol
            and _in(probe.source, self._remote(rule))
            and _fits(rule, probe)
        )

    def _remote(self, rule: dict[str, Any]) -> Sequence[str]:
        if "remote_ip_prefix" in rule:
            return [rule["remote_ip_prefix"]]
        return self.members[rule["remote_group_id"]]


def _fits(rule: dict[str, Any], probe: Probe) -> bool:
    """Tell whether port or ICMP type fit; a code of 0 is one that the provider leaves out."""
    if "port_range_min" not in rule:
        return True
    if probe.icmp_type is not None:
        return bool(rule["port_range_min"] == probe.icmp_type and rule["port_range_max"] == 0)
    return bool(rule["port_range_min"] <= probe.port <= rule["port_range_max"])


@cache
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


def _in(address: str, networks: Sequence[str]) -> bool:
    return any(ip_address(address) in _network(network) for network in networks)
