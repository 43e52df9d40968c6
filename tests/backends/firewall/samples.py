"""A document with traffic, ways to render it, and a network namespace to load the result in."""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from reqc.backends.base import Output, Target
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.lowered import LoweredDocument, LoweredRole
from tests.documents import document, requirement, role
from tests.tools import bare, missing, require

HOSTS = role("host", "10.98.0.0/24", "10.98.7.7", "fd00:98::/120")


def ports(*numbers: int | tuple[int, int]) -> tuple[Ports, ...]:
    return tuple(Ports(item, item) if isinstance(item, int) else Ports(*item) for item in numbers)


def page(
    hosts: LoweredRole = HOSTS, host_roles: tuple[str, ...] = ("host", "etcd")
) -> LoweredDocument:
    """Return a document much like the page of Calico on OpenStack."""
    return document(
        requirement("node.cpu", line=4),
        requirement("network.bgp", flows=[Flow(6, ports(179), "host", "host")], line=23),
        requirement("network.ipip", flows=[Flow(4, (), "host", "host")], line=24),
        requirement("network.vxlan", flows=[Flow(17, ports(4789), "host", "host")], line=25),
        requirement("network.typha", flows=[Flow(6, ports(5473), "any", "typha")], line=26),
        requirement("network.flannel", flows=[Flow(17, ports(4789), "host", "host")], line=27),
        requirement("network.etcd", flows=[Flow(6, ports((2379, 2380)), "host", "etcd")], line=28),
        requirement("network.probe", flows=[Flow(6, ports(9099), "any", "host")], line=29),
        requirement("network.undecided", applies=None, line=30),
        roles=[hosts, role("typha"), role("etcd")],
        host_roles=host_roles,
        platform="openstack",
        version="3.16",
    )


def rendered(target: Target, asked: LoweredDocument, **settings: str) -> Output:
    chosen = {setting.name: setting.default for setting in target.settings}
    chosen |= {name.replace("_", "-"): value for name, value in settings.items()}
    return target.render(asked, chosen)


def written(output: Output, folder: Path) -> Path:
    for artifact in output.artifacts:
        path = folder / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text)
    return folder


@cache
def _unshare() -> tuple[str, ...]:
    """Return the command that makes a namespace, where this kernel and user may make one."""
    command = (require("unshare"), "-n" if os.geteuid() == 0 else "-rn")
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        missing("network namespaces")
    return command


def isolated(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a new network namespace, in `folder`."""
    unshare = _unshare()
    return subprocess.run(
        [*unshare, "sh", "-eu", "-c", script],
        cwd=folder,
        env=bare(XTABLES_LOCKFILE=str(folder / "xtables.lock")),
        capture_output=True,
        text=True,
        check=False,
    )


def canonical(listing: str) -> list[Any]:
    """Return what `nft -s -n -j list` prints without what differs between two loads."""
    return [_stable(item) for item in json.loads(listing)["nftables"] if "metainfo" not in item]


def _stable(value: Any) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, dict):
        return {
            key: sorted(map(_stable, part), key=json.dumps)
            if key == "elem" and isinstance(part, list)
            else _stable(part)
            for key, part in value.items()
            if key not in {"handle", "expires"}
        }
    return [_stable(part) for part in value] if isinstance(value, list) else value
