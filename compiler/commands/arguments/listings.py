"""Arguments of the commands that tell about reqc itself."""

from __future__ import annotations

from reqc.compiler.commands.arguments.common import Commands, command


def _targets(commands: Commands) -> None:
    parser = command(commands, "targets", "List the targets, or tell about one.")
    parser.add_argument("name", metavar="NAME", nargs="?")


def _kinds(commands: Commands) -> None:
    parser = command(commands, "kinds", "List what can be required, or tell about one kind.")
    parser.add_argument("name", metavar="NAME", nargs="?")


def _explain(commands: Commands) -> None:
    parser = command(commands, "explain", "List the codes of messages, or explain one.")
    parser.add_argument("code", metavar="CODE", nargs="?", help="such as REQ301")


def _schema(commands: Commands) -> None:
    parser = command(commands, "schema", "Print the JSON Schema of what reqc writes or reads.")
    parser.add_argument(
        "form",
        metavar="FORM",
        nargs="?",
        choices=(
            *("json", "ports", "diagnostics", "trace", "facts", "evaluation"),
            *("fit", "drift", "verify", "diff", "changelog"),
        ),
        default="json",
        help="json: what the target json writes (default); ports: what the target ports writes "
        "with -O format=json; facts: what reqc evaluate and reqc fit read; evaluation: what "
        "reqc evaluate writes with --format json; diagnostics: what reqc check does; the others: "
        "what the commands of their names do",
    )


def _completion(commands: Commands) -> None:
    parser = command(
        commands,
        "completion",
        "Print what a shell needs to complete the words of reqc.",
        "bash:  reqc completion bash > ~/.local/share/bash-completion/completions/reqc\n"
        "zsh:   reqc completion zsh > a file _reqc in a folder of $fpath\n"
        "tcsh:  reqc completion tcsh > a file that ~/.tcshrc sources",
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"))


COMMANDS = {
    "targets": _targets,
    "kinds": _kinds,
    "explain": _explain,
    "schema": _schema,
    "completion": _completion,
}
"""What adds each command, in the order of the help."""
