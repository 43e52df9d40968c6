"""The parser of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from importlib import import_module

from reqc import __version__
from reqc.compiler.commands.arguments.common import HelpFormatter

_EPILOG = """\
examples:
  reqc compile specs/v3.24-openshift.req --target machineconfig
  reqc compile specs/v3.16-openstack.req --target shell -o check.sh
  reqc compile specs/v3.16-openstack.req --target nftables --role etcd --inventory hosts.yaml
  reqc diff specs/v3.16-openstack.req specs/v3.24-openshift.req

exit status: 0 fine, 1 problems found, 2 wrong usage, 70 a bug in reqc
"""

_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "specifications": ("compile", "verify", "check", "trace", "fmt", "show"),
    "comparing": ("diff", "changelog", "docs"),
    "nodes": ("run", "evaluate", "fit", "validate", "drift"),
    "listings": ("targets", "kinds", "explain", "schema", "completion"),
}
"""The commands by the module that tells their arguments, in the order of the help."""


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return a parser that knows the command that is asked for, or else all of them.

    What it reads has beside the arguments all `words` as they were given.
    """
    parser = argparse.ArgumentParser(
        prog="reqc",
        description="Compile a page of system requirements into checks, configuration, "
        "firewalls and documents.",
        epilog=_EPILOG,
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reqc {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    asked = arguments[0] if arguments else ""
    known = {name: module for module, names in _COMMANDS.items() for name in names}
    # what is completed, and what is wrong, takes all of them
    needed = [asked] if asked in known and asked != "completion" else known
    for name in needed:
        module = import_module(f"reqc.compiler.commands.arguments.{known[name]}")
        module.COMMANDS[name](commands)
    parser.set_defaults(words=list(arguments))
    if asked == "completion":
        parser.set_defaults(parser=parser)
    return parser
