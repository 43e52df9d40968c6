"""Shells complete the words of reqc."""

from __future__ import annotations

import subprocess

import pytest

from tests.cli.command import reqc
from tests.tools import require

ASK = """
. /dev/stdin
COMP_WORDS=({words}) COMP_CWORD={last}
_shtab_reqc
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["reqc", "comp"], {"compile", "completion"}),
        (["reqc", "compile", "a.req", "--target", "mach"], {"machineconfig"}),
        (["reqc", "targets", "ni"], set()),
        (["reqc", "targets", "nf"], {"nftables"}),
        (["reqc", "kinds", "me"], {"memory"}),
        (["reqc", "explain", "REQ30"], {f"REQ30{number}" for number in range(1, 7)}),
        (["reqc", "compile", "a.req", "--errata", "c"], {"corrected"}),
    ],
)
def test_bash_completes(words: list[str], expected: set[str]) -> None:
    script = reqc("completion", "bash").stdout
    ask = ASK.format(words=" ".join(words), last=len(words) - 1)

    said = subprocess.run(
        [require("bash"), "--norc", "-c", ask],
        input=script,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {word.strip() for word in said.stdout.split()} == expected


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_get_a_script(shell: str) -> None:
    done = reqc("completion", shell)

    assert done.returncode == 0
    assert "reqc" in done.stdout


def test_another_shell_is_wrong_usage() -> None:
    assert reqc("completion", "cmd").returncode == 2
