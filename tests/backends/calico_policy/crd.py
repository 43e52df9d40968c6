"""What an API server and Calico's own validation ask of the objects, as a JSON Schema.

Written down again from api/config/crd and libcalico-go/lib/validator/v3 of projectcalico/calico, so
that the target is not its own judge. Keys that this target has no use for are not in it.
"""

from __future__ import annotations

from typing import Any, Final

from jsonschema import Draft202012Validator

LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
WORD: Final = "[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?"
KEY: Final = rf"^({LABEL}(\.{LABEL})*/)?(?=.{{1,63}}$){WORD}$"

NAMES: Final = ["TCP", "UDP", "ICMP", "ICMPv6", "SCTP", "UDPLite"]
WITH_PORTS: Final = ["TCP", "UDP", "SCTP", 6, 17, 132]


def _only(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def _if(condition: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    return {"if": condition, "then": then}


def _protocol(*values: object) -> dict[str, Any]:
    return {"properties": {"protocol": {"enum": list(values)}}, "required": ["protocol"]}


def _version(number: int) -> dict[str, Any]:
    return {"properties": {"ipVersion": {"const": number}}}


ANNOTATIONS: Final = {
    "type": "object",
    "propertyNames": {"pattern": KEY},
    "additionalProperties": {"type": "string", "maxLength": 1 << 18},
}
LABELS: Final = {
    "type": "object",
    "propertyNames": {"pattern": KEY},
    "additionalProperties": {"type": "string", "maxLength": 63, "pattern": f"^({WORD})?$"},
}
PORTS: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": 50,
    "items": {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": 65535},
            {"type": "string", "pattern": "^[1-9][0-9]{0,4}:[1-9][0-9]{0,4}$"},
        ]
    },
}
SELECTOR: Final = {"type": "string", "minLength": 1, "maxLength": 1024}
NETS: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": 256,
    "uniqueItems": True,
    "items": {"type": "string", "pattern": "^[0-9a-f.:]+/[0-9]{1,3}$"},
}
ENTITY: Final = {
    **_only({"nets": NETS, "selector": SELECTOR, "ports": PORTS}),
    "minProperties": 1,
}
RULE: Final = {
    **_only(
        {
            "action": {"enum": ["Allow", "Deny", "Log", "Pass"]},
            "metadata": _only({"annotations": ANNOTATIONS}, "annotations"),
            "ipVersion": {"enum": [4, 6]},
            "protocol": {
                "anyOf": [{"enum": NAMES}, {"type": "integer", "minimum": 1, "maximum": 255}]
            },
            "icmp": _only({"type": {"type": "integer", "minimum": 0, "maximum": 254}}, "type"),
            "source": ENTITY,
            "destination": ENTITY,
        },
        "action",
        "metadata",
    ),
    "allOf": [
        _if({"required": ["icmp"]}, _protocol("ICMP", "ICMPv6", 1, 58)),
        _if(_protocol("ICMP", 1), _version(4)),
        _if(_protocol("ICMPv6", 58), _version(6)),
        *(
            _if(
                {"properties": {side: {"required": ["ports"]}}, "required": [side]},
                _protocol(*WITH_PORTS),
            )
            for side in ("source", "destination")
        ),
    ],
}
POLICY: Final = _only(
    {
        "order": {"type": "number"},
        "selector": SELECTOR,
        "types": {"const": ["Ingress"]},
        "ingress": {"type": "array", "maxItems": 1024, "items": RULE},
    },
    "selector",
    "types",
    "ingress",
)
SPECS: Final = {
    "GlobalNetworkSet": _only({"nets": {**NETS, "maxItems": 1 << 20}}, "nets"),
    "GlobalNetworkPolicy": POLICY,
    "StagedGlobalNetworkPolicy": POLICY,
    "HostEndpoint": _only(
        {
            "node": {"type": "string", "maxLength": 253, "pattern": rf"^{LABEL}(\.{LABEL})*$"},
            "interfaceName": {"const": "*"},
            "expectedIPs": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "type": "string"},
            },
            "profiles": {"const": ["projectcalico-default-allow"]},
        },
        "node",
        "interfaceName",
        "profiles",
    ),
}
NAME: Final = {
    "GlobalNetworkSet": rf"^{LABEL}(\.{LABEL})*$",
    "GlobalNetworkPolicy": rf"^({LABEL}\.)?{LABEL}$",
    "StagedGlobalNetworkPolicy": rf"^({LABEL}\.)?{LABEL}$",
    "HostEndpoint": rf"^{LABEL}(\.{LABEL})*$",
}


def _object(kind: str) -> dict[str, Any]:
    name = {"type": "string", "maxLength": 253, "pattern": NAME[kind]}
    return _only(
        {
            "apiVersion": {"const": "projectcalico.org/v3"},
            "kind": {"const": kind},
            "metadata": _only({"name": name, "labels": LABELS, "annotations": ANNOTATIONS}, "name"),
            "spec": SPECS[kind],
        },
        "apiVersion",
        "kind",
        "metadata",
        "spec",
    )


VALIDATORS: Final = {
    kind: Draft202012Validator(_object(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)
    for kind in SPECS
}


def complaints(item: dict[str, Any]) -> list[str]:
    """Return what Calico would refuse in an object."""
    found = VALIDATORS[item["kind"]].iter_errors(item)
    return [f"{error.json_path}: {error.message}" for error in found]
