"""A role in a chroot, as images are made: it changes what it says, once, and all comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.ansible.pages import (
    ARGUMENTS,
    FILES,
    HOSTILE,
    ODD_PATH,
    PREPARE,
    PREPARED,
    UNITS,
    page,
)
from tests.backends.ansible.playing import play, written
from tests.backends.ansible.story import Story, told
from tests.backends.ansible.throwaway import throwaway

DOCUMENT = page(FILES, UNITS, ARGUMENTS)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("ansible")
    (folder / "node").mkdir()
    with throwaway(folder / "node") as node:
        for path, (content, mode, owner) in PREPARED.items():
            node.write(path, content, mode, owner)
        for command in PREPARE:
            node.run(command)
        yield told(node, DOCUMENT, folder, ("/etc/replaced.conf", "/etc/was-link.conf"))


def test_no_play_fails(story: Story) -> None:
    story.all_went_well()


def test_what_was_wrong_is_right_after_one_play(story: Story) -> None:
    assert {id_ for id_, state in story.before.states.items() if state == "pass"} == {"unit.absent"}
    assert set(story.after.states.values()) == {"pass"}


def test_check_mode_changes_nothing_and_says_what_a_play_does(story: Story) -> None:
    assert story.untouched == story.before
    assert story.pretended.changes == story.applied.changes
    assert len(story.applied.changes) >= len(FILES) + len(UNITS) - 3


def test_a_second_play_changes_nothing(story: Story) -> None:
    assert story.again.changed == ()


def test_contents_are_written_byte_for_byte(story: Story) -> None:
    assert story.contents == {
        "/etc/replaced.conf": f"{HOSTILE}\r\nno newline at the end",
        "/etc/was-link.conf": "$ANSIBLE_VAULT;1.1;AES256\n61\n",
    }
    assert f"{ODD_PATH.lstrip('/')} f 640 root daemon " in story.after.files


def test_nothing_runs_and_no_menu_is_made_in_a_chroot(story: Story) -> None:
    assert not any("var/spool/menu" in line for line in story.after.files)
    assert "HANDLER" not in "".join(story.applied.changes)


def test_undoing_brings_everything_back(story: Story) -> None:
    assert set(story.back.files) ^ set(story.before.files) == set()
    assert story.back.states == story.before.states


def test_a_directory_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    playbook = written(tmp_path / "site", page({"node.gone": FILES["node.gone"]}))
    with throwaway(tmp_path / "node") as node:
        node.run("mkdir -p /etc/gone.conf/kept")

        refused = play(playbook, node)

        assert refused.status == 2
        assert "/etc/gone.conf is a directory and is left alone" in refused.said
        assert node.run("ls /etc/gone.conf") == "kept\n"


def test_a_tag_brings_what_its_requirement_asks_for(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    playbook = written(tmp_path / "site", page(FILES))
    with throwaway(tmp_path / "node") as node:
        node.write("/etc/gone.conf", "")

        play_one = play(playbook, node, "--tags", "node.was_link")

        assert play_one.status == 0, play_one.said
        assert play_one.changed == ("Write /etc/was-link.conf for node.was_link (page:5)",)
        assert node.run("ls /etc/gone.conf /etc/was-link.conf").count("conf") == 2
