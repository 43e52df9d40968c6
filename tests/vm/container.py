"""A Debian with systemd, NetworkManager and firewalld, booted in a container."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.tools import needs_root, require
from tests.vm.control_groups import own_groups
from tests.vm.kernels import fetched

SECONDS: Final = 120
"""How long a boot, a command and a shutdown may take each."""

_ENTER: Final = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done; shift; exec "$@"'
"""Enters the control groups before the sign, and becomes the command behind it."""


@dataclass(frozen=True, slots=True)
class Container:
    """A booted container, by the process number of its systemd."""

    leader: int

    @property
    def root(self) -> Path:
        """Its root folder, as seen from outside."""
        return Path("/proc", str(self.leader), "root")

    def run(
        self, *command: str, stdin: str = "", check: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        return subprocess.run(
            [require("nsenter"), "--target", str(self.leader), "--all", "--", *command],
            input=stdin,
            capture_output=True,
            text=True,
            check=check,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            timeout=SECONDS,
        )

    def out(self, *command: str) -> str:
        """Return what a command prints, whatever its status, without the last newline."""
        return self.run(*command).stdout.rstrip("\n")

    def write(self, path: str, content: str) -> None:
        """Write a file in it, with its folders."""
        self.run("mkdir", "-p", str(Path(path).parent), check=True)
        self.run("sh", "-c", 'cat >"$0"', path, stdin=content, check=True)

    def check(self, script: str, *arguments: str) -> dict[str, Any]:
        """Return the report of a check script that comes in over a pipe, as by ssh."""
        done = self.run("sh", "-s", "--", "--format", "json", *arguments, stdin=script)
        assert done.stderr == ""
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def systemctl(self, *arguments: str) -> None:
        """Run systemctl, which must succeed."""
        self.run("systemctl", "--quiet", *arguments, check=True)


def installed() -> Path:
    """Return the root folder of the system that is booted."""
    needs_root()
    return fetched("container")


@contextmanager
def booted(folder: Path, *, disguised: bool = False) -> Iterator[Container]:
    """Boot the system, whose changes are forgotten at the end; `folder` is for its log.

    A disguised container does not say that it is one, so that it is judged as a node.
    """
    command = [require("systemd-nspawn"), "--quiet", "--directory", str(installed()), "--boot"]
    command += ["--volatile=overlay", "--private-network", "--register=no", "--keep-unit"]
    command += ["--console=pipe", "--notify-ready=yes", "--kill-signal=SIGRTMIN+4"]
    command += ["--setenv=container="] if disguised else []
    address = str(folder / "notify")
    with (
        own_groups() as groups,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify,
        (folder / "log").open("wb") as log,
    ):
        notify.settimeout(SECONDS)
        notify.bind(address)
        process = subprocess.Popen(
            ["sh", "-c", _ENTER, "sh", *map(str, groups), "--", *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "NOTIFY_SOCKET": address},
        )
        try:
            yield Container(_leader(notify))
        finally:
            # An orderly shutdown, which leaves the control groups empty.
            process.terminate()
            process.wait(SECONDS)


def _leader(notify: socket.socket) -> int:
    """Return the first process of a container, once systemd says that it is up: sd_notify(3)."""
    said = ""
    while "\nREADY=1\n" not in said:
        said += f"\n{notify.recv(65536).decode()}\n"
    (leader,) = re.findall("^X_NSPAWN_LEADER_PID=([0-9]+)$", said, re.MULTILINE)
    return int(leader)
