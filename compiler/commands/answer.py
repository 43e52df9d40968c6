"""What a compilation has to say, in a form that can be kept, and how it is delivered."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

from reqc.compiler.status import FINE, USAGE


class File(NamedTuple):
    """One file; `name` is relative to the folder that is given, with `/` between folders."""

    name: str
    text: str
    executable: bool


class Answer(NamedTuple):
    """What is to be written, and what is to be told about it.

    `status` is the exit status, and nothing is written unless it is FINE. `stream` is the form of
    all files for standard output, None where they have none. `told` are diagnostics as text.
    """

    status: int
    files: tuple[File, ...]
    stream: str | None
    told: str


def deliver(answer: Answer, options: argparse.Namespace) -> int:
    """Write what is asked for, tell what there is to tell, and return the exit status."""
    status = answer.status
    if status == FINE:
        status = _written(answer, options)
    sys.stdout.flush()
    sys.stderr.write(answer.told)
    return status


def _written(answer: Answer, options: argparse.Namespace) -> int:
    if options.list:
        sys.stdout.writelines(f"{file.name}\n" for file in answer.files)
    elif options.output is not None:
        _write(answer, options)
    elif answer.stream is None:
        _refuse(answer, options)
        return USAGE
    else:
        sys.stdout.buffer.write(answer.stream.encode())
        sys.stdout.buffer.flush()
    return FINE


def _write(answer: Answer, options: argparse.Namespace) -> None:
    from reqc.compiler.commands.writing import write_file, write_folder  # noqa: PLC0415  # slow

    path = Path(options.output)
    several = len(answer.files) != 1 or "/" in answer.files[0].name
    if several or options.output.endswith("/") or path.is_dir():
        written = write_folder(path, answer.files)
    else:
        write_file(path, answer.files[0])
        written = [path]
    if options.verbose:
        sys.stderr.writelines(f"wrote {path}\n" for path in written)


def _refuse(answer: Answer, options: argparse.Namespace) -> None:
    from reqc.compiler.commands.terminal import show  # noqa: PLC0415  # slow to import
    from reqc.compiler.diagnostics import Code, Report  # noqa: PLC0415  # the same

    one = len(dict.fromkeys(options.targets)) == 1
    whose = f"the target {options.targets[0]} writes" if one else "these targets write"
    report = Report()
    report.error(
        Code.USAGE,
        f"{whose} {len(answer.files)} files",
        help="give a folder with -o DIR; --list names the files",
    )
    show(report.sorted(), options.color)
