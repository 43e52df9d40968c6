"""Other tools that check nodes: how each runs the same checks, and where it is found."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import on_path


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool and its command. `counted` finds in what it says how many checks it ran.

    `slow` is one that takes many seconds.
    """

    name: str
    command: list[str]
    counted: Callable[[str], int]
    slow: bool = False

    @property
    def tool(self) -> str:
        """The program that it is."""
        return self.command[0]

    @property
    def present(self) -> bool:
        """Whether it is installed."""
        return on_path(self.tool) or Path(self.tool).exists()


def environment() -> Path:
    """Return the virtual environment that `make bench-peers` makes, whether it exists or not."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "reqc-bench"


def shared() -> tuple[Path, ...]:
    """Return the folders that the tools need besides those of the system."""
    folders = (environment(), Path(sys.base_prefix))
    return tuple(folder for folder in folders if folder.exists() and folder != Path("/usr"))


def known(count: int) -> list[Peer]:
    """Return every tool for `count` checks."""
    programs = environment() / "bin"
    ansible = [str(programs / "ansible"), "localhost", "-c", "local", "-m"]

    def whole(said: str) -> int:
        return count if "verdict: " in said else 0

    return [
        Peer(
            "OpenSCAP, OVAL",
            ["oscap", "oval", "eval", "/bench/oval.xml"],
            lambda said: len(re.findall(r"^Definition .*: (?:true|false)$", said, re.MULTILINE)),
        ),
        Peer(
            "pytest-testinfra, local",
            [str(programs / "py.test"), "-q", "-p", "no:cacheprovider", "/bench/test_node.py"],
            lambda said: sum(map(int, re.findall(r"(\d+) (?:passed|failed)", said))),
        ),
        Peer("ansible raw, our script", [*ansible, "raw", "-a", "dash /bench/check.sh"], whole),
        Peer("ansible script, our script", [*ansible, "script", "-a", "/bench/check.sh"], whole),
        Peer(
            "ansible, one task a check",
            [str(programs / "ansible-playbook"), "-i", "localhost,", "/bench/playbook.yml"],
            lambda said: said.count("TASK ["),
            slow=True,
        ),
    ]
