"""Arguments that several commands take."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # see below
"""What a command is added to; argparse has no public name for it."""


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Writes help as wide as the terminal.

    argparse makes one for every argument, and asks by a module that takes long to import.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def command(
    commands: Commands, name: str, summary: str, epilog: str = ""
) -> argparse.ArgumentParser:
    """Add a command with what all commands have, and return its parser."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=HelpFormatter,
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour diagnostics; auto asks the terminal, NO_COLOR and FORCE_COLOR",
    )
    return parser


def spec(parser: argparse.ArgumentParser) -> None:
    """Add the specification that a command is about."""
    parser.add_argument("spec", metavar="SPEC", help="a .req file, or - for standard input")
    include(parser)


def include(parser: argparse.ArgumentParser) -> None:
    """Add where other specifications may be read from."""
    parser.add_argument(
        "--include-dir",
        dest="include",
        metavar="DIR",
        action="append",
        default=[],
        help="let specifications use and amend files below this folder too; may be repeated",
    )


def target(parser: argparse.ArgumentParser, use: str, *, several: bool = False) -> None:
    """Add a target, or several, and its settings; `use` says what the target is for."""
    action, name = ("append", "targets") if several else ("store", "target")
    parser.add_argument(
        "-t", "--target", dest=name, action=action, metavar="NAME", required=True, help=use
    )
    parser.add_argument(
        "-O",
        "--target-option",
        dest="settings",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="change a setting of the target; may be repeated",
    )


def deployment(parser: argparse.ArgumentParser) -> None:
    """Add what is known about the hosts that are meant."""
    group = parser.add_argument_group("the deployment")
    group.add_argument(
        "--set",
        dest="choices",
        metavar="OPTION=VALUE",
        action="append",
        default=[],
        help="choose the value of an option of the specification; may be repeated",
    )
    group.add_argument(
        "--role",
        dest="roles",
        metavar="ROLE",
        action="append",
        default=[],
        help="what the hosts are that the artefact is for; may be repeated "
        "(default: the first role of the specification)",
    )
    group.add_argument(
        "--inventory",
        metavar="FILE",
        help="addresses of the roles' hosts, as an Ansible inventory in YAML or JSON",
    )
    group.add_argument(
        "--errata",
        choices=("published", "corrected"),
        default="published",
        help="take errata as the page prints them, or as its authors meant them",
    )


def report_format(parser: argparse.ArgumentParser) -> None:
    """Add the form that diagnostics are written in."""
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="how to tell what was found: to people, programs, code scanning or GitHub workflows",
    )
