"""Excerpts: what a script of another target uses of the check script's library, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from msgspec import Struct

from reqc.backends.fragments import fragment

FRAGMENTS: Final = (
    *("answers", "lists", "files", "versions", "release", "machine", "sysctl", "network"),
    *("mounts", "ini", "units", "commands", "packages", "command_line", "connections", "kernel"),
    *("capability", "modules", "blocks", "config", "deep", "report", "judge", "arguments"),
    *("main", "bounds"),
)
"""The fragments from which parts may be taken, in their order in the check script.

The last is for scripts that change a node.
"""

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FUNCTION: Final = re.compile(r"^([A-Za-z_][A-Za-z0-9_]*)\(\) \{", re.MULTILINE)
_ASSIGNMENT: Final = re.compile(r"(?:^|(?<=\s))([A-Za-z_][A-Za-z0-9_]*)=")
_VARIABLE: Final = re.compile(r"\$\{?#?([A-Za-z_][A-Za-z0-9_]*)")
_NO_CALL: Final = re.compile(
    r"""(?P<kept> \\. | "(?:\\.|[^"\\])*" )
    | '[^']*'
    | (?<=\s)\#[^\n]*
    | \$\{?\#?[A-Za-z_]\w*
    | (?<![\w-])[A-Za-z_]\w*=""",
    re.VERBOSE | re.DOTALL,
)


class Part(Struct, frozen=True):
    """Some lines of a fragment that stand together: a function, or assignments."""

    text: str
    functions: tuple[str, ...]
    variables: tuple[str, ...]

    @property
    def calls(self) -> frozenset[str]:
        """Every word that may be the call of a function."""
        return frozenset(_NAME.findall(_NO_CALL.sub(_kept, self.text)))

    @property
    def reads(self) -> frozenset[str]:
        """Every variable that is read."""
        return frozenset(_VARIABLE.findall(self.text))


def excerpt(own: Iterable[str], texts: Iterable[str], on_call: Iterable[str] = ()) -> str:
    """Return the parts that a script's `own` fragments and other `texts` use, then `own`.

    Parts of the fragments `on_call` are taken like those of the library, where something calls
    them. Raise LookupError where two functions have one name.
    """
    fragments = (*own,)
    shared = [part for name in FRAGMENTS for part in _parts(fragment("shell", name))]
    shared += [part for text in on_call for part in _parts(text)]
    ours = [part for text in fragments for part in _parts(text)]
    by_function = {name: part for part in shared for name in part.functions}
    by_variable = {name: part for part in shared for name in part.variables}
    covered = {name for part in ours for name in part.functions if by_function.pop(name, None)}
    for part in ours:
        for name in part.variables:
            by_variable.pop(name, None)
    using = [*ours, *(Part(text, (), ()) for text in texts)]
    taken = _closure(using, by_function, by_variable)
    _refuse_doubles(ours, taken, covered)
    return "\n".join((*(part.text for part in shared if part in taken), *fragments))


def _kept(found: re.Match[str]) -> str:
    """Return what may hold a call: of what stands in quotes, only a substitution does."""
    kept = found["kept"] or ""
    return _VARIABLE.sub(" ", kept) if "$(" in kept else " "


def _closure(
    using: Iterable[Part], by_function: Mapping[str, Part], by_variable: Mapping[str, Part]
) -> set[Part]:
    """Return the parts that are called or read, and all that these call and read in their turn."""
    taken: set[Part] = set()
    open_parts = [*using]
    while open_parts:
        part = open_parts.pop()
        found = {by_function[name] for name in part.calls if name in by_function}
        found |= {by_variable[name] for name in part.reads if name in by_variable}
        open_parts += found - taken
        taken |= found
    return taken


def _refuse_doubles(ours: Iterable[Part], taken: Iterable[Part], covered: set[str]) -> None:
    """Refuse two functions of one name, and one that a part of the check script would call."""
    names = [name for part in ours for name in part.functions]
    doubled = {name for name in names if names.count(name) > 1}
    doubled |= {name for part in taken for name in part.calls & covered}
    if doubled:
        message = f"two functions are called {sorted(doubled)}"
        raise LookupError(message)


@cache
def _parts(text: str) -> tuple[Part, ...]:
    return tuple(_split(text))


def _split(fragment_text: str) -> Iterator[Part]:
    """Yield what stands between empty lines outside of functions and quotes."""
    lines: list[str] = []
    for line in (*fragment_text.splitlines(), ""):
        if line or _is_open(lines):
            lines.append(line)
        elif lines:
            text = "\n".join((*lines, ""))
            yield Part(text, tuple(_FUNCTION.findall(text)), tuple(_assigned(text)))
            lines = []


def _is_open(lines: Sequence[str]) -> bool:
    """Tell whether a function has begun and not ended, or a quoted text of an assignment."""
    if any(_FUNCTION.match(line) for line in lines):
        return lines[-1] != "}" and not lines[-1].endswith("; }")
    return sum(line.count("'") for line in lines if not line.startswith("#")) % 2 == 1


def _assigned(text: str) -> Iterator[str]:
    if not _FUNCTION.search(text):
        bare = re.sub(r"^#[^\n]*", "", text, flags=re.MULTILINE)
        yield from _ASSIGNMENT.findall(re.sub(r"'[^']*'", "''", bare))
