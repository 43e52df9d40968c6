"""What every artefact with comments says first: which document it is of, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reqc import __version__
from reqc.backends.base import Unsupported
from reqc.compiler.conditions import spelled
from reqc.compiler.lowered import LoweredDocument, LoweredOption


def provenance(document: LoweredDocument) -> Iterator[str]:
    """Return lines that say what an artefact was compiled from and by which choices.

    The lines hold texts of the specification, so they go through the target's quoting function.
    """
    identity = document.identity
    revision = f", revision {identity.revision}" if identity.revision else ""
    yield f"Compiled by reqc {__version__} from {identity}{revision}."
    yield f"Specification: sha256 {document.digest}"
    yield f"Errata: as {document.reading}"
    yield f"Hosts: {', '.join(document.host_roles)}"
    yield from (f"Option: {_option(option)}" for option in document.options)


def omissions(unsupported: Iterable[Unsupported]) -> Iterator[str]:
    """Return what is left out, one line for each reason with the requirements it is true of."""
    groups: dict[tuple[str, str], list[str]] = {}
    for row in unsupported:
        groups.setdefault((row.reason.value, row.detail), []).append(row.requirement)
    for (reason, detail), requirements in groups.items():
        yield f"{reason}: {', '.join(requirements)}: {detail}"


def _option(option: LoweredOption) -> str:
    value = "no value" if option.value is None else spelled(option.value)
    return f"{option.name} = {value} ({'chosen' if option.chosen else 'default'})"
