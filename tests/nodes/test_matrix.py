"""Every node of the fleet against both pages: the truth, the same in every shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.nodes.fleet import FLEET
from tests.nodes.machine import Truth
from tests.nodes.running import MATRIX, NAMES, SPECS, Observed
from tests.nodes.truth import MAY, SHOULD, applies, expected, truth

EXPECTED: Final = Path(__file__).parent / "expected"
STATES: Final = ("fail", "warn", "unknown", "info", "pass", "manual", "n/a")
OF_THIS_PROCESS: Final = "privileges.sys_admin"
"""What depends on the process that runs the check, and not on the node."""

PAGES: Final = dict(zip(SPECS, ("3.16", "3.24"), strict=True))


def test_every_shell_says_the_same(observed: Observed) -> None:
    for spec, reports in observed.said.items():
        for shell, report in reports.items():
            assert report == reports[MATRIX[0]], (spec, shell)


def test_no_false_verdict(observed: Observed) -> None:
    """Whatever can be seen or not, what is met never fails and what is not met never passes."""
    machine, false = observed.node.machine, []
    for spec in SPECS:
        for requirement, state in observed.states(spec).items():
            fact = truth(spec, requirement, machine)
            if fact is Truth.MET and state in ("fail", "warn", "info"):
                false.append((spec, requirement, f"false {state}"))
            if fact not in (Truth.MET, None) and state == "pass":
                false.append((spec, requirement, "false pass"))
            if state == "n/a" and applies(requirement, machine):
                false.append((spec, requirement, "false n/a"))

    assert false == []


def test_the_whole_truth(observed: Observed) -> None:
    """Unknown is no way out either: it is said where the node hides something, and only there."""
    node = observed.node
    for spec in SPECS:
        states = observed.states(spec)
        wanted = {name: expected(spec, name, node.machine, node.member.dark) for name in states}

        assert states == wanted, spec


def test_what_the_node_is_about(observed: Observed) -> None:
    shown = set()
    for spec, page in PAGES.items():
        states = observed.states(spec)
        for requirement, wanted in observed.node.member.shows.items():
            if requirement in states:
                shown.add(requirement)
                assert states[requirement] == on_page(wanted, page), (spec, requirement)

    assert shown == set(observed.node.member.shows)


def test_states_as_reviewed(observed: Observed, golden: Callable[[Path, str], None]) -> None:
    lists = {}
    for spec in SPECS:
        states = observed.states(spec)
        del states[OF_THIS_PROCESS]
        names = {state: [name for name in states if states[name] == state] for state in STATES}
        lists[spec] = {state: _folded(these) for state, these in names.items() if these}

    golden(EXPECTED / f"{observed.node.member.name}.json", json.dumps(lists, indent=2) + "\n")


def test_exit_status_follows_from_the_states(observed: Observed) -> None:
    for spec in SPECS:
        optional = SHOULD | MAY
        required = {state for name, state in observed.states(spec).items() if name not in optional}

        status = 1 if "fail" in required else 3 if "unknown" in required else 0
        assert observed.said[spec][MATRIX[0]].status == status


def test_no_list_without_its_node() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(NAMES)


def test_the_fleet_is_large_and_says_what_each_node_is_for() -> None:
    abouts = [member.about for member in FLEET.members.values()]

    assert len(abouts) >= 48
    assert len(set(abouts)) == len(abouts)


def _folded(names: list[str]) -> list[str]:
    """Return the names as lines that a reviewer can take in, one for each section."""
    sections = dict.fromkeys(name.partition(".")[0] for name in names)
    return [
        " ".join(
            [
                f"{section}:",
                *(name.partition(".")[2] for name in names if name.startswith(f"{section}.")),
            ]
        )
        for section in sections
    ]


def on_page(wanted: str, page: str) -> str:
    """Return the state on one page of `3.16 fail, 3.24 pass`, or the one state of both."""
    if " " not in wanted:
        return wanted
    return dict(pair.split() for pair in wanted.split(", "))[page]
