"""The check scripts on a node with systemd, NetworkManager and firewalld that really run."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any, Final

import pytest

from reqc.backends.shell.backend import TARGET
from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.judge import judge
from tests.specs.shipped import OPENSHIFT, lowered
from tests.tools import require
from tests.vm.container import Container, booted, installed

DOCUMENT: Final = lowered(OPENSHIFT)
SCRIPT: Final = TARGET.render(DOCUMENT, {}).artifacts[0].text

FIREWALLD: Final = "node.firewalld"
UNMANAGED: Final = "node.unmanaged"

DROP_IN: Final = "/etc/NetworkManager/conf.d/calico.conf"
GLOBS: Final = "cali* tunl* vxlan.calico vxlan-v6.calico wireguard.cali wg-v6.cali"
KEPT_OFF: Final = "[keyfile]\nunmanaged-devices=" + ";".join(
    f"interface-name:{glob}" for glob in GLOBS.split()
)


pytestmark = pytest.mark.xdist_group("test_systemd_container")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """Return a booted system that passes for a node."""
    with booted(tmp_path_factory.mktemp("container"), disguised=True) as host:
        yield host


def _states(report: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["state"] for row in report["results"]}


def _change_firewalld(host: Container, *commands: str) -> None:
    """Enable firewalld, whatever was done to it before, and then give the commands."""
    for command in ("unmask", "unmask --runtime", "disable --runtime", "enable", *commands):
        host.systemctl(*command.split(), "firewalld.service")


@pytest.mark.parametrize(
    ("commands", "state"),
    [
        (("start",), "fail"),
        (("start", "mask"), "fail"),  # masked, and running all the same
        (("start", "disable"), "fail"),
        (("stop",), "fail"),  # until the next boot
        (("disable --now",), "pass"),
        (("mask --now",), "pass"),
        (("mask --runtime --now",), "pass"),
        (("disable --now", "enable --runtime"), "fail"),
    ],
    ids=" and ".join,
)
def test_firewalld(host: Container, commands: tuple[str, ...], state: str) -> None:
    _change_firewalld(host, *commands)

    assert _states(host.check(SCRIPT))[FIREWALLD] == state


def test_firewalld_is_absent(host: Container) -> None:
    _change_firewalld(host, "disable --now")
    host.run("rm", "/usr/lib/systemd/system/firewalld.service", check=True)
    host.systemctl("daemon-reload")

    assert host.out("systemctl", "is-enabled", "firewalld.service") == ""
    assert _states(host.check(SCRIPT))[FIREWALLD] == "pass"


def _managed(host: Container, name: str) -> bool:
    """Make an interface and tell whether NetworkManager takes it over.

    It has decided on it as soon as it has taken over one that was made later.
    """
    host.run("ip", "link", "add", name, "type", "veth", "peer", "name", "later0", check=True)
    state = "nmcli --get-values GENERAL.STATE device show"
    # Unmanaged is state 10.
    decided = f"until {state} later0 2>/dev/null | grep -qv '^10 '; do :; done"
    host.run("sh", "-c", decided, check=True)
    found = host.out(*state.split(), name)
    host.run("ip", "link", "delete", name, check=True)
    return not found.startswith("10 ")


@pytest.mark.parametrize(
    ("files", "kept_off"),
    [
        ({}, False),
        ({DROP_IN: KEPT_OFF}, True),
        ({DROP_IN: f"{KEPT_OFF};interface-name:other0\n"}, True),
        ({DROP_IN: KEPT_OFF.replace("[keyfile]", "[main]")}, False),
        ({DROP_IN: KEPT_OFF.replace("interface-name:cali*;", "")}, False),
        ({DROP_IN: KEPT_OFF, f"{DROP_IN}.bak": "[keyfile]\nunmanaged-devices=\n"}, True),
        (
            {
                DROP_IN: KEPT_OFF,
                "/etc/NetworkManager/conf.d/z.conf": "[keyfile]\nunmanaged-devices=none\n",
            },
            False,
        ),
        ({"/usr/lib/NetworkManager/conf.d/calico.conf": KEPT_OFF}, True),
        ({"/usr/lib/NetworkManager/conf.d/calico.conf": KEPT_OFF, DROP_IN: ""}, False),
        ({"/run/NetworkManager/conf.d/calico.conf": KEPT_OFF}, True),
        (
            {
                "/etc/NetworkManager/NetworkManager.conf": KEPT_OFF,
                DROP_IN: "[keyfile]\nunmanaged-devices+=interface-name:other0\n",
            },
            True,
        ),
    ],
    ids=[
        *("no file", "as asked for", "more than asked for", "another section", "one is missing"),
        *("another suffix", "a later file", "of a vendor", "of a vendor, hidden", "until reboot"),
        "added to",
    ],
)
def test_networkmanager(host: Container, files: dict[str, str], *, kept_off: bool) -> None:
    for path, content in files.items():
        host.write(path, content)
    host.systemctl("reload", "NetworkManager.service")

    managed = _managed(host, "cali0")
    state = _states(host.check(SCRIPT))[UNMANAGED]

    host.run("rm", *files)
    assert managed is not kept_off
    assert state == ("pass" if kept_off else "fail")


def test_the_other_judge_says_the_same(host: Container) -> None:
    collected = host.run("sh", "-s", "--", "--facts", stdin=SCRIPT)
    assert collected.stderr == ""

    results = judge(DOCUMENT, read_facts(collected.stdout))

    states = {result.requirement.origin.id: result.state.value for result in results}
    assert states == _states(host.check(SCRIPT))


def test_without_networkmanager_its_list_is_not_asked_for(host: Container) -> None:
    host.systemctl("disable", "--now", "NetworkManager.service")
    host.run("rm", "/usr/lib/systemd/system/NetworkManager.service", check=True)

    assert _states(host.check(SCRIPT))[UNMANAGED] == "n/a"


def test_a_container_says_that_it_is_one(tmp_path_factory: pytest.TempPathFactory) -> None:
    with booted(tmp_path_factory.mktemp("container")) as inside:
        report = inside.check(SCRIPT)
        text = inside.run("sh", "-s", stdin=SCRIPT).stdout

    assert report["container"] is True
    assert "this is a container (systemd-nspawn)" in text
    states = _states(report)
    # Of the image nothing follows for the host; the kernel is the host's.
    assert {states[FIREWALLD], states[UNMANAGED], states["node.cali"]} == {"unknown"}
    assert states["node.kernel"] == "pass"
    assert states["kernel.ipset"] in {"pass", "fail"}


def _mounted(root: str, *command: str, script: str = SCRIPT) -> subprocess.CompletedProcess[str]:
    """Run a shell while a root has the /proc and /sys of this machine, as the /host of a pod."""
    mounts = 'mount --bind /proc "$0/proc" && mount --rbind /sys "$0/sys" && exec "$@"'
    return subprocess.run(
        [require("unshare"), "--mount", "sh", "-c", mounts, root, *command],
        input=script,
        capture_output=True,
        text=True,
        check=False,
    )


def test_behind_chroot_it_says_what_it_says_of_a_root() -> None:
    root = str(installed())

    inside = _mounted(root, "chroot", root, "sh", "-s", "--", "--format", "json")
    outside = _mounted(root, "sh", "-s", "--", "--format", "json", "--root", root)

    assert (inside.stderr, outside.stderr) == ("", "")
    states = _states(json.loads(inside.stdout))
    assert states == _states(json.loads(outside.stdout))
    assert (states[FIREWALLD], states[UNMANAGED]) == ("fail", "fail")


@pytest.mark.parametrize("part", [0.25, 0.5, 0.999])
def test_a_script_that_is_cut_on_its_way_runs_nothing(part: float) -> None:
    root = str(installed())

    done = _mounted(root, "chroot", root, "sh", "-s", script=SCRIPT[: int(len(SCRIPT) * part)])

    assert done.stdout == ""
