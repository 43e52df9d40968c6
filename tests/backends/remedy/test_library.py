"""The library of the script: every probe can be a guard, and nothing is there that nobody calls."""

from __future__ import annotations

import re
import subprocess

import pytest

from reqc.backends.remedy.library import library
from reqc.compiler.checks import All, Any, Check, Not
from reqc.compiler.states import FileContent
from tests.backends.remedy.trees import SHELLS, play, remedy
from tests.backends.shell.nodes import Node
from tests.backends.shell.samples import EVERY_PROBE
from tests.documents import document, requirement
from tests.tools import require

STATE = FileContent("/etc/x", "")


def guarded(guard: Check) -> str:
    return remedy(document(requirement("node.x", states=[STATE], guard=guard)))


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("probe", EVERY_PROBE, ids=lambda probe: type(probe).__name__)
def test_every_probe_can_be_a_guard(shell: str, node: Node, probe: Check) -> None:
    node.kernel()
    node.write("etc/hosts", "127.0.0.1 localhost\n")

    for guard in (probe, All((Not(probe), Any((probe, probe))))):
        told = play(shell, node, guarded(guard), "--dry-run")

        assert told.complaint == ""
        assert told.status in (0, 1)
        assert told.lines("would") + told.lines("left") + told.lines("cannot")


def test_shellcheck_finds_nothing_in_guards(node: Node) -> None:
    text = guarded(All(EVERY_PROBE))

    done = subprocess.run(
        [require("shellcheck"), "-s", "sh", "-S", "style", "-"],
        input=text.encode(),
        capture_output=True,
        check=False,
    )

    assert done.stdout.decode() == ""
    assert play("dash", node, text, "--list").status == 0


def test_the_library_has_no_more_than_is_called() -> None:
    text = library(())

    functions = re.findall(r"^(\w+)\(\) \{", text, re.MULTILINE)
    assert len(functions) == len(set(functions))
    assert "kernel_capability" not in functions
    assert "printable" in functions
    entered_by_the_template = {"remedy", "for_any_of"}
    for name in functions:
        uses = len(re.findall(rf"(?<![\w$-]){name}(?![\w-])", text))
        assert uses > 1 or name in entered_by_the_template or name.startswith("want_"), name


def test_what_a_text_calls_comes_with_all_that_it_calls() -> None:
    text = library(["guard_1() {\n  sysctl net/ipv4/ip_forward = 1\n}\n"])

    for name in ("sysctl", "read_settings", "order_digits", "provably_absent"):
        assert f"\n{name}() {{" in text
    assert "sysctl_program=" in text
