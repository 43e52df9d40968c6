"""Checks and conditions as functions of the shell: one for each node, called by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TypeAlias

from reqc.backends.shell.choices import test
from reqc.backends.shell.probes import of_image, words
from reqc.backends.shell.quoting import quote
from reqc.compiler.checks import All, Any, Check, Not, Probe
from reqc.compiler.conditions import Both, Chosen, Compared, Condition, Either, OneOf, Unless

_Leaf: TypeAlias = Probe | Chosen | Compared | OneOf

_WIDTH: Final = 96
_LONG: Final = 40


class Functions:
    """The functions of one script; what was written before is called by its first name.

    `texts` are the variables that hold long words, by word. `variables` are those that hold the
    choices, by option.
    """

    def __init__(self, texts: Mapping[str, str], variables: Mapping[str, str]) -> None:
        self._texts = texts
        self._variables = variables
        self._names: dict[Check | Condition, str] = {}
        self._made: list[str] = []

    def named(self, name: str, node: Check | Condition) -> str:
        """Return the name of the function that answers a check or a condition.

        It is `name` where no function answers it yet; then `made` brings it.
        """
        known = self._names.get(node)
        if known is not None:
            return known
        self._names[node] = name
        match node:
            case All(parts) | Both(parts):
                self._combined(name, "all_of", parts)
            case Any(parts) | Either(parts):
                self._combined(name, "any_of", parts)
            case Not(part) | Unless(part):
                self._combined(name, "not_of", (part,))
            case _:
                self._made.append(f"{name}() {{\n  {self._leaf(node)}\n}}")
        return name

    def made(self) -> tuple[str, ...]:
        """Return the functions that were made since the last time, each after those it calls."""
        made, self._made = tuple(self._made), []
        return made

    def _combined(self, name: str, combinator: str, parts: tuple[Check | Condition, ...]) -> None:
        names = [self.named(f"{name}_{number}", part) for number, part in enumerate(parts, 1)]
        self._made.append(f"{name}() {{\n  {call([combinator, *names])}\n}}")

    def _leaf(self, node: _Leaf) -> str:
        if isinstance(node, Chosen | Compared | OneOf):
            return test(node, self._variables)
        text = call([self._word(word) for word in words(node)])
        return f"{text}\n  of_image" if of_image(node) else text

    def _word(self, word: str) -> str:
        name = self._texts.get(word)
        return quote(word) if name is None else f'"${name}"'


def shared_texts(asked: Iterable[Probe]) -> dict[str, str]:
    """Return names of variables for the long words that stand in several probes."""
    long = (word for probe in dict.fromkeys(asked) for word in words(probe) if len(word) > _LONG)
    shared = [word for word, count in Counter(long).items() if count > 1]
    return {word: f"text_{number}" for number, word in enumerate(shared, 1)}


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


def call(parts: Iterable[str]) -> str:
    """Return the words as one command, folded where a line would be too long."""
    return _folded(parts, " \\\n    ")


def assignments(parts: Iterable[str]) -> str:
    """Return the assignments as commands, several on a line."""
    return _folded(parts, "\n  ")


def _folded(parts: Iterable[str], fold: str) -> str:
    text, column, margin = "", 2, len(fold.rpartition("\n")[2])
    for part in parts:
        if text and column + len(part) > _WIDTH:
            text, column = f"{text}{fold}{part}", margin + len(part)
        else:
            text, column = f"{text} {part}" if text else part, column + 1 + len(part)
    return text
