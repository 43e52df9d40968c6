"""Runs that are killed anywhere: the next one goes on, and --undo takes back what was done."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.states import FileAbsent, FileContent, FileMode, FileOwner, UnitState
from tests.backends.remedy.trees import (
    SHELLS,
    UNIT,
    Entry,
    asking,
    machine,
    play,
    remedy,
    tree,
)
from tests.backends.shell.nodes import SHELLS as PROGRAMS
from tests.backends.shell.nodes import Node
from tests.tools import require

STATE: Final = "var/lib/reqc"
TEXT: Final = remedy(
    asking(
        FileContent("/etc/new/a.conf", "a\n", 0o600, "daemon"),
        FileContent("/etc/old.conf", "new\n"),
        FileAbsent("/etc/gone.conf"),
        FileMode("/etc/given.conf", 0o2600),
        FileOwner("/etc/given.conf", "daemon"),
        UnitState("one.service", "disabled"),
        UnitState("two.service", "masked"),
    )
)
TOOLS: Final = ("mv", "cp", "ln", "rm", "mkdir", "rmdir", "chmod", "chown", "cat")
MARK: Final = "# Nothing runs before this line"
SHARES: Final = 4
ENOUGH: Final = 30
"""Steps that an apply of TEXT takes at least; fewer would mean that they are not counted."""


def stepping(text: str, steps: Path, last: int) -> str:
    """Return the script such that it is killed at a step, which is before or after each change."""
    counting = f"""
