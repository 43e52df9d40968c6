"""Packages, as their managers tell: real ones where they are there, and some that speak alike."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.checks import All, Check, Not, PackageInstalled
from reqc.compiler.evaluation.facts import Facts, Package
from reqc.compiler.evaluation.node import Node as Judged
from reqc.compiler.evaluation.probes import evaluate
from tests.backends.shell.collecting import checked
from tests.backends.shell.nodes import SHELLS, Node, report, run
from tests.backends.shell.samples import checking, script
from tests.tools import require

DPKG: Final = "/var/lib/dpkg/status"
APK: Final = "/lib/apk/db/installed"
PACMAN: Final = "/var/lib/pacman/local/ALPM_DB_VERSION"
RPM: Final = "/var/lib/rpm/rpmdb.sqlite"
STAND_IN: Final = """#!/bin/sh
printf '%s ' "${0##*/}" "$@" >>CALLS
echo >>CALLS
[ "$1" != --eval ] || { echo BACKEND; exit; }
cat <<'END'
SAID
END
exit ENDED
"""


@dataclass(frozen=True, slots=True)
class Tools:
    """A folder of commands that stand before those of the system."""

    folder: Path

    def provide(self, name: str, said: str, ended: int = 0, backend: str = "sqlite") -> None:
        """Put a manager there that says something whatever it is asked."""
        text = STAND_IN.replace("CALLS", shlex.quote(str(self.folder / "calls")))
        text = text.replace("BACKEND", backend).replace("SAID", said).replace("ENDED", str(ended))
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def hide(self, *names: str) -> None:
        """Make links to the tools that the script uses, so that the folder is enough alone."""
        for name in ("awk", "cat", "grep", "ls", "od", "sh", "sort", "timeout", "tr", "uname"):
            if name not in names:
                (self.folder / name).symlink_to(require(name))

    def calls(self) -> list[str]:
        """Return the calls since the last time."""
        file = self.folder / "calls"
        said = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return [line.strip() for line in said]


@pytest.fixture
def tools(tmp_path: Path) -> Tools:
    folder = tmp_path / "some tools"
    folder.mkdir()
    return Tools(folder)


def asking(tools: Tools, *checks: Check, alone: bool = False) -> str:
    """Return a script that finds the tools before those of the system, or only them."""
    head, name, rest = script(checking(*checks)).partition("standard_path=")
    path, line, rest = rest.partition("\n")
    assert name and line  # noqa: PT018  # the script says so in one line
    folders = str(tools.folder) if alone else f"{tools.folder}:{path}"
    return f"{head}{name}{shlex.quote(folders)}{line}{rest}"


def states(node: Node, tools: Tools, *names: str, alone: bool = False) -> list[str]:
    """Return the states of packages, which every shell and the Python judge tell alike."""
    text = asking(tools, *map(PackageInstalled, names), alone=alone)
    root, folder = str(node.root), node.root.parent
    told = [list(report(shell, text, folder, "--root", root).values()) for shell in SHELLS]
    assert told[1:] == told[:1] * (len(SHELLS) - 1)
    collected = {
        run(shell, text, folder, "--root", root, "--facts").stdout for shell in tuple(SHELLS)[::2]
    }
    (facts,) = map(checked, collected)
    judged = [evaluate(PackageInstalled(name), Judged(facts)) for name in names]
    found = [(item["state"], item["found"]) for item in told[0]]
    assert found == [(outcome.verdict.value, outcome.found) for outcome in judged]
    return [item["state"] for item in told[0]]


def collected(node: Node, tools: Tools, *names: str) -> Facts:
    text = asking(tools, *map(PackageInstalled, names))
    done = run("dash", text, node.root.parent, "--root", str(node.root), "--facts")
    assert done.stderr == b""
    return checked(done.stdout)


def status(*packages: tuple[str, str, str, str]) -> str:
    """Return a database of dpkg: names, architectures, states and versions."""
    return "\n".join(
        f"Package: {name}\nStatus: install ok {state}\nArchitecture: {architecture}\n"
        f"Version: {version}\nMulti-Arch: same\nMaintainer: x\nDescription: x\n"
        for name, architecture, state, version in packages
    )


def test_dpkg(node: Node, tools: Tools) -> None:
    require("dpkg-query")
    node.write(
        DPKG,
        status(
            ("libc6", "i386", "config-files", "2.36-1"),
            ("libc6", "amd64", "installed", "2.36-1"),
            ("removed", "amd64", "config-files", "1:2"),
            ("g++", "amd64", "installed", "3~rc1"),
            ("broken", "amd64", "half-configured", "4"),
        ),
    )
    names = ("libc6", "removed", "g++", "broken", "gone", "libc", "libc6:i386", "lib*", "-x", "")

    found = states(node, tools, *names)

    assert found[:6] == ["pass", "fail", "pass", "fail", "fail", "fail"]
    assert set(found[6:]) == {"unknown"}
    packages = collected(node, tools, *names).packages
    assert packages["g++"] == Package(state="installed", version="3~rc1", database=DPKG)
    assert packages["removed"] == Package(state="config-files", database=DPKG)
    assert packages["gone"] == Package(state="absent", database=DPKG)
    assert packages["lib*"].unseen == "dpkg-query does not tell"


# What the managers say, word for word, for packages that are there and others.
SPOKEN: Final = {
    "apk": (APK, "ipset\nwireguard-tools", 1),
    "apk in its new place": ("/usr/lib/apk/db/installed", "ipset\nwireguard-tools", 1),
    "pacman": (
        PACMAN,
        "ipset 7.21-1\nerror: package 'conntrack' was not found\nwireguard-tools 1.0-1",
        1,
    ),
    "rpm": (
        RPM,
        """\
