"""The table against the kernel that runs here, where it has no modules and shows its options.

On such a kernel an option is set exactly where the thing is there, so the lines below /proc and
the options of the table must tell the same.
"""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from tests.knowledge.nodes import Node, outcome, proven
from tests.tools import not_promised

from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.kernel_table import Family, kernel_table

LINE = re.compile(r"(?:# )?CONFIG_(?P<symbol>\w+)(?:=(?P<value>[ym])$| is not set$)?")
MATCHES: dict[Family, Path] = {
    "ipv4": Path("/proc/net/ip_tables_matches"),
    "ipv6": Path("/proc/net/ip6_tables_matches"),
}
TARGETS: dict[Family, Path] = {
    "ipv4": Path("/proc/net/ip_tables_targets"),
    "ipv6": Path("/proc/net/ip6_tables_targets"),
}


@pytest.fixture(scope="module")
def node() -> Node:
    packed = Path("/proc/config.gz")
    if not packed.exists() or Path("/proc/modules").exists():
        not_promised("kernel without modules that shows its configuration")
    found = map(LINE.match, gzip.decompress(packed.read_bytes()).decode().splitlines())
    config = {line["symbol"]: line["value"] or "n" for line in found if line}
    return Node(os.uname().release, config)


def registered(file: Path) -> set[str]:
    try:
        return set(file.read_text().split())
    except (FileNotFoundError, PermissionError):
        not_promised(f"readable {file}")


@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
@pytest.mark.parametrize("kind", ["match", "target"])
def test_an_extension_is_registered_exactly_where_its_options_say(
    node: Node, kind: str, family: Family
) -> None:
    rows = registered((MATCHES if kind == "match" else TARGETS)[family])
    claimed, known = set(), set()
    for extension in kernel_table().extensions():
        for member, provider in extension.providers:
            if extension.kind == kind and member == family:
                known.add(extension.row)
                if any(proven(option, node) for option in provider.options):
                    claimed.add(extension.row)

    assert claimed
    assert claimed == rows & known


def test_a_path_of_a_feature_is_there_only_with_its_options(node: Node) -> None:
    lies = [
        (row.name, path)
        for row in kernel_table().features.values()
        if row.provider is not None
        for path in row.provider.paths
        if Path(path).exists() and not any(proven(option, node) for option in row.provider.options)
    ]

    assert lies == []


def test_what_runs_here_is_found(node: Node) -> None:
    needs = {name: kernel.feature(name) for name in kernel.feature_names()}
    there = {name for name, need in needs.items() if need and outcome(need.check, node)}

    assert {"unix-sockets", "seccomp-filter"} <= there or not Path("/proc/net/unix").exists()
    assert ("ipv6" in there) == Path("/proc/sys/net/ipv6").exists()
    assert ("conntrack" in there) == Path("/proc/sys/net/netfilter/nf_conntrack_max").exists()
    assert ("btf" in there) == Path("/sys/kernel/btf/vmlinux").exists()
