"""How reqc behaves as one tool among others: streams, colours, exit statuses, start-up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reqc import __version__
from reqc.backends.registry import TARGETS
from reqc.compiler import cli
from reqc.compiler.commands import check
from tests.cli.command import in_shell, reqc

RED = "\x1b[1;31m"


def test_the_version_is_printed() -> None:
    done = reqc("--version")

    assert (done.returncode, done.stdout) == (0, f"reqc {__version__}\n")


def test_help_names_every_command_and_the_exit_statuses() -> None:
    done = reqc("--help")

    assert done.returncode == 0
    for word in ("compile", "check", "diff", "run", "targets", "kinds", "exit status"):
        assert word in done.stdout


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["compile", "x.req"], ["check"]])
def test_wrong_usage_is_told(arguments: list[str]) -> None:
    done = reqc(*arguments)

    assert done.returncode == 2
    assert "usage: reqc" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "env", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_follow_the_arguments_then_the_environment(
    arguments: list[str],
    env: dict[str, str],
    coloured: bool,  # noqa: FBT001  # a case
) -> None:
    done = reqc("check", "nowhere.req", *arguments, env=env)

    assert (RED in done.stderr) is coloured
    assert ("\x1b" in done.stderr) is coloured


def test_colours_are_the_only_difference() -> None:
    plain = reqc("check", "nowhere.req").stderr
    coloured = reqc("check", "nowhere.req", "--color", "always").stderr

    for code in (RED, "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == plain


@pytest.mark.parametrize("command", ["kinds", "targets", "kinds feature"])
def test_a_reader_may_leave(command: str) -> None:
    done = in_shell(f"{command} | head -1")

    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_a_full_disk_is_a_plain_error() -> None:
    done = in_shell("kinds >/dev/full")

    assert (done.returncode, done.stderr) == (1, "reqc: error: No space left on device\n")


def test_a_closed_output_is_a_plain_error() -> None:
    done = in_shell("kinds >&-")

    assert (done.returncode, done.stderr) == (1, "reqc: error: standard output is closed\n")


def test_a_terminal_without_unicode_gets_escapes(tmp_path: Path) -> None:
    spec = tmp_path / "wide.req"
    text = 'req 1\nspec a 1 on b\nrole h\nsection s { must a: manual "中" }\n'
    spec.write_text(text, encoding="utf-8")
    other = tmp_path / "other.req"
    other.write_text(text.replace("中", "文"), encoding="utf-8")

    done = reqc("diff", spec, other, env={"PYTHONIOENCODING": "ascii"})

    assert done.returncode == 0
    assert r"\u4e2d -> \u6587" in done.stdout


def test_a_bug_is_told_as_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> int:
        message = "something that cannot be"
        raise AssertionError(message)

    monkeypatch.setattr(check, "run", broken)

    status = cli.main(["check", "x.req"])

    said = capsys.readouterr().err
    assert status == 70
    assert "internal error: AssertionError: something that cannot be (test_terminal.py:" in said
    assert "Please report it" in said


HEAVY = ("lark", "pydantic", "jinja2", "yaml", "hypothesis")


LISTING = """
import sys
from reqc.compiler.cli import main
try:
    main(sys.argv[1:])
finally:
    print(*sys.modules, file=sys.stderr)
"""


def imported(*arguments: str) -> set[str]:
    """Return the modules that are there after a run."""
    command = [sys.executable, "-c", LISTING, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_what_says_little_imports_little(argument: str) -> None:
    modules = imported(argument)

    assert "reqc.compiler.cli" in modules
    assert modules.isdisjoint(HEAVY)
    assert not {name for name in modules if name.startswith(("reqc.backends", "reqc.compiler.k"))}


def test_a_check_imports_no_target_and_no_model_library(tmp_path: Path) -> None:
    spec = tmp_path / "plain.req"
    text = "req 1\nspec a 1 on b\nrole h\nsection s { must a: kernel >= 3.10 }\n"
    spec.write_text(text, encoding="utf-8")

    modules = imported("check", str(spec))

    assert "reqc.compiler.syntax.parser" in modules
    assert modules.isdisjoint({"lark", "pydantic", "jinja2", "yaml"})
    assert not {name for name in modules if name.startswith("reqc.backends")}


def test_only_the_target_that_is_asked_for_is_imported(spec: Path) -> None:
    modules = imported("compile", str(spec), "-t", "json")

    targets = {
        name.split(".")[2]
        for name in modules
        if name.startswith("reqc.backends.") and name.count(".") == 2
    }
    assert targets.intersection(TARGETS) == {"json"}
