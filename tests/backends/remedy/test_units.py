"""Units: the links that a remedy makes and removes, against what systemctl does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.checks import Unit, UnitCondition
from reqc.compiler.states import FileContent, MountPoint, UnitState
from tests.backends.remedy.trees import SHELLS, UNIT, asking, play, remedy, traces, tree
from tests.backends.shell.nodes import Node, report
from tests.backends.shell.samples import checking, script
from tests.tools import require

_RUNS: Final = "[Service]\nExecStart=/bin/true\n"
_LIB: Final = "usr/lib/systemd/system"
_ETC: Final = "etc/systemd/system"
_WANTED: Final = f"{_RUNS}[Install]\nWantedBy=multi-user.target\n"

FILES: Final[Mapping[str, str]] = {
    f"{_LIB}/multi-user.target": "[Unit]\nDescription=x\n",
    f"{_LIB}/plain.service": _WANTED,
    f"{_LIB}/several.service": f"{_RUNS}[Install]\nWantedBy=a.target b.target\nWantedBy=c.target\n"
    "RequiredBy=d.target\nWantedBy=\nWantedBy=e.target  f.target\n",
    f"{_LIB}/named.service": f"{_WANTED}Alias=other-name.service third.service\n",
    f"{_LIB}/with.service": f"{_WANTED}Also=with.socket missing.service\n",
    f"{_LIB}/with.socket": "[Socket]\nListenStream=/run/x\n[Install]\nWantedBy=sockets.target\n"
    "Also=with.service\n",
    f"{_LIB}/only-also.service": f"{_RUNS}[Install]\nAlso=plain.service\n",
    f"{_LIB}/static.service": _RUNS,
    f"{_LIB}/commented.service": f"# [Install]\n{_RUNS}[Install]\n; WantedBy=x.target\n"
    "  WantedBy = \\\n# between\n  multi-user.target \\\n  late.target\n"
    "[Other]\nWantedBy=no.target\n",
    f"{_LIB}/fork@.service": f"{_WANTED}Alias=spoon@%i.service\n",
    f"{_LIB}/wrong@.service": f"{_WANTED}Alias=wrong-%i.service\n",
    f"{_LIB}/stock@.service": f"{_WANTED}DefaultInstance=first\n",
    f"{_LIB}/kept@.service": f"{_RUNS}[Install]\nWantedBy=%p-%i.target %N.target %n.target\n",
    f"{_LIB}/dropped.service": _RUNS,
    f"{_ETC}/dropped.service.d/install.conf": "[Install]\nWantedBy=multi-user.target\n",
    f"{_ETC}/own.service": _WANTED,
    f"{_LIB}/vendor.service": _WANTED,
    f"{_LIB}/mounted.mount": "[Mount]\nWhere=/mounted\nWhat=x\n"
    "[Install]\nWantedBy=local-fs.target\n",
    "opt/far.service": _WANTED,
}
LINKS: Final[Mapping[str, str]] = {
    f"{_LIB}/alias.service": "plain.service",
    f"{_ETC}/far.service": "/opt/far.service",
}
ENABLED: Final = (
    *("plain.service", "several.service", "named.service", "with.service", "commented.service"),
    *("fork@one.service", "fork@two.service", "stock@.service", "stock@other.service"),
    *("kept@x.service", "dropped.service", "own.service", "mounted.mount"),
)
DISABLED: Final = (*ENABLED, "with.socket", "only-also.service", "far.service")


def systemctl(node: Node, *arguments: str) -> None:
    subprocess.run(
        [require("systemctl"), f"--root={node.root}", "--quiet", *arguments],
        check=True,
        capture_output=True,
    )


def built(node: Node, *, enabled: bool) -> Node:
    """Put units of every kind on a node, all of them enabled or none."""
    for path, content in FILES.items():
        node.write(path, content)
    for path, target in LINKS.items():
        node.link(path, target)
    if enabled:
        systemctl(node, "enable", *ENABLED)
    return node


def links(node: Node) -> dict[str, str]:
    """Return the links of the administrator, with the name of what each one leads to."""
    folder = node.root / _ETC
    return {
        str(path.relative_to(folder)): path.readlink().name
        for path in folder.rglob("*")
        if path.is_symlink()
    }


def twin(node: Node, fast: Path) -> Node:
    """Return a copy of a node, for systemctl."""
    root = fast / "twin"
    shutil.copytree(node.root, root, symlinks=True)
    return Node(root)


@pytest.mark.parametrize(("unit", "shell"), [*zip(ENABLED, cycle(SHELLS))])
def test_enabling_makes_the_links_of_systemctl(
    shell: str, node: Node, fast: Path, unit: str
) -> None:
    built(node, enabled=False)
    other, before = twin(node, fast), tree(node.root)
    systemctl(other, "enable", unit)
    text = remedy(asking(UnitState(unit, "enabled")))

    told = play(shell, node, text)

    assert (told.status, told.complaint) == (0, "")
    assert links(node) == links(other)
    written = traces(node.root)
    assert play(shell, node, text).status == 0
    assert traces(node.root) == written
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize(("unit", "shell"), [*zip(DISABLED, cycle(SHELLS[1:] + SHELLS[:1]))])
def test_disabling_removes_the_links_that_systemctl_removes(
    shell: str, node: Node, fast: Path, unit: str
) -> None:
    built(node, enabled=True)
    node.link(f"{_ETC}/custom.target.wants/plain.service", f"/{_LIB}/plain.service")
    node.link(f"{_ETC}/custom.target.requires/own.service", "../own.service")
    node.link(f"{_ETC}/mine.service", f"/{_LIB}/named.service")
    other, before = twin(node, fast), tree(node.root)
    systemctl(other, "disable", unit)
    text = remedy(asking(UnitState(unit, "disabled")))

    told = play(shell, node, text)

    assert (told.status, told.complaint) == (0, "")
    expected = links(other)
    if unit.startswith("fork@"):
        # It forgets the alias of an instance, by which the unit could still be started.
        del expected[unit.replace("fork", "spoon")]
    assert links(node) == expected
    written = traces(node.root)
    assert play(shell, node, text).status == 0
    assert traces(node.root) == written
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("unit", ["plain.service", "fork@one.service", "nowhere.service"])
def test_masking_makes_the_link_of_systemctl(shell: str, node: Node, fast: Path, unit: str) -> None:
    built(node, enabled=True)
    other, before = twin(node, fast), tree(node.root)
    systemctl(other, "mask", unit)
    text = remedy(asking(UnitState(unit, "masked")))

    assert play(shell, node, text).status == 0

    assert links(node) == links(other)
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_unit_of_the_administrator_is_masked_and_comes_back(shell: str, node: Node) -> None:
    built(node, enabled=True)
    before = tree(node.root)
    text = remedy(asking(UnitState("own.service", "masked")))

    assert play(shell, node, text).status == 0

    assert links(node)["own.service"] == "null"
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_what_the_administrator_masked_is_enabled_all_the_same(shell: str, node: Node) -> None:
    built(node, enabled=False)
    node.link(f"{_ETC}/plain.service", "/dev/null")
    node.write(f"{_ETC}/named.service")
    before = tree(node.root)
    units = "plain.service", "named.service"
    text = remedy(asking(*(UnitState(unit, "enabled") for unit in units)))

    dry = play(shell, node, text, "--dry-run")
    told = play(shell, node, text)

    assert dry.lines("would") == told.lines("done")
    checks = [Unit(unit, UnitCondition.ENABLED) for unit in units]
    assert states(shell, node, *checks) == ["pass", "pass"]
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


def states(shell: str, node: Node, *checks: Unit) -> list[str]:
    """Return what the check script says."""
    folder = node.root.parent / "checking"
    folder.mkdir(exist_ok=True)
    found = report(shell, script(checking(*checks)), folder, "--root", str(node.root))
    return [row["state"] for row in found.values()]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("unit", "state", "why"),
    [
        ("nowhere.service", "enabled", "there is no such unit"),
        ("static.service", "enabled", "its file does not say what starts it"),
        ("fork@.service", "enabled", "it is a template, of which no instance is the default"),
        ("run.service", "enabled", "it is masked by /run/systemd/system/run.service"),
        ("vendor.service", "disabled", "wants/vendor.service starts it all the same; only masking"),
        ("wrong@x.service", "enabled", "its [Install] section is read by systemctl only"),
        ("quoted.service", "enabled", "its [Install] section is read by systemctl only"),
        ("folder.service", "masked", "there is a folder, a device"),
    ],
)
def test_what_links_cannot_do_is_told(
    shell: str, node: Node, unit: str, state: str, why: str
) -> None:
    built(node, enabled=False)
    node.link(f"{_LIB}/multi-user.target.wants/vendor.service", "../vendor.service")
    node.link("run/systemd/system/run.service", "/dev/null")
    node.write(f"{_LIB}/run.service", UNIT)
    node.write(f"{_LIB}/quoted.service", f'{_RUNS}[Install]\nWantedBy="a b.target" %H.target\n')
    (node.root / _ETC / "folder.service").mkdir()
    before = tree(node.root)

    assert state in {"enabled", "disabled", "masked"}
    told = play(shell, node, remedy(asking(UnitState(unit, state))))  # type: ignore[arg-type]

    assert told.status == 1
    (line,) = told.lines("cannot")
    assert why in line.replace(str(node.root), "")
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("state", ["disabled", "masked"])
def test_an_absent_unit_is_no_failure(shell: str, node: Node, state: str) -> None:
    text = remedy(asking(UnitState("nowhere.service", state)))  # type: ignore[arg-type]

    assert play(shell, node, text).status == 0


@pytest.mark.parametrize("shell", SHELLS)
def test_units_that_the_page_writes_are_enabled_and_a_dry_run_knows(shell: str, node: Node) -> None:
    own = "/etc/systemd/system/mine.service"
    text = remedy(
        asking(
            UnitState("mine.service", "enabled"),
            FileContent(own, UNIT),
            MountPoint("/srv/in memory-x".replace(" ", "_"), "tmpfs"),
        )
    )
    before = tree(node.root)

    dry = play(shell, node, text, "--dry-run")
    told = play(shell, node, text)

    assert dry.status == told.status == 0
    assert dry.lines("would") == told.lines("done")
    assert links(node) == {
        "multi-user.target.wants/mine.service": "mine.service",
        "local-fs.target.wants/srv-in_memory\\x2dx.mount": "srv-in_memory\\x2dx.mount",
    }
    again = traces(node.root)
    assert play(shell, node, text).status == 0
    assert traces(node.root) == again
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before
