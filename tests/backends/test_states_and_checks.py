"""For every state the check that proves it: what a target writes makes the check script pass.

Of the kinds that ask for something to be configured, each example is brought about on a node, by
`remedy` and by `ignition`, and judged by the check script, which knows nothing of either. What
only a running kernel or a running systemd decides is tested where one runs.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from reqc.backends.ignition.backend import TARGET as IGNITION
from reqc.backends.remedy.backend import TARGET as REMEDY
from reqc.backends.shell.functions import probes
from reqc.compiler.checks import (
    Check,
    FileContains,
    FileExists,
    FileMode,
    FileOwner,
    IniList,
    Unit,
    UnitCondition,
)
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileAbsent, State, UnitState
from reqc.compiler.states import FileMode as WantedMode
from reqc.compiler.states import FileOwner as WantedOwner
from tests.backends.ignition.oracle import decoded
from tests.backends.remedy.trees import UNIT, machine, play, tree
from tests.backends.shell.nodes import Node, report
from tests.backends.shell.samples import script
from tests.language.reading import lowered, section
from tests.tools import require

MORE: Final = (
    'file "/etc/example.conf" absent',
    'file "/etc/example.conf" content """\n    one\n    two\n    """',
    'file "/etc/systemd/system/some.service" content """\n    [Service]\n    ExecStart=x\n    """',
    "service example enabled",
    "service example disabled",
    "service example masked",
    "service absent masked",
    "service absent disabled",
    'file "/etc/example.conf" owner "daemon"',
    'file "/etc/example.conf" owner "007"',
    'file "/etc/example.conf" mode 4750',
    'all { file "/etc/example.conf" mode 2710; file "/etc/example.conf" owner "daemon" }',
    'all { file "/etc/a" content "a\\n"; file "/etc/a" mode 0600; file "/etc/a" owner "daemon" }',
    'all { service example masked; file "/etc/a" content "a\\n"; unmanaged "cali*" }',
)
EXAMPLES: Final = (*(example for name in KINDS for example in kind(name).examples), *MORE)
FILES: Final = (FileContains, FileExists, FileMode, FileOwner, IniList)
UNSAID: Final = (FileAbsent, WantedMode, WantedOwner)
RUNNING: Final = (UnitCondition.RUNNING, UnitCondition.STOPPED)


def asked(example: str) -> LoweredDocument:
    return lowered(section(f"must it: {example}", head="role host\nrole typha\nrole etcd\n"))


def states(made: LoweredDocument) -> tuple[State, ...]:
    return tuple(state for item in made.here for state in item.states)


def decided_by_files(check: Check) -> bool:
    """Tell whether files and links alone decide a check."""
    return all(
        isinstance(probe, FILES) or (isinstance(probe, Unit) and probe.condition not in RUNNING)
        for probe in probes(check)
    )


ASKING: Final = tuple(example for example in EXAMPLES if states(asked(example)))
DECIDED: Final = tuple(
    example for example in ASKING if all(decided_by_files(i.check) for i in asked(example).here)
)


def judged(node: Node, made: LoweredDocument) -> str:
    folder = node.root.parent / "checking"
    folder.mkdir(exist_ok=True)
    (found,) = report("dash", script(made), folder, "--root", str(node.root)).values()
    return found["state"]


def wrong(folder: Path, made: LoweredDocument) -> Node:
    """Make a node on which nothing is as the document asks where that can be otherwise."""
    node = machine(folder)
    node.write("etc/example.conf", "something else\n", 0o6701)
    node.write("usr/lib/systemd/system/multi-user.target", "[Unit]\n")
    for state in states(made):
        if isinstance(state, UnitState) and state.unit != "absent.service":
            node.write(f"usr/lib/systemd/system/{state.unit}", UNIT)
            if state.state != "enabled":
                systemctl(node, "enable", state.unit)
    return node


def systemctl(node: Node, *arguments: str) -> None:
    command = [require("systemctl"), f"--root={node.root}", "--quiet", *arguments]
    subprocess.run(command, check=True, capture_output=True)


def apply(config: dict[str, Any], node: Node) -> None:
    """Do what Ignition and the first boot after it do with files and units."""
    for file in config.get("storage", {}).get("files", []):
        assert file["overwrite"]
        content = decoded(file["contents"]["source"])
        (node.root / file["path"][1:]).unlink(missing_ok=True)
        node.write(file["path"], content, file["mode"])
        user = {"daemon": 7}.get(file.get("user", {}).get("name"), 0)
        os.chown(node.root / file["path"][1:], user, 0)
    place = "/etc/systemd/system"
    for unit in config.get("systemd", {}).get("units", []):
        if "contents" in unit:
            node.write(f"{place}/{unit['name']}", unit["contents"])
        for item in unit.get("dropins", []):
            node.write(f"{place}/{unit['name']}.d/{item['name']}", item["contents"])
        if unit.get("mask"):
            node.link(f"{place}/{unit['name']}", "/dev/null")
        if "enabled" in unit and (unit["enabled"] or "absent" not in unit["name"]):
            systemctl(node, "enable" if unit["enabled"] else "disable", unit["name"])


def test_the_examples_ask_for_states_of_all_sorts() -> None:
    assert len(ASKING) > len(DECIDED) >= len(MORE) + 2
    found = {type(state) for example in ASKING for state in states(asked(example))}
    assert len(found) >= 6


@pytest.mark.parametrize("example", DECIDED)
def test_a_remedy_makes_the_check_pass_and_undoing_makes_it_fail(fast: Path, example: str) -> None:
    made = asked(example)
    node = wrong(fast, made)
    before, was = tree(node.root), judged(node, made)
    (artifact,) = REMEDY.render(made, REMEDY.defaults).artifacts

    assert play("dash", node, artifact.text).status == 0

    assert was == "fail" or "absent" in example.split()[1]
    assert judged(node, made) == "pass"
    assert play("dash", node, artifact.text, "--undo").status == 0
    assert tree(node.root) == before
    assert judged(node, made) == was


@pytest.mark.parametrize("example", DECIDED)
def test_ignition_makes_the_check_pass(fast: Path, example: str) -> None:
    made = asked(example)
    node = wrong(fast, made)
    output = IGNITION.render(made, IGNITION.defaults)
    assert output.refusals == ()
    if output.unsupported:
        assert all(isinstance(state, UNSAID) for state in states(made))
        return
    (artifact,) = output.artifacts

    apply(json.loads(artifact.text), node)

    assert judged(node, made) == "pass"


def boot(node: Node) -> None:
    """Start the kernel of a node with what its boot menu says."""
    menu = [node.root / "etc/default/grub", *sorted(node.root.glob("etc/default/grub.d/*.cfg"))]
    sourced = "".join(f'. "{file}"\n' for file in map(str, menu) if '"' not in file)
    command = sourced.replace("$", "\\$") + 'printf "%s\\n" "$GRUB_CMDLINE_LINUX"'
    done = subprocess.run([require("dash"), "-c", command], check=True, capture_output=True)
    node.write("proc/cmdline", done.stdout)


@pytest.mark.parametrize("example", kind("argument").examples)
def test_a_remedy_and_a_boot_make_the_check_of_arguments_pass(fast: Path, example: str) -> None:
    made = asked(example)
    node = machine(fast)
    node.write("usr/sbin/grub-mkconfig", "for x in /etc/default/grub.d/*.cfg; do . $x; done\n")
    node.write("etc/default/grub", "GRUB_CMDLINE_LINUX='ro console=ttyS0 -- mitigations=auto'\n")
    node.write("etc/default/grub.d/10-vendor.cfg", 'GRUB_CMDLINE_LINUX="ro mitigations=off"\n')
    before = tree(node.root)
    (artifact,) = REMEDY.render(made, REMEDY.defaults).artifacts
    found = []

    for arguments in ((), ("--undo",)):
        boot(node)
        found.append(judged(node, made))
        (node.root / "proc/cmdline").unlink()
        assert play("dash", node, artifact.text, *arguments).status == 0
        boot(node)
        found.append(judged(node, made))
        (node.root / "proc/cmdline").unlink()

    assert found == ["fail", "pass", "pass", "fail"]
    (node.root / "proc").rmdir()
    assert tree(node.root) == before


@pytest.mark.parametrize("example", kind("argument").examples)
def test_ignition_makes_the_check_of_arguments_pass(fast: Path, example: str) -> None:
    made = asked(example)
    node = machine(fast)
    (artifact,) = IGNITION.render(
        made, {**IGNITION.defaults, "ignition-version": "3.3.0"}
    ).artifacts
    arguments = json.loads(artifact.text)["kernelArguments"]

    node.write("proc/cmdline", " ".join(["ro", *arguments["shouldExist"]]) + "\n")

    assert judged(node, made) == "pass"
    node.write("proc/cmdline", "ro\n")
    assert judged(node, made) == "fail"


@pytest.mark.parametrize("example", ASKING)
def test_what_is_asked_for_is_there_or_named(fast: Path, example: str) -> None:
    made = asked(example)
    output = REMEDY.render(made, REMEDY.defaults)
    assert output.refusals == ()
    (artifact,) = output.artifacts
    node = wrong(fast, made)
    (requirement,) = made.here

    listed = play("dash", node, artifact.text, "--list")

    named = [row.requirement for row in output.unsupported]
    assert listed.said.count(f"({requirement.origin.id})") or named == [requirement.origin.id]


@pytest.mark.parametrize(
    ("relation", "value", "written"),
    [(">=", 1048576, False), (">=", 524288, False), (">=", 8192, True), ("<=", 1048576, True)],
)
def test_a_value_within_its_bounds_stays(
    fast: Path, relation: str, value: int, *, written: bool
) -> None:
    made = asked(f"sysctl fs.inotify.max_user_watches {relation} 524288")
    node = wrong(fast, made)
    setting = "proc/sys/fs/inotify/max_user_watches"
    node.write(setting, f"{value}\n")
    node.write("etc/sysctl.d/50-admin.conf", f"fs.inotify.max_user_watches = {value}\n")
    before, was = tree(node.root), judged(node, made)
    (artifact,) = REMEDY.render(made, REMEDY.defaults).artifacts

    assert play("dash", node, artifact.text).status == 0

    assert was == ("fail" if written else "pass")
    assert (tree(node.root) == before) is not written
    files = sorted((node.root / "etc/sysctl.d").iterdir(), key=lambda file: file.name)
    node.write(setting, files[-1].read_text().rpartition("= ")[2])  # As a boot would set it.
    assert judged(node, made) == "pass"
    node.write(setting, f"{value}\n")
    assert play("dash", node, artifact.text, "--undo").status == 0
    assert tree(node.root) == before


def test_a_first_boot_has_no_earlier_value() -> None:
    made = asked("sysctl fs.inotify.max_user_watches >= 524288")

    (artifact,) = IGNITION.render(made, IGNITION.defaults).artifacts

    (file,) = json.loads(artifact.text)["storage"]["files"]
    assert file["path"].endswith("-fs.inotify.max_user_watches.conf")
    assert (
        "\nfs.inotify.max_user_watches = 524288\n" in decoded(file["contents"]["source"]).decode()
    )
