"""What Terraform's provider for OpenStack and Neutron ask of a module, as a JSON Schema.

Written down again from the provider's schemas of secgroup_v2 and secgroup_rule_v2 and from what
Neutron refuses, so that the target is not its own judge.
"""

from __future__ import annotations

import re
from typing import Any, Final

from jsonschema import Draft202012Validator

IDENTIFIER: Final = "^[A-Za-z_][A-Za-z0-9_-]*$"
REFERENCE: Final = r"^\$\{openstack_networking_secgroup_v2\.[A-Za-z_][A-Za-z0-9_-]*\.id\}$"
WITH_PORTS: Final = ["tcp", "udp", "33", "132", "136"]
TEXT: Final = {"type": "string", "maxLength": 255}


def _only(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _named(resource: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"pattern": IDENTIFIER},
        "additionalProperties": resource,
    }


def _protocol(*values: str) -> dict[str, Any]:
    return {"properties": {"protocol": {"enum": list(values)}}}


GROUP: Final = _only({"name": {**TEXT, "minLength": 1}, "description": TEXT}, "name")
RULE: Final = {
    **_only(
        {
            "security_group_id": {"type": "string", "pattern": REFERENCE},
            "direction": {"const": "ingress"},
            "ethertype": {"enum": ["IPv4", "IPv6"]},
            "protocol": {
                "type": "string",
                "pattern": "^(tcp|udp|icmp|ipv6-icmp|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])$",
            },
            "port_range_min": {"type": "integer", "minimum": 1, "maximum": 65535},
            "port_range_max": {"type": "integer", "minimum": 0, "maximum": 65535},
            "remote_group_id": {"type": "string", "pattern": REFERENCE},
            "remote_ip_prefix": {"type": "string", "pattern": "^[0-9a-f:.]+/[0-9]+$"},
            "description": TEXT,
        },
        *("security_group_id", "direction", "ethertype", "protocol", "description"),
    ),
    "oneOf": [{"required": ["remote_group_id"]}, {"required": ["remote_ip_prefix"]}],
    "dependentRequired": {
        "port_range_min": ["port_range_max"],
        "port_range_max": ["port_range_min"],
    },
    "allOf": [
        {
            "if": _protocol("icmp", "ipv6-icmp"),
            "then": {"properties": {"port_range_max": {"const": 0}}},
            "else": {"properties": {"port_range_max": {"minimum": 1}}},
        },
        {
            "if": {"required": ["port_range_min"]},
            "then": _protocol("icmp", "ipv6-icmp", *WITH_PORTS),
        },
        {"if": _protocol("icmp"), "then": {"properties": {"ethertype": {"const": "IPv4"}}}},
        {"if": _protocol("ipv6-icmp"), "then": {"properties": {"ethertype": {"const": "IPv6"}}}},
    ],
}
MODULE: Final = _only(
    {
        "//": {"type": "array", "items": {"type": "string"}},
        "terraform": _only(
            {
                "required_providers": _only(
                    {
                        "openstack": _only(
                            {"source": {"const": "terraform-provider-openstack/openstack"}},
                            "source",
                        )
                    },
                    "openstack",
                )
            },
            "required_providers",
        ),
        "resource": _only(
            {
                "openstack_networking_secgroup_v2": _named(GROUP),
                "openstack_networking_secgroup_rule_v2": {**_named(RULE), "minProperties": 1},
            },
            "openstack_networking_secgroup_v2",
        ),
        "output": _only(
            {
                "security_group_ids": _only(
                    {"value": _named({"type": "string", "pattern": REFERENCE})}, "value"
                )
            },
            "security_group_ids",
        ),
    },
    *("terraform", "resource", "output"),
)
VALIDATOR: Final = Draft202012Validator(MODULE)


def complaints(module: dict[str, Any]) -> list[str]:
    """Return what Terraform would refuse, and which template evaluates more than a reference."""
    found = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(module)]
    groups = set(module["resource"].get("openstack_networking_secgroup_v2", {}))
    for text in _texts(module):
        for reference in re.findall(r"(?<!\$)\$\{(.*?)\}|(?<!%)%\{", text):
            name = reference.removeprefix("openstack_networking_secgroup_v2.").removesuffix(".id")
            if name not in groups:
                found.append(f"a template evaluates {reference!r} in {text!r}")
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [value] if isinstance(value, str) else []
