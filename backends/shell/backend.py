"""Renders the checks of a document as one self-contained POSIX shell script."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import jinja2

from reqc.backends.base import Artifact, Language, Output, Reason, Target, Unsupported, left_out
from reqc.backends.heading import omissions, provenance
from reqc.backends.shell.collection import collection
from reqc.backends.shell.functions import functions, probes
from reqc.backends.shell.probes import FRAGMENTS, below_proc, capabilities, kernel_spelling
from reqc.backends.shell.quoting import comment, printable, quote, tap
from reqc.compiler.checks import Probe
from reqc.compiler.conditions import written
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement
from reqc.compiler.prose import plain

_LIBRARY: Final = (
    "answers",
    "files",
    "versions",
    "release",
    "machine",
    "sysctl",
    "network",
    "mounts",
    "ini",
    "units",
    "commands",
    "connections",
    "kernel",
    "capability",
    "modules",
    "blocks",
    "config",
    "facts",
    "report",
    "judge",
    "arguments",
    "main",
)
"""The fragments of the script's library, in the order in which they stand in it."""

_ALWAYS: Final = frozenset(
    {
        *("answers", "files", "versions", "release", "kernel", "capability", "modules", "blocks"),
        *("config", "facts", "report", "judge", "arguments", "main"),
    }
)


@dataclass(frozen=True, slots=True)
class _Item:
    """A requirement as the template writes it: variables to set, and functions."""

    heading: str
    fields: tuple[tuple[str, str], ...]
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the big files of the kernel are searched for, all at once."""

    modules: tuple[str, ...]
    symbols: tuple[str, ...]
    lists: tuple[str, ...]


def render(document: LoweredDocument, _settings: Mapping[str, str]) -> Output:
    """Return one script that checks every requirement which binds the hosts of the document."""
    items = tuple(item for item in document.here if _sayable(item))
    missing = _unsupported(document)
    asked = tuple(
        probe for item in items for check in (item.guard, item.check) for probe in probes(check)
    )
    text = _template().render(
        title=document.identity.title,
        identity=printable(f"{document.identity.title} ({document.identity})"),
        identity_json=json.dumps(_identity(document, missing)).removesuffix("}"),
        heading=list(provenance(document)),
        lists=_lists(document, missing),
        items=[_item(number, item) for number, item in enumerate(items, start=1)],
        wanted=_wanted(asked),
        library=_library(asked),
        collection=collection(asked),
    )
    return Output((Artifact(_file_name(document), text, executable=True),), missing)


def _sayable(item: LoweredRequirement) -> bool:
    """Tell whether the words of the checks can be words of a shell, which hold no NUL."""
    return not any("\0" in text for check in (item.check, item.guard) for text in _texts(check))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _texts(getattr(value, field.name))


def _unsupported(document: LoweredDocument) -> tuple[Unsupported, ...]:
    detail = "its check holds a NUL character, which no file name and no line of text has"
    mute = {item.origin.id for item in document.here if not _sayable(item)}
    return left_out(document, lambda _: True, "") + tuple(
        Unsupported(item.origin.id, Reason.INEXPRESSIBLE, detail)
        for item in document.here
        if item.origin.id in mute
    )


def _item(number: int, item: LoweredRequirement) -> _Item:
    made = tuple(functions(f"check_{number}", item.check))
    guard = ""
    if item.guard is not None:
        guard = f"guard_{number}"
        made += tuple(functions(guard, item.guard))
    facts = _facts(item)
    origin = item.origin
    fields = [("id", origin.id), ("level", origin.level.value)]
    fields += [(name, printable(_text(facts[name]))) for name in _SHOWN]
    fields += [
        ("tap", tap(f"{origin.id}: {origin.title}")),
        ("guard", guard),
        ("json", json.dumps(facts).removesuffix("}")),
    ]
    return _Item(f"{origin.id} ({origin.place})", tuple(fields), made)


_SHOWN: Final = (
    "title",
    "expected",
    "condition",
    "because",
    "fix",
    "see",
    "erratum",
    "place",
    "citations",
)
"""The facts of a requirement that a person reads in the text report."""


def _facts(item: LoweredRequirement) -> dict[str, str | list[str]]:
    """Return what a report says about a requirement before anything was looked at."""
    origin = item.origin
    return {
        "id": origin.id,
        "level": origin.level.value,
        "title": origin.title,
        "expected": plain(item.statement),
        "condition": written(item.condition) if item.condition is not None else "",
        "because": item.because or "",
        "notes": list(item.notes),
        "fix": item.fix or "",
        "see": list(item.see),
        "erratum": _erratum(item),
        "place": str(origin.place),
        "citations": [str(citation) for citation in origin.citations],
    }


def _erratum(item: LoweredRequirement) -> str:
    if item.erratum is None:
        return ""
    if item.erratum.intended is None:
        return item.erratum.text
    return f"{item.erratum.text} (intended: {plain(item.erratum.intended)})"


def _text(fact: str | list[str]) -> str:
    return fact if isinstance(fact, str) else ", ".join(fact)


def _wanted(asked: tuple[Probe, ...]) -> _Wanted:
    modules: dict[str, None] = {}
    symbols: dict[str, None] = {}
    lists: dict[str, None] = {}
    for probe in capabilities(asked):
        modules.update(dict.fromkeys(map(kernel_spelling, probe.modules)))
        lists.update(dict.fromkeys(below_proc(row.file) for row in probe.rows))
        for option in probe.options:
            symbols.update(dict.fromkeys(filter(None, (option.symbol, option.unless))))
        symbols["MODULES"] = None
    return _Wanted(tuple(modules), tuple(symbols), tuple(lists))


def _library(asked: tuple[Probe, ...]) -> str:
    needed = _ALWAYS.union(*(FRAGMENTS[type(probe)] for probe in asked))
    folder = files("reqc.backends.shell") / "templates"
    return "\n".join(
        (folder / f"{name}.sh").read_text(encoding="utf-8") for name in _LIBRARY if name in needed
    )


def _lists(
    document: LoweredDocument, missing: tuple[Unsupported, ...]
) -> list[tuple[str, list[str]]]:
    sources = [
        " ".join(filter(None, (source.name, source.title, source.url, source.revision)))
        + (f" (sha256 {source.sha256})" if source.sha256 else "")
        for source in document.sources
    ]
    declined = [
        item.origin.id + (f" (when {written(item.condition)})" if item.condition else "")
        for item in document.requirements
        if item.applies is False
    ]
    return [
        ("Sources", sources),
        ("Not asked for under these options", declined),
        ("Left out", list(omissions(missing))),
    ]


def _identity(document: LoweredDocument, missing: tuple[Unsupported, ...]) -> dict[str, object]:
    return {
        "schema": "reqc.check/1",
        "specification": dataclasses.asdict(document.identity),
        "digest": document.digest,
        "errata": document.reading,
        "host_roles": list(document.host_roles),
        "options": {option.name: option.value for option in document.options},
        "left_out": [
            {"id": row.requirement, "reason": row.reason.value, "detail": row.detail}
            for row in missing
        ],
    }


def _file_name(document: LoweredDocument) -> str:
    identity = document.identity
    name = f"check-{identity.product}-{identity.version}-{identity.platform}"
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).replace("..", "-") + ".sh"


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reqc.backends.shell"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # a shell script is no HTML; every value goes through a filter
    )
    environment.filters.update(quote=quote, comment=comment)
    return environment.get_template("check.sh.j2")


TARGET: Final = Target(
    name="shell",
    summary="A POSIX script that checks a node and changes nothing.",
    reads=Language.CHECKS,
    render=render,
)
