"""The command line of the kernel, as the kernel reads it: next_arg() of lib/cmdline.c."""

from __future__ import annotations

from collections.abc import Iterator

_BLANKS = " \t"


def arguments_of(line: str) -> tuple[str, ...]:
    """Return the arguments of a command line without their quotes, up to `--`.

    What follows `--` is for the first process: parse_args() of kernel/params.c.
    """
    arguments = []
    for word in _words(line):
        argument = _without_quotes(word)
        if argument == "--":
            break
        if argument:
            arguments.append(argument)
    return tuple(arguments)


def spelled(argument: str) -> str:
    """Return the argument with underscores for the dashes of its name.

    The kernel does not tell them apart: parameq() of kernel/params.c. Nor does systemd.
    """
    name, equals, value = argument.partition("=")
    return f"{name.replace('-', '_')}{equals}{value}"


def _words(line: str) -> Iterator[str]:
    """Yield what stands between blanks that are not in double quotes, with the quotes."""
    word, quoted = "", False
    for character in line:
        quoted ^= character == '"'
        if character in _BLANKS and not quoted:
            yield word
            word = ""
        else:
            word += character
    yield word


def _without_quotes(word: str) -> str:
    argument = word.removeprefix('"')
    at = argument.find("=", 1)  # an argument may begin with one
    name, value = argument[: at + 1], argument[at + 1 :]
    if name and value.startswith('"'):
        return name + value[1:].removesuffix('"')
    return name + (value.removesuffix('"') if argument != word else value)
