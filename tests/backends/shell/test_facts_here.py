"""The facts that the check script collects from the machine that runs the tests."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.conditions import Value
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.lowered import LoweredDocument
from tests.backends.shell.collecting import checked
from tests.backends.shell.nodes import SHELLS, run
from tests.backends.shell.samples import script
from tests.deployments import lowered, shipped
from tests.tools import needs_root

NOBODY: Final = 65534
USERS: Final = (None, NOBODY)
CHOICES: Final[Mapping[str, Mapping[str, Value]]] = {
    "v3.16-openstack": {"ipv6": True, "vxlan": True, "flannel": True, "typha": True},
    "v3.24-openshift": {"ipv6": True, "wireguard": True, "kube_proxy": "ipvs", "dataplane": "ebpf"},
}


def document(spec: str) -> LoweredDocument:
    """Return a shipped page with much asked for."""
    return lowered(shipped(spec), CHOICES[spec])


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("shell", SHELLS)
def test_facts_of_this_machine(shell: str, user: int | None, open_folder: Path) -> None:
    if user is not None:
        needs_root()
    text = script(document("v3.24-openshift"))

    done = run(shell, text, open_folder, "--facts", user=user)

    assert (done.returncode, done.stderr) == (0, b"")
    facts = checked(done.stdout)
    assert facts.kernel.release == platform.release()
    assert facts.machine == platform.machine()
    assert facts.root is (user is None and os.geteuid() == 0)
    assert facts.memory == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024
    assert facts.settings.visible
    for key in ("kernel/pid_max", "kernel/printk", "vm/max_map_count", "net/ipv4/tcp_rmem"):
        line = Path("/proc/sys", key).read_text("ascii").split("\n")[0]
        assert facts.settings.values[key] == line
    names = {path.name for path in Path("/sys/class/net").iterdir()}
    assert {interface.name for interface in facts.interfaces or ()} <= names
    mounts = [line.split(" ") for line in Path("/proc/1/mounts").read_text("utf-8").splitlines()]
    assert len(facts.mounts or ()) == len(mounts)


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("spec", CHOICES)
def test_both_judges_say_the_same_of_this_machine(
    spec: str, user: int | None, open_folder: Path
) -> None:
    if user is not None:
        needs_root()
    made = document(spec)
    asked, other = script(made), script(document(next(name for name in CHOICES if name != spec)))

    report = run("dash", asked, open_folder, "--format", "json", user=user)
    facts = [run("dash", text, open_folder, "--facts", user=user) for text in (asked, other)]

    said = {item["id"]: item["state"] for item in json.loads(report.stdout)["results"]}
    for collected in facts:
        results = judge(made, checked(collected.stdout))
        assert {item.requirement.origin.id: str(item.state) for item in results} == said
