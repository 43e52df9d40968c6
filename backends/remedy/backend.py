"""The target `remedy`: one POSIX script that brings a node to a document's states, and back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from jinja2 import Environment
from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Artifact, Language, Output, Reason, Target, Unsupported
from reqc.backends.heading import omissions, provenance
from reqc.backends.node_changes import node_changes
from reqc.backends.node_guards import guards
from reqc.backends.remedy.calls import Call, Content, Unsayable, calls, own_units
from reqc.backends.remedy.contents import writing
from reqc.backends.remedy.library import library
from reqc.backends.shell.functions import call
from reqc.backends.shell.quoting import comment, printable, quote
from reqc.backends.templates import environment
from reqc.compiler.lowered import Identity, LoweredDocument

_STATE_FOLDER: Final = "/var/lib/reqc"
_LONGEST_SLUG: Final = 100


class _Change(Struct, frozen=True):
    """A change as the template writes it: a function that asks whether it counts, and makes it."""

    name: str
    about: str
    call: str
    lasting: bool


def render(document: LoweredDocument, _settings: Mapping[str, str]) -> Output:
    """Return one script for the hosts of a document, with the choices that were made."""
    found = guards(document)
    changes = node_changes(found.document)
    slug = _slug(document.identity)
    made, unsayable = calls(found.document, changes)
    missing = _in_order(document, (*found.unsupported, *changes.unsupported, *_rows(unsayable)))
    if changes.refusals:
        return Output((), missing, refusals=changes.refusals)
    units = own_units(changes.files)
    contents = _contents(made, units.values())
    written = list(_changes(made, contents))
    template = templates().get_template("remedy.sh.j2")
    text = template.render(
        title=document.identity.title,
        heading=list(provenance(document)),
        lists=[("Left out", list(omissions(missing)))],
        settings=[*_settings_of(document, slug), *found.variables],
        library=library((*found.functions, *(item.call for item in written))),
        contents=[{"name": name, "commands": writing(of.text)} for of, name in contents.items()],
        own_units=[(unit, contents[content]) for unit, content in units.items()],
        guards=[(printable(id_), name) for id_, name in found.names.items()],
        functions=found.functions,
        changes=written,
    )
    return Output((Artifact(_file_name(document), text, executable=True),), missing)


def _contents(made: Iterable[Call], others: Iterable[Content]) -> dict[Content, str]:
    """Return the name of the function for each content, once."""
    found = [word for item in made for word in item.words if isinstance(word, Content)]
    return {
        content: f"content_{number}"
        for number, content in enumerate(dict.fromkeys((*found, *others)), 1)
    }


def _changes(made: Sequence[Call], contents: Mapping[Content, str]) -> Iterable[_Change]:
    for number, item in enumerate(made, 1):
        about = ("for_any_of", quote("\n".join(map(printable, item.requirements))))
        words = (
            contents[word] if isinstance(word, Content) else quote(word) for word in item.words
        )
        yield _Change(f"change_{number}", call(about), call(words), item.lasting)


def _settings_of(document: LoweredDocument, slug: str) -> list[tuple[str, str]]:
    identity = printable(f"{document.identity.title} ({document.identity})")
    ids = [printable(item.origin.id) for item in document.requirements]
    sections = [printable(section.id) for section in document.sections]
    return [
        ("identity", identity),
        ("slug", slug),
        ("state_path", f"{_STATE_FOLDER}/{slug}"),
        ("known_ids", "\n".join(dict.fromkeys((*sections, *ids)))),
    ]


def _slug(identity: Identity) -> str:
    """Return the identity as the name of a folder; where that changes it, with a digest."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", identity.slug)[:_LONGEST_SLUG].lstrip("-")
    if plain == identity.slug:
        return plain
    return f"{plain or 'node'}-{hashlib.sha256(identity.slug.encode()).hexdigest()[:8]}"


def _rows(unsayable: Iterable[Unsayable]) -> Iterable[Unsupported]:
    for item in unsayable:
        yield from (
            Unsupported(id_, Reason.INEXPRESSIBLE, item.detail) for id_ in item.requirements
        )


def _in_order(document: LoweredDocument, rows: Iterable[Unsupported]) -> tuple[Unsupported, ...]:
    """Return rows once and in the order of the page, with details that stand on one line."""
    order = {item.origin.id: at for at, item in enumerate(document.requirements)}
    plain = (replace(row, detail=printable(row.detail)) for row in rows)
    return tuple(sorted(dict.fromkeys(plain), key=lambda row: order[row.requirement]))


def _file_name(document: LoweredDocument) -> str:
    identity = document.identity
    name = f"remedy-{identity.product}-{identity.version}-{identity.platform}"
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).replace("..", "-") + ".sh"


@cache
def templates() -> Environment:
    """Return what the template of the script is read with."""
    made = environment("reqc.backends.remedy")
    made.filters.update(quote=quote, comment=comment)
    return made


TARGET: Final = Target(
    "remedy",
    "A POSIX script that brings a node to where the checks pass, and back with --undo.",
    Language.STATES,
    render,
)
