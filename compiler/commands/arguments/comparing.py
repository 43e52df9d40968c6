"""Arguments of the commands that compare specifications."""

from __future__ import annotations

import argparse

from reqc.compiler.commands.arguments.common import Commands, command, deployment, include


def _diff(commands: Commands) -> None:
    parser = command(
        commands,
        "diff",
        "Tell what changed between two specifications, and what to do about it.",
        "examples:\n"
        "  reqc diff specs/v3.16-openstack.req specs/v3.24-openshift.req\n"
        "  reqc diff old.req new.req --set vxlan=true --role host     your hosts, nothing else\n"
        "  reqc diff old.req new.req --facts facts/                   which of your nodes fail\n"
        "  reqc diff old.req new.req --target nftables --role etcd    rules to add and remove\n"
        "  reqc diff old.req new.req --format markdown -o upgrade.md\n"
        "  reqc diff old.req new.req --format html -o upgrade.html    one page, to send around\n"
        "\n"
        "Stricter: a host that passed may fail. Looser: one that failed may pass. Different:\n"
        "both, or neither can be proved. Directions are proved from what requirements mean, for\n"
        "all values of the options; --set fixes some. docs/comparing.md tells more.\n"
        "exit status: 0, with --exit-code 1 when anything changed; 2 wrong usage",
    )
    parser.add_argument("old", metavar="OLD", help="the specification that hosts satisfy today")
    parser.add_argument("new", metavar="NEW", help="the specification that they shall satisfy")
    include(parser)
    parser.add_argument(
        "--facts",
        metavar="FILE",
        nargs="+",
        action="append",
        default=[],
        help="facts of nodes, as `sh check.sh --facts` prints them: files, folders with .json "
        "files, or -; tells which nodes fail through which change",
    )
    parser.add_argument(
        "-t", "--target", metavar="NAME", help="show how what this target writes differs"
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
    _form(parser, "text", "json", "markdown", "html")
    parser.add_argument(
        "--exit-code", action="store_true", help="exit with 1 when anything changed"
    )
    deployment(parser)
    for side in ("old", "new"):
        parser.add_argument(
            f"--{side}-set",
            dest=f"{side}_choices",
            metavar="OPTION=VALUE",
            action="append",
            default=[],
            help=f"choose for {side.upper()} alone; --set counts for what knows the option",
        )


def _changelog(commands: Commands) -> None:
    parser = command(
        commands,
        "changelog",
        "Tell what changed along a chain of specifications, the newest first.",
        "examples:\n"
        "  reqc changelog specs/v3.16.req specs/v3.20.req specs/v3.24.req -o CHANGELOG.md\n"
        "\n"
        "They are put in the order of their versions; those of one version stay as given.",
    )
    parser.add_argument("specs", metavar="SPEC", nargs="+", help="a .req file")
    include(parser)
    _form(parser, "markdown", "json")
    parser.add_argument(
        "--errata",
        choices=("published", "corrected"),
        default="published",
        help="take errata as the pages print them, or as their authors meant them",
    )


def _docs(commands: Commands) -> None:
    parser = command(
        commands,
        "docs",
        "Make a static site of a whole library: documents, versions side by side, changes.",
        "examples:\n"
        "  reqc docs specs/*.req -o site/\n"
        "  reqc docs specs/*.req -o site/ -v               name the files\n"
        "  python -m http.server --directory site          or open site/index.html as a file\n"
        "\n"
        "index.html lists all documents, the newest first; search.html searches them. Documents\n"
        "of one product and platform are versions of one page: they stand side by side in a\n"
        "table, and each is compared with the one before it. Where a product has one version\n"
        "of each platform, the platforms are compared instead.\n"
        "\n"
        "No page loads anything from elsewhere. The same specifications give the same bytes.\n"
        "Nothing is written when a specification has an error. A later run removes pages that\n"
        "are no more and that nobody changed; files of others are never touched.\n"
        "exit status: 0 written, 1 a specification has an error, 2 wrong usage",
    )
    parser.add_argument("specs", metavar="SPEC", nargs="+", help="a .req file")
    include(parser)
    parser.add_argument(
        "-o", "--output", metavar="DIR", required=True, help="the folder of the site"
    )
    parser.add_argument(
        "--errata",
        choices=("published", "corrected"),
        default="published",
        help="take errata as the pages print them, or as their authors meant them",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="name what is written and removed"
    )


def _form(parser: argparse.ArgumentParser, *forms: str) -> None:
    parser.add_argument("--format", choices=forms, default=forms[0], help="how to tell it")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write here instead of to standard output"
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="leave nothing out of the text"
    )


COMMANDS = {
    "diff": _diff,
    "changelog": _changelog,
    "docs": _docs,
}
"""What adds each command, in the order of the help."""
