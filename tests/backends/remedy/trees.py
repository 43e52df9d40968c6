"""Remedies and the trees of files that they change."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reqc.backends.base import Output
from reqc.backends.remedy.backend import TARGET
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import State
from tests.backends.shell.nodes import Node, run
from tests.documents import document, requirement
from tests.tools import needs_root

SHELLS: Final = ("dash", "busybox", "bash", "mksh")
UNIT: Final = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, a folder or a link: its type and permissions, its owners, and what it holds."""

    mode: str
    owner: int
    group: int
    content: bytes | str


@dataclass(frozen=True, slots=True)
class Played:
    """What a run came to: its exit status, and what it said."""

    status: int
    said: str
    complaint: str

    def lines(self, word: str) -> list[str]:
        """Return the lines of a state without that word."""
        return [
            line.removeprefix(word).strip()
            for line in self.said.splitlines()
            if line.startswith(f"{word} ")
        ]


@contextmanager
def fast_folder(otherwise: Path) -> Iterator[Path]:
    """Provide an empty folder in memory, because a remedy waits for the disk at each change."""
    memory = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder that is ours alone
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else otherwise) as name:
        yield Path(name)


def machine(folder: Path) -> Node:
    """Make a node with the usual folders and a list of users; only root can change its owners."""
    needs_root()
    node = Node(folder / "a root = with 'odd' $name")
    node.write("etc/passwd", "root:x:0:0::/root:/bin/sh\ndaemon:x:7:8::/:/bin/false\n")
    node.write("etc/group", "root:x:0:\ndaemon:x:8:\nnogroup:x:9:\n")
    for name in ("etc/systemd/system", "usr/lib/systemd/system", "var/lib"):
        (node.root / name).mkdir(parents=True)
    return node


def asking(*states: State) -> LoweredDocument:
    """Return a document in which a requirement `node.N` asks for each state, counted from 1."""
    return document(
        *(requirement(f"node.n{number}", states=[state]) for number, state in enumerate(states, 1))
    )


def output(made: LoweredDocument) -> Output:
    """Return what the target makes of a document."""
    return TARGET.render(made, TARGET.defaults)


def remedy(made: LoweredDocument) -> str:
    """Return the script of a document, which nothing in it forbids."""
    found = output(made)
    assert found.refusals == ()
    (artifact,) = found.artifacts
    return artifact.text


def play(shell: str, node: Node, text: str, *arguments: str) -> Played:
    """Run a remedy on a node below another root."""
    done = run(shell, text, node.root.parent, "--root", str(node.root), *arguments)
    return Played(done.returncode, done.stdout.decode(), done.stderr.decode())


def tree(root: Path) -> dict[str, Entry]:
    """Return everything below a root by its path."""
    return {str(path.relative_to(root)): _entry(path) for path in _paths(root)}


def traces(root: Path) -> dict[str, tuple[int, ...]]:
    """Return for everything below a root which file it is, and when it was last written."""
    found: dict[str, tuple[int, ...]] = {}
    for path in (root, *_paths(root)):
        status = path.lstat()
        found[str(path)] = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
    return found


def _paths(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in (*folders, *files))


def _entry(path: Path) -> Entry:
    status = path.lstat()
    content: bytes | str = b""
    if stat.S_ISLNK(status.st_mode):
        content = str(path.readlink())
    elif stat.S_ISREG(status.st_mode):
        content = path.read_bytes()
    return Entry(stat.filemode(status.st_mode), status.st_uid, status.st_gid, content)
