"""What artefacts say of their making: of which document they are, how, and what they leave out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from msgspec.structs import asdict

from reqc import __version__
from reqc.backends.base import Unsupported
from reqc.compiler.conditions import spelled
from reqc.compiler.lowered import LoweredDocument, LoweredOption, LoweredSection, Recipe

_PLAIN: Final = ",:/@+"
"""What stands for itself in a word, beside letters, digits and `_.-~`."""


def provenance(document: LoweredDocument) -> Iterator[str]:
    """Return lines that say what an artefact was compiled from, how, and by which choices.

    They hold texts of the specification, so they go through the target's quoting function. What
    `reqc verify` reads of them survives every one of these: it is made of words in ASCII.
    """
    identity = document.identity
    revision = f", revision {identity.revision}" if identity.revision else ""
    yield f"Compiled by reqc {__version__} from {identity}{revision}."
    yield f"Specification: sha256 {document.digest}"
    yield f"Places: sha256 {places_digest(document)}"
    if document.recipe is not None:
        yield from _recipe(document.recipe)
    inventory = inventory_digest(document)
    if inventory is not None:
        yield f"Inventory: sha256 {inventory}"
    yield f"Errata: as {document.reading}"
    yield f"Hosts: {', '.join(document.host_roles)}"
    yield from (f"Option: {_option(option)}" for option in document.options)


def places_digest(document: LoweredDocument) -> str:
    """Return the sha256 of where requirements stand, which artefacts name and `digest` ignores."""
    return _places_digest(_Same(document.sections))


class _Same:
    """Sections that are equal to themselves only: all targets of one document have the same."""

    def __init__(self, sections: tuple[LoweredSection, ...]) -> None:
        self.sections = sections

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.sections is other.sections

    def __hash__(self) -> int:
        return id(self.sections)


@lru_cache(maxsize=1)
def _places_digest(same: _Same) -> str:
    found = sha256(b"[")
    everything = (item.origin for section in same.sections for item in section.requirements)
    for number, origin in enumerate(everything):
        row = json.dumps([origin.id, str(origin.place)])
        found.update(f", {row}".encode() if number else row.encode())
    found.update(b"]")
    return found.hexdigest()


def inventory_digest(document: LoweredDocument) -> str | None:
    """Return the sha256 of the hosts and addresses that are known, None where there are none."""
    known = [
        [role.name, role.addresses, [asdict(host) for host in role.hosts]]
        for role in document.roles
        if role.addresses or role.hosts
    ]
    return sha256(json.dumps(known).encode()).hexdigest() if known else None


def omissions(unsupported: Iterable[Unsupported]) -> Iterator[str]:
    """Return what is left out, one line for each reason with the requirements it is true of."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in unsupported:
        groups.setdefault((row.reason.value, row.detail), []).append(row.requirement)
    for (reason, detail), requirements in groups.items():
        yield f"{reason}: {', '.join(requirements)}: {detail}"


def _recipe(recipe: Recipe) -> Iterator[str]:
    yield f"Target: {recipe.target}"
    yield from (f"Setting: {one.name} = {_word(one.value)}".rstrip() for one in recipe.settings)


def _option(option: LoweredOption) -> str:
    if option.chosen and option.value is not None:
        # as --set takes it
        value = option.value if isinstance(option.value, str) else spelled(option.value)
        return f"{option.name} = {_word(value)} (chosen)"
    value = "no value" if option.value is None else spelled(option.value)
    return f"{option.name} = {value} (default)"


def _word(text: str) -> str:
    """Return the text as one word in ASCII: what is none of its own is percent-encoded."""
    return quote(text, safe=_PLAIN, errors="surrogatepass")
