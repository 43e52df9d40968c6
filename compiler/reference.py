"""Writes the reference of the kinds from their schemas, their docstrings and their examples."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any, get_args

from msgspec import NODEFAULT, Struct

from reqc.compiler import checks
from reqc.compiler.checks import Check, Probe
from reqc.compiler.diagnostics import Report
from reqc.compiler.flows import PROTOCOL_NAMES, Flow
from reqc.compiler.kinds.base import Kind, Predicate, Reference
from reqc.compiler.kinds.forms import ArgumentError, Scope, Slot
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.linux import ARCHITECTURES, CAPABILITIES
from reqc.compiler.knowledge.software import SOFTWARE
from reqc.compiler.meaning import Meaning
from reqc.compiler.prose import Sentence, Text
from reqc.compiler.render import render
from reqc.compiler.source import Source, Span
from reqc.compiler.states import State
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.parser import parse
from reqc.compiler.values import TYPES, OptionType

_HEAD = """\
<!-- Written by scripts/generate-docs from the schemas in compiler/kinds/; change those. -->

# Kinds

What can be required, kind by kind. The [language reference](language.md) tells how a requirement is
built around a kind; `reqc kinds NAME` shows the forms of one in a terminal.

In the forms, `>=` stands for any comparison (`<` `<=` `=` `==` `!=` `>=` `>`), `[ ]` encloses what
may be left out, `|` stands between words to choose from, and `, …` says that more of the same may
follow behind commas. Words in capitals are places; the list below the forms tells what they take.

A kind says what it means in small languages, and targets read nothing else:

