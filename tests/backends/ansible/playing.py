"""Roles as Ansible plays them, against a node that a command leads into."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reqc.backends.ansible.backend import TARGET, role_name
from reqc.backends.shell.backend import TARGET as SHELL
from reqc.compiler.lowered import LoweredDocument
from tests.tools import require

SECONDS = 300
"""How long one play may take on a machine with other work."""


@dataclass(frozen=True, slots=True)
class Play:
    """What a play came to: its exit status, the tasks that changed something, and all it said."""

    status: int
    changed: tuple[str, ...]
    said: str

    @property
    def changes(self) -> tuple[str, ...]:
        """The changes, whether they were made or pretended, which some tasks do for others."""
        return tuple(name.replace("Pretend to enable", "Enable") for name in self.changed)


@dataclass(frozen=True, slots=True)
class Node:
    """A node; `into` is the command that runs a shell command in it, which is its next argument."""

    into: tuple[str, ...]
    python: str

    def run(self, command: str, stdin: str = "") -> str:
        """Return what a shell command prints in the node; it must succeed."""
        return subprocess.run(
            [*self.into, command], input=stdin, capture_output=True, text=True, check=True
        ).stdout

    def write(self, path: str, content: str, mode: str = "0644", owner: str = "root:root") -> None:
        """Write a file with its folders."""
        words = [shlex.quote(word) for word in (str(Path(path).parent), path, mode, owner)]
        folder, file, mode, owner = words
        self.run(
            f"mkdir -p {folder} && cat >{file} && chown {owner} {file} && chmod {mode} {file}",
            content,
        )

    def judged(self, document: LoweredDocument) -> dict[str, str]:
        """Return the state of each requirement by the generated check script."""
        (artifact,) = SHELL.render(document, SHELL.defaults).artifacts
        done = subprocess.run(
            [*self.into, "exec sh -s -- --format json"],
            input=artifact.text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return {row["id"]: row["state"] for row in json.loads(done.stdout)["results"]}


def written(folder: Path, document: LoweredDocument) -> Path:
    """Write the role and its playbook of a document; return the playbook."""
    output = TARGET.render(document, TARGET.defaults)
    assert output.refusals == ()
    for artifact in output.artifacts:
        path = folder / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8", newline="")
    return folder / f"{role_name(document)}.yml"


def ansible(tool: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one of Ansible's programs in a folder, with nothing of this machine's configuration."""
    home = folder.parent / f"{folder.name}.home"
    program = require(tool)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE")},
        "ANSIBLE_CONFIG": str(home / "ansible.cfg"),
        "ANSIBLE_HOME": str(home),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_SSH_ARGS": "",
        "HOME": str(home),
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(program).parent), os.environ["PATH"]]),
    }
    home.mkdir(exist_ok=True)
    (home / "ansible.cfg").touch()
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=SECONDS,
    )


def play(playbook: Path, node: Node, *arguments: str, **variables: Any) -> Play:  # noqa: ANN401  # what JSON holds
    """Play against a node; the connection is Ansible's own for ssh, by a program in its place."""
    folder = playbook.parent
    inventory = folder.parent / f"{folder.name}.inventory.json"
    inventory.write_text(json.dumps(_inventory(folder, node)))
    extra = json.dumps({"ansible_become": False, **variables})
    done = ansible(
        "ansible-playbook",
        *("--inventory", str(inventory), "--extra-vars", extra, *arguments, playbook.name),
        folder=folder,
    )
    return Play(done.returncode, tuple(_changed(done.stdout)), done.stdout + done.stderr)


def _inventory(folder: Path, node: Node) -> dict[str, Any]:
    ssh = folder.parent / f"{folder.name}.ssh"
    into = shlex.join(node.into)
    ssh.write_text(f'#!/bin/sh\nfor command; do :; done\nexec {into} "$command"\n')
    ssh.chmod(0o755)
    connection = {
        "ansible_connection": "ssh",
        "ansible_pipelining": True,
        "ansible_python_interpreter": node.python,
        "ansible_ssh_executable": str(ssh),
        "ansible_ssh_transfer_method": "piped",
    }
    return {"all": {"children": {"host": {"hosts": {"node": connection}}}}}


def _changed(said: str) -> list[str]:
    """Return the names of the tasks that changed something, once for each time they did."""
    name, found = "", []
    for line in said.splitlines():
        if line.startswith(("TASK [", "RUNNING HANDLER [")):
            name = line.partition("[")[2].partition("]")[0].partition(" : ")[2]
        elif line.startswith("changed: "):
            found.append(name)
    return found
