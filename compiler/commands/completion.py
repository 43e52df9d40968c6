"""`reqc completion`: print what a shell needs to complete the words of `reqc`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import shtab

from reqc.backends.registry import target_names
from reqc.compiler.codes import all_codes
from reqc.compiler.kinds.registry import KINDS
from reqc.compiler.status import FINE

_FILES = {"spec", "specs", "files", "old", "new", "inventory", "output", "facts"}


def run(options: argparse.Namespace) -> int:
    """Print the completion script of a shell."""
    parser: argparse.ArgumentParser = options.parser
    for command, action in _actions(parser):
        _complete(command, action)
    sys.stdout.write(shtab.complete(parser, shell=options.shell))
    return FINE


def _actions(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    """Yield every argument of every command, with the command's name."""
    for action in parser._actions:  # noqa: SLF001  # argparse has no public list of arguments
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for inner in action.choices.values():
                yield from _actions(inner)
        else:
            yield parser.prog.rpartition(" ")[2], action


def _complete(command: str, action: argparse.Action) -> None:
    """Tell what may stand for an argument: the choices only help, errors are told by us."""
    if action.dest in _FILES:
        action.complete = shtab.FILE  # type: ignore[attr-defined]
    elif action.dest == "include":
        action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
    elif action.dest in {"target", "targets"} or (command, action.dest) == ("targets", "name"):
        action.choices = target_names()
    elif (command, action.dest) == ("kinds", "name"):
        action.choices = tuple(sorted(KINDS))
    elif (command, action.dest) == ("explain", "code"):
        action.choices = tuple(sorted(all_codes()))
