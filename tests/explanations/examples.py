"""Runs the examples of a page as a reader would."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from reqc.compiler.cli import main
from reqc.compiler.diagnostics import Report
from reqc.compiler.lint.linter import lint
from reqc.compiler.resolve import resolve
from reqc.compiler.states import State
from tests.backends.ignition.test_backend import render
from tests.cli.command import environment

MAIN = "example.req"
"""The file of a `req` block that names none; commands call it so."""

BLOCK = re.compile(
    r"^```(?P<form>\w+)(?: (?P<name>\S+))?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
TOLD = re.compile(r"^(error|warning|note)\[(\w+)\]", re.MULTILINE)
ALONE = re.compile(r"reqc [\w ./=-]+")
"""A command that needs no shell, so that it can run without starting an interpreter."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message by what identifies it."""

    severity: str
    code: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example brought about; `output` is what its commands printed, in one stream."""

    told: frozenset[Told]
    output: str = ""
    failed: bool = False

    @property
    def codes(self) -> set[str]:
        """The codes of the errors, or of the warnings where there is no error."""
        errors = {item.code for item in self.told if item.severity == "error"}
        return errors or {item.code for item in self.told}


def section(text: str, heading: str) -> str:
    """Return the part of a page below a heading."""
    _, _, behind = text.partition(f"\n## {heading}\n")
    return behind.partition("\n## ")[0]


def run(example: str, folder: Path, *, lints: bool = False) -> Outcome:
    """Write the files of an example and run its commands, or check its specification.

    The lints look at the examples of their own pages; others need not cite a source.
    """
    commands = []
    for block in BLOCK.finditer(example):
        match block["form"]:
            case "req" | "yaml" | "text":
                path = folder / (block["name"] or MAIN)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block["text"], encoding="utf-8")
            case "console":
                commands += list(prompted(block["text"]))
            case "json":
                return _ignition(block["text"])
            case form:
                message = f"no example is in the form {form}"
                raise ValueError(message)
    if len(commands) == 1 and ALONE.fullmatch(commands[0]):
        return _here(commands[0].split()[1:], folder)
    if commands:
        return _shell("\n".join(commands), folder)
    return _check(folder / MAIN, lints=lints)


def prompted(console: str) -> Iterator[str]:
    """Yield the commands behind the prompts."""
    return (line[2:] for line in console.splitlines() if line.startswith("$ "))


def shown(example: str) -> Iterator[str]:
    """Yield the lines of output that an example shows; one that is cut short ends with `…`."""
    for block in BLOCK.finditer(example):
        if block["form"] == "console":
            lines = block["text"].splitlines()
            yield from (line.removesuffix(" …") for line in lines if not line.startswith("$ "))


def _check(path: Path, *, lints: bool) -> Outcome:
    report = Report()
    document = resolve(str(path), report)
    if document is not None and lints:
        report.add(lint(document))
    return Outcome(frozenset(Told(item.severity, item.code) for item in report.diagnostics))


def _here(arguments: list[str], folder: Path) -> Outcome:
    written = io.BytesIO()
    output = io.TextIOWrapper(written, encoding="utf-8", write_through=True)
    pipe = signal.getsignal(signal.SIGPIPE)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("FORCE_COLOR", raising=False)
        patch.setattr(sys, "stdout", output)
        patch.setattr(sys, "stderr", output)
        status = main(arguments)
    signal.signal(signal.SIGPIPE, pipe)
    return _outcome(written.getvalue().decode(), status)


def _shell(script: str, folder: Path) -> Outcome:
    commands = Path(sys.executable).parent
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        env=environment({"PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return _outcome(done.stdout, done.returncode)


def _outcome(output: str, status: int) -> Outcome:
    told = frozenset(Told(*found) for found in TOLD.findall(output))
    return Outcome(told, output, failed=status != 0)


def _ignition(states: str) -> Outcome:
    wanted = msgspec.json.decode(states, type=tuple[State, ...])
    output = render(*wanted, version="3.3.0")
    return Outcome(frozenset(Told("error", refusal.code) for refusal in output.refusals))
