"""The groups in Terraform's JSON syntax, in which every text is a template."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from reqc.backends.firewall.text import object_name
from reqc.backends.openstack_security_group.groups import Group, Groups, Match, SecurityRule

GROUP: Final = "openstack_networking_secgroup_v2"
RULE: Final = "openstack_networking_secgroup_rule_v2"
PROVIDER: Final = "terraform-provider-openstack/openstack"

NAME_LENGTH: Final = 120
"""Of a resource's name, which has no limit, what a person still reads."""


def literal(text: str) -> str:
    """Return the text as a template that stands for it and evaluates nothing."""
    return re.sub(r"([$%])(?=\{)", r"\1\1", text)


def terraform_text(groups: Groups, header: Sequence[str]) -> str:
    """Return a module of one file, with the ids of the groups as its output."""
    resources: dict[str, object] = {
        GROUP: {_identifier(item.role): _group(item) for item in groups.groups}
    }
    if groups.rules:
        resources[RULE] = _rules(groups)
    ids = {_identifier(item.role): _id(item.role) for item in groups.groups}
    document = {
        "//": [literal(line) for line in header],
        "terraform": {"required_providers": {"openstack": {"source": PROVIDER}}},
        "resource": resources,
        "output": {"security_group_ids": {"value": ids}},
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _group(group: Group) -> dict[str, object]:
    return {"name": literal(group.name), "description": literal(group.description)}


def _rules(groups: Groups) -> dict[str, object]:
    found: dict[str, object] = {}
    for item in groups.rules:
        name = _rule_name(item)
        if name in found:
            name = f"{name}-{sha256(repr(item.match).encode()).hexdigest()[:6]}"
        found[name] = _rule(item)
    return found


def _rule(item: SecurityRule) -> dict[str, object]:
    match = item.match
    rule: dict[str, object] = {
        "security_group_id": _id(item.role),
        "direction": "ingress",
        "ethertype": match.ethertype,
        "protocol": match.protocol_text,
    }
    if match.ports is not None:
        rule |= {"port_range_min": match.ports.first, "port_range_max": match.ports.last}
    if match.icmp_type is not None:
        # the provider wants both and leaves out a code of 0, which is then every code
        rule |= {"port_range_min": match.icmp_type, "port_range_max": 0}
    if match.source.role is None:
        rule["remote_ip_prefix"] = match.source.network
    else:
        rule["remote_group_id"] = _id(match.source.role)
    return {**rule, "description": literal(item.description)}


def _id(role: str) -> str:
    return f"${{{GROUP}.{_identifier(role)}.id}}"


def _rule_name(item: SecurityRule) -> str:
    """Return a name that says what the rule is: `host_tcp_179_from_host_ipv4`."""
    return _identifier(f"{item.role}_{_words(item.match)}")


def _words(match: Match) -> str:
    text = match.protocol_text
    parts = [f"protocol_{text}" if text.isdigit() else text]
    if match.ports is not None:
        parts.append(str(match.ports).replace("-", "to"))
    if match.icmp_type is not None:
        parts.append(f"type{match.icmp_type}")
    source = re.sub(r"[.:/]", "-", str(match.source))
    return "_".join((*parts, "from", source, match.ethertype.lower()))


def _identifier(text: str) -> str:
    name = object_name(text, NAME_LENGTH)
    return name if name[:1].isalpha() else f"_{name}"
