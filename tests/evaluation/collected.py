"""A small specification, and files with the facts of nodes that it judges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.evaluation.nodes import told

NASTY: Final = "11\x1b]0;owned\x07 | <b>*x*</b> `y` [z](q) \u202e ]]> & \x01\x7f\x9b"
"""A version that breaks terminals, tables, HTML and XML where it is taken for more than text."""

PAGE: Final = """\
req 1
spec demo 1.0 on linux "Nasty | *title* <b> `x`"
option ipv6: bool = false
option port: port
role host "Every host"
role etcd "Members of etcd"
section node "Nodes" {
  must   memory: memory >= 2GiB {
    because "Less | is *not* <enough>."
    fix     "Add memory."
  }
  must   kernel: kernel >= 3.10
  should cpu:    cpu >= 4
  may    distro: os debian 12
  must   v6:     kernel >= 4.0 when ipv6
  must   member: cpu >= 1 on etcd
  must   open:   kernel >= 3.0 when port > 1024
}
section people "People" {
  must look: manual "Look | at <it>"
}
"""
"""What is unknown on every node without `--set port`."""

CHOSEN: Final = ("--set", "port=5473")


def node(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any part of a JSON document
    """Return the facts of a node that meets the page, with changes as `told` takes them."""
    return told(
        **{
            "root": True,
            "os_release": {"ID": "debian", "VERSION_ID": "12"},
            "kernel__release": "6.1.0-50-amd64",
            "processors": 4,
            "memory": 4 << 20,
            **changes,
        }
    )


def small(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any part of a JSON document
    """Return the facts of a node that has too little memory."""
    return node(memory=1 << 20, **changes)


def blind(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any part of a JSON document
    """Return the facts of a node whose memory cannot be told."""
    return node(memory=None, **changes)


def written(folder: Path, nodes: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write the facts of nodes, by name, into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, facts in nodes.items():
        (folder / f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")
    return folder
