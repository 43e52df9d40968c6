"""Runs the installed command and looks at what it does."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

from reqc.compiler.cli import main

REQC = Path(sys.executable).with_name("reqc")

IN_PROCESS = "REQC_IN_PROCESS" in os.environ
"""Whether reqc runs within the process of the tests, where `make mutants` can change it."""

SMALL = """\
req 1
spec demo 1.0 on linux "A small page"
option typha: bool = false "Typha fans out"
option typha_port: port = 5473
option proxy: iptables | ipvs = iptables
option release: string = "one"
role host "Every host"
role typha "Hosts that run Typha" when typha
section node "Nodes" {
  must   cpu:   cpu >= 2
  must   ipvs:  module ip_vs when proxy == ipvs
  must   off:   service firewalld disabled
  should typha: allow tcp typha_port host -> typha when typha
  may    look:  manual "Look at the node" when release != "none"
}
"""
"""A specification with something of everything."""


def reqc(
    *arguments: str | Path,
    cwd: Path | None = None,
    stdin: str | bytes = "",
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run reqc. No run may end in a traceback or be taken for a bug of reqc."""
    return _run([str(REQC), *map(str, arguments)], cwd=cwd, stdin=stdin, env=env)


def in_shell(
    script: str, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run reqc with arguments and redirections that a shell reads."""
    return _run(["bash", "-c", f'"{REQC}" {script}'], cwd=cwd, stdin="", env=env)


def _run(
    command: list[str], *, cwd: Path | None, stdin: str | bytes, env: Mapping[str, str] | None
) -> subprocess.CompletedProcess[str]:
    given = stdin.encode() if isinstance(stdin, str) else stdin
    if IN_PROCESS and command[0] == str(REQC):
        finished = _here(command, cwd or Path.cwd(), given, environment(env))
    else:
        finished = subprocess.run(
            command,
            cwd=cwd,
            input=given,
            env=environment(env),
            capture_output=True,
            check=False,
            timeout=60,
        )
    stdout = finished.stdout.decode("utf-8", "replace")
    stderr = finished.stderr.decode("utf-8", "replace")
    assert "Traceback" not in stderr
    assert "internal error" not in stderr
    return subprocess.CompletedProcess(command, finished.returncode, stdout, stderr)


def _here(
    command: list[str], cwd: Path, stdin: bytes, env: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """Run reqc within this process."""
    outputs = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(raw, "utf-8", newline="") for raw in outputs)
    before = signal.getsignal(signal.SIGPIPE)
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, env, clear=True),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8")),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            status = main(command[1:])
        except SystemExit as end:  # argparse ends so
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            signal.signal(signal.SIGPIPE, before)
            out.flush()
            err.flush()
    found = (raw.getvalue() for raw in outputs)
    return subprocess.CompletedProcess(command, status, *found)


def environment(changes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return our environment without what changes colours, with changes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING"}
    }
    return {**kept, **(changes or {})}
