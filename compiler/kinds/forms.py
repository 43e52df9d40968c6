"""Schemas of kinds: which words, values and signs may stand behind a kind.

A form is a row of slots that a phrase must fill. From the forms come the parser of arguments, the
words of its errors, the documentation and the completion, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from sys import intern
from typing import Any

from msgspec import Struct, field

from reqc.compiler import values
from reqc.compiler.checks import Relation
from reqc.compiler.diagnostics import Code, help_for, suggestion
from reqc.compiler.flows import ANYONE, EXTERNAL
from reqc.compiler.kinds.base import Reference
from reqc.compiler.syntax.tree import Phrase, Sign, String, Term, Word
from reqc.compiler.values import OptionType

_RELATIONS = {
    "<": Relation.LESS,
    "<=": Relation.AT_MOST,
    "=": Relation.EQUAL,
    "==": Relation.EQUAL,
    "!=": Relation.NOT_EQUAL,
    ">=": Relation.AT_LEAST,
    ">": Relation.GREATER,
}

_MOST_LISTED = 20
_TYPES = {
    "bool": "a yes or no",
    "cidr": "a network",
    "enum": "a choice of words",
    "int": "a number",
    "port": "a port",
    "string": "a text",
    "version": "a version",
}


class Scope(Struct, frozen=True):
    """The names that arguments may use: options with their types, and roles.

    `excuses` tells of a name whether it is missing only because its declaration has a mistake.
    """

    options: Mapping[str, OptionType]
    roles: Collection[str]
    excuses: Callable[[str], bool] = lambda _: False


class ArgumentError(Exception):
    """A term cannot stand where it stands."""

    def __init__(self, code: Code, message: str, help: str = "") -> None:  # noqa: A002
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


class Slot(Struct, frozen=True):
    """A place for one term: its field, how documentation names it, and what may stand there.

    `accepts` looks at the shape only; `read` makes the value and raises `ArgumentError`.
    """

    name: str
    label: str
    accepts: Callable[[Term], bool]
    read: Callable[[Term, Scope], Any]
    optional: bool = False

    def maybe(self) -> Slot:
        """Return the slot for a term that may be missing; its field is then not set."""
        return Slot(self.name, f"[{self.label}]", self.accepts, self.read, optional=True)


def _is_word(term: Term) -> bool:
    return isinstance(term, Word)


def _written(term: Term) -> str:
    return "" if not isinstance(term, (Word, String, Sign)) else term.text


def _known(term: Term) -> str:
    """Return a word of few, which a large document has in memory once."""
    return intern(_written(term))


def word(name: str, *choices: str) -> Slot:
    """Return a slot for one of several fixed words, or for any word where none is given."""
    if not choices:
        return Slot(name, name.upper(), _is_word, lambda term, _: _written(term))
    return Slot(
        name,
        "|".join(choices),
        lambda term: isinstance(term, Word) and term.text in choices,
        lambda term, _: _known(term),
    )


def one_of(name: str, label: str, known: Callable[[], Collection[str]]) -> Slot:
    """Return a slot for a word of a list that is known elsewhere; others get a suggestion."""

    def read(term: Term, _: Scope) -> str:
        written = _written(term)
        if written not in known():
            near = suggestion(written, known())
            if not near and len(known()) <= _MOST_LISTED:
                near = f"known are {', '.join(sorted(known()))}"
            message = f"there is no {label.lower()} `{written}`"
            raise ArgumentError(Code.UNKNOWN_NAME, message, near)
        return written

    return Slot(name, label, _is_word, read)


def sign(name: str, *choices: str) -> Slot:
    """Return a slot for an arrow."""
    return Slot(
        name,
        " or ".join(choices),
        lambda term: isinstance(term, Sign) and term.text in choices,
        lambda term, _: _known(term),
    )


def relation(name: str = "relation", *choices: str) -> Slot:
    """Return a slot for a comparison: all of them, or the given ones."""
    signs = choices or tuple(_RELATIONS)
    return Slot(
        name,
        choices[0] if len(choices) == 1 else ">=",
        lambda term: isinstance(term, Sign) and term.text in signs,
        lambda term, _: _RELATIONS[_written(term)],
    )


def quoted(name: str, label: str = '"TEXT"', check: Callable[[str], str] = values.text) -> Slot:
    """Return a slot for a text in quotes, or for an option that is a string."""
    return _value(name, label, "string", check, (String,))


def bare(name: str) -> Slot:
    """Return a slot for any word, or for an option that is a string."""
    return _value(name, name.upper(), "string", values.text, (Word,))


def version(name: str = "version") -> Slot:
    """Return a slot for a version."""
    return _value(name, "VERSION", "version", values.version, (Word,))


def integer(name: str, largest: int | None = None) -> Slot:
    """Return a slot for a whole number, of at most `largest` where that is given."""

    def convert(written: str) -> int:
        number = values.integer(written)
        if largest is not None and number > largest:
            message = f"expected at most {largest}"
            raise ValueError(message)
        return number

    return _value(name, name.upper(), "int", convert, (Word,))


def ports(name: str = "ports") -> Slot:
    """Return a slot for a port or a range of ports."""
    return _value(name, "PORTS", "port", values.ports, (Word,))


def port(name: str = "port") -> Slot:
    """Return a slot for one port."""
    return _value(name, "PORT", "port", values.port, (Word,))


def size(name: str) -> Slot:
    """Return a slot for a size; the field holds KiB."""
    return _value(name, "SIZE", None, values.kibibytes, (Word,))


def role(name: str) -> Slot:
    """Return a slot for a role of the document, or a built-in one."""

    def read(term: Term, scope: Scope) -> str:
        written = _known(term)
        roles = {ANYONE, EXTERNAL, *scope.roles}
        if written not in roles and not scope.excuses(written):
            message = f"there is no role `{written}`"
            raise ArgumentError(Code.UNKNOWN_ROLE, message, help_for(written, roles, "roles:"))
        return written

    return Slot(name, name.upper(), _is_word, read)


def _value(
    name: str,
    label: str,
    option_type: str | None,
    convert: Callable[[str], Any],
    shapes: tuple[type[Word | String], ...],
) -> Slot:
    """Return a slot for a literal, or for the name of an option that has the right type."""

    def read(term: Term, scope: Scope) -> Any:  # noqa: ANN401  # the type is the slot's
        written = _written(term)
        found = scope.options.get(written) if isinstance(term, Word) else None
        if found is not None and found.name == option_type:
            return Reference(written)
        if found is None and isinstance(term, Word) and _excused(written, scope):
            return Reference(written)
        if not isinstance(term, shapes):
            raise _no_value(written, label, option_type, scope)
        try:
            return convert(written)
        except ValueError as mistake:
            if isinstance(term, Word) and written[:1].isalpha():
                raise _no_value(written, label, option_type, scope) from None
            message = f"`{written}` cannot stand here: {mistake}"
            raise ArgumentError(Code.VALUE, message) from None

    return Slot(name, label, lambda term: isinstance(term, (*shapes, Word)), read)


def _excused(written: str, scope: Scope) -> bool:
    return written[:1].isalpha() and scope.excuses(written)


def _no_value(written: str, label: str, option_type: str | None, scope: Scope) -> ArgumentError:
    if option_type is None:
        return ArgumentError(Code.VALUE, f"`{written}` is no {label.lower()}")
    if written in scope.options:
        kind = scope.options[written].name
        message = f"the option `{written}` is {_TYPES[kind]}, not {_TYPES[option_type]}"
        return ArgumentError(Code.VALUE, message)
    near = suggestion(
        written, [name for name, kind in scope.options.items() if kind.name == option_type]
    )
    if option_type == "string":
        message = f"`{written}` is neither in quotes nor an option that holds a text"
        return ArgumentError(Code.VALUE, message, near or f'write "{written}"')
    message = f"`{written}` is neither {_TYPES[option_type]} nor an option that holds one"
    return ArgumentError(Code.VALUE, message, near)


class Mismatch(Exception):  # noqa: N818  # a value that says how far a form came
    """A form does not fit: the slot that was not filled, and the term in its place, if any."""

    def __init__(self, phrase: int, term: int, expected: str) -> None:
        super().__init__()
        self.phrase = phrase
        self.term = term
        self.expected = expected


class Form(Struct, frozen=True):
    """A row of slots. `many` names the field that collects a tuple when phrases may repeat.

    Without `make`, a repeated phrase with one slot is collected as its bare value.
    """

    slots: tuple[Slot, ...]
    many: str | None = None
    make: Callable[..., Any] | None = None
    fixed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def usage(self) -> str:
        """The form as documentation shows it."""
        row = " ".join(slot.label for slot in self.slots)
        return f"{row}, …" if self.many else row

    def read(
        self, phrases: tuple[Phrase, ...], scope: Scope, place: Callable[[Term], None]
    ) -> dict[str, Any]:
        """Return the fields; raise `Mismatch` or `ArgumentError`.

        `place` is told each term before it is read, so that an error can be put there.
        """
        if not phrases:
            raise Mismatch(0, 0, self.slots[0].label)
        if len(phrases) > 1 and self.many is None:
            raise Mismatch(1, 0, "nothing more")
        rows = [self._row(number, phrase) for number, phrase in enumerate(phrases)]
        read = []
        for row in rows:
            fields = {}
            for slot, term in row:
                place(term)
                fields[slot.name] = slot.read(term, scope)
            read.append(fields)
        if self.many is None:
            return {**self.fixed, **read[0]}
        make = self.make or (lambda **fields: next(iter(fields.values())))
        return {**self.fixed, self.many: tuple(make(**fields) for fields in read)}

    def _row(self, number: int, phrase: Phrase) -> list[tuple[Slot, Term]]:
        at, row = 0, []
        for following, slot in enumerate(self.slots, 1):
            needed = sum(not later.optional for later in self.slots[following:])
            if slot.optional and len(phrase) - at <= needed:
                continue  # the terms that are left are for the slots that must be filled
            if at < len(phrase) and slot.accepts(phrase[at]):
                row.append((slot, phrase[at]))
                at += 1
            elif not slot.optional:
                raise Mismatch(number, at, slot.label)
        if at < len(phrase):
            raise Mismatch(number, at, "nothing more")
        return row
