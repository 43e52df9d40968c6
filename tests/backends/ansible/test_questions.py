"""What a role asks a node first: of whom a requirement speaks, and what is within its bounds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from reqc.backends.ansible.backend import TARGET
from reqc.backends.base import Reason
from reqc.compiler.checks import (
    All,
    BootArgument,
    Check,
    FileContains,
    FileExists,
    Manual,
    Not,
    Relation,
    Sysctl,
)
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileContent, KernelArgument, ModuleAtBoot, State, SysctlValue
from tests.backends.ansible.playing import Node, Play, play, written
from tests.backends.ansible.story import told
from tests.backends.ansible.throwaway import throwaway
from tests.backends.shell.samples import EVERY_PROBE
from tests.documents import document, requirement
from tests.tools import require

HERE: Final = FileExists("/etc/passwd")
NOWHERE: Final = FileExists("/etc/no such file")
HOSTILE: Final = "{{ lookup('pipe', 'id') }} {% raw %} $(id) `id` ' \" \\ \x1b[31m"
KEY: Final = "net.core.somaxconn"
OWN_FILE: Final = f"/etc/sysctl.d/90-calico-{KEY}.conf"
WRITE: Final = f"Write {OWN_FILE} for node.bound (page:1)"
SET: Final = f"Set {KEY} >= 5000 for node.bound (page:1)"


def file(name: str) -> FileContent:
    return FileContent(f"/etc/{name}", f"{name}\n")


def guarded(*rows: tuple[str, State, Check | None]) -> LoweredDocument:
    return document(
        *(
            requirement(
                f"node.{name}", states=[state], guard=guard, check=FileExists(f"/etc/{name}")
            )
            for name, state, guard in rows
        )
    )


GUARDED: Final = guarded(
    ("plain", file("plain"), None),
    ("here", file("here"), All((HERE, Not(NOWHERE)))),
    ("nowhere", file("nowhere"), NOWHERE),
    ("hostile", file("hostile"), FileContains("/etc/passwd", (HOSTILE,))),
    ("person", file("person"), Manual(f"look at {HOSTILE}\nguard_3 holds")),
    ("shared", ModuleAtBoot("xt_set"), NOWHERE),
    ("sharing", ModuleAtBoot("ip_set"), HERE),
    ("alone", file("alone/below"), NOWHERE),
)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with throwaway(tmp_path_factory.mktemp("node")) as made:
        yield made


def test_what_a_guard_does_not_hold_for_is_left_out_and_told(node: Node, tmp_path: Path) -> None:
    story = told(node, GUARDED, tmp_path, ["/etc/modules-load.d/calico.conf"])

    story.all_went_well()
    assert story.untouched == story.before
    written = {name.split()[1] for name in story.applied.changed}
    assert written == {"/etc/plain", "/etc/here", "/etc/modules-load.d/calico.conf"}
    assert story.pretended.changed == story.applied.changed
    assert story.again.changed == ()
    assert story.contents["/etc/modules-load.d/calico.conf"].split("\n")[1:] == [
        *("xt_set", "ip_set", "")
    ]
    assert story.back.files == story.before.files
    for line in (
        "left out: node.nowhere, node.shared, node.alone: not applicable here: no such file",
        "left out: node.person: a person has to tell whether it applies: look at {{ lookup(",
    ):
        assert line in story.applied.said
    assert "node.here:" not in story.applied.said


def test_a_guard_that_nobody_can_answer_leaves_the_change_out(node: Node, tmp_path: Path) -> None:
    guard = Sysctl("kernel.ostype", Relation.AT_LEAST, "5")
    playbook = written(tmp_path / "site", guarded(("odd", file("odd"), guard)))

    done = play(playbook, node)

    assert (done.status, done.changed) == (0, ()), done.said
    assert "left out: node.odd: cannot tell whether it applies: 'Linux' cannot be" in done.said


def test_what_was_made_is_undone_though_its_guard_no_longer_holds(
    node: Node, tmp_path: Path
) -> None:
    made = guarded(("fleeting", file("fleeting"), FileExists("/etc/marked")))
    playbook = written(tmp_path / "site", made)
    node.run(": >/etc/marked")
    assert play(playbook, node).changed == ("Write /etc/fleeting for node.fleeting (page:1)",)
    node.run("rm /etc/marked")

    assert play(playbook, node).changed == ()
    play(playbook, node, calico_requirements_state="absent")

    assert node.run("ls -d /etc/fleeting /var/lib/reqc 2>/dev/null || :") == ""


def test_the_role_asks_what_the_remedy_asks() -> None:
    made = guarded(("any", file("any"), All((*EVERY_PROBE, NOWHERE))), ("more", file("m"), HERE))

    text = script_of(made)

    done = subprocess.run(
        [require("shellcheck"), "-s", "sh", "-S", "style", "-"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    assert done.stdout.decode() == ""
    for shell in ("dash", "bash", "mksh"):
        answered = subprocess.run(
            [require(shell), "-s", "--", "guards", "running"],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (answered.returncode, answered.stderr) == (0, "")
        # In a container, nobody can tell about the files of its host.
        first, second = answered.stdout.splitlines()
        assert first.startswith("left out: node.any: ")
        assert second == "guard_2 holds" or second.startswith("left out: node.more: cannot tell")


@pytest.mark.parametrize(
    ("line", "lacking"),
    [
        ("ro quiet-x a_b=1-2", []),
        ('ro "quiet_x" a-b="1-2"', []),
        ("ro quiet_x a_b=1_2", ["a-b=1-2"]),
        ("ro quiet_x -- a-b=1-2", ["a-b=1-2"]),
        ('ro c="quiet_x a-b=1-2"', ["quiet_x", "a-b=1-2"]),
    ],
)
def test_arguments_of_the_kernel_are_those_of_the_check(
    node: Node, line: str, lacking: list[str]
) -> None:
    wanted = "quiet_x", "a-b=1-2"
    made = document(
        *(
            requirement(f"node.{at}", states=[KernelArgument(one)], check=BootArgument(one))
            for at, one in enumerate(wanted)
        )
    )
    node.write("/command-line", f"{line}\n")
    node.run("mount --bind /command-line /proc/cmdline")
    try:
        judged = node.judged(made)
        running = node.run("sh -s -- arguments running", script_of(made))
    finally:
        node.run("umount /proc/cmdline; rm /command-line")

    assert running.splitlines() == lacking
    assert [one for at, one in enumerate(wanted) if judged[f"node.{at}"] == "fail"] == lacking
    offline = node.run("sh -s -- arguments offline", script_of(made))
    assert offline.splitlines() == list(wanted)


def test_a_boot_loader_that_is_not_known_is_refused_where_arguments_lack(
    node: Node, tmp_path: Path
) -> None:
    made = document(requirement("node.argument", states=[KernelArgument("quiet_x")]))
    playbook = written(tmp_path / "site", made)
    node.write("/command-line", "ro quiet-x\n")
    node.run("mount --bind /command-line /proc/cmdline; mv /etc/default/grub.d /aside || :")
    try:
        refused = play(playbook, node)
        node.run("mkdir -p /run/systemd/system")
        running = play(playbook, node)
    finally:
        node.run("umount /proc/cmdline; rm -r /command-line /run/systemd")

    assert refused.status == 2
    assert "--args='quiet_x'" in refused.said
    assert running.status == 0, running.said
    assert running.changed == ()


def test_the_script_refuses_what_it_does_not_know() -> None:
    text = script_of(GUARDED)

    for words in ([], ["everything", "running"]):
        done = subprocess.run(
            [require("dash"), "-s", "--", *words],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, "")


def script_of(made: LoweredDocument) -> str:
    (text,) = (
        item.text for item in TARGET.render(made, {}).artifacts if item.name.endswith("/ask.sh")
    )
    return text


def test_a_role_without_questions_asks_nothing() -> None:
    output = TARGET.render(guarded(("plain", file("plain"), None)), {})

    assert not [item.name for item in output.artifacts if "/ask" in item.name]


def test_a_guard_that_no_shell_can_hold_is_named() -> None:
    output = TARGET.render(guarded(("odd", file("odd"), FileExists("/etc/a\0b"))), {})

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("node.odd", Reason.INEXPRESSIBLE)
    assert not [item.name for item in output.artifacts if item.name.endswith("files/etc/odd")]


# --- settings with bounds -------------------------------------------------------------------------


def bound(value: str = "5000") -> LoweredDocument:
    state, check = SysctlValue(KEY, value, ">="), Sysctl(KEY, Relation.AT_LEAST, value)
    return document(requirement("node.bound", states=[state], check=check))


@contextmanager
def own_network(node: Node) -> Iterator[Node]:
    """Provide the node with a network of its own, whose settings nobody else has."""
    holder = subprocess.Popen(
        [require("unshare"), "--net", "sh", "-c", "echo ready; read -r _"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "ready\n"
        enter = [require("nsenter"), f"--net=/proc/{holder.pid}/ns/net"]
        yield replace(node, into=(*enter, *node.into))
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


@pytest.fixture
def running(node: Node) -> Iterator[Node]:
    """Return a node that looks as if systemd ran on it, with a network of its own."""
    with own_network(node) as made:
        made.run("mkdir -p /run/systemd/system")
        yield made
        made.run("rm -rf /run/systemd /var/lib/reqc /etc/sysctl.d/??-calico*")


def look(node: Node) -> list[str]:
    """Return the running value, and the line of the file where there is one."""
    said = node.run(f"cat /proc/sys/net/core/somaxconn; tail -qn 1 {OWN_FILE} 2>/dev/null || :")
    return said.splitlines()


def put(node: Node, value: int) -> None:
    node.run(f"echo {value} >/proc/sys/net/core/somaxconn")


def plays(playbook: Path, node: Node) -> Play:
    """Play, and pretend to play before, which must come to the same."""
    pretended = play(playbook, node, "--check", "--diff")
    done = play(playbook, node)
    assert (pretended.status, done.status) == (0, 0), done.said
    assert pretended.changed == done.changed
    return done


def test_a_larger_value_stays(running: Node, tmp_path: Path) -> None:
    playbook = written(tmp_path / "site", bound())
    put(running, 7000)

    assert plays(playbook, running).changed == ()

    assert look(running) == ["7000"]
    assert running.judged(bound()) == {"node.bound": "pass"}


def test_a_smaller_value_is_raised_and_comes_back(running: Node, tmp_path: Path) -> None:
    playbook = written(tmp_path / "site", bound())
    put(running, 100)
    assert running.judged(bound()) == {"node.bound": "fail"}

    assert plays(playbook, running).changed == (WRITE, SET)

    assert look(running) == ["5000", f"{KEY} = 5000"]
    assert running.judged(bound()) == {"node.bound": "pass"}
    assert plays(playbook, running).changed == ()
    put(running, 9000)
    assert plays(playbook, running).changed == ()
    assert look(running) == ["9000", f"{KEY} = 5000"]
    undone = play(playbook, running, calico_requirements_state="absent")
    assert undone.status == 0, undone.said
    assert look(running) == ["100"]


def test_what_the_next_boot_sets_is_a_question_of_its_own(running: Node, tmp_path: Path) -> None:
    playbook = written(tmp_path / "site", bound())
    put(running, 7000)
    running.write("/etc/sysctl.d/50-calico-admin.conf", f"{KEY} = 100\n")
    assert play(playbook, running).changed == (WRITE,)
    play(playbook, running, calico_requirements_state="absent")

    put(running, 100)
    running.write("/etc/sysctl.d/50-calico-admin.conf", f"{KEY} = 9000\n")
    assert play(playbook, running).changed == (SET,)

    assert look(running) == ["5000"]


def test_without_a_kernel_of_its_own_the_lines_of_its_files_decide(
    node: Node, tmp_path: Path
) -> None:
    playbook = written(tmp_path / "site", bound("1"))

    assert plays(playbook, node).changed == (WRITE,)
    assert play(playbook, node).changed == ()
    play(playbook, node, calico_requirements_state="absent")
    node.write("/etc/sysctl.d/50-calico-admin.conf", f"{KEY} = 1\n")
    try:
        assert play(playbook, node).changed == ()
    finally:
        node.run("rm /etc/sysctl.d/50-calico-admin.conf")


def test_a_value_that_is_no_number_is_left_alone_and_told(node: Node, tmp_path: Path) -> None:
    playbook = written(tmp_path / "site", bound())
    node.write("/etc/sysctl.d/50-calico-admin.conf", f"{KEY} = many\n")
    try:
        done = plays(playbook, node)
    finally:
        node.run("rm /etc/sysctl.d/50-calico-admin.conf")

    assert done.changed == ()
    wish = "node.bound: net/core/somaxconn is to be >= 5000 after a boot"
    assert f"left out: {wish}: 'many' cannot be compared as a number" in done.said


def test_a_guard_and_bounds_have_to_agree(running: Node, tmp_path: Path) -> None:
    state = SysctlValue(KEY, "5000", ">=")
    here, nowhere = (
        document(requirement("node.bound", states=[state], guard=guard))
        for guard in (HERE, NOWHERE)
    )
    put(running, 100)

    assert play(written(tmp_path / "no", nowhere), running).changed == ()
    assert play(written(tmp_path / "yes", here), running).changed == (WRITE, SET)
