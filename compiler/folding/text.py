"""File texts: the files that several requirements write together, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeAlias, TypeVar

from reqc.compiler.folding.agreement import (
    Difference,
    Disagreement,
    Problems,
    Unwritable,
    agreed,
)
from reqc.compiler.states import IniListItems, ModuleAtBoot

S = TypeVar("S")
Parts: TypeAlias = Iterable[tuple[str, S]]
"""States of one sort, each with the id of the requirement that asks for it."""

_MODULE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_INI_KEY: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_INI_SEPARATORS: Final = ";,"
_BYTE: Final = 0x100


def one_line(text: str) -> str:
    """Return the text with an escape for whatever ends a line or reorders it on a screen."""
    if text.isprintable():
        return text
    return "".join(part if part.isprintable() else _escape(part) for part in text)


def comment(text: str) -> str:
    """Return the text as one comment line of a file in which `#` begins a comment."""
    return f"# {one_line(text)}".rstrip()


def fits_one_line(text: str) -> bool:
    """Tell whether a text is a word or more that a line can hold and begin and end with."""
    return bool(text) and text.isprintable() and text == text.strip()


def modules_text(parts: Parts[ModuleAtBoot], heading: str, problems: Problems) -> str:
    """Return a file of modules-load.d(5): each module once, in the order first asked for.

    The kernel takes a dash and an underscore in a module's name for the same.
    """
    names: dict[str, str] = {}
    for requirement, state in parts:
        if _MODULE.fullmatch(state.name):
            names.setdefault(state.name.replace("-", "_"), state.name)
        else:
            why = "a module name is letters, digits, underscores and dashes"
            problems.unwritable.append(Unwritable(requirement, f"module {state.name!r}", why))
    return "".join(f"{line}\n" for line in (comment(heading), *names.values()))


def ini_text(parts: Parts[IniListItems], problems: Problems) -> str:
    """Return an INI file of lists; sections, keys and items in the order first asked for."""
    rows = []
    for requirement, state in parts:
        why = _ini_fault(state)
        if why is None:
            rows.append(((requirement,), f"[{state.section}] {state.key} in {state.path}", state))
        else:
            problems.unwritable.append(Unwritable(requirement, state.path, why))
    sections: dict[str, list[IniListItems]] = {}
    for item in agreed(rows, _lists, problems).values():
        sections.setdefault(item.value.section, []).append(item.value)
    return "\n".join(f"[{name}]\n{_assignments(lists)}" for name, lists in sections.items())


def _assignments(lists: Iterable[IniListItems]) -> str:
    return "".join(
        f"{item.key}={item.separator.join(dict.fromkeys(item.items))}\n" for item in lists
    )


def _lists(first: IniListItems, second: IniListItems) -> IniListItems | Disagreement:
    if first.separator != second.separator:
        return Difference.SEPARATOR, first.separator, second.separator
    items = first.items + second.items
    return IniListItems(first.path, first.section, first.key, items, first.separator)


def _ini_fault(state: IniListItems) -> str | None:
    if not fits_one_line(state.section) or set(state.section) & set("[]"):
        return f"{state.section!r} cannot be the name of a section"
    if not _INI_KEY.fullmatch(state.key):
        return f"{state.key!r} cannot be a key"
    if state.separator not in (*_INI_SEPARATORS,):
        return f"{state.separator!r} does not separate the items of a list"
    for item in state.items:
        # a backslash escapes or continues in some readers, and both separators always separate
        if not fits_one_line(item) or set(item) & {"\\", *_INI_SEPARATORS}:
            return f"{item!r} cannot be one item of a list"
    return None


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < _BYTE else f"\\u{number:04x}"
