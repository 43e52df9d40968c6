"""A real firewalld on a bus and in a network of its own, as the oracle for its configuration."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from reqc.backends.base import Output
from tests.backends.firewall.samples import isolated, written
from tests.tools import require

BUS = """<busconfig><type>system</type><listen>unix:path={folder}/bus.sock</listen>
<auth>EXTERNAL</auth><policy context="default"><allow user="*"/><allow own="*"/>
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>
"""
# state 252 is "not running": the daemon is still on its way
DAEMON = """
export DBUS_SYSTEM_BUS_ADDRESS="unix:path=$PWD/bus.sock"
bus=$(dbus-daemon --config-file=bus.conf --fork --nopidfile --nosyslog --print-pid 2>bus.log)
firewalld --nofork --nopid --system-config "$PWD/etc" --log-target console >firewalld.log 2>&1 &
daemon=$!
trap 'kill $daemon; wait $daemon || :; kill $bus' EXIT
for try in $(seq 100); do
  status=0; firewall-cmd --state >state 2>&1 || status=$?
  [ $status = 252 ] || break
done
cat state
nft -n list ruleset >ruleset
"""
SETUP_FOLDERS = ("services", "zones", "policies", "ipsets", "icmptypes", "helpers")


@dataclass
class Daemon:
    """What a firewalld made of a configuration."""

    state: str
    complaints: list[str]
    ruleset: str


def configured(output: Output, folder: Path) -> Path:
    written(output, folder / "etc")
    for name in SETUP_FOLDERS:
        (folder / "etc" / name).mkdir(exist_ok=True)
    shutil.copy("/etc/firewalld/firewalld.conf", folder / "etc")
    return folder


def daemon(output: Output, folder: Path) -> Daemon:
    """Start a real firewalld on a bus and in a network of its own."""
    for tool in ("firewalld", "dbus-daemon", "nft"):
        require(tool)
    configured(output, folder)
    (folder / "bus.conf").write_text(BUS.format(folder=folder))
    result = isolated(DAEMON, folder)
    log = (folder / "firewalld.log").read_text().splitlines()
    return Daemon(
        result.stdout.strip(),
        [line for line in log if "WARNING" in line or "ERROR" in line],
        (folder / "ruleset").read_text(),
    )