- *Checked* is what must be true on a node, told by [probes](#probes).
- *Brought about* are the [states](#states) that get a node there, for a product named `example`.
- *Allowed* is the traffic that firewalls let through: protocol, ports, source and destination.
- *Compared* is what a change means for a host that satisfied the older form.
"""

_VALUES = {
    "int": "a whole number",
    "port": "a port",
    "string": "a text in quotes",
    "version": "a version such as `3.10` or `4.18.0-193`",
}
"""What may stand where an option of a type may."""

_PLACES = {
    '"ARGUMENT"': "an argument in quotes as a boot loader is given it, blanks in double quotes",
    '"GLOB"': "the name of an interface in quotes, `*` and `?` as in a shell",
    "DESTINATION": "a declared role, `any` or `external`",
    "FILESYSTEM": "a type as mount(8) names it",
    "ID": "an `ID` of os-release(5)",
    "KEY": "the dotted name of a parameter",
    "NAMES": "the name of a module, or an alias",
    "PACKAGES": "the name of a package",
    "PORTS": "a port, a range such as `30000-32767`",
    "SERVICE": "a service, or a unit with its suffix",
    "SIZE": "a size such as `2GiB` or `500MB`",
    "SOURCE": "a declared role, `any` or `external`",
    "SYMBOL": "a symbol, with or without `CONFIG_`",
    "VALUE": "a word",
}
"""What places take where their label says more than their type."""

_LISTED: Mapping[str, Callable[[], Iterable[str]]] = {
    "ARCHITECTURE": lambda: ARCHITECTURES,
    "CAPABILITY": lambda: CAPABILITIES,
    "FEATURE": kernel.feature_names,
    "MATCH": lambda: kernel.known_names("match"),
    "SOFTWARE": lambda: SOFTWARE,
    "TARGET": lambda: kernel.known_names("target"),
}
"""The names that a place knows, by its label, where it knows them all."""

_UNTOLD = frozenset({"type", "hint", "options", "rows", "paths", "directories", "main"})
"""Fields with which a probe finds out; the reference tells what it finds out."""

_COLUMNS = ("example", "in words", "checked", "brought about", "allowed")


def kinds_reference() -> str:
    """Return the reference of all kinds as Markdown."""
    families = dict.fromkeys(KINDS.values())
    pages = (_family(family) for family in families)
    return "\n".join((_HEAD, *pages, _languages()))


def listed_names(label: str) -> tuple[str, ...]:
    """Return the names that a place knows, none where it takes other things than known names."""
    return tuple(_LISTED[label]()) if label in _LISTED else ()


def refers(slot: Slot, option_type: str) -> bool:
    """Tell whether an option of a type may stand in a place."""
    scope = Scope({"option": OptionType(option_type)}, ())
    word = tree.Word("option", _NOWHERE)
    try:
        return slot.accepts(word) and isinstance(slot.read(word, scope), Reference)
    except ArgumentError:
        return False


def predicate(written: str) -> Predicate:
    """Return a predicate without options that is written as in a specification."""
    report = Report()
    source = Source("example", "example", f"section s {{\nmust example: {written}\n}}\n")
    file = parse(source, report)
    node = next(item for item in file.statements if isinstance(item, tree.Section))
    meaning = Meaning({}, Scope({}, {"host"}), report)
    read = meaning.predicate(node.requirements[0].predicate)
    if read is None:
        message = f"the example `{written}` is wrong: {render(report.sorted())}"
        raise ValueError(message)
    return read


_NOWHERE = Span(Source("", "", ""), 0, 0)


# --- the pages of kinds -------------------------------------------------------------------------


def _family(family: str) -> str:
    about = inspect.getdoc(import_module(f"reqc.compiler.kinds.{family}")) or ""
    subject = re.match(r"Kinds about ([^:]+):", about)
    if subject is None:
        message = f"the docstring of the family {family} does not begin with `Kinds about …:`"
        raise ValueError(message)
    title = subject[1][0].upper() + subject[1][1:]
    names = (name for name, where in KINDS.items() if where == family)
    return "\n".join((f"## {title}\n", *(_kind(kind(name)) for name in names)))


def _kind(found: type[Kind]) -> str:
    usages = dict.fromkeys(f"{found.name} {form.usage}" for form in found.forms)
    parts = [
        f"### `{found.name}`\n",
        f"{found.summary}\n",
        _block("text", usages),
        *_places(found),
        *_meanings(found),
        "",
        _block("req", _requirements(found)),
        *_examples(found),
    ]
    return "\n".join(parts)


def _block(language: str, lines: Iterable[str]) -> str:
    return "\n".join((f"```{language}", *lines, "```\n"))


def _requirements(found: type[Kind]) -> Iterator[str]:
    for number, example in enumerate(found.examples, start=1):
        name = found.name if number == 1 else f"{found.name}_{number}"
        yield f"must {name}: {example}"


def places(found: type[Kind]) -> dict[str, list[Slot]]:
    """Return the slots of a kind whose labels are in capitals, by their labels."""
    named: dict[str, list[Slot]] = {}
    for form in found.forms:
        for slot in form.slots:
            label = slot.label.strip("[]")
            if label.isupper():
                named.setdefault(label, []).append(slot)
    return named


def _places(found: type[Kind]) -> Iterator[str]:
    named = places(found)
    yield from (f"- `{label}`: {_takes(label, slots)}" for label, slots in named.items())
    if named:
        yield ""


def _takes(label: str, slots: list[Slot]) -> str:
    names = listed_names(label)
    if names:
        return f"one of {', '.join(map(_code, names))}"
    option = next((name for slot in slots for name in TYPES if refers(slot, name)), None)
    if option is None:
        return _PLACES.get(label, "a word")
    return f"{_PLACES.get(label, _VALUES[option])}, or an option of type `{option}`"


def _meanings(found: type[Kind]) -> Iterator[str]:
    yield f"- Checked: {_says(found.check)}"
    if found.states is not Kind.states:
        yield f"- Brought about: {_says(found.states)}"
    if found.flows is not Kind.flows:
        yield f"- Allowed: {_says(found.flows)}"
    change = _says(found.compare).removeprefix("that ")
    alike = found.compare is Kind.compare
    yield f"- Compared: {'every change asks for something else.' if alike else change}"


def _says(method: Callable[..., Any]) -> str:
    """Return what a method returns, as its docstring tells."""
    told = _paragraphs(method)
    if not told.startswith("Return "):
        message = f"the docstring of {method.__qualname__} does not begin with `Return`"
        raise ValueError(message)
    return told.removeprefix("Return ")


def _examples(found: type[Kind]) -> Iterator[str]:
    rows = [_example(written) for written in found.examples]
    columns = [number for number in range(len(_COLUMNS)) if any(row[number] for row in rows)]
    whole = (_COLUMNS, ("---",) * len(_COLUMNS), *rows)
    yield _table(*(tuple(row[number] for number in columns) for row in whole))


def _example(written: str) -> tuple[str, str, str, str, str]:
    read = predicate(written)
    return (
        _code(written),
        _words(read.words()),
        _check(read.check()),
        "; ".join(_node(state) for state in read.states("example")),
        "; ".join(_flow(flow) for flow in read.flows()),
    )


# --- the four languages in the cells of a table ---------------------------------------------------


def _table(*rows: tuple[str, ...]) -> str:
    """Return rows of Markdown, in which a bar may stand in a cell."""
    bar = "\\|"
    lines = (" | ".join(cell.replace("|", bar) for cell in row) for row in rows)
    return "\n".join(f"| {line} |" for line in lines) + "\n"


def _code(text: object) -> str:
    return f"`{text}`"


def _words(words: Sentence) -> str:
    return "".join(part.text if isinstance(part, Text) else _code(part.text) for part in words)


def _check(check: Check) -> str:
    match check:
        case checks.All(parts):
            return " and ".join(map(_check, parts))
        case checks.Any(parts):
            return " or ".join(map(_check, parts))
        case checks.Not(part):
            return f"not {_check(part)}"
        case _:
            return _node(check)


def _flow(flow: Flow) -> str:
    named = flow.protocol in PROTOCOL_NAMES
    icmp = () if flow.icmp_type is None else ("type", flow.icmp_type)
    words = (
        *(() if named else ("protocol",)),
        flow.protocol_name,
        *icmp,
        *flow.ports,
        flow.source,
        "->",
        flow.destination,
    )
    return _code(" ".join(map(str, words)))


def _node(node: Probe | State) -> str:
    """Return the name of a node with what it was told, but without the evidence to look at."""
    untold = _UNTOLD
    if isinstance(node, checks.KernelCapability) and not node.modules:
        untold = _UNTOLD - {"options"}  # which then decide alone
    told = (
        f"{name} {_code(_value(name, value))}"
        for name, default in zip(node.__struct_fields__, _defaults(type(node)), strict=True)
        for value in [getattr(node, name)]
        if name not in untold and value != default
    )
    return " ".join((_code(_type_name(type(node))), ", ".join(told)))


def _defaults(node: type[Struct]) -> list[object]:
    """Return the default of every field, NODEFAULT where it has none."""
    given = node.__struct_defaults__
    return [NODEFAULT] * (len(node.__struct_fields__) - len(given)) + list(given)


def _value(name: str, value: object) -> str:
    match value:
        case tuple():
            return ", ".join(_value(name, item) for item in value)
        case checks.KernelOption(symbol, values):
            return f"{symbol}={'|'.join(values)}"
        case int() if name == "mode":
            return f"{value:04o}"
        case _:
            return str(value)


# --- the words of the four languages --------------------------------------------------------------


def _languages() -> str:
    return "\n".join(
        (
            "## Probes\n",
            "What a check asks a node; `all`, `any` and `not` combine them.\n",
            _nodes(get_args(Probe)),
            "## States\n",
            "What a target for nodes writes.\n",
            _nodes(get_args(State)),
        )
    )


def _nodes(types: Iterable[type[Struct]]) -> str:
    rows = ((_code(_type_name(node)), _paragraphs(node)) for node in types)
    return _table(("name", "meaning"), ("---", "---"), *rows)


def _type_name(node: type[Struct]) -> str:
    return str(node.__struct_config__.tag)


def _paragraphs(documented: object) -> str:
    return " ".join((inspect.getdoc(documented) or "").split())
