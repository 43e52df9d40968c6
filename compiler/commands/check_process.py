"""Runs a check script in the shell of this machine."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from reqc.compiler.commands.check_report import CheckReport, read_report
from reqc.compiler.status import USAGE

SHELL: Final = "/bin/sh"

VERDICTS: Final = frozenset({0, 1, 3})
"""The exit statuses of a script that came to a verdict."""

_NAME: Final = "reqc run"
"""What the script calls itself when it tells about wrong arguments."""

_RESULT: Final = re.compile(rb'\{"type": "result", "id": "([^"\\]+)"')
"""How the line of a result begins."""


class NoVerdictError(Exception):
    """The script did not come to a verdict; the message is empty where it said why itself."""


def run_check(script: str, arguments: Iterable[str]) -> int:
    """Run a script, whose output goes where ours goes, and return its exit status."""
    with _started(script, arguments, None) as process:
        return _status(process.wait())


def read_check(
    script: str, arguments: Iterable[str], progress: Callable[[str], None]
) -> tuple[CheckReport, int]:
    """Run a script and return its report and its exit status.

    `progress` is called with the id of each requirement as soon as it was judged.
    """
    with _started(script, [*arguments, "--format=jsonl"], subprocess.PIPE) as process:
        written = b"".join(_followed(process.stdout or (), progress))
    status = _status(process.returncode)
    if status == USAGE and not written:
        raise NoVerdictError
    try:
        report = read_report(written)
    except ValueError as problem:
        message = f"the check ended with status {status} and without a report: {problem}"
        raise NoVerdictError(message) from problem
    if status not in VERDICTS:
        message = f"the check ended with status {status}, which is no verdict"
        raise NoVerdictError(message)
    return report, status


def _started(script: str, arguments: Iterable[str], output: int | None) -> subprocess.Popen[bytes]:
    # A file, not a pipe: nobody has to feed it while the output is read, and none is left behind.
    with tempfile.TemporaryFile() as file:
        file.write(script.encode())
        file.seek(0)
        command = [SHELL, "-c", 'eval "$(cat)"', _NAME, *arguments]
        try:
            return subprocess.Popen(command, stdin=file, stdout=output)  # noqa: S603  # our own script
        except OSError as problem:
            message = f"{SHELL} cannot be run: {problem.strerror}"
            raise NoVerdictError(message) from problem


def _followed(lines: Iterable[bytes], progress: Callable[[str], None]) -> Iterator[bytes]:
    for line in lines:
        begun = _RESULT.match(line)
        if begun:
            progress(begun[1].decode("utf-8", "replace"))
        yield line


def _status(returned: int) -> int:
    if returned >= 0:
        return returned
    try:
        name = signal.Signals(-returned).name
    except ValueError:
        name = f"signal {-returned}"
    message = f"the check was killed by {name} before its verdict"
    raise NoVerdictError(message)
