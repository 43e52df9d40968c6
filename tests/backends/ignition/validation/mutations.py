"""Configurations that say all that Ignition knows, and small ways to make them wrong."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, TypeAlias

from hypothesis import strategies as st

from reqc.compiler.knowledge.ignition_shapes import PRIMITIVES, shapes

Json: TypeAlias = Any
"""Data of JSON."""

SUM = "0123456789abcdef" * 8
GUID = "01234567-89AB-CDEF-EDCB-A98765432101"
UNIT = "[Unit]\nDescription=x\n\n[Service]\nExecStart=/bin/true\n\n[Install]\nWantedBy=a.target\n"

RESOURCE = {
    "compression": "",
    "httpHeaders": [{"name": "X-A", "value": "b"}],
    "source": "https://example.com/a?b=c#d",
    "verification": {"hash": f"sha512-{SUM}"},
}
OWNER = {"user": {"id": 1000}, "group": {"name": "core"}}
NEWEST: dict[str, Json] = {
    "ignition": {
        "config": {"merge": [RESOURCE], "replace": {"source": "s3://bucket/key?versionId=1"}},
        "proxy": {
            "httpProxy": "http://proxy:3128",
            "httpsProxy": "https://u:p@[::1]:3128",
            "noProxy": ["example.com"],
        },
        "security": {"tls": {"certificateAuthorities": [{"source": "data:,x"}]}},
        "timeouts": {"httpResponseHeaders": 10, "httpTotal": 20},
    },
    "kernelArguments": {"shouldExist": ["a=b"], "shouldNotExist": ["quiet"]},
    "passwd": {
        "groups": [{"name": "wheel", "gid": 10, "passwordHash": "x", "system": True}],
        "users": [
            {
                "name": "core",
                "groups": ["wheel", "sudo"],
                "sshAuthorizedKeys": ["ssh-rsa A", "ssh-rsa B"],
                "uid": 1000,
                "noCreateHome": True,
                "shouldExist": True,
            }
        ],
    },
    "storage": {
        "directories": [{"path": "/etc/d", "mode": 493, "overwrite": True, **OWNER}],
        "disks": [
            {
                "device": "/dev/vda",
                "wipeTable": True,
                "partitions": [
                    {
                        "number": 1,
                        "label": "a",
                        "sizeMiB": 100,
                        "startMiB": 1,
                        "guid": GUID,
                        "typeGuid": GUID,
                        "resize": False,
                        "shouldExist": True,
                        "wipePartitionEntry": True,
                    },
                    {"number": 2, "label": "b", "sizeMiB": 0, "startMiB": 0},
                ],
            }
        ],
        "files": [
            {
                "path": "/etc/f",
                "mode": 420,
                "overwrite": True,
                "contents": {"source": "data:;base64,eHkK", "compression": "gzip"},
                **OWNER,
            },
            {"path": "/etc/g", "append": [RESOURCE, RESOURCE], "mode": 384},
        ],
        "filesystems": [
            {
                "device": "/dev/vda1",
                "format": "ext4",
                "label": "boot",
                "mountOptions": ["ro", "ro"],
                "options": ["-a"],
                "path": "/var",
                "uuid": GUID,
                "wipeFilesystem": True,
            }
        ],
        "links": [
            {"path": "/etc/l", "target": "../f", **OWNER},
            {"path": "/etc/h", "target": "/etc/f", "hard": True},
        ],
        "luks": [
            {
                "name": "data",
                "device": "/dev/vdb",
                "label": "x",
                "keyFile": {"source": "data:,secret"},
                "options": ["a", "a"],
                "openOptions": ["b"],
                "discard": True,
                "clevis": {
                    "tang": [
                        {"url": "https://tang", "thumbprint": "abc", "advertisement": '{"a": 1}'}
                    ],
                    "threshold": 1,
                    "tpm2": True,
                },
                "uuid": GUID,
                "wipeVolume": True,
            },
            {
                "name": "other",
                "device": "/dev/vdc",
                "clevis": {"custom": {"config": "{}", "pin": "tang", "needsNetwork": True}},
            },
        ],
        "raid": [
            {
                "name": "r",
                "devices": ["/dev/vdd", "/dev/vde"],
                "level": "raid1",
                "options": ["x"],
                "spares": 1,
            }
        ],
    },
    "systemd": {
        "units": [
            {"name": "a.service", "contents": UNIT, "enabled": True, "mask": False},
            {"name": "b@1.timer", "dropins": [{"name": "x.conf", "contents": UNIT}]},
        ]
    },
}
"""All keys that a version of Ignition 3 knows; older versions lack some of them."""


OLD_NODE = {"filesystem": "root", "overwrite": True, **OWNER}
OLDEST: dict[str, Json] = {
    "ignition": {
        "config": {"append": [{"source": "oem:///x", "verification": {}}], "replace": {}},
        "security": {"tls": {"certificateAuthorities": [{"source": "data:,x"}]}},
        "timeouts": {"httpResponseHeaders": 10, "httpTotal": 20},
        "version": "2.2.0",
    },
    "networkd": {"units": [{"name": "a.network", "contents": "[A]\nb=c\n"}]},
    "passwd": {
        "groups": NEWEST["passwd"]["groups"],
        "users": [
            {"name": "core", "groups": ["wheel"], "uid": 1, "system": True, "shell": "/bin/sh"},
            {"name": "old", "sshAuthorizedKeys": ["A"]},
        ],
    },
    "storage": {
        "directories": [{"path": "/etc/d", "mode": 493, **OLD_NODE}],
        "disks": [
            {
                "device": "/dev/vda",
                "partitions": [
                    {"number": 1, "label": "a", "start": 2048, "size": 2048, "guid": GUID},
                    {"number": 2, "label": "b", "start": 4096, "typeGuid": GUID},
                ],
                "wipeTable": True,
            }
        ],
        "files": [
            {
                "path": "/etc/f",
                "mode": 420,
                "contents": {"source": "data:,x", "verification": {"hash": f"sha512-{SUM}"}},
                **OLD_NODE,
            },
            {"path": "/etc/g", "filesystem": "root", "append": True, "mode": 384},
        ],
        "filesystems": [
            {
                "name": "data",
                "mount": {
                    "device": "/dev/vda1",
                    "format": "ext4",
                    "label": "x",
                    "options": ["-a"],
                    "uuid": GUID,
                    "wipeFilesystem": True,
                },
            },
            {"name": "there", "path": "/sysroot"},
        ],
        "links": [{"path": "/etc/l", "target": "/etc/f", "hard": True, **OLD_NODE}],
        "raid": [{"name": "r", "devices": ["/dev/b", "/dev/c"], "level": "raid1", "spares": 1}],
    },
    "systemd": {
        "units": [
            {"name": "a.service", "contents": UNIT, "enabled": True},
            {"name": "b.timer", "enable": False, "dropins": [{"name": "x.conf", "contents": UNIT}]},
        ]
    },
}
"""A configuration with all keys of version 2.2.0 that are not obsolete."""


def valid(version: str) -> dict[str, Json]:
    """Return a configuration with every key that a version knows."""
    if version == "2.2.0":
        return copy.deepcopy(OLDEST)
    pruned = _pruned(copy.deepcopy(NEWEST), "Config", version)
    pruned["ignition"]["version"] = version
    if version == "3.0.0":
        pruned["ignition"]["config"]["merge"][0]["source"] = "https://example.com"
    return pruned


def _pruned(data: Json, shape: str, version: str) -> Json:
    """Return the part of an object that the shape of a version has."""
    fields = shapes(version).shapes[shape]
    kept = {}
    for key, value in data.items():
        if key not in fields:
            continue
        inner = fields[key]
        if inner.name in PRIMITIVES:
            kept[key] = value
        elif inner.many:
            kept[key] = [_pruned(item, inner.name, version) for item in value]
        else:
            kept[key] = _pruned(value, inner.name, version)
    if "hash" in kept and version == "3.0.0":
        kept["hash"] = f"sha512-{SUM}"
    return kept


ODD = [
    *(
        "",
        "x",
        "/",
        "//a",
        "/a/../b",
        "/a/",
        "a/b",
        "/etc/d/x",
        "/etc/l/x",
        "/etc/f",
        "ä",
        "\u0000",
    ),
    *("a.service", "a.conf", "a.", ".service", "b@1.timer", "a/b.service", "a.service/x"),
    *(
        "[Unit]",
        "[Unit",
        "x",
        "[A]\nb",
        "[A]\nb=c",
        "[A] x\n",
        "#\\\n",
        "a=b\n[C]\nd=e",
        "[A]\r\nb=c\r\n",
    ),
    *(
        "[A]\nb=c\\\n\nd",
        "[A]\n;x\\\ny\n",
        "[A]\n[B]\nc=\\",
        "[In]\n" + "x" * 3000,
        "\x0c[A]\n\x0cb=c",
    ),
    *("gzip", "xz", "ext4", "none", "zfs", "raid0", "raid10", "linear", "tpm2", "sss", "x" * 48),
    *("data:", "data:,", "data:,a b", "data:,%4", "data:,%zz", "data:,a#b", "data:,ä", "DATA:,x"),
    *("data:;base64,QQ", "data:;base64,QQ==", "data:;base64,Q Q=", "data:base64,QQ==", "data:x,y"),
    *(
        "data:text/plain,a",
        "data:text/plain;charset=utf-8,a",
        'data:text/x;a="b\\n",c',
        "data:text;base64,",
    ),
    *(
        'data:a/b;c="d,e"',
        "data:x-a/b,c",
        "data:xa/b,c",
        "data:image/;a=b;base64,QQ==",
        "data:;a,b",
    ),
    *(
        "data:;a=,b",
        "data:;a=%zz,b",
        "data:,a\\b",
        "data:,{",
        "data:,~!*'()",
        "data:/,x",
        "data://x/,y",
    ),
    *(
        "https://",
        "http://a b",
        "http://[::1",
        "http://a:b",
        "http://a:1/%zz",
        "http://%41/",
        "http://a%2",
    ),
    *(
        "http:a",
        "tftp://x",
        "oem:///x",
        "gs://b/o",
        "s3://b/k?versionId=",
        "s3://b/k?versionId",
        "ftp://x",
    ),
    *(
        "s3://b?a=1&versionId=",
        "s3://b?%76ersionId=",
        ":x",
        "1a:b",
        "a:b",
        "a b:c",
        "/a:b",
        "a/b:c",
        "?",
        "#",
    ),
    *(
        "http://u@h",
        "http://u:p@h",
        "http://u p@h",
        "http://h?q#f%",
        "http://[a]b",
        "http://[::1%25x]/",
    ),
    *(
        "arn:aws:s3:::b/k",
        "arn:aws:s3:::b",
        "arn:x",
        "arn:aws:s3:r:1:accesspoint/p/o",
        "arn:a:ec2:::b/k",
    ),
    *(
        "sha512-",
        "sha512-ab",
        f"sha512-{SUM}",
        f"sha256-{SUM[:64]}",
        "md5-x",
        "-",
        GUID,
        GUID[:-1],
        "a:b",
    ),
    *(
        "3.0.0",
        "3.1.0",
        "3.2.0",
        "3.3.0",
        "3.2",
        "03.2.0",
        "3.2.0-",
        "3.2.0+",
        "3.2.0-a",
        "3.2.0-+",
        "4.0.0",
    ),
    *(
        "core",
        "wheel",
        "a=b",
        "quiet",
        "ssh-rsa A",
        "X-A",
        "/dev/vda",
        "/dev/vda1",
        "{",
        '{"a": 1}',
    ),
]
"""Texts at which one rule or another stops."""

NUMBERS = [-1, 0, 1, 2, 100, 420, 493, 644, 755, 0o1777, 0o7777, 0o10000, 1 << 63, -(1 << 63)]
VALUES: list[Json] = [
    None,
    True,
    False,
    1.5,
    1e30,
    [],
    {},
    [None],
    [""],
    ["a"],
    [{}],
    {"a": 1},
    [1],
]
KEYS = ["Path", "pathh", "SOURCE", "", "name", "source", "mode", "\u017fource", "contents", "label"]


def _places(data: Json, path: tuple[Json, ...] = ()) -> Iterator[tuple[Json, ...]]:
    yield path
    inner = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    for key, value in inner:
        yield from _places(value, (*path, key))


def _at(data: Json, path: tuple[Json, ...]) -> Json:
    for key in path:
        data = data[key]
    return data


@st.composite
def mutated(draw: st.DrawFn, version: str) -> dict[str, Json]:
    """Return a configuration of a version with some mistakes in it, or with none."""
    config = valid(version)
    for _ in range(draw(st.integers(1, 3))):
        places = [path for path in _places(config) if path]
        path = draw(st.sampled_from(places))
        parent, key = _at(config, path[:-1]), path[-1]
        _mutate(draw, parent, key)
    return config


def _mutate(draw: st.DrawFn, parent: Json, key: Json) -> None:
    match draw(
        st.sampled_from(["delete", "text", "text", "text", "number", "value", "key", "twice"])
    ):
        case "delete":
            del parent[key]
        case "text":
            parent[key] = draw(st.sampled_from(ODD) | st.text(max_size=8))
        case "number":
            parent[key] = draw(st.sampled_from(NUMBERS))
        case "value":
            parent[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        case "key" if isinstance(parent, dict):
            name = draw(st.sampled_from(KEYS))
            if name.lower() not in {other.lower() for other in parent if other != key}:
                parent[name] = parent.pop(key)
        case "twice" if isinstance(parent, list):
            parent.append(copy.deepcopy(parent[key]))
