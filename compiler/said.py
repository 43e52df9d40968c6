"""What a document says in the end, as statements of one file that takes in no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from reqc.compiler.declared import LANGUAGE_VERSION, Declarations, OpenSection
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.packed import Requirements


def said(found: Declarations, identity: tree.Identity) -> tuple[tree.Statement, ...]:
    """Return the statements in their usual order: the identity, what it declares, the sections."""
    span = identity.span
    version = tree.Word(LANGUAGE_VERSION, span)
    revision = (found.revision,) if found.revision is not None else ()
    return (
        tree.Header(version, span),
        identity,
        *revision,
        *found.sources.values(),
        *found.option_nodes.values(),
        *found.roles.values(),
        *found.allowed,
        *found.ignored,
        *(_section(section) for section in found.sections.values()),
    )


def with_places(statements: Iterable[tree.Statement]) -> Iterator[tree.Statement]:
    """Yield the statements with `at` in each requirement that does not say it already.

    An artefact then names the same lines as one made of the files the statements come from.
    """
    for statement in statements:
        if isinstance(statement, tree.Section):
            requirements = tuple(map(_placed, statement.requirements))
            yield replace(statement, requirements=requirements)
        else:
            yield statement


def _placed(requirement: tree.Requirement) -> tree.Requirement:
    if any(isinstance(detail, tree.Placed) for detail in requirement.details):
        return requirement
    span = requirement.span
    place = tree.Placed(tree.String(str(span.place), long=False, span=span), span)
    return replace(requirement, details=(*requirement.details, place))


def unplaced(requirement: tree.Requirement) -> tree.Requirement:
    """Return a requirement without any `at`: what it asks for, wherever it stood."""
    kept = tuple(item for item in requirement.details if not isinstance(item, tree.Placed))
    return replace(requirement, details=kept)


def _section(section: OpenSection) -> tree.Section:
    name = tree.Word(section.name, section.span)
    requirements = Requirements(section.requirements.values())
    return tree.Section(name, section.title, requirements, section.span)
