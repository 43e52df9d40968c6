"""Applies the choices of a deployment to a document and lowers it to the four small languages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from reqc.compiler.checks import Check, Manual, Not
from reqc.compiler.conditions import Condition, Value, evaluate
from reqc.compiler.digest import digest
from reqc.compiler.flows import Flow
from reqc.compiler.inputs import Input
from reqc.compiler.kinds.base import Predicate, UnboundError
from reqc.compiler.lowered import (
    Erratum,
    Level,
    LoweredDocument,
    LoweredHost,
    LoweredOption,
    LoweredRequirement,
    LoweredRole,
    LoweredSection,
    Origin,
    Reading,
)
from reqc.compiler.model import Document, Requirement, Role
from reqc.compiler.prose import Sentence, plain
from reqc.compiler.states import State


class Deployment(Struct, frozen=True):
    """The choices about one deployment.

    `choices` are values of options by name; `host_roles` are the roles of the hosts an artefact is
    for, by default the first role of the document; `addresses` are those of the hosts of a role,
    and `hosts` the hosts of a role whose names are known. `inputs` are files that it was read from.
    """

    choices: Mapping[str, Value] = field(default_factory=dict)
    host_roles: Sequence[str] = ()
    addresses: Mapping[str, Sequence[str]] = field(default_factory=dict)
    hosts: Mapping[str, Sequence[LoweredHost]] = field(default_factory=dict)
    reading: Reading = "published"
    inputs: tuple[Input, ...] = ()


class _Meaning(Struct, frozen=True):
    """A predicate in the four small languages."""

    check: Check
    states: tuple[State, ...]
    flows: tuple[Flow, ...]
    words: Sentence


def lower(document: Document, deployment: Deployment) -> LoweredDocument:
    """Return the document for one deployment; every requirement is kept, applying or not."""
    return Lowering(document, deployment).finished()


class Lowering:
    """The lowering of a document, which lets go of each part that it has no more use for.

    Where nobody else keeps the document, it and what is made of it are never both in memory as a
    whole, which for a large one is most of what a compilation needs.
    """

    def __init__(self, document: Document, deployment: Deployment) -> None:
        self._frame = replace(document, sections=(), statements=())
        self._deployment = deployment
        self._statements = document.statements
        self._waiting = [
            (section.name, section.title, deque(section.requirements))
            for section in document.sections
        ]

    def finished(self) -> LoweredDocument:
        """Return the lowered document; only the first call does."""
        fingerprint = digest(self._statements)
        self._statements = ()
        document, deployment = self._frame, self._deployment
        values = {
            name: deployment.choices.get(name, option.default)
            for name, option in document.options.items()
        }
        roles = tuple(_role(role, values, deployment) for role in document.roles.values())
        return LoweredDocument(
            identity=document.identity,
            reading=deployment.reading,
            sources=document.sources,
            options=_options(document, values, deployment),
            roles=roles,
            host_roles=tuple(deployment.host_roles) or tuple(document.roles)[:1],
            sections=tuple(self._sections(_Lowering(document, deployment.reading, values))),
            digest=fingerprint,
        )

    def _sections(self, lowering: _Lowering) -> Iterator[LoweredSection]:
        for name, title, waiting in self._waiting:
            lowered = tuple(lowering.requirement(waiting.popleft()) for _ in range(len(waiting)))
            yield LoweredSection(name, title, lowered)


def _options(
    document: Document, values: Mapping[str, Value | None], deployment: Deployment
) -> tuple[LoweredOption, ...]:
    return tuple(
        LoweredOption(
            name=option.name,
            kind=option.type.name,
            values=option.type.values,
            default=option.default,
            value=values[option.name],
            chosen=option.name in deployment.choices,
            help=option.help,
        )
        for option in document.options.values()
    )


def _role(role: Role, values: Mapping[str, Value | None], deployment: Deployment) -> LoweredRole:
    addresses = tuple(deployment.addresses.get(role.name, ()))
    hosts = tuple(deployment.hosts.get(role.name, ()))
    applies = evaluate(role.condition, values)
    return LoweredRole(role.name, role.help, role.condition, applies, addresses, hosts)


class _Lowering(Struct, frozen=True):
    document: Document
    reading: Reading
    values: Mapping[str, Value | None]

    def requirement(self, item: Requirement) -> LoweredRequirement:
        predicate, condition = self._reading(item)
        left_out = predicate is None
        meaning, bound = self._meaning(item, predicate or item.predicate)
        guard, guard_bound = self._guard(item)
        applies = False if left_out else evaluate(condition, self.values)
        if applies and not (bound and guard_bound):
            applies = None
        title = item.title or plain(meaning.words)
        return LoweredRequirement(
            origin=Origin(item.id, item.level, title, item.place, item.citations),
            applies=applies,
            condition=condition,
            roles=item.roles,
            guard=guard,
            check=meaning.check,
            states=meaning.states,
            flows=meaning.flows,
            statement=meaning.words,
            because=item.because,
            notes=_notes(item),
            fix=item.fix,
            see=item.see,
            erratum=self._erratum(item),
            bound_to=_bound_to(item, predicate),
            complete=bound and guard_bound and not left_out,
        )

    def _reading(self, item: Requirement) -> tuple[Predicate | None, Condition | None]:
        """Return the predicate and the condition as printed, or as meant where that is asked."""
        if item.erratum is None or self.reading == "published":
            return item.predicate, item.condition
        return item.erratum.intended, item.erratum.condition

    def _meaning(self, item: Requirement, predicate: Predicate) -> tuple[_Meaning, bool]:
        """Return the meaning, and whether all options that it needs have a value."""
        try:
            bound = predicate.bound(self.values)
        except UnboundError as missing:
            instruction = f"choose a value for the option {missing.args[0]}"
            return _Meaning(Manual(instruction), (), (), predicate.words()), False
        inverted = item.level in {Level.MUST_NOT, Level.SHOULD_NOT}
        check = bound.check()
        if inverted:
            return _Meaning(Not(check), (), (), bound.words()), True
        owner = self.document.identity.product
        return _Meaning(check, bound.states(owner), bound.flows(), bound.words()), True

    def _guard(self, item: Requirement) -> tuple[Check | None, bool]:
        if item.guard is None:
            return None, True
        try:
            return item.guard.bound(self.values).check(), True
        except UnboundError:
            return None, False

    def _erratum(self, item: Requirement) -> Erratum | None:
        if item.erratum is None:
            return None
        intended = item.erratum.intended
        if intended is None:
            return Erratum(item.erratum.text)
        return Erratum(item.erratum.text, self._words(intended), item.erratum.condition)

    def _words(self, predicate: Predicate) -> Sentence:
        """Return the words; an option without a value is named in the place of its value."""
        try:
            return predicate.bound(self.values).words()
        except UnboundError:
            return predicate.words()


def _bound_to(item: Requirement, predicate: Predicate | None) -> tuple[str, ...]:
    parts = (predicate or item.predicate, item.guard)
    return tuple(sorted({name for part in parts if part is not None for name in part.references()}))


def _notes(item: Requirement) -> tuple[str, ...]:
    if item.deprecated is None:
        return item.notes
    return (*item.notes, f"Deprecated. {item.deprecated}".strip())
