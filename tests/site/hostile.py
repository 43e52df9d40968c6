"""Documents with any texts in all the places where the language takes texts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from reqc.compiler.kinds.host import Manual
from reqc.compiler.model import Document, Erratum, Requirement
from tests.site.libraries import CHAIN, read, specification


def harmed(words: Sequence[str]) -> list[Document]:
    """Return three versions with five texts in them, no two of which say the same."""
    return [_harmed(document, words) for document in _versions()]


@cache
def _versions() -> tuple[Document, ...]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any.req"
        found = []
        for version, sections in CHAIN.items():
            path.write_text(specification(version, sections), encoding="utf-8")
            found.append(read(path))
    return tuple(found)


def _harmed(document: Document, words: Sequence[str]) -> Document:
    title, revision, name, statement, note = words
    version = document.identity.version
    return replace(
        document,
        identity=replace(document.identity, title=title, revision=revision),
        sources=tuple(replace(item, title=title, url=note) for item in document.sources),
        options={
            key: replace(option, help=f"{note}{version}")
            for key, option in document.options.items()
        },
        sections=tuple(
            replace(
                section,
                title=name,
                requirements=tuple(
                    _requirement(item, number, version, statement, note)
                    for number, item in enumerate(section.requirements)
                ),
            )
            for section in document.sections
        ),
    )


def _requirement(
    item: Requirement, number: int, version: str, statement: str, note: str
) -> Requirement:
    if number:
        return item
    return replace(
        item,
        predicate=Manual(f"{statement}{version}"),
        title=note,
        because=note,
        notes=(note,),
        fix=note,
        see=(note,),
        erratum=Erratum(note, None, None),
    )
