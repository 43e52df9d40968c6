"""What a document says in the end, as statements of one file that takes in no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import overload

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
    return _changed(statements, _placed)


def without_places(statements: Iterable[tree.Statement]) -> Iterator[tree.Statement]:
    """Yield the statements without any `at`: what they ask for, wherever it stood."""
    return _changed(statements, _unplaced)


def _changed(
    statements: Iterable[tree.Statement],
    change: Callable[[tree.Requirement], tree.Requirement],
) -> Iterator[tree.Statement]:
    for statement in statements:
        if isinstance(statement, tree.Section):
            requirements = _Changed(statement.requirements, change)
            yield replace(statement, requirements=requirements)
        else:
            yield statement


class _Changed(Sequence[tree.Requirement]):
    """Requirements that are changed as they are looked at; those of a section take much memory."""

    def __init__(
        self,
        requirements: Sequence[tree.Requirement],
        change: Callable[[tree.Requirement], tree.Requirement],
    ) -> None:
        self._requirements = requirements
        self._change = change

    def __len__(self) -> int:
        return len(self._requirements)

    def __iter__(self) -> Iterator[tree.Requirement]:
        return map(self._change, self._requirements)

    @overload
    def __getitem__(self, index: int) -> tree.Requirement: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tree.Requirement]: ...
    def __getitem__(self, index: int | slice) -> tree.Requirement | Sequence[tree.Requirement]:
        if isinstance(index, slice):
            return _Changed(self._requirements[index], self._change)
        return self._change(self._requirements[index])


def _placed(requirement: tree.Requirement) -> tree.Requirement:
    if any(isinstance(detail, tree.Placed) for detail in requirement.details):
        return requirement
    span = requirement.span
    place = tree.Placed(tree.String(str(span.place), long=False, span=span), span)
    return replace(requirement, details=(*requirement.details, place))


def _unplaced(requirement: tree.Requirement) -> tree.Requirement:
    kept = tuple(item for item in requirement.details if not isinstance(item, tree.Placed))
    return (
        requirement if len(kept) == len(requirement.details) else replace(requirement, details=kept)
    )


def _section(section: OpenSection) -> tree.Section:
    name = tree.Word(section.name, section.span)
    requirements = Requirements(section.requirements.values())
    return tree.Section(name, section.title, requirements, section.span)