step() {{
  read -r _steps <'{steps}'
  _steps=$((_steps + 1))
  echo "$_steps" >|'{steps}'
  [ "$_steps" != {last} ] || {{ kill -9 $$; exit 9; }}
}}
write_down() {{ step; write_down_for_real "$@" && step; }}
"""
    for tool in TOOLS:
        counting += f'{tool}() {{ step; command {tool} "$@" && step; }}\n'
    assert MARK in text
    assert "\nwrite_down() {" in text
    real = text.replace("\nwrite_down() {", "\nwrite_down_for_real() {")
    return real.replace(MARK, f"{counting}\n{MARK}")


def play_until(node: Node, last: int, *arguments: str) -> tuple[int, int]:
    """Run the script until a step; return its status and how many steps it took."""
    steps = node.root.parent / "steps"
    steps.write_text("0\n")
    file = node.root.parent / "stepping.sh"
    file.write_text(stepping(TEXT, steps, last))
    done = subprocess.run(
        [require("dash"), str(file), "--root", str(node.root), "-q", *arguments],
        capture_output=True,
        check=False,
    )
    return done.returncode, int(steps.read_text())


def with_given(folder: Path) -> Node:
    """Return a node with the file of which only the mode and the owner are asked."""
    node = machine(folder)
    node.write("etc/given.conf", "given\n", 0o4755)
    return node


@pytest.fixture
def node(fast: Path) -> Node:
    return with_given(fast)


def built(folder: Path) -> Node:
    node = with_given(folder)
    node.write("etc/old.conf", "old\n", 0o755)
    node.write("etc/gone.conf", "gone\n")
    place = "etc/systemd/system"
    node.write("usr/lib/systemd/system/one.service", UNIT)
    node.link(f"{place}/multi-user.target.wants/one.service", "/usr/lib/systemd/system/one.service")
    node.write(f"{place}/two.service", UNIT)
    return node


def without_state(node: Node) -> dict[str, Entry]:
    return {path: entry for path, entry in tree(node.root).items() if not path.startswith(STATE)}


@dataclass(frozen=True, slots=True)
class Trial:
    """The node before, and what it comes to when nothing is interrupted."""

    folder: Path
    first: Node
    changed: Node
    before: dict[str, Entry]
    after: dict[str, Entry]

    def copy(self, of: Node) -> Node:
        """Return a copy of one of the nodes, in the place of the last one."""
        into = self.folder / "copy"
        shutil.rmtree(into, ignore_errors=True)
        into.mkdir()
        subprocess.run(["cp", "-a", "--", str(of.root), str(into / "root")], check=True)
        return Node(into / "root")


@pytest.fixture
def trial(fast: Path) -> Trial:
    first = built(fast)
    (fast / "changed").mkdir()
    changed = Node(fast / "changed/root")
    subprocess.run(["cp", "-a", "--", str(first.root), str(changed.root)], check=True)
    assert play("dash", changed, TEXT).status == 0
    return Trial(fast, first, changed, tree(first.root), without_state(changed))


@pytest.mark.parametrize("share", range(SHARES))
def test_an_apply_that_is_killed_can_be_gone_on_with_or_undone(trial: Trial, share: int) -> None:
    _, steps = play_until(trial.copy(trial.first), 0)
    assert steps > ENOUGH
    assert without_state(Node(trial.folder / "copy/root")) == trial.after

    for last in range(1 + share, steps + 1, SHARES):
        node = trial.copy(trial.first)
        assert play_until(node, last)[0] == -signal.SIGKILL
        assert play("dash", node, TEXT).status == 0, last
        assert without_state(node) == trial.after, last
        assert play("dash", node, TEXT, "--undo").status == 0, last
        assert tree(node.root) == trial.before, last

        node = trial.copy(trial.first)
        play_until(node, last)
        assert play("dash", node, TEXT, "--undo").status == 0, last
        assert tree(node.root) == trial.before, last


@pytest.mark.parametrize("share", range(SHARES))
def test_an_undo_that_is_killed_can_be_gone_on_with_or_taken_back(trial: Trial, share: int) -> None:
    _, steps = play_until(trial.copy(trial.changed), 0, "--undo")
    assert steps > ENOUGH
    assert tree(trial.folder / "copy/root") == trial.before

    for last in range(1 + share, steps + 1, SHARES):
        node = trial.copy(trial.changed)
        assert play_until(node, last, "--undo")[0] == -signal.SIGKILL
        assert play("dash", node, TEXT, "--undo").status == 0, last
        assert tree(node.root) == trial.before, last

        node = trial.copy(trial.changed)
        play_until(node, last, "--undo")
        assert play("dash", node, TEXT).status == 0, last
        assert without_state(node) == trial.after, last
        assert play("dash", node, TEXT, "--undo").status == 0, last
        assert tree(node.root) == trial.before, last


@pytest.mark.parametrize("shell", SHELLS)
def test_two_runs_at_once_do_not_meet(shell: str, node: Node, fast: Path) -> None:
    program = PROGRAMS[shell]
    pipe, file = fast / "pipe", fast / "slow.sh"
    os.mkfifo(pipe)
    # The first run waits for us in the middle of its work.
    waiting = f"mv() {{ read -r _ <'{pipe}'; command mv \"$@\"; }}\n"
    file.write_text(TEXT.replace(MARK, waiting + MARK))
    command = [require(program[0]), *program[1:], str(file), "--root", str(node.root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        with pipe.open("w") as handle:
            before = tree(node.root)
            for arguments in ([], ["--undo"]):
                refused = play(shell, node, TEXT, *arguments)
                assert refused.status == 1
                number = f"process {first.pid} is at work on this node; nothing was changed"
                assert refused.complaint == f"check.sh: {number}\n"
            assert play(shell, node, TEXT, "--dry-run").status == 0
            assert tree(node.root) == before
            first.terminate()
            handle.write("go\n")
        _, complaint = first.communicate()

    assert first.returncode == 1
    assert b"interrupted; run it again to go on, or with --undo" in complaint
    assert play(shell, node, TEXT).status == 0


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("lock", ["4194999 1 x", "1 1 no-such-boot", "", "nonsense", "$$"])
def test_the_lock_of_the_dead_is_no_lock(shell: str, node: Node, lock: str) -> None:
    play(shell, node, TEXT, "--only", "node.n1")
    place = f"{STATE}/calico-openshift/lock"
    if lock:
        node.link(place, lock)

    assert play(shell, node, TEXT).status == 0

    assert not os.path.lexists(node.root / place)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("torn", ["path\t9\tabsent\t/et", "wro", "need\tuni"])
def test_a_line_that_a_crash_cut_off_does_no_harm(shell: str, node: Node, torn: str) -> None:
    before = tree(node.root)
    play(shell, node, TEXT, "--only", "node.n1")
    journal = node.root / STATE / "calico-openshift/journal"
    journal.write_text(journal.read_text() + torn)

    assert play(shell, node, TEXT).status == 0
    assert play(shell, node, TEXT, "--undo").status == 0

    assert tree(node.root) == before
