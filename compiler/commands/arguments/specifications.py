"""Arguments of the commands that are about specifications."""

from __future__ import annotations

from reqc.compiler.commands.arguments.common import (
    Commands,
    command,
    deployment,
    include,
    report_format,
    spec,
    target,
)


def add_specification_commands(commands: Commands) -> None:
    """Add the commands, in the order in which the help lists them."""
    _compile(commands)
    _check(commands)
    _trace(commands)
    _fmt(commands)
    _show(commands)


def _compile(commands: Commands) -> None:
    parser = command(
        commands,
        "compile",
        "Write what a specification means for one target.",
        "`reqc targets` lists the targets, `reqc targets NAME` the settings of one.\n"
        "Artefacts go to standard output or to -o, diagnostics to standard error.",
    )
    spec(parser)
    target(parser, "what to write; several go to folders of their names below -o", several=True)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE-or-DIR",
        help="write here instead of to standard output; a folder where there are several files",
    )
    parser.add_argument("--list", action="store_true", help="name the files, write none")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="instead of the artefact, tell what it costs, how to apply and revert it, and which "
        "requirement each part of it is for",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="fail when the target cannot express something that it should",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="tell what is left out and what was written"
    )
    deployment(parser)


def _check(commands: Commands) -> None:
    parser = command(
        commands,
        "check",
        "Tell whether specifications are sound.",
        "Every message has a code; `reqc explain CODE` tells what it means and how to mend it.\n"
        "Text goes to standard error, the other formats to standard output.",
    )
    parser.add_argument(
        "specs", metavar="SPEC", nargs="+", help="a .req file, or - for standard input"
    )
    parser.add_argument("--strict", action="store_true", help="fail for a warning too")
    report_format(parser)
    include(parser)


def _trace(commands: Commands) -> None:
    parser = command(
        commands,
        "trace",
        "Tell which lines of its sources a specification covers.",
        "A line that looks normative must be cited by a requirement or ignored with a reason.",
    )
    spec(parser)
    parser.add_argument(
        "--source",
        dest="sources",
        metavar="NAME=FILE",
        action="append",
        default=[],
        help="where the text of a source is; may be repeated "
        "(default: the file that the source declares, beside the specification)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _fmt(commands: Commands) -> None:
    parser = command(
        commands,
        "fmt",
        "Bring specifications into their one canonical form.",
        "Files are rewritten in place, standard input is printed.",
    )
    parser.add_argument(
        "specs", metavar="SPEC", nargs="+", help="a .req file, or - for standard input"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; name what would change, and exit with 1 if there is any",
    )
    parser.add_argument(
        "--diff", action="store_true", help="write nothing; print what would change"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="tell what was rewritten")


def _show(commands: Commands) -> None:
    parser = command(
        commands,
        "show",
        "Print a specification with all that it uses and amends, as one file.",
        "What is printed compiles to the same bytes: `at` keeps the line of each requirement.",
    )
    spec(parser)
