"""What a role does to a node from the first look to the last, for tests to look at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reqc.compiler.lowered import LoweredDocument
from tests.backends.ansible.playing import Node, Play, play, written

_SNAPSHOT: Final = r"""
cd /
for folder in etc usr/lib/systemd var/lib/reqc srv var/spool; do
  [ ! -e "$folder" ] || {
    find "$folder" -printf '%p %y %m %u %g %l\n'
    find "$folder" -type f -exec cksum {} +
  }
done | sort
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """Every file that a role could change, and what the check script says of the node."""

    files: list[str]
    states: dict[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """A node before, after and undone, with the plays between."""

    before: Seen
    pretended: Play
    untouched: Seen
    applied: Play
    after: Seen
    contents: dict[str, str]
    again: Play
    undone: Play
    back: Seen

    def all_went_well(self) -> None:
        """Assert that no play failed or used something that Ansible will not have for long."""
        for one in (self.pretended, self.applied, self.again, self.undone):
            assert one.status == 0, one.said
            assert "DEPRECATION" not in one.said
            assert "[ERROR]" not in one.said


def told(node: Node, document: LoweredDocument, folder: Path, paths: Iterable[str]) -> Story:
    """Play a document's role against a node and back; `paths` are files to read in between."""
    playbook = written(folder / "site", document)

    def seen() -> Seen:
        return Seen(node.run(_SNAPSHOT).splitlines(), node.judged(document))

    return Story(
        before=seen(),
        pretended=play(playbook, node, "--check", "--diff"),
        untouched=seen(),
        applied=play(playbook, node, "--diff"),
        after=seen(),
        contents={path: _content(node, path) for path in paths},
        again=play(playbook, node),
        undone=play(playbook, node, calico_requirements_state="absent"),
        back=seen(),
    )


def _content(node: Node, path: str) -> str:
    # By way of numbers, because a pipe in text mode would change the ends of lines.
    return bytes.fromhex(node.run(f"od -An -tx1 -v {path}")).decode()
