"""The script as a whole: its form, its command line, and what it says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from reqc.backends.base import Reason
from reqc.compiler.checks import FileExists, Manual, Relation, Sysctl
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    KernelArgument,
    ModuleAtBoot,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.remedy.trees import (
    SHELLS,
    asking,
    machine,
    output,
    play,
    remedy,
    traces,
    tree,
)
from tests.backends.shell.nodes import SHELLS as PROGRAMS
from tests.backends.shell.nodes import Node, run
from tests.deployments import SHIPPED, lowered, shipped
from tests.documents import document, requirement
from tests.tools import require

A = FileContent("/etc/a.conf", "a\n")
B = FileContent("/etc/b.conf", "b\n", 0o640, "daemon", "nogroup")
SYSCTL = Sysctl("kernel.dark", Relation.EQUAL, "1")
SHARED = ModuleAtBoot("xt_set"), ModuleAtBoot("ip_set")
NEEDED = "awk chmod chown cp ln ls mkdir mv rm rmdir sed sync tail cat grep"
TWO = document(
    requirement("node.a", states=[A]),
    requirement("node.b", states=[B]),
    requirement("kernel.set", states=[SHARED[0]]),
    requirement("kernel.sets", states=[SHARED[1]]),
)


@pytest.mark.parametrize("spec", SHIPPED)
def test_shellcheck_finds_nothing(tmp_path: Path, spec: str) -> None:
    file = tmp_path / "remedy.sh"
    file.write_text(remedy(lowered(shipped(spec), {})))

    done = subprocess.run(
        [require("shellcheck"), "-s", "sh", "-S", "style", str(file)],
        capture_output=True,
        check=False,
    )

    assert done.stdout.decode() == ""


@pytest.mark.parametrize("shell", PROGRAMS)
def test_every_shell_reads_it(tmp_path: Path, shell: str) -> None:
    program = PROGRAMS[shell]
    file = tmp_path / "remedy.sh"
    file.write_text(remedy(TWO))

    subprocess.run([require(program[0]), *program[1:], "-n", str(file)], check=True)


def test_the_same_document_gives_the_same_bytes() -> None:
    assert remedy(TWO) == remedy(TWO)
    assert "\r" not in remedy(TWO)


def test_the_artifact_is_executable_and_named_after_the_document() -> None:
    (artifact,) = output(document(version="../3.24 x")).artifacts

    assert artifact.executable
    assert artifact.name == "remedy-calico---3.24-x-openshift.sh"
    assert artifact.text.startswith("#!/bin/sh\n")


def test_what_asks_for_nothing_is_said_to_be_elsewhere() -> None:
    found = output(document(requirement("node.look", check=Manual("look"))))

    ((row),) = found.unsupported
    assert (row.requirement, row.reason) == ("node.look", Reason.ELSEWHERE)
    assert "node.look" in found.artifacts[0].text.partition("\n\n")[0]


def test_what_contradicts_itself_is_refused() -> None:
    found = output(asking(A, FileAbsent(A.path)))

    assert found.artifacts == ()
    assert [row.code for row in found.refusals] == ["REQ535"]


def test_an_owner_without_a_name_is_left_out() -> None:
    made = asking(FileContent("/etc/a", "", user="a:b\0"), FileContent("/etc/b", "", group=""))

    found = output(made)

    assert [row.reason for row in found.unsupported] == [Reason.INEXPRESSIBLE] * 2
    assert found.refusals == ()


@pytest.mark.parametrize(
    "state",
    [
        KernelArgument("a=$(reboot)"),
        KernelArgument('a="b'),
        KernelArgument("a\\"),
        PackageInstalled("ipset-"),
        PackageInstalled("-y"),
        PackageInstalled("a b"),
        PackageInstalled("ipset*"),
        SysctlValue("net.*.x", "1"),
        FileContent("/proc/sys/x", "1"),
        FileAbsent("/run/x"),
    ],
)
def test_what_means_more_to_a_tool_is_left_out(state: State) -> None:
    found = output(asking(state))

    assert found.refusals == ()
    assert [row.requirement for row in found.unsupported] == ["node.n1"]
    assert found.unsupported[0].reason is not Reason.ELSEWHERE


@pytest.mark.parametrize("shell", SHELLS)
def test_help_and_list_need_nobody_and_change_nothing(shell: str, node: Node) -> None:
    before = traces(node.root)

    for option in ("--help", "-h"):
        told = play(shell, node, remedy(TWO), option)
        assert (told.status, told.complaint) == (0, "")
        assert told.said.startswith("Usage: check.sh [OPTION]...\n")
    listed = play(shell, node, remedy(TWO), "--list", "--skip", "kernel")

    assert listed.said.splitlines() == [
        "write /etc/a.conf, mode 0644, owner root:root (node.a)",
        "write /etc/b.conf, mode 0640, owner daemon:nogroup (node.b)",
    ]
    assert traces(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--only", "node.x"], "there is no requirement 'node.x'"),
        (["--skip", "node.a\nnode.b"], "there is no requirement 'node.a"),
        (["--only"], "--only needs a value"),
        (["--dry"], "unknown option '--dry'; did you mean --dry-run?"),
        (["--color", "red"], "--color takes auto, always or never, not 'red'"),
        (["--root", "/nowhere"], "--root: '/nowhere' is no folder"),
        (["--undo", "--only", "node.a"], "--undo takes back everything"),
        (["--undo", "--list"], "--undo takes back everything"),
        (["file"], "unknown option 'file'"),
    ],
)
def test_a_wrong_command_line_changes_nothing(
    shell: str, node: Node, arguments: list[str], complaint: str
) -> None:
    before = traces(node.root)

    told = play(shell, node, remedy(TWO), *arguments)

    assert (told.status, told.said) == (2, "")
    assert complaint in told.complaint
    assert traces(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_one_requirement_or_section_can_be_chosen(shell: str, node: Node) -> None:
    assert play(shell, node, remedy(TWO), "--only", "node", "--skip=node.b").status == 0
    assert (node.root / "etc/a.conf").exists()
    assert not (node.root / "etc/b.conf").exists()

    play(shell, node, remedy(TWO), "--only", "kernel.set")

    # What several requirements share is written as a whole.
    content = (node.root / "etc/modules-load.d/calico.conf").read_text()
    assert content.endswith("\nxt_set\nip_set\n")
    assert not (node.root / "etc/b.conf").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_who_is_not_root_may_only_look(shell: str, fast: Path) -> None:
    node = machine(fast)
    fast.chmod(0o755)
    before = traces(node.root)
    text, root = remedy(TWO), ("--root", str(node.root))

    dry = run(shell, text, fast, *root, "--dry-run", user=65534)
    refused = run(shell, text, fast, *root, user=65534)

    assert dry.returncode == 0
    assert b"would   write /etc/a.conf" in dry.stdout
    assert refused.returncode == 1
    assert b"only root can change this node" in refused.stderr
    assert traces(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_dry_run_shows_the_difference(shell: str, node: Node) -> None:
    node.write("etc/a.conf", "old\x1b[31m\u202e\n")

    told = play(shell, node, remedy(asking(A, B)), "--dry-run")

    assert told.said.splitlines()[1:] == [
        "would   write /etc/a.conf, mode 0644, owner root:root, with another content (node.n1)",
        "--- /etc/a.conf",
        "+++ /etc/a.conf",
        "@@ -1 +1 @@",
        "-old?[31m?",
        "+a",
        "would   write /etc/b.conf, mode 0640, owner daemon:nogroup, a new file (node.n2)",
        "--- /dev/null",
        "+++ /etc/b.conf",
        "@@ -0,0 +1 @@",
        "+b",
        "summary: 2 to be changed, 0 as they should be, 0 left alone, 0 impossible",
    ]


@pytest.mark.parametrize("shell", SHELLS)
def test_how_much_is_said_can_be_chosen(shell: str, node: Node) -> None:
    text = remedy(asking(A, FileContent("/etc/passwd/x", "")))

    told = play(shell, node, text, "--color", "always")
    quiet = play(shell, node, text, "-q")
    verbose = play(shell, node, text, "--verbose", "--no-color")

    assert told.status == quiet.status == verbose.status == 1
    assert "\x1b[32mdone\x1b[0m    write /etc/a.conf" in told.said
    assert "\x1b[31mcannot\x1b[0m  write /etc/passwd/x" in told.said
    assert [line.split()[0] for line in quiet.said.splitlines()] == ["cannot", "summary:"]
    assert verbose.lines("ok") == ["write /etc/a.conf (node.n1)"]
    assert "\x1b" not in verbose.said


@pytest.mark.parametrize("shell", SHELLS)
def test_nothing_runs_until_the_whole_script_has_come(shell: str, node: Node) -> None:
    text = remedy(TWO)
    before = traces(node.root)
    program = PROGRAMS[shell]

    for share in (0.3, 0.6, 0.9, 0.999):
        subprocess.run(
            [require(program[0]), *program[1:], "-s", "--", "--root", str(node.root)],
            input=text[: int(len(text) * share)].encode(),
            capture_output=True,
            check=False,
        )

    assert traces(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_it_can_come_from_a_pipe(shell: str, node: Node) -> None:
    program = PROGRAMS[shell]

    done = subprocess.run(
        [require(program[0]), *program[1:], "-s", "--", "--root", str(node.root)],
        input=remedy(TWO).encode(),
        capture_output=True,
        check=True,
    )

    assert done.stderr == b""
    assert (node.root / "etc/b.conf").read_text() == "b\n"


def guarded(**guards: FileExists) -> LoweredDocument:
    return document(
        *(
            requirement(f"node.{name}", states=[FileContent(f"/etc/{name}", "x\n")], guard=guard)
            for name, guard in guards.items()
        )
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_what_does_not_apply_to_the_node_is_left_alone(shell: str, node: Node) -> None:
    node.write("etc/there")
    text = remedy(guarded(yes=FileExists("/etc/there"), no=FileExists("/etc/nowhere")))

    told = play(shell, node, text)

    assert told.status == 0
    assert (node.root / "etc/yes").exists()
    assert not (node.root / "etc/no").exists()
    assert told.lines("left")[0].startswith("node.no: not applicable here: no such file")


@pytest.mark.parametrize("shell", SHELLS)
def test_why_a_requirement_is_left_alone_is_told_once(shell: str, node: Node) -> None:
    asked = UnitState("x.service", "masked"), UnitState("y.service", "disabled"), A
    made = document(requirement("node.u", states=asked, guard=FileExists("/etc/nowhere")))

    told = play(shell, node, remedy(made))

    assert len(told.lines("left")) == 1
    assert "0 changed, 0 as they should be, 1 left alone" in told.said


@pytest.mark.parametrize("shell", SHELLS)
def test_only_root_can_see_what_there_is_to_take_back(shell: str, fast: Path) -> None:
    node = machine(fast)
    fast.chmod(0o755)
    play(shell, node, remedy(TWO))
    arguments = "--root", str(node.root), "--undo", "--dry-run"

    told = run(shell, remedy(TWO), fast, *arguments, user=65534)

    assert told.returncode == 1
    assert b"only root can read" in told.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_person_has_to_tell_is_left_alone(shell: str, node: Node) -> None:
    made = document(requirement("node.p", states=[A], guard=Manual("is it \x1b[31m blue?")))

    told = play(shell, node, remedy(made))

    assert told.status == 0
    expected = "node.p: a person has to tell whether it applies: is it \\x1b[31m blue?"
    assert told.lines("left") == [expected]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_guard_that_cannot_be_answered_is_told(shell: str, node: Node) -> None:
    made = document(
        requirement("node.k", states=[A], guard=SYSCTL),
        requirement("node.same", states=[A]),
        requirement("node.other", states=[B], guard=SYSCTL),
    )

    told = play(shell, node, remedy(made))

    assert told.status == 1
    assert (node.root / "etc/a.conf").exists(), "another requirement asks for it as well"
    assert not (node.root / "etc/b.conf").exists()
    assert told.lines("cannot")[0].startswith("node.other: cannot tell whether it applies: ")


@pytest.mark.parametrize("shell", SHELLS)
def test_hostile_words_are_never_run(shell: str, node: Node, fast: Path) -> None:
    canary = fast / "canary"
    hostile = f"'$(touch {canary})`touch {canary}`\"; touch {canary} #\\"
    odd = hostile.replace("/", "_")
    made = document(
        requirement(
            f"node.{hostile}\n* $(touch {canary})",
            title=hostile,
            states=[
                FileContent(f"/etc/{odd}", hostile),
                FileAbsent(f"/etc/gone {odd}"),
                SysctlValue("kernel.x", f"$(touch {canary})`touch {canary}`;touch {canary}"),
                UnitState("odd-\\x2d.service", "masked"),
            ],
            guard=FileExists(f"/etc/there {odd}"),
        ),
        platform=f"open{hostile}",
    )
    node.write(f"etc/gone {odd}")
    node.write(f"etc/there {odd}")
    before = tree(node.root)

    for arguments in (["--dry-run"], ["--list"], ["-v"], ["-v"], ["--undo", "-v"]):
        told = play(shell, node, remedy(made), *arguments)
        assert (told.status, told.complaint) == (0, "")
        if arguments == ["-v"]:
            assert (node.root / f"etc/{odd}").read_text() == hostile

    assert tree(node.root) == before
    assert not canary.exists()


def test_it_needs_no_more_than_it_says(node: Node, fast: Path) -> None:
    tools = fast / "tools"
    tools.mkdir()
    for name in NEEDED.split():
        (tools / name).symlink_to(require(name))
    text = remedy(asking(A, UnitState("x.service", "disabled"))).replace(
        "standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        f"standard_path={tools}",
    )
    assert str(tools) in text
    file = fast / "remedy.sh"
    file.write_text(text)
    command = [require("dash"), str(file), "--root", str(node.root)]
    environment = {"PATH": str(tools)}

    without = subprocess.run(command, capture_output=True, check=False, env=environment)
    (tools / "cksum").symlink_to(require("cksum"))
    complete = subprocess.run(command, capture_output=True, check=False, env=environment)

    assert without.returncode == 1
    assert b"cksum is missing" in without.stderr
    assert (complete.returncode, complete.stderr) == (0, b"")
    assert (node.root / "etc/a.conf").exists()
