"""Nodes that could be, drawn at random, of which much is known and nothing contradicts itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, TypeVar

from reqc.compiler.evaluation.facts import Facts, read_facts
from reqc.compiler.evaluation.node import Node
from tests.diff.kernels import kernel
from tests.evaluation.nodes import told

T = TypeVar("T")

VERSIONS = ["3", "3.10", "3.10.0-1160", "4.18.0", "4.18.0-193", "4.18.3", "5.10", "5.10.40"]
VERSIONS += ["5.10.0-9", "5.10.0-0", "5.11", "6"]
"""Versions to ask for and to find."""

RELEASES = [("3.10.0-1160.el7", ""), ("4.18.0-193.el8", ""), ("4.18.0-80", ""), ("6.1", "")]
RELEASES += [("5.10.46", ""), ("5.10.0", ""), ("5.10.0-8-amd64", "5.10.46-4"), ("5.11.0-7", "")]
RELEASES += [("5.10.0-20-amd64", "5.10.30-1"), ("4.18.3", ""), ("3", "")]
"""Releases of kernels, with the point release that Debian tells in the banner."""

SYSTEMS = [("rhel", "7"), ("rhel", "7.9"), ("rhel", "8"), ("rhel", "8.0"), ("rhel", "8.4")]
SYSTEMS += [("ubuntu", "20.04"), ("ubuntu", "20.04.6"), ("ubuntu", "22.04"), ("debian", "")]
FOLDERS = [f"/{top}/NetworkManager/conf.d" for top in ("etc", "run", "usr/lib")]
GLOBS = ["cali*", "tunl*", "tunl0", "c*", "cali1"]


@cache
def pool(size: int) -> tuple[Node, ...]:
    """Return so many nodes, the same ones every time."""
    return tuple(Node(_facts(Random(seed))) for seed in range(size))  # noqa: S311  # no secret


def _facts(random: Random) -> Facts:
    def maybe(value: T) -> T | None:
        return value if random.randrange(8) else None

    def some(values: Sequence[T]) -> list[T]:
        return [value for value in values if random.randrange(2)]

    release, point = random.choice(RELEASES)
    name, version = random.choice(SYSTEMS)
    listed = ";".join(f"interface-name:{glob}" for glob in some(GLOBS))
    ini = {"kind": "file", "lines": ["[keyfile]", f"unmanaged-devices={listed}"]}
    command = {"path": maybe("/bin/c"), "version": maybe(random.choice(VERSIONS))}
    mounts = [{"path": "/m", "filesystem": random.choice(["bpf", "tmpfs"])}]
    changes = {
        "machine": maybe(random.choice(["x86_64", "aarch64"])),
        "os_release": maybe({"ID": name, "VERSION_ID": version}),
        "kernel__release": release,
        "kernel__banner": f"Linux version {release} #1 SMP Debian {point}" if point else "",
        "processors": maybe(random.randrange(1, 10)),
        "memory": maybe(random.randrange(1, 10) << 20),
        "settings": {
            "visible": True,
            "values": {"net/a": maybe(random.choice(["1", "2", "3", "8", "word", "4 8"]))},
        },
        "units": _units(random, maybe),
        "interfaces": maybe([{"name": one, "hardware": True} for one in some(["cali1", "tunl0"])]),
        "files": {"/f": _file(random, maybe), "/etc/NetworkManager/NetworkManager.conf": ini},
        "directories": {folder: [] for folder in FOLDERS},
        "packages": {
            one: {"state": maybe(random.choice(["installed", "absent"])), "unseen": "x"}
            for one in "pq"
        },
        "commands": {"c": command if command["path"] else {"path": None}},
        "mounts": maybe(random.choice([[], mounts])),
        "bounding_set": maybe(random.choice(["0", "3fffffffff"])),
        "listeners": {"tcp": maybe(some([80, 81])), "udp": None},
    }
    facts = told(**changes)
    facts["kernel"] |= kernel(random)
    return read_facts(json.dumps(facts))


def _units(random: Random, maybe: Any) -> dict[str, Any]:  # noqa: ANN401  # a function of its caller
    """Return a unit `a`; what masks a unit and what wants it are seen with its file."""
    unit = {"file": random.choice(["/lib/a.service", None])}
    unit["mask"] = random.choice(["/etc/a.service", None, None])
    unit["wanted_by"] = random.choice(["/etc/wants/a.service", None])
    return {
        "files": maybe({"a.service": unit}),
        "running": maybe(random.choice([[], ["a.service"]])),
    }


def _file(random: Random, maybe: Any) -> dict[str, Any]:  # noqa: ANN401  # a function of its caller
    kind = random.choice(["file", "file", "absent", "directory", "unknown"])
    if kind != "file":
        return {"kind": kind}
    lines = [line for line in "xy" if random.randrange(2)]
    return {"kind": kind, "mode": random.choice(["0644", "0600"]), "lines": maybe(lines)}
