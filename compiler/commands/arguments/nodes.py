"""Arguments of the commands that are about nodes: what they are like, and what configures them."""

from __future__ import annotations

import argparse

from reqc.compiler.commands.arguments.common import (
    Commands,
    command,
    deployment,
    include,
    report_format,
    spec,
    target,
)


def _run(commands: Commands) -> None:
    parser = command(
        commands,
        "run",
        "Check this machine against a specification.",
        "Arguments behind -- go to the check script: reqc run SPEC -- --help\n"
        "exit status: 0 all that is required is met, 1 something is not, 3 nothing fails but\n"
        "something required could not be verified, 2 wrong usage or no verdict",
    )
    spec(parser)
    parser.add_argument("arguments", metavar="-- ARGUMENT", nargs="*", help=argparse.SUPPRESS)
    _check_script(parser)
    deployment(parser)


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


def _evaluate(commands: Commands) -> None:
    parser = command(
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
    include(parser)
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
    deployment(parser)


def _fit(commands: Commands) -> None:
    parser = command(
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
    include(parser)
    _facts(parser)
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="write here instead of to standard output"
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="tell what was written")
    deployment(parser)


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


def _validate(commands: Commands) -> None:
    parser = command(
        commands,
        "validate",
        "Tell what is wrong with Ignition configurations and MachineConfigs.",
        "examples:\n"
        "  reqc validate 99-worker-example.yaml --openshift 4.12-4.18\n"
        "  reqc compile page.req --target machineconfig | reqc validate - --strict\n"
        "  oc get machineconfig 99-worker-example -o yaml | reqc validate -\n"
        "\n"
        "Judged are configurations of Ignition 2.2.0 and 3.0.0 to 3.5.0, and MachineConfigs in\n"
        "YAML or JSON: several in one file, in a List, or in a ConfigMap of a hosted control\n"
        "plane. It finds what Ignition refuses, what releases of OpenShift refuse, and what all\n"
        "of them take and breaks on the node. `reqc explain CODE` tells more of each message.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file, or - for standard input")
    parser.add_argument(
        "--openshift",
        metavar="RELEASES",
        help="releases that must take it: 4.12 and later, or a range such as 4.12-4.18 (default: "
        "those that read its version; what only some of them refuse is then a warning)",
    )
    parser.add_argument(
        "--pool",
        dest="pools",
        metavar="NAME",
        action="append",
        default=[],
        help="a pool of the cluster besides worker, master and arbiter; may be repeated "
        "(MachineConfigPools in the files are known)",
    )
    parser.add_argument("--strict", action="store_true", help="fail for a warning too")
    report_format(parser)


def _drift(commands: Commands) -> None:
    parser = command(
        commands,
        "drift",
        "Tell in what the firewall of this machine is not what a specification says.",
        "examples:\n"
        "  sudo reqc drift specs/v3.16-openstack.req --target nftables --inventory hosts.yaml\n"
        "  sudo reqc drift specs/v3.16-openstack.req --target iptables --format json\n"
        "\n"
        "Give what the rules were compiled with: roles, options, inventory and settings. They are\n"
        "loaded in a network of their own and listed there as here; nothing is changed.\n"
        "exit status: 0 no difference, 1 differences, 3 the machine could not be looked at,\n"
        "2 wrong usage",
    )
    spec(parser)
    target(parser, "the firewall to look at, as it was compiled for")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    deployment(parser)


COMMANDS = {
    "run": _run,
    "evaluate": _evaluate,
    "fit": _fit,
    "validate": _validate,
    "drift": _drift,
}
"""What adds each command, in the order of the help."""
