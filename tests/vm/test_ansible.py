"""A role on a node that runs: units start and stop, settings change, and all comes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.backends.ansible.pages import (
    ARGUMENTS,
    FILES,
    PREPARE,
    PREPARED,
    RUNNING,
    UNITS,
    page,
)
from tests.backends.ansible.playing import Node, Play, play
from tests.backends.ansible.story import Story, told
from tests.tools import require
from tests.vm.container import booted

DOCUMENT = page(FILES, UNITS, RUNNING, ARGUMENTS)
HANDLERS = (
    "Load the modules (calico_requirements)",
    "Reload NetworkManager where it runs (calico_requirements)",
    "Make the boot menu again (calico_requirements)",
)


@pytest.fixture(scope="module")
def plays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Story, Play, Play, str]]:
    """Return the story, undoing twice more in two ways, and what the boot menu's maker noted."""
    folder = tmp_path_factory.mktemp("ansible")
    with booted(folder, disguised=True) as host:
        enter = (require("nsenter"), "--target", str(host.leader), "--all", "--", "sh", "-c")
        node = Node(enter, "/usr/bin/python3")
        for path, (content, mode, owner) in PREPARED.items():
            node.write(path, content, mode, owner)
        for command in (*PREPARE, "systemctl start busy.service local.service"):
            node.run(command)
        story = told(node, DOCUMENT, folder, ())
        playbook = folder / "site" / "calico_requirements.yml"
        undo = {"calico_requirements_state": "absent"}
        undone_again = play(playbook, node, **undo)
        play(playbook, node)
        undoing = play(playbook, node, "--check", **undo)
        yield story, undone_again, undoing, node.run("cat /var/spool/menu")


def _without_spool(files: list[str]) -> set[str]:
    """Return files but those that daemons and the boot menu's stand-in write on their own."""
    own = ("var/spool", "etc/resolv.conf")
    return {line for line in files if not any(name in line for name in own)}


def test_no_play_fails(plays: tuple[Story, Play, Play, str]) -> None:
    plays[0].all_went_well()


def test_the_loop_closes(plays: tuple[Story, Play, Play, str]) -> None:
    story = plays[0]

    assert {id_ for id_, state in story.before.states.items() if state == "pass"} == {"unit.absent"}
    assert set(story.after.states.values()) == {"pass"}
    assert story.back.states == story.before.states
    assert _without_spool(story.back.files) ^ _without_spool(story.before.files) == set()


def test_check_mode_changes_nothing_and_says_what_a_play_does(
    plays: tuple[Story, Play, Play, str],
) -> None:
    story = plays[0]

    assert _without_spool(story.untouched.files) == _without_spool(story.before.files)
    assert story.untouched.states == story.before.states
    assert story.pretended.changes == story.applied.changes


def test_what_changed_is_read_again_once(plays: tuple[Story, Play, Play, str]) -> None:
    story, *_, menu = plays

    assert [name for name in story.applied.changed if name in HANDLERS] == [*HANDLERS]
    # Applied, undone and applied again; nothing else made the menu.
    assert menu == "again\n" * 3


def test_a_second_play_changes_nothing(plays: tuple[Story, Play, Play, str]) -> None:
    assert plays[0].again.changed == ()


def test_undoing_twice_changes_nothing(plays: tuple[Story, Play, Play, str]) -> None:
    assert plays[1].changed == ()


def test_undoing_in_check_mode_says_what_undoing_does(
    plays: tuple[Story, Play, Play, str],
) -> None:
    assert plays[2].changed == plays[0].undone.changed
