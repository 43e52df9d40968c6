"""Guards: the conditions of requirements on the node itself, as functions of the script."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Reason, Unsupported
from reqc.backends.shell.functions import Functions, probes
from reqc.backends.shell.probes import wanted
from reqc.backends.shell.quoting import sayable
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement


class Guards(Struct, frozen=True):
    """What the script asks the node before it changes something.

    `document` has no states where the guard cannot be written; `unsupported` says so. `names` are
    the functions by requirement, and `variables` what their library looks for in big files.
    """

    document: LoweredDocument
    unsupported: tuple[Unsupported, ...]
    names: dict[str, str]
    functions: tuple[str, ...]
    variables: tuple[tuple[str, str], ...]


def guards(document: LoweredDocument) -> Guards:
    """Return the guards of the requirements that a host of the document has to meet."""
    unsayable = [item for item in document.here if item.states and not sayable(item.guard)]
    detail = "its guard holds a NUL character, which no file name and no line of text has"
    kept = _without_states(document, {item.origin.id for item in unsayable})
    asking = [(item.origin.id, item.guard) for item in kept.here if item.states and item.guard]
    functions = Functions({}, {})
    names = {
        id_: functions.named(f"guard_{number}", guard)
        for number, (id_, guard) in enumerate(asking, 1)
    }
    asked = tuple(probe for _, guard in asking for probe in probes(guard))
    return Guards(
        kept,
        tuple(Unsupported(item.origin.id, Reason.INEXPRESSIBLE, detail) for item in unsayable),
        names,
        functions.made(),
        wanted(asked) if asked else (),
    )


def _without_states(document: LoweredDocument, ids: set[str]) -> LoweredDocument:
    """Return the document with no states for some requirements, and as not applying."""

    def kept(item: LoweredRequirement) -> LoweredRequirement:
        return replace(item, states=(), applies=False) if item.origin.id in ids else item

    sections = tuple(
        replace(section, requirements=tuple(map(kept, section.requirements)))
        for section in document.sections
    )
    return replace(document, sections=sections) if ids else document
