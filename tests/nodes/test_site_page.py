"""A page about what the shipped ones do not ask: settings, sizes, ports, mounts, services."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.diagnostics import Report
from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve
from tests.backends.shell.nodes import SHELLS, report, run
from tests.backends.shell.samples import script
from tests.deployments import lowered
from tests.nodes.running import build

PAGE: Final = """\
req 1
spec site 1.0 on linux "What a site asks"
role host "Every host"
section node "Nodes" {
  must forward: sysctl net.ipv4.ip_forward = 1
  must bridge:  sysctl net.bridge.bridge-nf-call-iptables = 1
  must memory:  memory >= 2GiB
  must cpus:    cpu >= 4
  must api:     free tcp 6443
  must bpf:     mount "/sys/fs/bpf" bpf
  must time:    service chronyd enabled
  must floor:   any {
    kernel >= 5.3
    all { os rhel >= 8.2; kernel >= 4.18.0-193 }
  }
}
"""
GOOD: Final = {
    "proc/sys/net/ipv4/ip_forward": "1\n",
    "proc/sys/net/bridge/bridge-nf-call-iptables": "1\n",
    "proc/meminfo": "MemTotal:        2097152 kB\nMemFree: 1 kB\n",
    "sys/devices/system/cpu/online": "0-3\n",
    "proc/net/tcp": "  sl  local_address rem_address   st\n   0: 00000000:403B 00000000:0000 0A\n",
    "proc/mounts": "bpf /sys/fs/bpf bpf rw 0 0\n",
    "usr/lib/systemd/system/chronyd.service": "[Unit]\n",
    "etc/systemd/system/multi-user.target.wants/chronyd.service": "[Unit]\n",
}
"""Files of a node that has all; what listens there is port 16443."""

CASES: Final[tuple[tuple[str, dict[str, str | None], dict[str, str]], ...]] = (
    ("rhel-8.2", {}, {}),
    ("debian-12", {}, {}),
    ("rhel-7.9", {}, {"floor": "fail"}),
    ("debian-12", {"proc/sys/net/bridge/bridge-nf-call-iptables": None}, {"bridge": "fail"}),
    ("debian-12", {"proc/sys/net/ipv4/ip_forward": "0\n"}, {"forward": "fail"}),
    ("debian-12", {"etc/sysctl.d/x.conf": "net.ipv4.ip_forward=0\n"}, {"forward": "warn"}),
    ("debian-12", {"proc/meminfo": "MemTotal: 2097151 kB\n"}, {"memory": "fail"}),
    ("debian-12", {"proc/meminfo": None}, {"memory": "unknown"}),
    ("debian-12", {"sys/devices/system/cpu/online": "0-1,3\n"}, {"cpus": "fail"}),
    ("debian-12", {"proc/net/tcp6": " 0: 00:192B 00:0000 0A\n"}, {"api": "fail"}),
    ("debian-12", {"proc/net/tcp": None}, {"api": "unknown"}),
    ("debian-12", {"proc/mounts": "bpf /sys/fs/bpf2 bpf\n"}, {"bpf": "fail"}),
    ("debian-12", {"etc/systemd/system/chronyd.service": ""}, {"time": "fail"}),
    ("docker", {}, dict.fromkeys(("forward", "bridge", "api", "bpf", "time"), "unknown")),
)


def site(folder: Path) -> LoweredDocument:
    """Return the page."""
    (folder / "site.req").write_text(PAGE)
    said = Report()
    document = resolve(str(folder / "site.req"), said)
    assert document is not None, render(said.sorted())
    return lowered(document, {})


@pytest.mark.parametrize(("name", "changes", "missed"), CASES)
def test_a_site_page(
    name: str, changes: Mapping[str, str | None], missed: Mapping[str, str], tmp_path: Path
) -> None:
    node = build(name, tmp_path).machine.node
    for path, content in {**GOOD, **changes}.items():
        if content is not None:
            node.write(path, content)
    document, root = site(tmp_path), ("--root", str(node.root))
    text = script(document)

    reports = {shell: report(shell, text, tmp_path, *root) for shell in SHELLS}
    collected = run("dash", text, tmp_path, *root, "--facts")

    states = {id_: item["state"] for id_, item in reports["dash"].items()}
    assert all(said == reports["dash"] for said in reports.values())
    assert states == {id_: missed.get(id_.removeprefix("node."), "pass") for id_ in states}
    judged = judge(document, read_facts(collected.stdout))
    assert states == {one.requirement.origin.id: str(one.state) for one in judged}
