"""For every state the check that proves it: what a target writes makes the check script pass.

Of the kinds that ask for something to be configured, each example is brought about on a node, by
`remedy` and by `ignition`, and judged by the check script, which knows nothing of either. What
only a running kernel or a running systemd decides is tested where one runs.
"""

from __future__ import annotations

import json
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
from reqc.compiler.states import State, UnitState
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
    'all { service example masked; file "/etc/a" content "a\\n"; unmanaged "cali*" }',
)
EXAMPLES: Final = (*(example for name in KINDS for example in kind(name).examples), *MORE)
FILES: Final = (FileContains, FileExists, FileMode, FileOwner, IniList)
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
    node.write("etc/example.conf", "something else\n")
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
        assert example == 'file "/etc/example.conf" absent'
        return
    (artifact,) = output.artifacts

    apply(json.loads(artifact.text), node)

    assert judged(node, made) == "pass"


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
