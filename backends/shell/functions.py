"""Checks as functions of the shell: one for each node of the algebra, called by name."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.backends.shell.probes import of_image, words
from reqc.backends.shell.quoting import quote
from reqc.compiler.checks import All, Any, Check, Not, Probe

_WIDTH = 96


def functions(name: str, check: Check) -> Iterator[str]:
    """Yield a function `name` that answers the check, then those that it calls."""
    match check:
        case All(parts):
            yield from _combined(name, "all_of", parts)
        case Any(parts):
            yield from _combined(name, "any_of", parts)
        case Not(part):
            yield from _combined(name, "not_of", (part,))
        case _:
            yield _leaf(name, check)


def probes(check: Check | None) -> Iterator[Probe]:
    """Yield every probe of a check, in order."""
    match check:
        case None:
            return
        case All(parts) | Any(parts):
            for part in parts:
                yield from probes(part)
        case Not(part):
            yield from probes(part)
        case _:
            yield check


def _combined(name: str, combinator: str, parts: tuple[Check, ...]) -> Iterator[str]:
    names = [f"{name}_{number}" for number in range(1, len(parts) + 1)]
    yield f"{name}() {{\n  {_filled([combinator, *names])}\n}}"
    for part_name, part in zip(names, parts, strict=True):
        yield from functions(part_name, part)


def _leaf(name: str, probe: Probe) -> str:
    call = _filled([quote(word) for word in words(probe)])
    return f"{name}() {{\n  {call}\n" + ("  of_image\n" if of_image(probe) else "") + "}"


def _filled(call: list[str]) -> str:
    """Return the words as one command, folded where a line would be too long."""
    text, column = "", 2
    for word in call:
        if text and column + len(word) > _WIDTH:
            text, column = f"{text} \\\n    {word}", 4 + len(word)
        else:
            text, column = f"{text} {word}" if text else word, column + 1 + len(word)
    return text
