"""A real firewalld on a bus and in a network of its own, as the oracle for its configuration."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reqc.backends.base import Output
from tests.backends.firewall.samples import isolated, written
from tests.tools import bare, needs_root, require

BUS = """<busconfig><type>system</type><listen>unix:path={folder}/bus.sock</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>
"""
# state 252 is "not running": the daemon is still on its way
READY = """
for try in $(seq 100); do
  status=0; firewall-cmd --state >state 2>&1 || status=$?
  [ $status = 252 ] || break
done
cat state
"""
ADDRESS = 'export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$PWD/bus.sock"\n'
START_BUS = "dbus-daemon --config-file=bus.conf --fork --nopidfile --nosyslog --print-pid 2>bus.log"
DAEMON = f"""
{ADDRESS}
bus=$({START_BUS})
firewalld --nofork --nopid --system-config "$PWD/etc" --log-target console >firewalld.log 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || :; kill $bus' EXIT
{READY}
nft -n list ruleset >ruleset
"""
IN_PLACE: Final = f"""
{ADDRESS}
mount --bind etc /etc/firewalld
{START_BUS} >bus.pid
exec firewalld --nofork --nopid --log-target console >firewalld.log 2>&1
"""
"""Starts a firewalld whose configuration is where it always is, for itself and those who join."""

SETUP_FOLDERS = ("services", "zones", "policies", "ipsets", "icmptypes", "helpers")
TOOLS: Final = ("firewalld", "dbus-daemon", "nft", "nsenter", "unshare")


@dataclass
class Daemon:
    """What a firewalld made of a configuration."""

    state: str
    complaints: list[str]
    ruleset: str


def configured(output: Output, folder: Path) -> Path:
    """Write the files of an output as the configuration of a firewalld in `folder`."""
    files = (item for item in output.artifacts if item.name.endswith(".xml"))
    written(Output(tuple(files)), folder / "etc")
    for name in SETUP_FOLDERS:
        (folder / "etc" / name).mkdir(parents=True, exist_ok=True)
    shutil.copy("/etc/firewalld/firewalld.conf", folder / "etc")
    return folder


def daemon(output: Output, folder: Path) -> Daemon:
    """Start a real firewalld on a bus and in a network of its own."""
    for tool in ("firewalld", "dbus-daemon", "nft"):
        require(tool)
    configured(output, folder)
    (folder / "bus.conf").write_text(BUS.format(folder=folder))
    result = isolated(DAEMON, folder)
    return Daemon(result.stdout.strip(), complaints(folder), (folder / "ruleset").read_text())


def complaints(folder: Path) -> list[str]:
    """Return what the daemon of a folder has warned of."""
    log = (folder / "firewalld.log").read_text().splitlines()
    return [line for line in log if "WARNING" in line or "ERROR" in line]


class Firewalld:
    """A firewalld that runs, with /etc/firewalld for whoever joins it."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self._process = process

    @property
    def etc(self) -> Path:
        """Its configuration, as seen from outside."""
        return self.folder / "etc"

    @property
    def complaints(self) -> list[str]:
        """What it has warned of so far."""
        return complaints(self.folder)

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a shell script where the daemon is, in its folder."""
        return subprocess.run(
            [
                "nsenter",
                f"--target={self._process.pid}",
                "--mount",
                "--net",
                "sh",
                "-eu",
                "-c",
                f"cd {self.folder}\n{ADDRESS}{script}",
            ],
            env=bare(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def place(self, output: Output) -> None:
        """Make an output the whole configuration on disk."""
        for name in SETUP_FOLDERS:
            shutil.rmtree(self.etc / name, ignore_errors=True)
        configured(output, self.folder)

    def load(self, output: Output) -> None:
        """Make an output the whole configuration; fail where the daemon does not take it."""
        self.place(output)
        result = self.run("firewall-cmd --reload; firewall-cmd --state")
        assert (result.stdout, result.stderr) == ("success\nrunning\n", "")

    def ruleset(self) -> str:
        """Return all rules of its network, table by table in the order of their names."""
        listing = "sort | while read -r name; do nft -n list $name; done"
        return self.run(f"nft list tables | {listing}").stdout

    def stop(self) -> None:
        """End the daemon at once, and its bus."""
        self._process.kill()
        self._process.wait()
        os.kill(int((self.folder / "bus.pid").read_text()), signal.SIGTERM)


@contextmanager
def running(
    folder: Path, inside: AbstractContextManager[None] | None = None
) -> Iterator[Firewalld]:
    """Yield a firewalld with the stock configuration, in a network of its own or that of a lab.

    `inside` enters the network namespace of the lab.
    """
    for tool in TOOLS:
        require(tool)
    needs_root()
    configured(Output(()), folder)
    (folder / "bus.conf").write_text(BUS.format(folder=folder))
    alone = [] if inside else ["--net"]
    with inside or nullcontext():
        process = subprocess.Popen(
            ["unshare", "--mount", *alone, "sh", "-eu", "-c", IN_PLACE],
            cwd=folder,
            env=bare(),
        )
    started = Firewalld(folder, process)
    try:
        assert started.run(READY).stdout == "running\n"
        yield started
    finally:
        started.stop()
