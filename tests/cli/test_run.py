"""`reqc run` in pipes: the script's own output and exit status, and scripts that go wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reqc.compiler import cli
from reqc.compiler.commands import check_process
from tests.backends.shell.nodes import Node
from tests.cli.command import reqc
from tests.cli.terminals import at_terminal

PAGE = """\
req 1
spec demo 1.0 on linux
role host
section node {
  must   kernel: kernel >= 3.10
  must   file:   file "/etc/wanted" exists
  should other:  file "/etc/other" exists
}
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return the file of a small specification."""
    file = tmp_path / "page.req"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the folder of a node with a kernel and one of the files."""
    node = Node(tmp_path / "root")
    node.write("proc/sys/kernel/osrelease", "6.1.0\n")
    node.write("etc/wanted")
    return node.root


def test_a_pipe_gets_what_the_script_says(page: Path, root: Path, tmp_path: Path) -> None:
    script = tmp_path / "check.sh"
    assert reqc("compile", page, "--target", "shell", "-o", script).returncode == 0
    said = subprocess.run(
        ["/bin/sh", script, "--root", root], capture_output=True, text=True, check=False
    ).stdout
    assert "node.kernel" in said

    assert reqc("run", page, "--root", root).stdout == said
    assert reqc("run", page, env={"REQC_ROOT": str(root)}).stdout == said
    assert reqc("run", page, "--", f"--root={root}").stdout == said


@pytest.mark.parametrize(
    ("arguments", "status", "states"),
    [
        ([], 0, {"kernel": "pass", "file": "pass", "other": "warn"}),
        (["--strict"], 1, {"kernel": "pass", "file": "pass", "other": "fail"}),
        (["--only", "node.file", "--only=node.kernel"], 0, {"kernel": "pass", "file": "pass"}),
        (
            ["--strict", "--skip", "node.other"],
            0,
            {"kernel": "pass", "file": "pass", "other": "skipped"},
        ),
    ],
)
def test_options_of_the_check_are_options_of_the_command(
    arguments: list[str], status: int, states: dict[str, str], page: Path, root: Path
) -> None:
    done = reqc("run", page, "--root", root, "--format=json", *arguments)

    results = json.loads(done.stdout)["results"]
    assert done.returncode == status
    assert {item["id"].partition(".")[2]: item["state"] for item in results} == states


@pytest.mark.parametrize(
    ("form", "sign"),
    [
        ("text", "verdict: PASS"),
        ("json", '"results": ['),
        ("jsonl", '{"type": "end"'),
        ("tap", "TAP version 14"),
        ("junit", "<testsuite"),
        ("sarif", '"version": "2.1.0"'),
        ("nagios", "REQC "),
        ("prometheus", "# TYPE "),
    ],
)
def test_every_format_of_the_script_can_be_asked_for(
    form: str, sign: str, page: Path, root: Path
) -> None:
    done = reqc("run", page, "--root", root, "--format", form)

    assert sign in done.stdout
    assert done.stderr == ""


def test_quiet_and_verbose_reach_the_script(page: Path, root: Path) -> None:
    usual, quiet, verbose = (
        reqc("run", page, "--root", root, *flags).stdout for flags in ([], ["-q"], ["-v"])
    )

    assert "node.kernel" not in quiet
    assert "found: 6.1.0" not in usual
    assert "found: 6.1.0" in verbose


def test_a_wrong_argument_is_told_by_the_name_that_was_typed(page: Path, root: Path) -> None:
    piped = reqc("run", page, "--root", root, "--only", "node.none")
    shown = at_terminal("run", page, "--root", root, "--only", "node.none")

    for done in (piped, shown):
        assert "reqc run: there is no requirement 'node.none'" in done.stderr
    assert (piped.returncode, piped.stdout) == (2, "")
    assert (shown.status, shown.raw) == (2, "")


RUN = '{"type": "run", "kernel_release": "", "host_roles": [], "container": true, "root": true}'
END = '{"type": "end"}'

BROKEN = {
    "killed": ("kill -KILL $$", "the check was killed by SIGKILL before its verdict"),
    "silent": ("exit 0", "the check ended with status 0 and without a report: "),
    "garbage": ("echo '{}{'", "the check ended with status 0 and without a report: "),
    "other": (
        "echo '[1]'; echo '[2]'",
        "and without a report: it is not what a check writes (TypeError",
    ),
    "bytes": ("printf '\\377\\n'", "the check ended with status 0 and without a report: "),
    "cut": ("echo '{\"results\": ['; kill -TERM $$", "the check was killed by SIGTERM"),
    "short": ('echo \'{"type": "run"}\'', "the check ended with status 0 and without a report: "),
    "number": (
        f"""echo '{{"type": "run", "kernel_release": 5}}'; echo '{END}'""",
        "it is not what a check writes (TypeError('a text as kernel_release'))",
    ),
    "word": (
        f"""echo '{{"type": "run", "kernel_release": "", "host_roles": "host"}}'; echo '{END}'""",
        "it is not what a check writes (TypeError('a list of texts as host_roles'))",
    ),
    "nameless": ("kill -35 $$", "the check was killed by signal 35 before its verdict"),
    "endless": (f"echo '{RUN}'; echo '{RUN}'", "report: it has no beginning or no end"),
    "beyond": (
        f"echo '{RUN}'; echo '{END}'; exit 9",
        "the check ended with status 9, which is no verdict",
    ),
}
"""Shells that do not do as they are told, and what is said about them."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_script_without_a_verdict_is_a_plain_error(
    name: str,
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    program, told = BROKEN[name]
    shell = tmp_path / "shell"
    shell.write_text(f"#!/bin/sh\n{program}\n")
    shell.chmod(0o755)
    monkeypatch.setattr(check_process, "SHELL", str(shell))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")

    status = cli.main(["run", str(page)])

    said = capfd.readouterr()
    assert status == 2
    assert said.out == ""
    assert said.err.startswith("reqc: error: the check ")
    assert told in said.err
    assert said.err.count("\n") == 1


def test_a_killed_script_in_a_pipe_has_no_verdict(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\nkill -KILL $$\n")
    shell.chmod(0o755)
    monkeypatch.setattr(check_process, "SHELL", str(shell))

    status = cli.main(["run", str(page)])

    assert status == 2
    assert capfd.readouterr().err == (
        "reqc: error: the check was killed by SIGKILL before its verdict\n"
    )


def test_a_machine_without_a_shell_is_told(
    page: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check_process, "SHELL", "/nowhere/sh")

    status = cli.main(["run", str(page)])

    assert status == 2
    assert capfd.readouterr().err == (
        "reqc: error: /nowhere/sh cannot be run: No such file or directory\n"
    )
