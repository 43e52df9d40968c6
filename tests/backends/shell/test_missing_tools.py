"""One missing tool must neither end the run nor turn what is there into a failure."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from reqc.compiler.checks import (
    DiskSpace,
    FileContains,
    FileMode,
    FileOwner,
    KernelCapability,
    KernelOption,
    Mounted,
    PortFree,
    Relation,
    Sysctl,
    Unit,
    UnitCondition,
)
from tests.backends.shell.nodes import SHELLS, Node
from tests.backends.shell.samples import UNMANAGED, XT_SET, checking, script
from tests.tools import require

TOOLS = (
    *("awk", "cat", "df", "find", "grep", "gzip", "id", "ls", "od", "printf", "sort", "timeout"),
    *("tr", "zcat"),
)
CHECKS = (
    XT_SET,
    KernelCapability("bool", options=(KernelOption("BOOL"),)),
    Sysctl("kernel.said", Relation.NOT_EQUAL, "1"),
    UNMANAGED,
    Mounted("/sys/fs/bpf", "bpf"),
    PortFree("tcp", 9),
    FileContains("/etc/x", ("x",)),
    FileMode("/etc/x", 0o644),
    FileOwner("/etc/x", "0"),
    DiskSpace("/etc", Relation.AT_LEAST, 1),
    Unit("x.service", UnitCondition.MASKED),
    Unit("x.service", UnitCondition.ENABLED),
)


def equip(node: Node) -> None:
    """Make a node on which every check but the last passes."""
    node.kernel()
    node.write("lib/modules/6.1.0-50-amd64/kernel/net/xt_set.ko.xz")
    node.write("proc/config.gz", gzip.compress(b"CONFIG_BOOL=y\nCONFIG_NETFILTER_XT_SET=m\n"))
    node.write("proc/sys/kernel/said", "\x1b[31m\n")
    node.write(
        "etc/NetworkManager/conf.d/x.conf",
        "[keyfile]\nunmanaged-devices=interface-name:cali*;interface-name:tunl*\n",
    )
    node.write("proc/mounts", "bpf /sys/fs/bpf bpf rw 0 0\n")
    node.write("proc/net/tcp", "x\n")
    node.write("etc/x", "x\n")
    node.link("etc/systemd/system/x.service", "/dev/null")


def with_tools(tmp_path: Path, without: str) -> str:
    """Return the script with a search path on which one tool is missing."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for tool in TOOLS:
        if tool != without and shutil.which(tool):
            (folder / tool).symlink_to(require(tool))
    text = script(checking(*CHECKS))
    standard = "standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert standard in text
    return text.replace(standard, f"standard_path={folder}")


@pytest.mark.parametrize("without", ["nothing", *TOOLS])
def test_a_missing_tool_is_no_failure(tmp_path: Path, without: str) -> None:
    text = with_tools(tmp_path, without)
    (tmp_path / "check.sh").write_text(text)
    for shell, (program, *rest) in SHELLS.items():
        if shell == "mksh" and without == "printf":
            continue  # it has no printf of its own, so nothing can be printed
        equipped = Node(tmp_path / shell)
        equip(equipped)
        command = [require(program), *rest, "check.sh", "--format", "json", "--root", shell]

        done = subprocess.run(
            command,
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={"PATH": str(tmp_path / "tools")},
        )

        states = [item["state"] for item in json.loads(done.stdout)["results"]]
        assert done.stderr == b"", shell
        assert states[-1] == "fail"
        assert "fail" not in states[:-1], (shell, states)
        assert without != "nothing" or set(states[:-1]) == {"pass"}
