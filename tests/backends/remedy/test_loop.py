"""The loop: the check fails, a dry run changes nothing, an apply makes the check pass, and back.

The page and the node are those that the target `ansible` is tested with, so both bring a node to
the same place.
"""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    IniListItems,
    ModuleAtBoot,
    MountPoint,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.ansible.pages import FILES, PREPARE, PREPARED, UNITS, page
from tests.backends.remedy.trees import (
    SHELLS,
    UNIT,
    Entry,
    asking,
    fast_folder,
    machine,
    output,
    play,
    remedy,
    traces,
    tree,
)
from tests.backends.shell.nodes import Node, report
from tests.backends.shell.samples import script
from tests.backends.strategies import HOSTILE
from tests.deployments import SHIPPED, lowered, shipped
from tests.tools import require

DOCUMENT = page(FILES, UNITS)


def judged(shell: str, node: Node, made: LoweredDocument) -> dict[str, str]:
    """Return the state of each requirement by the check script."""
    folder = node.root.parent / "checking"
    folder.mkdir(exist_ok=True)
    found = report(shell, script(made), folder, "--root", str(node.root))
    return {id_: row["state"] for id_, row in found.items()}


def prepared(node: Node) -> Node:
    """Make the node on which everything that the page asks for is wrong that can be."""
    for path, (content, mode, _) in PREPARED.items():
        node.write(path, content, int(mode, 8))
    for command in PREPARE:
        at = command.replace("systemctl", f"{require('systemctl')} --quiet --root=.")
        at = at.replace(" /etc/was-link", " ./etc/was-link")
        subprocess.run(["sh", "-c", at], check=True, cwd=node.root)
    return node


@pytest.mark.parametrize("shell", SHELLS)
def test_the_loop(shell: str, node: Node) -> None:
    prepared(node)
    text = remedy(DOCUMENT)
    before, was = tree(node.root), judged(shell, node, DOCUMENT)
    untouched = traces(node.root)

    dry = play(shell, node, text, "--dry-run")
    assert traces(node.root) == untouched
    done = play(shell, node, text)

    assert (done.status, done.complaint) == (0, "")
    assert dry.lines("would") == done.lines("done")
    assert list(was.values()).count("fail") >= len(was) - 2
    assert set(judged(shell, node, DOCUMENT).values()) == {"pass"}
    written = traces(node.root)
    assert play(shell, node, text).status == 0
    assert traces(node.root) == written
    undoing = play(shell, node, text, "--undo", "--dry-run")
    assert traces(node.root) == written
    undone = play(shell, node, text, "--undo")
    told = [line for line in undoing.lines("would") if "where it is empty" not in line]
    assert told == [line for line in undone.lines("done") if "the folder" not in line]
    assert tree(node.root) == before
    assert judged(shell, node, DOCUMENT) == was


@pytest.mark.parametrize("shell", ["busybox", "dash"])
def test_the_tools_of_busybox_are_enough(shell: str, node: Node, fast: Path) -> None:
    tools = fast / "tools"
    tools.mkdir()
    subprocess.run([require("busybox"), "--install", "-s", str(tools)], check=True)

    the_loop_closes(shell, node, tools)


@pytest.mark.parametrize("awk", ["gawk --posix", "mawk", "original-awk"])
def test_every_awk_reads_its_programs(awk: str, node: Node, fast: Path) -> None:
    name, *options = awk.split()
    tools = fast / "tools"
    tools.mkdir()
    program = tools / "awk"
    program.write_text(f'#!/bin/sh\nexec {require(name)} {" ".join(options)} "$@"\n')
    program.chmod(0o755)

    the_loop_closes("dash", node, tools)


def the_loop_closes(shell: str, node: Node, tools: Path) -> None:
    """Go once around with tools that come before all others on the path of the script."""
    prepared(node)
    usual = "standard_path=/usr/local/sbin:"
    text, before = remedy(DOCUMENT), tree(node.root)
    assert usual in text
    text = text.replace(usual, f"standard_path={tools}:/usr/local/sbin:")

    told = play(shell, node, text, "--dry-run")
    assert (told.status, told.complaint) == (0, "")
    assert tree(node.root) == before
    told = play(shell, node, text)
    assert (told.status, told.complaint) == (0, "")
    assert set(judged(shell, node, DOCUMENT).values()) == {"pass"}
    written = traces(node.root)
    assert play(shell, node, text).status == 0
    assert traces(node.root) == written
    told = play(shell, node, text, "--undo")
    assert (told.status, told.complaint) == (0, "")
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("spec", SHIPPED)
def test_a_shipped_page_comes_and_goes(shell: str, spec: str, node: Node) -> None:
    made = lowered(shipped(spec), {})
    for unit in ("NetworkManager", "firewalld"):
        node.write(f"usr/lib/systemd/system/{unit}.service", UNIT)
        node.link(
            f"etc/systemd/system/multi-user.target.wants/{unit}.service",
            f"/usr/lib/systemd/system/{unit}.service",
        )
    text, before, was = remedy(made), tree(node.root), judged(shell, node, made)
    asked = {item.origin.id for item in made.here if item.states}

    assert play(shell, node, text).status == 0

    now = judged(shell, node, made)
    assert was["node.unmanaged"] == "fail"
    assert now["node.unmanaged"] == "pass"
    assert "node.firewalld" not in asked or now["node.firewalld"] != "fail"
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before
    assert judged(shell, node, made) == was


# --- any states on any tree --------------------------------------------------------------------

