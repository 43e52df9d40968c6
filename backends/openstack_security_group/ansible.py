"""The groups as a play of the collection openstack.cloud."""

from __future__ import annotations

from collections.abc import Sequence

from reqc.backends.ansible.yaml_text import label, shorten, yaml_text
from reqc.backends.openstack_security_group.groups import Group, Groups, SecurityRule

NAME_LENGTH = 110


def ansible_text(groups: Groups, header: Sequence[str], title: str) -> str:
    """Return a playbook of one play, which needs nothing but the collection."""
    play = {
        "name": _name(f"Security groups of {title}"),
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "tasks": [
            *(_group(item) for item in groups.groups),
            *(_rule(item, groups) for item in groups.rules),
        ],
    }
    return "".join(f"# {line}".rstrip() + "\n" for line in header) + yaml_text([play])


def _group(group: Group) -> dict[str, object]:
    return {
        "name": _name(f"Group {group.name}"),
        "openstack.cloud.security_group": {"name": group.name, "description": group.description},
    }


def _rule(item: SecurityRule, groups: Groups) -> dict[str, object]:
    match = item.match
    rule: dict[str, object] = {
        "security_group": groups.name(item.role),
        "direction": "ingress",
        "ether_type": match.ethertype,
        "protocol": match.protocol_text,
    }
    if match.ports is not None:
        rule |= {"port_range_min": match.ports.first, "port_range_max": match.ports.last}
    if match.icmp_type is not None:
        rule["port_range_min"] = match.icmp_type
    if match.source.role is None:
        rule["remote_ip_prefix"] = match.source.network
    else:
        rule["remote_group"] = groups.name(match.source.role)
    rule["description"] = item.description
    name = f"Rule of {groups.name(item.role)}: {match} ({', '.join(item.requirements)})"
    return {"name": _name(name), "openstack.cloud.security_group_rule": rule}


def _name(text: str) -> str:
    return label(shorten(text, NAME_LENGTH))
