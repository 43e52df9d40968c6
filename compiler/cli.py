"""The command line: what `reqc` understands, and nothing that takes time to import."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Sequence

from reqc import __version__
from reqc.compiler.status import FINE, INTERNAL, PROBLEMS, USAGE


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    # A reader that has seen enough, such as head, ends us as it ends every other tool.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # What a compiler makes lives to its end, so that looking for garbage mostly takes time.
    gc.set_threshold(200_000)
    _prepare_streams()
    try:
        status = _run(given)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except OSError as problem:
        named = f"{problem.filename}: " if problem.filename else ""
        reason = problem.strerror or problem
        if isinstance(problem, io.UnsupportedOperation):
            reason = "standard output is closed"
        _drop_output()
        sys.stderr.write(f"reqc: error: {named}{reason}\n")
        return PROBLEMS
    except Exception as bug:  # noqa: BLE001  # a bug is told as one, whatever it is
        sys.stderr.write(_bug(bug))
        return INTERNAL
    return status


def program() -> None:
    """Be the program: run a command, and end with its status."""
    status = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            status = status or PROBLEMS
    # Taking a large document apart piece by piece would take as long as starting did.
    os._exit(status)


def _run(given: Sequence[str]) -> int:
    if given == ["--version"]:
        # programs ask this often, and nothing else has to be imported for it
        sys.stdout.write(f"reqc {__version__}\n")
        return FINE
    if given[:1] == ["compile"]:
        # and pages are compiled again and again
        from reqc.compiler.commands.recall import recall  # noqa: PLC0415

        recalled = recall(given)
        if recalled is not None:
            return recalled
    from importlib import import_module  # noqa: PLC0415

    from reqc.compiler.commands.arguments.parser import parser_for  # noqa: PLC0415

    parser = parser_for(given)
    options = parser.parse_args(given)
    if options.command is None:
        parser.print_help()
        return USAGE
    status: int = import_module(f"reqc.compiler.commands.{options.command}").run(options)
    return status


def _prepare_streams() -> None:
    """Let every character be shown, by its escape if need be, and every stream be there."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        # What is open for reading refuses to be written to, as a closed stream does.
        closed = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  # to the end of the program
        sys.stdin, sys.stdout, sys.stderr = (
            stream or closed for stream in (sys.stdin, sys.stdout, sys.stderr)
        )
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _drop_output() -> None:
    """Forget what could not be written, because the interpreter would try again at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123  # pathlib is slow to import
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _bug(bug: Exception) -> str:
    trace = bug.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename.rpartition(os.sep)[2] if trace else ""
    place = f"{file}:{trace.tb_lineno}" if trace else "?"
    return (
        f"reqc: internal error: {type(bug).__name__}: {bug} ({place})\n"
        f"This is a bug in reqc {__version__}, not in your files. "
        "Please report it with this line and, if you can, the specification.\n"
    )
