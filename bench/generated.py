"""Documents of any size, as a specification, as the same data in YAML, and for StrictDoc."""

from __future__ import annotations

from collections.abc import Callable

import yaml

SECTIONS = 20
OPTIONS = 20
KINDS: tuple[Callable[[int], str], ...] = (
    lambda number: f"kernel >= 3.{number}",
    lambda number: f"allow tcp {1 + number // 5} host <-> host",
    lambda number: f"module mod_{number}",
    lambda number: f"sysctl net.example.value{number} = 1",
    lambda number: f'file "/etc/example/{number}" content "value={number}\\n"',
)
"""A fifth of the requirements is of each kind; no two ask for the same."""
ADDRESSES = {"host": [f"10.0.0.{number}" for number in range(1, 11)]}


def requirements(count: int) -> list[tuple[str, str, str, str]]:
    """Return section, kind with arguments, option and citation of each requirement."""
    return [
        (
            f"s{number * SECTIONS // count}",
            KINDS[number % len(KINDS)](number),
            f"o{number % OPTIONS}",
            f"page:{number + 1}",
        )
        for number in range(count)
    ]


def choices(count: int) -> dict[str, bool]:
    """Return the choices with which everything in a document of so many requirements is asked."""
    return {f"o{number}": True for number in range(min(count, OPTIONS))}


def specification(count: int) -> str:
    """Return a specification of `count` requirements."""
    lines = ["req 1", "spec example 1.0 on linux", 'source page "page.txt"']
    lines += [f"option {name}: bool = false" for name in choices(count)]
    lines += ["role host"]
    opened = ""
    for number, (section, body, option, page) in enumerate(requirements(count)):
        if section != opened:
            lines += ["}"] if opened else []
            lines.append(f'section {section} "Section {section}" {{')
            opened = section
        lines.append(f"  must r{number}: {body} when {option} @{page}")
    return "\n".join([*lines, "}"]) + "\n"


def data(count: int) -> str:
    """Return the same data as YAML."""
    rows = [
        {
            "section": section,
            "level": "must",
            "id": f"r{number}",
            "kind": body.split()[0],
            "arguments": body.split()[1:],
            "when": option,
            "cite": page,
        }
        for number, (section, body, option, page) in enumerate(requirements(count))
    ]
    return yaml.safe_dump({"requirements": rows}, sort_keys=False)


def inventory() -> str:
    """Return the hosts of the specification's one role."""
    hosts = {f"h{at}": {"ansible_host": ip} for at, ip in enumerate(ADDRESSES["host"])}
    return yaml.safe_dump({"host": {"hosts": hosts}})


def strictdoc(count: int) -> str:
    """Return the same requirements as a document of StrictDoc."""
    lines = ["[DOCUMENT]", "TITLE: Example", ""]
    opened = ""
    for number, (section, body, option, page) in enumerate(requirements(count)):
        if section != opened:
            lines += ["[[/SECTION]]", ""] if opened else []
            lines += ["[[SECTION]]", f"TITLE: Section {section}", ""]
            opened = section
        lines += [
            "[REQUIREMENT]",
            f"UID: r{number}",
            f"STATEMENT: must: {body} when {option}",
            f"COMMENT: {page}",
            "",
        ]
    return "\n".join([*lines, "[[/SECTION]]", ""])
