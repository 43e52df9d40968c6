"""Arguments of the commands that tell about reqc itself."""

from __future__ import annotations

import argparse

from reqc.compiler.commands.arguments.common import (
    Commands,
    command,
)


def add(commands: Commands, whole: argparse.ArgumentParser) -> None:
    """Add the commands, in the order in which the help lists them; `whole` has them all."""
    _listings(commands)
    _completion(commands, whole)


def _listings(commands: Commands) -> None:
    parser = command(commands, "targets", "List the targets, or tell about one.")
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser = command(commands, "kinds", "List what can be required, or tell about one kind.")
    parser.add_argument("name", metavar="NAME", nargs="?")
    parser = command(commands, "explain", "List the codes of messages, or explain one.")
    parser.add_argument("code", metavar="CODE", nargs="?", help="such as REQ301")
    parser = command(commands, "schema", "Print the JSON Schema of what reqc writes or reads.")
    parser.add_argument(
        "form",
        metavar="FORM",
        nargs="?",
        choices=("json", "ports", "facts", "evaluation", "diff", "changelog"),
        default="json",
        help="json: what the target json writes (default); ports: what the target ports writes "
        "with -O format=json; facts: what reqc evaluate reads; evaluation: what it writes with "
        "--format json; diff and changelog: what the commands of these names write with "
        "--format json",
    )


def _completion(commands: Commands, whole: argparse.ArgumentParser) -> None:
    parser = command(
        commands,
        "completion",
        "Print what a shell needs to complete the words of reqc.",
        "bash:  reqc completion bash > ~/.local/share/bash-completion/completions/reqc\n"
        "zsh:   reqc completion zsh > a file _reqc in a folder of $fpath\n"
        "tcsh:  reqc completion tcsh > a file that ~/.tcshrc sources",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    parser.set_defaults(parser=whole)
