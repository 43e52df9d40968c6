"""The tables of the parser, made from the grammar once: that takes longer than reading a page."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from reqc.compiler.package_data import package_data

GRAMMAR: Final = "grammar/reqc.lark"
TABLES: Final = "grammar/tables.json"
"""Where they are in the package."""

END: Final = "$END"
"""The token behind the last, which is no terminal of the grammar."""


class Rule(Struct, frozen=True):
    """What is done with the values of the last `size` symbols: they become one of symbol `name`.

    The builder's `method` gets the values, or else `parts`: each is the place of a value, the
    inverted place of a list of which it gets the items, or None for what can be there and is not.
    Where it would get one part and `single` holds, that part is the value.
    """

    name: str
    method: str
    size: int
    parts: tuple[int | None, ...] | None
    single: bool


class Scanner(Struct, frozen=True):
    """The terminals that can stand somewhere, in the order in which they are tried.

    `keywords` has by a terminal its texts that are terminals of their own, with their names.
    """

    terminals: tuple[str, ...]
    keywords: dict[str, dict[str, str]]


class Tables(Struct, frozen=True):
    """The states of the parser, which are numbers from 0, the state at the start of a file.

    `states` has for each of them where a symbol leads: to a state, or by an inverted number to a
    rule, behind which the symbol is looked at again. In `end` the file is complete.

    `grammar` is the sha256 of the grammar that they were made from.

    `patterns` are those of the terminals; the `ignored` ones are tried before all others.
    `scanner_of` has for each state the number of its scanner, and the last of `scanners` knows all
    terminals that are not ignored.
    """

    grammar: str
    end: int
    ignored: tuple[str, ...]
    patterns: dict[str, str]
    scanners: tuple[Scanner, ...]
    scanner_of: tuple[int, ...]
    states: tuple[dict[str, int], ...]
    rules: tuple[Rule, ...]


def tables() -> Tables:
    """Return the tables of the grammar, made anew where the saved ones are of another grammar."""
    grammar = package_data(GRAMMAR)
    saved = msgspec.json.decode(package_data(TABLES), type=Tables)
    if saved.grammar == sha256(grammar).hexdigest():
        return saved
    from reqc.compiler.syntax.generation import made  # noqa: PLC0415  # lark is slow to import

    return made(grammar)
