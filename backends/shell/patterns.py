"""Patterns of the shell that mean the same in every shell."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<set>\[[!^]?+[^/\\][^\]/\\]*\])|(?P<any>[*?])|\\(?P<quoted>.)|(?P<literal>.)", re.DOTALL
)


def case_pattern(glob: str) -> str:
    """Return the glob as a pattern for `case` that survives in a variable.

    A leading `^` in brackets becomes `!`, which all shells understand. Literal characters that a
    shell could take for special, such as the parentheses of extended globs, stand in brackets,
    because mksh does not take a backslash of a variable for a quote.
    """
    return "".join(_token(match) for match in _TOKEN.finditer(glob))


def _token(match: re.Match[str]) -> str:
    if match["set"]:
        inside = match["set"][1:-1]
        return "[" + (f"!{inside[1:]}" if inside[0] in "^!" else inside) + "]"
    if match["any"]:
        return match["any"]
    return _literal(match["quoted"] or match["literal"])


def _literal(character: str) -> str:
    if character == "\\":
        return r"[\\]"
    return f"[{character}]" if character in "[]()|*?" else character


def argument_pattern(argument: str) -> str:
    """Return a pattern for `case` that matches an argument of the kernel however it is spelled.

    In its name a dash and an underscore are the same.
    """
    name, equals, value = argument.partition("=")
    either = "".join("[-_]" if one in "-_" else _literal(one) for one in name)
    return either + equals + "".join(map(_literal, value))


def bracket(characters: str) -> str:
    """Return the characters, not only ! and ^, in an order in which none is special in brackets."""
    first = "]" if "]" in characters else "-"
    kept = sorted(set(characters), key=lambda one: (one != first, one == "-", one in "!^", one))
    return "".join(kept)


def with_bit(bit: int) -> str:
    """Return a pattern for hexadecimal numbers that have the bit, counted from the lowest."""
    digits = "".join(digit for digit in "0123456789abcdef" if int(digit, 16) >> bit % 4 & 1)
    return f"*[{digits}]" + "?" * (bit // 4)


def expression(name: str, underscore: str = "[-_]") -> str:
    """Return an extended regular expression that matches a name, and similar names.

    In the name of a module a dash is an underscore, in that of an option there is none. What could
    be special in an expression is any one character.
    """
    return re.sub(r"[^A-Za-z0-9]", lambda found: underscore if found[0] in "-_" else ".", name)
