"""Other tools: where each is found, which version it has, and how it runs the same checks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_PACKAGES = (
    ("", "textx"),
    ("", "ansible-core"),
    ("", "pytest-testinfra"),
    ("aerleon", "aerleon"),
    ("capirca", "capirca"),
    ("strictdoc", "strictdoc"),
)
"""The environment below ours, and the package in it."""
_OF_THE_SYSTEM = {
    "OpenSCAP": ("oscap", "--version"),
    "nftables": ("nft", "--version"),
    "dash": ("dpkg-query", "--show", "dash"),
}


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


def on_path(tool: str) -> bool:
    """Tell whether a tool of the system is there."""
    folders = ("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/bin")
    return any((Path(folder) / tool).exists() for folder in folders)


def environment() -> Path:
    """Return the virtual environment that `make bench-peers` makes, whether it exists or not."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "reqc-bench"


def program(name: str, own: str = "") -> Path:
    """Return the path of a tool that `make bench-peers` installs, whether it exists or not.

    Some have an environment of their `own`, which has the tool's name unless that is given.
    """
    folder = environment() / own if own else environment() / name
    return folder / "bin" / name


def versions() -> Iterator[tuple[str, str]]:
    """Yield the names and versions of the tools that are installed, in the order of the rows."""
    for folder, package in _PACKAGES:
        python = environment() / folder / "bin" / "python"
        if python.exists():
            asked = f"import importlib.metadata as m; print(m.version({package!r}))"
            done = subprocess.run(
                [str(python), "-c", asked], capture_output=True, text=True, check=False
            )
            if done.returncode == 0:
                yield package, done.stdout.strip()
    yield "PyYAML", version("PyYAML")
    for name, command in _OF_THE_SYSTEM.items():
        if on_path(command[0]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            found = re.search(r"\d+(\.\d+)+", done.stdout)
            if found:
                yield name, found[0]


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
