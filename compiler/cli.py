"""The command line: what `reqc` understands, and nothing that takes time to import."""

from __future__ import annotations

import argparse
import gc
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from reqc import __version__
from reqc.compiler.commands.arguments.comparing import add_comparing_commands
from reqc.compiler.commands.arguments.listings import add_listing_commands
from reqc.compiler.commands.arguments.nodes import add_node_commands
from reqc.compiler.commands.arguments.specifications import add_specification_commands
from reqc.compiler.status import INTERNAL, PROBLEMS, USAGE

_EPILOG = """\
examples:
  reqc compile specs/v3.24-openshift.req --target machineconfig
  reqc compile specs/v3.16-openstack.req --target shell -o check.sh
  reqc compile specs/v3.16-openstack.req --target nftables --role etcd --inventory hosts.yaml
  reqc diff specs/v3.16-openstack.req specs/v3.24-openshift.req

exit status: 0 fine, 1 problems found, 2 wrong usage, 70 a bug in reqc
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    # A reader that has seen enough, such as head, ends us as it ends every other tool.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    # What a compiler makes lives to its end, so that looking for garbage mostly takes time.
    gc.set_threshold(200_000)
    _prepare_streams()
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return USAGE
    try:
        command = import_module(f"reqc.compiler.commands.{options.command}")
        status: int = command.run(options)
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


def _prepare_streams() -> None:
    """Let every character be shown, by its escape if need be, and every stream be there."""
    if None in (sys.stdin, sys.stdout, sys.stderr):
        # What is open for reading refuses to be written to, as a closed stream does.
        closed = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  # to the end of the program
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
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _bug(bug: Exception) -> str:
    trace = bug.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return (
        f"reqc: internal error: {type(bug).__name__}: {bug} ({place})\n"
        f"This is a bug in reqc {__version__}, not in your files. "
        "Please report it with this line and, if you can, the specification.\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="reqc",
        description="Compile a page of system requirements into checks, configuration, "
        "firewalls and documents.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reqc {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    add_specification_commands(commands)
    add_comparing_commands(commands)
    add_node_commands(commands)
    add_listing_commands(commands, parser)
    return parser
