"""Documents of any size, as a specification and as the same data in YAML."""

from __future__ import annotations

from collections.abc import Callable

import yaml

SECTIONS = 20
OPTIONS = 20
KINDS: tuple[Callable[[int], str], ...] = (
    lambda number: f"kernel >= 3.{number}",
    lambda number: f"allow tcp {1 + number % 60000} host <-> host",
    lambda number: f"module mod_{number}",
    lambda number: f"sysctl net.example.value{number} = 1",
    lambda number: f'file "/etc/example/{number}" exists',
)


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


def specification(count: int) -> str:
    """Return a specification of `count` requirements."""
    lines = ["req 1", "spec example 1.0 on linux", 'source page "page.txt"']
    lines += [f"option o{number}: bool = false" for number in range(OPTIONS)]
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
