"""Fake nodes in folders, and scripts run on them by every shell."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reqc.compiler.checks import Check
from reqc.compiler.lowered import LoweredDocument
from tests.backends.shell.samples import checking, script
from tests.tools import require

SHELLS: Final = {
    "dash": ("dash",),
    "busybox": ("busybox", "ash"),
    "bash": ("bash",),
    "bash --posix": ("bash", "--posix"),
    "mksh": ("mksh",),
}
RELEASE: Final = "6.1.0-50-amd64"
TREE: Final = f"lib/modules/{RELEASE}"


@dataclass(frozen=True, slots=True)
class Node:
    """The root folder of a node."""

    root: Path

    def write(self, path: str, content: str | bytes = "", mode: int = 0o644) -> None:
        """Make a file below the root, with its folders."""
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)

    def link(self, path: str, target: str) -> None:
        """Make a symbolic link below the root."""
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(target)

    def kernel(self, release: str = RELEASE, *, modular: bool = True) -> None:
        """Make the node run a kernel; without modules, /proc/modules does not exist."""
        self.write("proc/sys/kernel/osrelease", f"{release}\n")
        if modular:
            self.write("proc/modules", "snd 16384 0 - Live 0x0000000000000000\n")

    def tree(self, *objects: str, builtin: str = "", aliases: str = "") -> None:
        """Make the module tree of the kernel, with files and the lists of depmod."""
        for name in objects:
            self.write(f"{TREE}/kernel/{name}")
        dependencies = "".join(f"kernel/{name}: kernel/net/other_xt.ko\n" for name in objects)
        self.write(f"{TREE}/modules.dep", dependencies)
        self.write(f"{TREE}/modules.builtin", builtin)
        self.write(f"{TREE}/modules.alias", aliases)

    def config(self, *lines: str) -> None:
        """Make the configuration of the kernel in /boot."""
        self.write(f"boot/config-{RELEASE}", "\n".join(("# Linux", "CONFIG_64BIT=y", *lines, "")))


def run(
    shell: str, text: str, folder: Path, *arguments: str, user: int | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a script in a shell with the arguments, in an environment of its own."""
    file = folder / "check.sh"
    if not file.exists() or file.read_text() != text:
        file.write_text(text)
    program = SHELLS[shell]
    return subprocess.run(
        [require(program[0]), *program[1:], str(file), *arguments],
        capture_output=True,
        check=False,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        timeout=60,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def report(
    shell: str, text: str, folder: Path, *arguments: str, user: int | None = None
) -> dict[str, dict[str, str]]:
    """Return the JSON results of a script by id; nothing may be written to standard error."""
    done = run(shell, text, folder, "--format", "json", *arguments, user=user)
    assert done.stderr == b""
    return {item["id"]: item for item in json.loads(done.stdout)["results"]}


def output(shell: str, node: Node, made: LoweredDocument, *arguments: str) -> tuple[int, str]:
    """Return the exit status and the standard output of a script on a node."""
    done = run(shell, script(made), node.root.parent, "--root", str(node.root), *arguments)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode()


def agreed(node: Node, *checks: Check, arguments: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Return the results of the checks on the node, the same in every shell."""
    text = script(checking(*checks))
    folder = node.root.parent
    found = [
        list(report(shell, text, folder, "--root", str(node.root), *arguments).values())
        for shell in SHELLS
    ]
    assert found[1:] == found[:1] * (len(SHELLS) - 1)
    return found[0]


def expect(node: Node, *expected: tuple[Check, str], arguments: tuple[str, ...] = ()) -> None:
    """Assert the state of each check on the node in every shell, all in one script."""
    results = agreed(node, *(check for check, _ in expected), arguments=arguments)
    found = [(check, item["state"]) for (check, _), item in zip(expected, results, strict=True)]
    assert found == list(expected), [item["found"] for item in results]
