"""Documents in lowered form, made by hand, so that a backend is tested without the front end."""

from __future__ import annotations

from collections.abc import Iterable

from reqc.compiler.checks import Check, Manual
from reqc.compiler.conditions import Condition, Value
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import (
    Citation,
    Erratum,
    Identity,
    Level,
    LoweredDocument,
    LoweredOption,
    LoweredRequirement,
    LoweredRole,
    LoweredSection,
    Origin,
)
from reqc.compiler.prose import Sentence, sentence
from reqc.compiler.source import Place
from reqc.compiler.states import State


def requirement(  # noqa: PLR0913  # a record with a default for every field
    id: str,  # noqa: A002  # the field's name
    *,
    check: Check | None = None,
    states: Iterable[State] = (),
    flows: Iterable[Flow] = (),
    level: Level = Level.MUST,
    title: str = "",
    applies: bool | None = True,
    condition: Condition | None = None,
    roles: tuple[str, ...] = ("host",),
    guard: Check | None = None,
    statement: Sentence | None = None,
    because: str | None = None,
    notes: tuple[str, ...] = (),
    fix: str | None = None,
    see: tuple[str, ...] = (),
    erratum: Erratum | None = None,
    bound_to: tuple[str, ...] = (),
    complete: bool = True,
    line: int = 1,
) -> LoweredRequirement:
    """Return a requirement; what is not given is as plain as can be."""
    return LoweredRequirement(
        origin=Origin(
            id, level, title or id, Place("example.req", line), (Citation("page", line, line),)
        ),
        applies=applies,
        condition=condition,
        roles=roles,
        guard=guard,
        check=check or Manual(f"look at {id}"),
        states=tuple(states),
        flows=tuple(flows),
        statement=statement or sentence(title or id),
        because=because,
        notes=notes,
        fix=fix,
        see=see,
        erratum=erratum,
        bound_to=bound_to,
        complete=complete,
    )


def document(
    *requirements: LoweredRequirement,
    roles: Iterable[LoweredRole] | None = None,
    host_roles: tuple[str, ...] = ("host",),
    platform: str = "openshift",
    version: str = "3.24",
    options: Iterable[LoweredOption] = (),
) -> LoweredDocument:
    """Return a document of one section per first part of the requirements' ids."""
    sections: dict[str, list[LoweredRequirement]] = {}
    for item in requirements:
        sections.setdefault(item.origin.id.partition(".")[0], []).append(item)
    return LoweredDocument(
        identity=Identity("calico", version, platform, f"Calico {version}", "2023-01-16"),
        reading="published",
        sources=(),
        options=tuple(options),
        roles=tuple(roles) if roles is not None else (role("host"),),
        host_roles=host_roles,
        sections=tuple(
            LoweredSection(name, name.capitalize(), tuple(items))
            for name, items in sections.items()
        ),
        digest="0" * 64,
    )


def option(name: str, value: Value | None = None, kind: str = "bool", *words: str) -> LoweredOption:
    """Return an option with its default; `words` are those of an enumeration."""
    values: tuple[Value, ...] = (False, True) if kind == "bool" else words
    return LoweredOption(name, kind, values, value, value, chosen=False, help=f"About {name}")


def role(name: str, *addresses: str) -> LoweredRole:
    """Return a role that applies, with addresses from the inventory."""
    return LoweredRole(name, f"Hosts of role {name}", None, applies=True, addresses=addresses)
