"""Arguments of the kernel, by every shell and by the Python judge over facts."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.checks import BootArgument, FileContains, FileExists, Not
from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.node import Node as Judged
from reqc.compiler.evaluation.probes import evaluate
from tests.backends.shell.collecting import collected
from tests.backends.shell.nodes import SHELLS, Node, expect, report, run
from tests.backends.shell.samples import checking, script

CMDLINE = "proc/cmdline"
LINE = (
    "BOOT_IMAGE=(hd0)/vmlinuz ro quiet\troot=UUID=1 console=tty0 console=ttyS0,115200n8 x=[*]? \\ "
    'dyndbg="file a.c +p; quiet2" "note=a b" systemd.unified-cgroup_hierarchy=a-b a="b "c d= '
    "-- single\n"
)


def test_what_the_kernel_was_started_with(node: Node) -> None:
    node.write(CMDLINE, LINE)
    there = (
        *("ro", "quiet", "root=UUID=1", "BOOT_IMAGE=(hd0)/vmlinuz", "console=tty0"),
        *("console=ttyS0,115200n8", "x=[*]?", "\\", "dyndbg=file a.c +p; quiet2", "note=a b"),
        *("systemd.unified_cgroup-hierarchy=a-b", "systemd.unified_cgroup_hierarchy=a-b"),
        *('a=b "c', "d="),
    )
    missing = (
        *("quie", "r", "root", "root=UUID", "RO", "x=[a]b", "x=*", "*", "?o", "[r]o", "quiet2"),
        *("file", "note", "systemd.unified_cgroup_hierarchy=a_b", "systemd_unified_cgroup"),
        *("single", "--", "d", "", "ro\nquiet", "BOOT-IMAGE=(hd0)/vmlinu-", "dyndbg"),
    )

    expect(
        node,
        *((BootArgument(one), "pass") for one in there),
        *((BootArgument(one), "fail") for one in missing),
        (Not(BootArgument("nosmt")), "pass"),
    )
    facts = Judged(collected(node, *map(BootArgument, there)))
    assert {evaluate(BootArgument(one), facts).verdict.value for one in there} == {"pass"}
    assert {evaluate(BootArgument(one), facts).verdict.value for one in missing} == {"fail"}


@pytest.mark.parametrize(
    ("content", "state"), [("\n", "fail"), ("", "unknown"), (None, "unknown"), ("quiet", "pass")]
)
def test_a_command_line_that_is_empty_or_nowhere(
    node: Node, content: str | None, state: str
) -> None:
    if content is not None:
        node.write(CMDLINE, content)

    expect(node, (BootArgument("quiet"), state))
    facts = collected(node, BootArgument("quiet"))
    assert evaluate(BootArgument("quiet"), Judged(facts)).verdict == state


def test_it_is_that_of_the_host_in_a_container_too(node: Node) -> None:
    node.write(CMDLINE, "quiet\n")
    node.write("run/systemd/container", "lxc\n")

    expect(node, (BootArgument("quiet"), "pass"), (BootArgument("ro"), "fail"))


def test_another_question_about_the_file_is_answered_as_well(node: Node) -> None:
    node.write(CMDLINE, "quiet\n")
    checks = (
        FileExists("/proc/cmdline"),
        FileContains("/proc/cmdline", ("quiet",)),
        BootArgument("quiet"),
    )

    expect(node, *((check, "pass") for check in checks))
    facts = Judged(collected(node, *checks))
    assert {evaluate(check, facts).verdict.value for check in checks} == {"pass"}


def test_a_script_that_does_not_ask_does_not_carry_it() -> None:
    assert "boot_argument" not in script(checking(FileExists("/x")))


LINES = st.lists(st.sampled_from(('"', '"', " ", " ", "\t", "=", "a", "b", "-", "_", "--", "*")))
WORDS = st.lists(st.sampled_from(("a", "b", "=", "-", "_", '"', " ", "*")), max_size=4)


@settings(max_examples=30)
@given(LINES.map("".join), st.lists(WORDS.map("".join), min_size=5, max_size=20, unique=True))
def test_both_judges_agree(line: str, words: list[str]) -> None:
    made = script(checking(*map(BootArgument, words)))
    with tempfile.TemporaryDirectory() as name:
        node = Node(Path(name) / "root")
        node.write(CMDLINE, f"{line}\n")
        node.write("etc/x")
        root = ("--root", str(node.root))
        facts = read_facts(run("dash", made, node.root.parent, *root, "--facts").stdout)
        told = [report(shell, made, node.root.parent, *root) for shell in SHELLS]

    judged = [evaluate(BootArgument(word), Judged(facts)) for word in words]
    expected = [(outcome.verdict.value, outcome.found) for outcome in judged]
    for results in told:
        assert [(item["state"], item["found"]) for item in results.values()] == expected
