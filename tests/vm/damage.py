"""What is done to an installed kernel before it boots."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.tools import require
from tests.vm.kernels import Kernel


@dataclass(frozen=True, slots=True)
class Damage:
    """Modules that go, with all that need them; what blocks modules; and what that must come to.

    `failing` and `cautioned` are the requirements of both pages that must fail or warn for it;
    `failing_before_6_4` those that must fail on older kernels besides.
    """

    removed: tuple[str, ...] = ()
    modprobe: str = ""
    parameters: tuple[str, ...] = ()
    failing: frozenset[str] = frozenset()
    failing_before_6_4: frozenset[str] = frozenset()
    cautioned: frozenset[str] = frozenset()


_SETS: Final = frozenset({"kernel.ipt_set", "kernel.xt_set", "kernel.match_set"})

DAMAGES: Final = {
    "whole": Damage(),
    "partial": Damage(
        ("xt_set", "xt_u32", "nf_conntrack"),
        failing=_SETS
        | {
            "kernel.xt_u32",
            "kernel.nf_conntrack_netlink",
            "kernel.nf_conntrack_proto_sctp",
            "kernel.xt_conntrack",
            "kernel.xt_ipvs",
            "kernel.match_conntrack",
            "kernel.match_ipvs",
            "kernel.conntrack",
            "kernel.conntrack_sctp",
            "kernel.ipvs",
        },
    ),
    "legacy": Damage(
        ("ip_tables", "ip6_tables"),
        failing=frozenset({"kernel.ip_tables", "kernel.ip6_tables"}),
        # Until then the matches of ICMP were in them.
        failing_before_6_4=frozenset(
            {"kernel.xt_icmp", "kernel.xt_icmp6", "kernel.match_icmp", "kernel.match_icmpv6"}
        ),
    ),
    "blocked": Damage(
        modprobe="install xt_u32 /bin/false\nblacklist xt_set\n",
        parameters=("module_blacklist=xt_ipvs", "modprobe.blacklist=ipip"),
        failing=frozenset({"kernel.xt_u32", "kernel.xt_ipvs", "kernel.match_ipvs"}),
        cautioned=_SETS | {"kernel.ipip"},
    ),
}


def damaged(kernel: Kernel, damage: Damage, folder: Path) -> Kernel:
    """Return a copy of the kernel in the folder, without what the damage removes."""
    if not damage.removed:
        return kernel
    copy = replace(kernel, root=folder / "kernel")
    shutil.copytree(kernel.root, copy.root, symlinks=True)
    for file in _with_dependents(copy, damage.removed):
        file.unlink()
    subprocess.run([require("depmod"), "--basedir", copy.root, copy.release], check=True)
    return copy


def _with_dependents(kernel: Kernel, removed: Iterable[str]) -> set[Path]:
    lines = (kernel.tree / "modules.dep").read_text("ascii").splitlines()
    # Each line lists all that its module needs, however indirectly.
    rows = [(file, needed.split()) for file, _, needed in (line.partition(":") for line in lines)]
    names = set(removed)
    assert names <= {_name(file) for file, _ in rows}
    return {
        kernel.tree / file
        for file, needed in rows
        if names & {_name(path) for path in (file, *needed)}
    }


def _name(file: str) -> str:
    return Path(file).name.partition(".ko")[0]
