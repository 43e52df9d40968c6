"""What the README shows of reqc is what reqc prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
EXAMPLES = [
    pytest.param(found["command"], found["output"], id=f"line {line}")
    for block in BLOCK.finditer(README)
    for line in [README[: block.start()].count("\n") + 1]
    for found in PROMPT.finditer(block["text"])
]


@pytest.mark.parametrize(("command", "shown"), EXAMPLES)
def test_the_command_prints_what_is_shown(command: str, shown: str) -> None:
    folder = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}

    said = subprocess.run(
        ["sh", "-c", command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout

    at = 0
    for number, part in enumerate(shown.split("...\n")):
        found = said.find(part, at)
        assert found == 0 if number == 0 else found >= 0, f"{part}\n--- is not in ---\n{said}"
        at = found + len(part)


def test_there_are_examples() -> None:
    assert EXAMPLES
