"""What a check costs: processes, which can be counted, instead of time, which cannot be trusted."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from reqc.compiler.checks import Check, KernelCapability, PortFree, Relation, Sysctl
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.resolve import resolve
from tests.backends.shell.common_node import COMMON_TREE, common
from tests.backends.shell.nodes import SHELLS, Node
from tests.backends.shell.samples import XT_SET, checking, script
from tests.tools import require

SPEC = Path(__file__).parents[3] / "specs" / "v3.16-openstack.req"
STARTED = re.compile(r"^\d+ +(?:clone3?|v?fork)\(|<\.\.\. (?:clone3?|v?fork) resumed", re.MULTILINE)
RAN = re.compile(r"execve\(\"(?:[^\"]*/)?([^/\"]+)\".*(?:= 0|unfinished \.\.\.>)$", re.MULTILINE)


def traced(node: Node, text: str, shell: str = "dash") -> tuple[int, list[str], str]:
    """Return how many processes the script started, the programs that ran, and what it printed."""
    folder = node.root.parent
    (folder / "check.sh").write_text(text)
    program, *options = SHELLS[shell]
    command = [require(program), *options, str(folder / "check.sh"), "--root", str(node.root)]
    trace = folder / "trace"
    done = subprocess.run(
        [require("strace"), "-f", "-o", str(trace), "-e", "trace=process", *command],
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == b""
    calls = trace.read_text(errors="replace")
    started = sum("unfinished" not in line for line in calls.splitlines() if STARTED.search(line))
    return started, RAN.findall(calls)[1:], done.stdout.decode()


def page() -> str:
    """Return the script of the page of Calico v3.16."""
    report = Report()
    document = resolve(str(SPEC), report)
    assert document is not None
    return script(lower(document, Deployment()))


def asked(node: Node, *checks: Check) -> tuple[int, list[str], str]:
    """Return what `traced` does, for a script of the checks, all of which pass."""
    found = traced(node, script(checking(*checks)))
    assert f"{len(checks)} pass, 0 fail" in found[2], found[2]
    return found


@pytest.fixture
def usual(node: Node) -> Node:
    """Return a node of the common sort."""
    return common(node)


def test_the_page_costs_one_search_on_a_common_node(usual: Node) -> None:
    started, programs, printed = traced(usual, page())

    assert "verdict: PASS" in printed
    assert " 0 unknown" in printed
    assert programs == ["grep"]
    assert started <= 3


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_stays_within_the_budget(usual: Node, shell: str) -> None:
    started, programs, printed = traced(usual, page(), shell)

    # mksh has no printf of its own, and starts one for each line that it writes.
    assert "verdict: PASS" in printed
    assert started - programs.count("printf") <= 3


def test_what_is_loaded_costs_no_process(usual: Node) -> None:
    usual.write("sys/module/xt_set/initstate", "live\n")

    assert asked(usual, XT_SET)[:2] == (0, [])


def test_all_settings_cost_one_process(usual: Node) -> None:
    usual.write("proc/sys/vm/swappiness", "60\n")
    forward = Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1")

    assert asked(usual, forward, Sysctl("vm.swappiness", Relation.AT_MOST, "60"))[:2] == (
        1,
        ["awk"],
    )


def test_all_ports_cost_one_process(usual: Node) -> None:
    ports = [PortFree("tcp", 179), PortFree("tcp", 5473), PortFree("udp", 4789)]

    started, programs, _ = asked(usual, *ports)

    assert (started, programs) == (1, ["awk"])


def test_a_block_of_a_wanted_module_costs_one_more(usual: Node) -> None:
    usual.write("etc/modprobe.d/x.conf", "install xt_set /bin/false\n")

    _, programs, printed = traced(usual, script(checking(XT_SET)))

    assert "FAIL" in printed
    assert programs[:2] == ["grep", "awk"]


def test_a_carrier_that_nobody_asked_for_costs_one_more_search(usual: Node) -> None:
    alias = KernelCapability("alias", modules=("ipt_icmp",))

    assert asked(usual, alias)[1] == ["grep", "grep"]
    assert asked(usual, alias, KernelCapability("base", modules=("ip_tables",)))[1] == ["grep"]


def test_lists_are_those_of_a_distribution(usual: Node) -> None:
    lines = {
        name: len((usual.root / COMMON_TREE / name).read_text().splitlines())
        for name in ("modules.dep", "modules.builtin", "modules.alias")
    }

    assert lines["modules.dep"] > 3600
    assert lines["modules.builtin"] == 300
    assert lines["modules.alias"] > 20_000