NAMES = "a", "b.conf", "c d", "ünï", "e'f\"g$h`i", "-j", "*k?[l]", "m\\n", ".o"
FOLDERS = "/etc", "/etc/systemd/system", "/new folder", "/var/lib", "/usr/lib/x"
PATHS = [f"{folder}/{name}" for folder in FOLDERS for name in NAMES]
CONTENTS = st.one_of(
    HOSTILE,
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(["", "\n", "same\n", "x" * 100_000, "1\r\n2\r\n", "\x00\x01\x7f"]),
)
OWNERS = st.sampled_from(["root", "daemon", "0", "12345"])
MODES = st.integers(0, 0o777)
UNIT_NAMES = "one.service", "two.service", "three@x.service", "four.timer"


@dataclass(frozen=True, slots=True)
class Former:
    """What is at a path before."""

    kind: str
    content: str
    mode: int
    owner: int


FORMER = st.builds(
    Former,
    st.sampled_from(["file", "link", "dangling", "folder link"]),
    CONTENTS,
    MODES,
    st.sampled_from([0, 7, 4711]),
)


@st.composite
def wishes(draw: st.DrawFn) -> list[State]:
    """Return states of which no two are about the same thing."""
    paths = draw(st.lists(st.sampled_from(PATHS), unique=True, max_size=6))
    states: list[State] = []
    for path in paths:
        if draw(st.booleans()) or draw(st.booleans()):
            owners = draw(OWNERS), draw(OWNERS)
            states.append(FileContent(path, draw(CONTENTS), draw(MODES), *owners))
        else:
            states.append(FileAbsent(path))
    for unit in draw(st.lists(st.sampled_from(UNIT_NAMES), unique=True)):
        wanted = draw(st.sampled_from(["enabled", "disabled", "masked"]))
        states.append(UnitState(unit, wanted))  # type: ignore[arg-type]
    more: list[State] = [
        ModuleAtBoot("xt_set"),
        ModuleAtBoot("ip_set"),
        SysctlValue("net.ipv4.ip_forward", "1"),
        IniListItems("/etc/NetworkManager/conf.d/x.conf", "keyfile", "y", ("z:a*", "ü")),
        MountPoint("/srv/memory", "tmpfs"),
    ]
    states += draw(st.lists(st.sampled_from(more), unique=True))
    return draw(st.permutations(states))


def fill(node: Node, former: dict[str, Former], units: dict[str, str]) -> None:
    """Put what was there before on the node."""
    node.write("elsewhere/file", "elsewhere")
    for path, was in former.items():
        targets = {"link": "/elsewhere/file", "dangling": "no where", "folder link": "/elsewhere"}
        if was.kind == "file":
            node.write(path, was.content, was.mode)
        else:
            node.link(path, targets[was.kind])
        subprocess.run(
            ["chown", "-h", f"{was.owner}:{was.owner}", "--", str(node.root) + path], check=True
        )
        if was.kind == "file":
            (node.root / path[1:]).chmod(was.mode)
    place = "etc/systemd/system"
    for unit, state in units.items():
        file = unit.replace("@x", "@")
        if state != "absent":
            node.write(f"usr/lib/systemd/system/{file}", UNIT)
        if state == "enabled":
            target = f"/usr/lib/systemd/system/{file}"
            node.link(f"{place}/multi-user.target.wants/{unit}", target)
        if state == "masked":
            node.link(f"{place}/{unit}", "/dev/null")


@settings(max_examples=40, deadline=None)
@given(
    shell=st.sampled_from(SHELLS),
    states=wishes(),
    former=st.dictionaries(st.sampled_from(PATHS), FORMER, max_size=6),
    units=st.dictionaries(
        st.sampled_from(UNIT_NAMES), st.sampled_from(["absent", "there", "enabled", "masked"])
    ),
)
def test_any_states_on_any_tree(
    shell: str, states: list[State], former: dict[str, Former], units: dict[str, str]
) -> None:
    with fast_folder(Path(tempfile.gettempdir())) as folder:
        node = machine(folder)
        fill(node, former, units)
        made = asking(*states)
        assert output(made).refusals == ()
        text, before, untouched = remedy(made), tree(node.root), traces(node.root)

        dry = play(shell, node, text, "--dry-run")
        assert traces(node.root) == untouched
        done = play(shell, node, text)
        assert dry.lines("would") == done.lines("done")
        impossible = done.lines("cannot")
        assert done.status == dry.status == bool(impossible)
        assert all("there is no such unit" in line for line in impossible)
        for state in states:
            assert holds(node, state, impossible), state
        written = traces(node.root)
        assert play(shell, node, text).status == done.status
        assert traces(node.root) == written
        assert play(shell, node, text, "--undo").status == 0
        assert tree(node.root) == before


def holds(node: Node, state: State, impossible: list[str]) -> bool:
    """Tell whether a state holds on the node, by looking at it without the check script."""
    place = node.root / "etc/systemd/system"
    match state:
        case FileContent(path, content, mode, user, group):
            ids = {"root": 0, "daemon": 7}, {"root": 0, "daemon": 8}
            uid, gid = (
                names[name] if name in names else int(name)
                for names, name in zip(ids, (user, group), strict=True)
            )
            found = tree(node.root)[path[1:]]
            letters = stat.filemode(stat.S_IFREG | mode)
            return found == Entry(letters, uid, gid, content.encode())
        case FileAbsent(path):
            return not os.path.lexists(str(node.root) + path)
        case UnitState(unit, "masked"):
            return (place / unit).readlink() == Path("/dev/null")
        case UnitState(unit, "enabled"):
            wanted = (place / "multi-user.target.wants" / unit).is_symlink()
            return wanted or any(unit in line for line in impossible)
        case UnitState(unit):
            masked = (place / unit).is_symlink()
            return masked or not (place / "multi-user.target.wants" / unit).is_symlink()
        case _:
            return True
