"""Remedies under a booted systemd, with NetworkManager and firewalld: the whole loop, and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from reqc.compiler.checks import Check, Mounted, Relation, Sysctl, Unit, UnitCondition
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileContent, MountPoint, State, SysctlValue, UnitState
from tests.backends.remedy.trees import remedy
from tests.backends.shell.samples import script
from tests.deployments import lowered, shipped
from tests.documents import document, requirement
from tests.vm.container import Container, booted

pytestmark = pytest.mark.xdist_group("test_remedy")

_UNIT: Final = "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n"
_OWN: Final = "/etc/systemd/system/own.service"
WISHES: Final[dict[str, tuple[State, Check]]] = {
    "now.mounted": (MountPoint("/srv/memory", "tmpfs"), Mounted("/srv/memory", "tmpfs")),
    "now.setting": (
        SysctlValue("net.ipv4.ip_forward", "1"),
        Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1"),
    ),
    "now.started": (
        UnitState("idle.service", "enabled"),
        Unit("idle.service", UnitCondition.RUNNING),
    ),
    "now.stopped": (
        UnitState("busy.service", "disabled"),
        Unit("busy.service", UnitCondition.STOPPED),
    ),
    "now.masked": (
        UnitState("local.service", "masked"),
        Unit("local.service", UnitCondition.STOPPED),
    ),
    "now.unmasked": (
        UnitState("hidden.service", "enabled"),
        Unit("hidden.service", UnitCondition.RUNNING),
    ),
    "now.written": (FileContent(_OWN, _UNIT), Unit("own.service", UnitCondition.PRESENT)),
    "now.own": (UnitState("own.service", "enabled"), Unit("own.service", UnitCondition.RUNNING)),
}
PAGE: Final = document(
    *(requirement(id_, states=[state], check=check) for id_, (state, check) in WISHES.items())
)


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """Return a booted system with units of its own, some of them running."""
    with booted(tmp_path_factory.mktemp("container"), disguised=True) as host:
        for name in ("lib/systemd/system/idle", "lib/systemd/system/busy"):
            host.write(f"/usr/{name}.service", _UNIT)
        host.write("/etc/systemd/system/local.service", _UNIT)
        host.write("/usr/lib/systemd/system/hidden.service", _UNIT)
        host.systemctl("daemon-reload")
        host.systemctl("enable", "--now", "busy.service", "local.service")
        host.systemctl("mask", "hidden.service")
        yield host


def states(host: Container, made: LoweredDocument) -> dict[str, str]:
    return {row["id"]: row["state"] for row in host.check(script(made))["results"]}


def play(host: Container, made: LoweredDocument, *arguments: str) -> str:
    """Run a remedy; it must succeed and complain of nothing."""
    done = host.run("sh", "-s", "--", *arguments, stdin=remedy(made))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def told(said: str, word: str) -> list[str]:
    return [line[len(word) :].strip() for line in said.splitlines() if line.startswith(f"{word} ")]


def view(host: Container) -> str:
    """Return what systemd thinks of every unit file, and all files that a remedy could change.

    NetworkManager makes resolv.conf anew whenever it is reloaded.
    """
    places = "/etc", "/usr/lib/systemd", "/var/lib/reqc"
    kept = "-path", "/etc/resolv.conf", "-o", "-printf", "%p %m %u %l\n"
    files = host.out("find", *places, *kept)
    units = host.out("systemctl", "list-unit-files", "--no-legend", "--no-pager")
    running = host.out(
        "systemctl",
        "list-units",
        "--no-legend",
        "--plain",
        "--state=active",
        "--type=service,mount",
    )
    shown = [line.split()[0] for line in running.splitlines() if "systemd-" not in line]
    return "\n".join([*sorted(files.splitlines()), units, *sorted(shown)])


@pytest.mark.parametrize("page", ["wishes", "v3.24-openshift"])
def test_the_loop(host: Container, page: str) -> None:
    made = PAGE if page == "wishes" else lowered(shipped(page), {})
    # Whether the kernel has what a page asks of it, no configuration decides.
    asked = [
        item.origin.id
        for item in made.here
        if item.states and not item.origin.id.startswith("kernel.")
    ]
    before, was = view(host), states(host, made)

    dry = play(host, made, "--dry-run")
    assert view(host) == before
    done = play(host, made)

    assert told(dry, "would") == told(done, "done")
    failing = {id_ for id_ in asked if was[id_] == "fail"}
    assert len(failing) >= 2
    now = states(host, made)
    assert {id_ for id_ in asked if now[id_] == "fail"} == set()
    assert {now[id_] for id_ in failing} == {"pass"}
    after = view(host)
    assert told(play(host, made), "done") == []
    assert view(host) == after
    play(host, made, "--undo")
    assert view(host) == before
    assert states(host, made) == was
