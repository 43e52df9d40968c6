"""The command line: what `reqc` understands, and nothing that takes time to import."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from reqc import __version__
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
    _compile(commands)
    _check(commands)
    _trace(commands)
    _fmt(commands)
    _show(commands)
    _diff(commands)
    _run(commands)
    _evaluate(commands)
    _fit(commands)
    _listings(commands)
    _completion(commands, parser)
    return parser


_Commands = argparse._SubParsersAction  # noqa: SLF001  # argparse has no public name for it


def _command(
    commands: _Commands[argparse.ArgumentParser], name: str, summary: str, epilog: str = ""
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour diagnostics; auto asks the terminal, NO_COLOR and FORCE_COLOR",
    )
    return parser


def _spec(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a .req file, or - for standard input")
    _include(parser)


def _include(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--include-dir",
        dest="include",
        metavar="DIR",
        action="append",
        default=[],
        help="let specifications use and amend files below this folder too; may be repeated",
    )


def _deployment(parser: argparse.ArgumentParser) -> None:
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


def _compile(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "compile",
        "Write what a specification means for one target.",
        "`reqc targets` lists the targets, `reqc targets NAME` the settings of one.\n"
        "Artefacts go to standard output or to -o, diagnostics to standard error.",
    )
    _spec(parser)
    parser.add_argument("-t", "--target", metavar="NAME", required=True, help="what to write")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE-or-DIR",
        help="write here instead of to standard output; a folder for targets of several files",
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
    parser.add_argument("--list", action="store_true", help="name the files, write none")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="fail when the target cannot express something that it should",
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="tell what is left out and what was written"
    )
    _deployment(parser)


def _check(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
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
    _format(parser)
    _include(parser)


def _trace(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "trace",
        "Tell which lines of its sources a specification covers.",
        "A line that looks normative must be cited by a requirement or ignored with a reason.",
    )
    _spec(parser)
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


def _format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="how to tell what was found: to people, programs, code scanning or GitHub workflows",
    )


def _fmt(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
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


def _diff(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "diff", "Tell what changed between two specifications.")
    parser.add_argument("old", metavar="OLD", help="the specification that hosts satisfy today")
    parser.add_argument("new", metavar="NEW", help="the specification that they shall satisfy")
    _include(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--exit-code", action="store_true", help="exit with 1 when anything changed"
    )


def _run(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "run",
        "Check this machine against a specification.",
        "Arguments behind -- go to the check script: reqc run SPEC -- --help\n"
        "exit status: 0 all that is required is met, 1 something is not, 3 nothing fails but\n"
        "something required could not be verified, 2 wrong usage or no verdict",
    )
    _spec(parser)
    parser.add_argument("arguments", metavar="-- ARGUMENT", nargs="*", help=argparse.SUPPRESS)
    _check_script(parser)
    _deployment(parser)


def _check_script(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the check")
    group.add_argument("-q", "--quiet", action="store_true", help="show only what needs attention")
    group.add_argument("-v", "--verbose", action="store_true", help="show all that was found")
    group.add_argument("--strict", action="store_true", help="what should be must be")
    group.add_argument("--network", action="store_true", help="try connections to other hosts")
    for name, metavar, what in (
        ("only", "ID", "check only this requirement or section; may be repeated"),
        ("skip", "ID", "do not check this requirement or section; may be repeated"),
        ("waive", "FILE", "excuse misses for a time; lines of ID YYYY-MM-DD reason"),
        ("root", "DIR", "look at the node that is mounted at DIR"),
    ):
        group.add_argument(f"--{name}", metavar=metavar, action="append", default=[], help=what)
    group.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "tap", "junit", "sarif", "nagios", "prometheus"),
        action="append",
        default=[],
        help="what the check script writes, instead of a report to a person at this terminal",
    )


def _facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--facts",
        metavar="FILE",
        nargs="+",
        action="append",
        required=True,
        help="facts of nodes, as `sh check.sh --facts` prints them: a file with one document or "
        "several, a folder with .json files, or - for standard input",
    )


def _evaluate(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "evaluate",
        "Judge nodes by the facts that their check scripts collected.",
        "examples:\n"
        "  ssh node1 sh -s -- --facts < check.sh > facts/node1.json\n"
        "  reqc evaluate specs/v3.24-openshift.req --facts facts/\n"
        "  reqc evaluate specs/v3.24-openshift.req --facts facts/ --format junit -o junit.xml\n"
        "  cat facts/*.json | reqc evaluate specs/v3.24-openshift.req --facts - --waive waivers\n"
        "\n"
        "A node is called as its file, or by number where a file holds the facts of several.\n"
        "exit status: 0 every node meets all that is required, 1 a node does not, 3 no node\n"
        "fails, but something required could not be verified, 2 wrong usage, or facts that cannot\n"
        "be used: these are named, and the other nodes are judged and reported all the same",
    )
    parser.add_argument("specs", metavar="SPEC", nargs="?", help="a .req file")
    _include(parser)
    _facts(parser)
    group = parser.add_argument_group("the judgement")
    for name, metavar, what in (
        ("only", "ID", "judge only this requirement or section; may be repeated"),
        ("skip", "ID", "do not judge this requirement or section; may be repeated"),
    ):
        group.add_argument(f"--{name}", metavar=metavar, action="append", default=[], help=what)
    group.add_argument("--strict", action="store_true", help="what should be must be")
    group.add_argument(
        "--waive", metavar="FILE", help="excuse misses for a time; lines of ID YYYY-MM-DD reason"
    )
    group.add_argument(
        "--date", metavar="YYYY-MM-DD", help="judge waivers as of this day (default: today in UTC)"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "markdown", "junit"),
        default="text",
        help="how to tell it: to people, programs, line by line, tickets or CI",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write here instead of to standard output"
    )
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="leave nothing out of the text"
    )
    _deployment(parser)


def _fit(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "fit",
        "Tell which specifications nodes fit, and what stands in the way.",
        "examples:\n"
        "  reqc fit --facts facts/ specs/*.req\n"
        "  reqc fit specs/*.req --facts node1.json node2.json --set ipv6=true --format markdown\n"
        "\n"
        "--set and --role count for the specifications that know them.\n"
        "exit status: 0 there is a specification that all nodes fit, 1 there is none, 3 only what\n"
        "could not be verified stands in the way, 2 wrong usage, or facts that cannot be used",
    )
    parser.add_argument("specs", metavar="SPEC", nargs="*", help="a .req file")
    _include(parser)
    _facts(parser)
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write here instead of to standard output"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="tell what was written")
    _deployment(parser)


def _show(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(
        commands,
        "show",
        "Print a specification with all that it uses and amends, as one file.",
        "What is printed compiles to the same bytes: `at` keeps the line of each requirement.",
    )
    _spec(parser)


def _listings(commands: _Commands[argparse.ArgumentParser]) -> None:
    parser = _command(commands, "targets", "List the targets, or tell about one.")
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser = _command(commands, "kinds", "List what can be required, or tell about one kind.")
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser = _command(commands, "explain", "List the codes of messages, or explain one.")
    parser.add_argument("code", metavar="CODE", nargs="?", help="such as REQ301")
    parser = _command(commands, "schema", "Print the JSON Schema of what reqc writes or reads.")
    parser.add_argument(
        "form",
        metavar="FORM",
        nargs="?",
        choices=("json", "facts", "evaluation"),
        default="json",
        help="json: what the target json writes (default); facts: what reqc evaluate reads; "
        "evaluation: what it writes with --format json",
    )


def _completion(
    commands: _Commands[argparse.ArgumentParser], whole: argparse.ArgumentParser
) -> None:
    parser = _command(
        commands,
        "completion",
        "Print what a shell needs to complete the words of reqc.",
        "bash:  reqc completion bash > ~/.local/share/bash-completion/completions/reqc\n"
        "zsh:   reqc completion zsh > a file _reqc in a folder of $fpath\n"
        "tcsh:  reqc completion tcsh > a file that ~/.tcshrc sources",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    parser.set_defaults(parser=whole)
