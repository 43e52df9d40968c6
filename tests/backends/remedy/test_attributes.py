"""Modes and owners of files that a remedy does not write: changed in place, and given back."""

from __future__ import annotations

import os
import stat

import pytest

from reqc.compiler.states import FileContent, FileMode, FileOwner
from tests.backends.remedy.trees import SHELLS, Played, asking, output, play, remedy, traces, tree
from tests.backends.shell.nodes import Node

PATH = "/etc/a 'b' $c"
BOTH = FileMode(PATH, 0o600), FileOwner(PATH, "daemon")
TEXT = remedy(asking(*BOTH))


@pytest.fixture
def given(node: Node) -> Node:
    node.write(PATH, "kept\n", 0o751)
    return node


def attributes(node: Node, path: str = PATH) -> tuple[str, int, int]:
    found = (node.root / path[1:]).stat()
    return f"{stat.S_IMODE(found.st_mode):04o}", found.st_uid, found.st_gid


def undo(node: Node, text: str = TEXT, shell: str = "dash") -> Played:
    return play(shell, node, text, "--undo")


@pytest.mark.parametrize("shell", SHELLS)
def test_they_are_changed_in_place_once_and_come_back(shell: str, given: Node) -> None:
    before, number = tree(given.root), (given.root / PATH[1:]).stat().st_ino

    first = play(shell, given, TEXT)

    assert first.status == 0
    assert first.lines("done") == [
        f"give {PATH} mode 0600, owner daemon, instead of mode 0751, user 0 (node.n1, node.n2)"
    ]
    assert attributes(given) == ("0600", 7, 0)
    assert (given.root / PATH[1:]).stat().st_ino == number
    after = traces(given.root)
    assert play(shell, given, TEXT).lines("done") == []
    assert traces(given.root) == after
    (given.root / PATH[1:]).write_text("another content\n")
    assert undo(given, shell=shell).status == 0
    (given.root / PATH[1:]).write_text("kept\n")
    assert tree(given.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_dry_run_says_what_a_run_does(shell: str, given: Node) -> None:
    before = traces(given.root)

    would = play(shell, given, TEXT, "--dry-run").lines("would")

    assert traces(given.root) == before
    assert play(shell, given, TEXT).lines("done") == would
    before = traces(given.root)
    would = play(shell, given, TEXT, "--undo", "--dry-run").lines("would")
    assert would == [f"give {PATH} mode 0751, user 0"]
    assert traces(given.root) == before
    assert undo(given, shell=shell).lines("done") == would


@pytest.mark.parametrize("folder", [False, True])
def test_a_new_owner_takes_no_bit_away(given: Node, *, folder: bool) -> None:
    path = given.root / PATH[1:]
    if folder:
        path.unlink()
        path.mkdir()
    path.chmod(0o6755)
    text = remedy(asking(FileOwner(PATH, "7")))

    assert play("dash", given, text).status == 0

    assert attributes(given) == ("6755", 7, 0)
    text = remedy(asking(FileMode(PATH, 0o755)))
    assert play("dash", given, text).status == 0
    assert attributes(given) == ("0755", 7, 0)
    assert undo(given, text).status == 0
    assert attributes(given) == ("6755", 0, 0)


def test_what_is_not_there_is_told(node: Node) -> None:
    before = tree(node.root)

    told = play("dash", node, TEXT)

    assert told.status == 1
    assert told.lines("cannot")[0].startswith(f"give {PATH} mode 0600, owner daemon: it is not")
    assert tree(node.root) == before


def test_a_user_that_a_node_lacks_is_told(given: Node) -> None:
    told = play("dash", given, remedy(asking(FileOwner(PATH, "nobody-here"))))

    assert told.status == 1
    assert "there is no user nobody-here" in told.said
    assert attributes(given) == ("0751", 0, 0)


def test_an_owner_that_is_no_name_is_left_out() -> None:
    found = output(asking(FileOwner("/etc/x", "a:b\n")))

    assert [row.requirement for row in found.unsupported] == ["node.n1"]
    assert "want_attributes" not in found.artifacts[0].text.partition("# --- the changes")[2]


def test_what_a_link_leads_to_is_left_alone_unless_it_is_so_already(node: Node) -> None:
    node.write("etc/real", "", 0o644)
    node.link(PATH, "/etc/real")
    before = tree(node.root)

    told = play("dash", node, remedy(asking(FileMode(PATH, 0o600))))

    assert told.status == 1
    assert "it is a link" in told.said
    assert play("dash", node, remedy(asking(FileMode(PATH, 0o644)))).status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize(
    ("mode", "user"), [(0o640, 7), (0o600, 3)], ids=["other mode", "other user"]
)
def test_what_somebody_else_changed_since_stays(given: Node, mode: int, user: int) -> None:
    play("dash", given, TEXT)
    os.chown(given.root / PATH[1:], user, 0)
    (given.root / PATH[1:]).chmod(mode)

    told = undo(given)

    assert told.status == 0
    assert "they were changed since" in told.lines("left")[0]
    assert attributes(given) == (f"{mode:04o}", user, 0)


def test_what_is_gone_since_is_no_obstacle(given: Node) -> None:
    play("dash", given, TEXT)
    (given.root / PATH[1:]).unlink()

    told = undo(given)

    assert told.status == 0
    assert told.lines("left") == [f"restore the mode and owner of {PATH}: it is gone"]
    assert not (given.root / "var/lib/reqc").exists()


def test_undoing_goes_back_to_the_first_of_several_runs(given: Node) -> None:
    before = tree(given.root)
    texts = [
        TEXT,
        remedy(asking(FileMode(PATH, 0o640))),
        remedy(asking(FileContent(PATH, "whole\n"), FileOwner(PATH, "daemon"))),
        remedy(asking(FileMode(PATH, 0o4700))),
    ]

    for text in texts:
        assert play("dash", given, text).status == 0

    assert attributes(given) == ("4700", 7, 0)
    assert undo(given, texts[0]).status == 0
    assert tree(given.root) == before
