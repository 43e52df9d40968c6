"""Checks as the compiler makes them of names on a page, and reports of whole pages."""

from __future__ import annotations

from reqc.compiler.checks import Check
from reqc.compiler.knowledge import kernel
from tests.backends.shell.nodes import SHELLS, Node, run
from tests.backends.shell.samples import script
from tests.deployments import lowered, shipped


def module(name: str) -> Check:
    """Return the check for a name of a module on a page."""
    return kernel.module(name).check


def feature(name: str) -> Check:
    """Return the check for a feature."""
    need = kernel.feature(name)
    assert need is not None
    return need.check


def states(node: Node, spec: str, *arguments: str) -> dict[str, str]:
    """Return the states of a shipped page with its default choices, the same in every shell."""
    text = script(lowered(shipped(spec), {}))
    root = ("--root", str(node.root), "--format", "tap")
    said = [run(shell, text, node.root.parent, *root, *arguments) for shell in SHELLS]
    assert len({done.stdout for done in said}) == 1
    return dict(tap_states(said[0].stdout.decode()))


def tap_states(report: str) -> list[tuple[str, str]]:
    """Return the ids of a report in TAP with their states."""
    found: list[tuple[str, str]] = []
    for line in report.splitlines():
        if line.startswith(("ok ", "not ok ")):
            name = line.partition(" - ")[2].partition(":")[0]
            passed = line.startswith("ok") and " # " not in line
            found.append((name, "pass" if passed else "n/a"))
        elif line.startswith("  state: "):
            found[-1] = (found[-1][0], line.split('"')[1])
    return found
