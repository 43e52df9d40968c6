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
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="make it anew, and keep nothing in the user's cache folder",
    )
    deployment(parser)


def _verify(commands: Commands) -> None:
    parser = command(
        commands,
        "verify",
        "Tell whether artefacts are what their specification compiles to today.",
        "examples:\n"
        "  reqc verify /etc/nftables.d/calico-openstack.nft\n"
        "  reqc verify rules/ --spec page.req --inventory hosts.yaml\n"
        "  reqc verify rules/ --spec page.req -v                      show what differs\n"
        "  reqc verify rules/ --format json\n"
        "\n"
        "An artefact tells in its header which specification, target, settings, hosts and options\n"
        "it was made with. verify makes it again with the same, and compares the bytes:\n"
        "  intact    the same bytes\n"
        "  outdated  the specification, the inventory or reqc has changed since: compile again\n"
        "  edited    nothing has changed but the file: somebody has written into it\n"
        "  unknown   it does not tell how it was made, or what that needs was not given\n"
        "\n"
        "A file without a header, such as a part of a role, is known by those that were written\n"
        "with it: name the folder. Ignition has no room for a header; compile --explain writes\n"
        "explanation.txt, which has one: keep it beside. Tables in CSV stay unknown.\n"
        "Who can write a file can write its header as well: -v shows what it was made with.\n"
        "exit status: 0 all are intact, 1 one is outdated or edited, 3 none is, but one is\n"
        "unknown, 2 wrong usage",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="an artefact, or a folder with nothing else in it"
    )
    parser.add_argument(
        "--spec",
        metavar="SPEC",
        help="the specification they were compiled from "
        "(default: of those that come with reqc the one that a header names)",
    )
    include(parser)
    parser.add_argument(
        "--inventory",
        metavar="FILE",
        help="the addresses they were compiled with, for those that tell that they were",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="tell how each was made, and what differs"
    )


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


COMMANDS = {
    "compile": _compile,
    "verify": _verify,
    "check": _check,
    "trace": _trace,
    "fmt": _fmt,
    "show": _show,
}
"""What adds each command, in the order of the help."""
