"""The choices of a deployment in the script: variables, a table of options, and tests of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from reqc.backends.shell.quoting import printable, quote
from reqc.compiler.checks import Relation
from reqc.compiler.conditions import Chosen, Compared, Condition, OneOf, Value, spelled
from reqc.compiler.lowered import LoweredDocument, LoweredOption


class Choice(Struct, frozen=True):
    """An option as the script knows it.

    `variable` holds its value and is unset where there is none. `fixed` are the requirements whose
    checks were compiled for its value, so that no other can be chosen.
    """

    name: str
    variable: str
    kind: str
    words: tuple[str, ...]
    value: str | None
    fixed: tuple[str, ...]
    help: str

    @property
    def brief(self) -> str:
        """The option, its value and the values that can be chosen."""
        value = "(no value)" if self.value is None else printable(spelled(self.value))
        kinds = {"bool": "true or false", "enum": " or ".join(self.words)}
        kind = "fixed" if self.fixed else kinds.get(self.kind, self.kind)
        return f"{self.name}={value}, {kind}"

    @property
    def shown(self) -> str:
        """The same, with what the option is about."""
        return f"{self.brief}: {printable(self.help)}" if self.help else self.brief


def choices(document: LoweredDocument) -> tuple[Choice, ...]:
    """Return the options of a document."""
    names = variables(document.options)
    return tuple(
        Choice(
            name=option.name,
            variable=names[option.name],
            kind=option.kind,
            words=tuple(map(written, option.values)) if option.kind == "enum" else (),
            value=None if option.value is None else written(option.value),
            fixed=_fixed(document, option.name),
            help=option.help,
        )
        for option in document.options
    )


def variables(options: Sequence[LoweredOption]) -> dict[str, str]:
    """Return the names of the variables that hold the choices, by option."""
    found: dict[str, str] = {}
    for number, option in enumerate(options, 1):
        variable = "choice_" + re.sub(r"[^A-Za-z0-9_]", "_", option.name)
        found[option.name] = f"{variable}_{number}" if variable in found.values() else variable
    return found


def written(value: Value) -> str:
    """Return a value as the command line names it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def test(condition: Condition, variables: Mapping[str, str]) -> str:
    """Return the command that answers a condition about one option."""
    match condition:
        case Chosen(option):
            words = ["word", "=", "true"]
        case Compared(option, relation, value, ordered):
            words = [_order(value, ordered=ordered), relation.value, _number(value)]
        case OneOf(option, values):
            words = ["word", Relation.EQUAL.value, *map(written, values)]
        case _:
            message = f"{type(condition).__name__} is no condition about one option"
            raise TypeError(message)
    variable = variables[option]
    given = f'{quote(option)} ${{{variable}+"${variable}"}}'
    return f"choice {given} && compare_choice {' '.join(map(quote, words))}"


def _order(value: Value, *, ordered: bool) -> str:
    if ordered:
        return "version"
    return "number" if isinstance(value, int) else "word"


def _number(value: Value) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _fixed(document: LoweredDocument, option: str) -> tuple[str, ...]:
    return tuple(item.origin.id for item in document.requirements if option in item.bound_to)
