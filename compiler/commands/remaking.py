"""Makes again what an artefact says it is, from the specification as it is now."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import Final, get_args

from msgspec import Struct
from msgspec.structs import replace

from reqc import __version__
from reqc.backends.base import Artifact, SettingError
from reqc.backends.heading import inventory_digest, places_digest
from reqc.compiler.commands.artefact_header import Header
from reqc.compiler.commands.deployment import read_deployment
from reqc.compiler.commands.rendering import EXPLANATION
from reqc.compiler.commands.target_settings import recipe, target_settings
from reqc.compiler.commands.targets import find_target
from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, Reading
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve

_READINGS: Final = get_args(Reading)


class Remade(Struct, frozen=True):
    """What a header leads to now.

    `missing` says what is needed to make it again, `moved` what has changed since, and `refused`
    why a header that nothing has moved under cannot be one that reqc wrote. `artifacts` are the
    files, of which there are none where nothing can be made, and the explanation of them; `stream`
    is what goes to standard output where there are several.
    """

    missing: str = ""
    moved: tuple[str, ...] = ()
    refused: str = ""
    artifacts: tuple[Artifact, ...] = ()
    stream: str | None = None


def given_document(path: str, report: Report, include: list[str]) -> Iterator[Document]:
    """Yield the document of a specification that was named, if it is sound."""
    document = resolve(path, report, include)
    if document is not None:
        yield document


def shipped_documents() -> Iterator[Document]:
    """Yield the documents of the specifications that come with reqc."""
    with as_file(files("reqc") / "specs") as folder:
        for path in sorted(folder.glob("*.req")):
            document = resolve(str(path), Report())
            if document is not None:
                yield document


def remade(header: Header, document: Document | None, inventory: str | None) -> Remade:
    """Return what a header leads to with the document and the inventory of today."""
    if document is None:
        return Remade(f"reqc brings no specification of {header.of}; name it with --spec")
    if header.inventory and inventory is None:
        return Remade("it was made with an inventory; give it with --inventory")
    moved = tuple(_moved(header, document))
    lowered = _lowered(header, document, inventory)
    if isinstance(lowered, Remade):
        return replace(lowered, moved=moved)
    if inventory_digest(lowered) != header.inventory:
        moved += ("the inventory has changed",)
    return replace(_rendered(header, lowered), moved=moved)


def _moved(header: Header, document: Document) -> Iterator[str]:
    if header.version != __version__:
        yield f"reqc {header.version} made it, and this is reqc {__version__}"
    today = lower(document, Deployment())
    if header.digest != today.digest:
        yield "the specification has changed"
    elif header.places != places_digest(today):
        yield "requirements stand on other lines of the specification"


def _lowered(header: Header, document: Document, inventory: str | None) -> LoweredDocument | Remade:
    """Return the document with the choices of a header, or why it does not take them."""
    if header.errata not in _READINGS:
        return Remade(refused=f"errata cannot be taken as {header.errata}")
    given = argparse.Namespace(
        choices=header.choices,
        roles=header.hosts,
        inventory=inventory if header.inventory else None,
        errata=header.errata,
    )
    report = Report()
    deployment = read_deployment(given, document, report)
    if any(item.code == Code.INVENTORY for item in report.diagnostics):
        return Remade(missing=_first_error(report))
    return Remade(refused=_first_error(report)) if report.failed else lower(document, deployment)


def _rendered(header: Header, document: LoweredDocument) -> Remade:
    report = Report()
    chosen = find_target(header.target, report)
    settings = target_settings([chosen] if chosen else [], header.settings, report)
    if chosen is None or report.failed:
        return Remade(refused=_first_error(report))
    document = replace(document, recipe=recipe(chosen, settings[0]))
    try:
        output = chosen.render(document, settings[0])
        if output.refusals:
            return Remade(refused=output.refusals[0].message)
        told = chosen.explain(document, settings[0]) if chosen.explain else None
    except SettingError as problem:
        return Remade(refused=str(problem))
    explanation = () if told is None else (Artifact(EXPLANATION, told),)
    return Remade(artifacts=(*output.artifacts, *explanation), stream=output.stream)


def _first_error(report: Report) -> str:
    return report.sorted()[0].message
