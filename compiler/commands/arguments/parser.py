"""The parser of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

from reqc import __version__

_EPILOG = """\
examples:
  reqc compile specs/v3.24-openshift.req --target machineconfig
  reqc compile specs/v3.16-openstack.req --target shell -o check.sh
  reqc compile specs/v3.16-openstack.req --target nftables --role etcd --inventory hosts.yaml
  reqc diff specs/v3.16-openstack.req specs/v3.24-openshift.req

exit status: 0 fine, 1 problems found, 2 wrong usage, 70 a bug in reqc
"""

_COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "specifications": ("compile", "verify", "check", "trace", "fmt", "show"),
    "comparing": ("diff", "changelog", "docs"),
    "nodes": ("run", "evaluate", "fit", "validate", "drift"),
    "listings": ("targets", "kinds", "explain", "schema", "completion"),
}
"""The commands by the module that tells their arguments, in the order of the help."""


def parser_for(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """Return a parser that knows all commands, or those beside the one that is asked for."""
    parser = argparse.ArgumentParser(
        prog="reqc",
        description="Compile a page of system requirements into checks, configuration, "
        "firewalls and documents.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"reqc {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in _needed(arguments[:1]):
        import_module(f"reqc.compiler.commands.arguments.{module}").add(commands, parser)
    return parser


def _needed(first: Sequence[str]) -> Sequence[str]:
    """Return the modules to import; what is completed, and what is wrong, takes all of them."""
    for module, names in _COMMANDS.items():
        if first and first[0] in names and first[0] != "completion":
            return (module,)
    return tuple(_COMMANDS)