ipset installed 7.11-8.el9
ipset installed 7.11-9.el9
package conntrack is not installed
wireguard-tools installed 1.0-2.el9""",
        1,
    ),
    "rpm in its new place": (
        "/usr/lib/sysimage/rpm/rpmdb.sqlite",
        "package conntrack is not installed\nipset installed 7-8\nwireguard-tools installed 1-2",
        1,
    ),
}


def in_use(node: Node, database: str) -> None:
    """Make a database, with the file that SQLite keeps beside one that is in use."""
    node.write(database, "9\n")
    if database.endswith(".sqlite"):
        node.write(f"{database}-shm")


@pytest.mark.parametrize("case", SPOKEN)
def test_what_managers_say(node: Node, tools: Tools, case: str) -> None:
    database, said, ended = SPOKEN[case]
    in_use(node, database)
    tools.provide(case.partition(" ")[0], said, ended)

    found = states(node, tools, "ipset", "conntrack", "wireguard-tools")

    assert found == ["pass", "fail", "pass"]
    facts = collected(node, tools, "ipset", "conntrack", "wireguard-tools")
    assert facts.packages["conntrack"] == Package(state="absent", database=database)


@pytest.mark.parametrize("name", ["apk", "pacman", "rpm"])
def test_all_packages_are_asked_for_at_once(node: Node, tools: Tools, name: str) -> None:
    database, said, ended = SPOKEN[name]
    in_use(node, database)
    tools.provide(name, said, ended)
    text = asking(
        tools,
        All((PackageInstalled("ipset"), PackageInstalled("conntrack"))),
        Not(PackageInstalled("wireguard-tools")),
        PackageInstalled("ipset"),
        *map(PackageInstalled, ("$(reboot)", "a b", "*", "--root=/x")),
    )

    found = report("dash", text, node.root.parent, "--root", str(node.root))

    assert [item["state"] for item in found.values()] == [
        *("fail", "fail", "pass"),
        *["unknown"] * 4,
    ]
    calls = [call for call in tools.calls() if "--eval" not in call]
    assert len(calls) == 1
    assert calls[0].endswith(" ipset conntrack wireguard-tools")
    assert str(node.root) in calls[0]


@pytest.mark.parametrize(
    ("name", "said", "ended"),
    [
        ("dpkg-query", "dpkg-query: error: parsing file 'x' near line 0:\n end of file", 2),
        ("dpkg-query", "ipset installed 7\ndpkg-query: error: x", 2),
        ("dpkg-query", "", 127),
        ("dpkg-query", "ipset  7", 0),
        ("apk", "ERROR: Unable to read database: v2 database format error", 1),
        ("apk", "ERROR: unable to open", 99),
        ("apk", "", 124),
        ("pacman", "error: failed to initialize alpm library", 1),
        ("pacman", "bash 5.2-1", 0),
        ("rpm", "error: cannot open Packages database\npackage ipset is not installed", 1),
        ("rpm", "bash installed 5-1", 0),
        ("rpm", "", 0),
    ],
)
def test_a_manager_that_does_not_tell(
    node: Node, tools: Tools, name: str, said: str, ended: int
) -> None:
    database = {"dpkg-query": DPKG, "apk": APK, "pacman": PACMAN, "rpm": RPM}[name]
    in_use(node, database)
    tools.provide(name, said, ended)

    assert states(node, tools, "ipset") == ["unknown"]
    package = collected(node, tools, "ipset").packages["ipset"]
    assert (package.state, package.database) == (None, database)
    assert package.unseen.startswith(f"{name} does not tell")


def test_a_node_without_a_manager(node: Node, tools: Tools) -> None:
    node.write(DPKG)
    (node.root / "var/lib/rpm").mkdir(parents=True)
    tools.provide("rpm", "ipset installed 1-2")

    assert states(node, tools, "ipset") == ["unknown"]
    assert tools.calls() == []
    assert collected(node, tools, "ipset").packages["ipset"].unseen.startswith("there is no data")


def test_a_manager_that_is_missing(node: Node, tools: Tools) -> None:
    node.write(DPKG, "x\n")
    tools.hide("dpkg-query")

    assert states(node, tools, "ipset", alone=True) == ["unknown"]


def test_a_node_has_one_manager(node: Node, tools: Tools) -> None:
    """Debian has rpm as a tool, and Fedora has dpkg, whose database is then empty."""
    in_use(node, RPM)
    node.write(DPKG)
    tools.provide("rpm", "ipset installed 1-2")
    tools.provide("dpkg-query", "dpkg-query: no packages found matching ipset", 1)
    fedora = states(node, tools, "ipset")

    node.write(DPKG, status(("bash", "amd64", "installed", "5")))

    assert (fedora, states(node, tools, "ipset")) == (["pass"], ["fail"])


@pytest.mark.parametrize(
    ("files", "backend", "state"),
    [
        ("rpmdb.sqlite rpmdb.sqlite-shm", "sqlite", "pass"),
        ("rpmdb.sqlite x", "sqlite", "unknown"),
        ("rpmdb.sqlite rpmdb.sqlite-shm", "bdb", "unknown"),
        ("Packages.db Index.db", "ndb", "pass"),
        ("Packages.db", "ndb", "unknown"),
        ("Packages __db.001", "bdb", "pass"),
        ("Packages __db.001", "", "pass"),
        ("Packages", "", "unknown"),
        ("Packages", "sqlite", "pass"),
        ("Packages __db.001", "ndb", "unknown"),
    ],
)
def test_rpm_is_asked_where_it_only_reads(
    node: Node, tools: Tools, files: str, backend: str, state: str
) -> None:
    for name in files.split():
        node.write(f"var/lib/rpm/{name}", "x")
    tools.provide("rpm", "ipset installed 1-2", backend=backend)

    assert states(node, tools, "ipset") == [state]
    assert any("-q" in call.split() for call in tools.calls()) == (state == "pass")


def test_in_a_container_they_are_those_of_its_image(node: Node, tools: Tools) -> None:
    in_use(node, APK)
    node.write("run/systemd/container", "lxc\n")
    tools.provide("apk", "ipset")

    assert states(node, tools, "ipset", "conntrack") == ["unknown", "unknown"]


def test_a_script_without_packages_does_not_speak_of_them() -> None:
    assert "dpkg" not in script(checking())


def test_dpkg_of_this_machine(tmp_path: Path) -> None:
    tool = require("dpkg-query")
    listed = subprocess.run(
        [tool, "-W", "-f", "${db:Status-Status} ${Package}\n"], check=True, capture_output=True
    )
    names = [line.split()[1] for line in listed.stdout.decode().splitlines() if "installed" in line]
    wanted = ("no-such-package", *names[:40])
    made = checking(*map(PackageInstalled, wanted))

    done = run("dash", script(made), tmp_path, "--facts")

    packages = checked(done.stdout).packages
    assert packages["no-such-package"].state == "absent"
    assert {packages[name].state for name in names[:40]} == {"installed"}


SPEC: Final = """\
Name: tiny
Version: 1.2
Release: 3
Summary: x
License: x
BuildArch: noarch
%description
x
%files
"""


def test_the_real_rpm(tmp_path: Path, node: Node, tools: Tools) -> None:
    rpm, build = require("rpm"), require("rpmbuild")
    (tmp_path / "tiny.spec").write_text(SPEC)
    database = node.root / "var/lib/rpm"
    database.mkdir(parents=True)
    build_it = [build, "-D", f"_topdir {tmp_path / 'top'}", "-bb", str(tmp_path / "tiny.spec")]
    subprocess.run(build_it, check=True, capture_output=True)
    made = [str(file) for file in (tmp_path / "top").rglob("*.rpm")]
    install = [rpm, "--dbpath", str(database), "--justdb", "--nodeps", "-i", *made]
    subprocess.run(install, check=True, capture_output=True)
    (tools.folder / "rpm").symlink_to(rpm)

    assert states(node, tools, "tiny", "tin", "tiny.noarch") == ["pass", "fail", "unknown"]

    (database / "rpmdb.sqlite").write_text("no database")
    assert states(node, tools, "tiny", "tin") == ["unknown", "unknown"]


def test_the_real_pacman(node: Node, tools: Tools) -> None:
    (tools.folder / "pacman").symlink_to(require("pacman"))
    folder = Path(PACMAN).parent
    node.write(PACMAN, "9\n")
    fields = {"NAME": "bash", "VERSION": "5.2-1", "BASE": "bash", "ARCH": "any", "PROVIDES": "sh"}
    text = "".join(f"%{name}%\n{value}\n\n" for name, value in fields.items())
    node.write(str(folder / "bash-5.2-1/desc"), text)
    node.write(str(folder / "bash-5.2-1/files"), "%FILES%\n")
    before = sorted(node.root.rglob("*"))

    assert states(node, tools, "bash", "ipset", "sh") == ["pass", "fail", "unknown"]
    assert sorted(node.root.rglob("*")) == before


def test_nothing_is_written_where_dpkg_is_asked(node: Node, tools: Tools) -> None:
    require("dpkg-query")
    node.write(DPKG, status(("bash", "amd64", "installed", "5")))
    copy = node.root.parent / "copy"
    shutil.copytree(node.root, copy)

    states(node, tools, "bash", "ipset")

    listed = [sorted(str(p.relative_to(top)) for p in top.rglob("*")) for top in (node.root, copy)]
    assert listed[0] == listed[1]
