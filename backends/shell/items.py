"""Requirements as the script describes them: assignments to variables, and functions."""

from __future__ import annotations

import json
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from reqc.backends.shell.functions import Functions, assignments
from reqc.backends.shell.quoting import printable, quote
from reqc.compiler.conditions import written
from reqc.compiler.lowered import Level, LoweredDocument, LoweredRequirement
from reqc.compiler.prose import plain


class Item(Struct, frozen=True):
    """A requirement as the template writes it: the commands that describe it, and functions."""

    fields: str
    functions: tuple[str, ...]


def items(
    requirements: Sequence[LoweredRequirement],
    texts: Mapping[str, str],
    variables: Mapping[str, str],
    usual: Mapping[str, str],
) -> Iterator[Item]:
    """Yield the requirements in order; `texts` and `variables` are those of `Functions`.

    What has the usual value is not written: the script sets `usual` before each requirement.
    """
    functions = Functions(texts, variables)
    for number, item in enumerate(requirements, start=1):
        named = {"check": functions.named(f"check_{number}", item.check)}
        if named["check"] == f"check_{number}":
            named = {}
        if item.guard is not None:
            named["guard"] = functions.named(f"guard_{number}", item.guard)
        if item.condition is not None:
            named["when"] = functions.named(f"condition_{number}", item.condition)
        fields = {**dict(_fields(item)), **named}
        written_fields = assignments(
            f"{name}={quote(value)}"
            for name, value in fields.items()
            if usual.get(name, "") != value
        )
        yield Item(written_fields, functions.made())


def usual_fields(
    document: LoweredDocument, requirements: Sequence[LoweredRequirement]
) -> dict[str, str]:
    """Return what most requirements share, by variable."""
    names = Counter(item.origin.place.file for item in requirements)
    return {
        "level": Level.MUST.value,
        "roles": "\n".join(map(printable, document.host_roles)),
        "file": printable(names.most_common(1)[0][0]) if names else "",
    }


def _fields(item: LoweredRequirement) -> Iterator[tuple[str, str]]:
    origin = item.origin
    yield from _field("id", origin.id)
    yield "level", origin.level.value
    yield from _field("file", origin.place.file)
    yield "line", str(origin.place.line)
    address = urllib.parse.quote(origin.place.file)
    if address != origin.place.file:
        yield "uri", address
    yield "roles", "\n".join(map(printable, item.roles))
    yield from _list("citations", tuple(map(str, origin.citations)))
    yield from _field("title", origin.title)
    expected = plain(item.statement)
    if expected != origin.title:
        yield from _field("expected", expected)
    texts = {
        "condition": written(item.condition) if item.condition is not None else "",
        "because": item.because or "",
        "fix": item.fix or "",
        "erratum": _erratum(item),
    }
    for name, text in texts.items():
        if text:
            yield from _field(name, text)
    yield from _list("notes", item.notes)
    yield from _list("see", item.see)


def _field(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield the text as a person reads it, and for JSON where that is not the same text."""
    shown = printable(text)
    yield name, shown
    if shown != text:
        yield f"json_{name}", _json(text)


def _list(name: str, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    shown = [printable(text) for text in texts]
    if shown:
        yield name, "\n".join(shown)
    if shown != list(texts) or "" in shown:
        yield f"json_{name}", ", ".join(f'"{_json(text)}"' for text in texts)


def _json(text: str) -> str:
    """Return the text as the inside of a string of JSON that a reader of YAML takes alike.

    YAML knows no pairs of surrogates, as which JSON may write what is beyond U+FFFF.
    """
    return "".join(mark if mark > "\uffff" else json.dumps(mark)[1:-1] for mark in text)


def _erratum(item: LoweredRequirement) -> str:
    if item.erratum is None:
        return ""
    if item.erratum.intended is None:
        return item.erratum.text
    return f"{item.erratum.text} (intended: {plain(item.erratum.intended)})"
