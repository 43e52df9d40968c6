"""How what a target writes for two documents differs, in the target's own terms."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from reqc.backends.base import Language, Output, Reason, Refusal, Target
from reqc.backends.registry import target
from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.supplement import ArtefactChange
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement, Origin
from reqc.compiler.prose import plain

OPENSHIFT: Final = "openshift"
"""The platform whose nodes restart for a change of their configuration."""


def artefact_changes(
    chosen: Target, settings: Mapping[str, str], old: LoweredDocument, new: LoweredDocument
) -> tuple[tuple[ArtefactChange, ...], tuple[Refusal, ...]]:
    """Return a unified diff for each file that differs, and what the target refuses.

    Both are written as of one page, so that only what the documents ask for makes a difference.
    """
    outputs = [
        chosen.render(_narrowed(document, chosen.reads), settings) for document in alike(old, new)
    ]
    refusals = tuple(refusal for output in outputs for refusal in output.refusals)
    return (() if refusals else tuple(_changes(*outputs))), refusals


def alike(old: LoweredDocument, new: LoweredDocument) -> tuple[LoweredDocument, LoweredDocument]:
    """Return both documents as if one page had said all, so that headers do not differ."""
    newer = {item.origin.id: item for item in new.requirements}
    names = dict.fromkeys(item.name for item in (*new.options, *old.options))
    roles = tuple(dict.fromkeys((*new.host_roles, *old.host_roles)))
    found = []
    for one, other in ((old, new), (new, old)):
        options = {item.name: item for item in (*other.options, *one.options)}
        sections = tuple(
            replace(
                section,
                requirements=tuple(
                    replace(item, origin=_origin(item, newer.get(item.origin.id)))
                    for item in section.requirements
                ),
            )
            for section in one.sections
        )
        page = replace(one, identity=new.identity, sources=new.sources, digest=new.digest)
        found.append(
            replace(
                page,
                options=tuple(options[name] for name in names),
                host_roles=roles,
                sections=sections,
            )
        )
    return found[0], found[1]


def _origin(item: LoweredRequirement, newer: LoweredRequirement | None) -> Origin:
    """Return the origin that the newer page gives a requirement, if it has it."""
    own = item.origin
    if newer is None:
        return replace(own, citations=())
    # A title that is what is asked for, in words, is a part of what differs.
    titled = all(one.origin.title != plain(one.statement) for one in (item, newer))
    title = newer.origin.title if titled else own.title
    return replace(newer.origin, level=own.level, title=title)


def _narrowed(document: LoweredDocument, reads: Language) -> LoweredDocument:
    """Return a document with what a target reads, without the words that only explain it."""
    speaks = _SPEAKS.get(reads)
    if speaks is None:
        return document
    sections = (
        replace(
            section,
            requirements=tuple(
                replace(item, erratum=None, notes=())
                for item in section.requirements
                if speaks(item)
            ),
        )
        for section in document.sections
    )
    return replace(document, sections=tuple(item for item in sections if item.requirements))


_SPEAKS: Final[Mapping[Language, Callable[[LoweredRequirement], bool]]] = {
    Language.FLOWS: lambda item: bool(item.flows),
    Language.STATES: lambda item: bool(item.states),
}


def _changes(old: Output, new: Output) -> Iterator[ArtefactChange]:
    before, after = ({item.name: item.text for item in output.artifacts} for output in (old, new))
    for name in dict.fromkeys((*after, *before)):
        names = [
            f"{side}/{name}" if name in known else "/dev/null"
            for side, known in (("old", before), ("new", after))
        ]
        one, other = (body(name, known.get(name, "").splitlines()) for known in (before, after))
        lines = tuple(difflib.unified_diff(one, other, names[0], names[1], lineterm=""))
        if lines:
            yield ArtefactChange(name, lines)


def body(name: str, lines: Sequence[str]) -> Sequence[str]:
    """Return the lines without the comment at their head, which tells where they come from.

    A first line that a kernel or a parser reads stays: `#!`, `---`, or the declaration of XML. In
    Markdown a sign of number begins a title.
    """
    if name.endswith(".md"):
        return lines
    first = 1 if lines and lines[0].startswith(("#!", "<?xml", "---")) else 0
    last = first
    if first < len(lines) and lines[first].startswith("<!--"):
        ends = (at for at in range(first, len(lines)) if "-->" in lines[at])
        last = next(ends, first - 1) + 1
    while last < len(lines) and lines[last].startswith("#"):
        last += 1
    return [*lines[:first], *lines[last:]]


def reboots(comparison: Comparison, old: LoweredDocument, new: LoweredDocument) -> str:
    """Return whether nodes restart for the change, empty for a platform where none has to."""
    if new.identity.platform != OPENSHIFT:
        return ""
    machine_config, policy = target("machineconfig"), target("node-disruption-policy")
    changes, refusals = artefact_changes(machine_config, machine_config.defaults, old, new)
    if refusals:
        return ""
    if not changes:
        return "No MachineConfig changes, so that no node of OpenShift restarts"
    asked = {name for item in comparison.configuration for name in item.requirements}
    rows = policy.render(new, policy.defaults).unsupported
    needing = [
        row.requirement for row in rows if row.reason is Reason.UNSAFE and row.requirement in asked
    ]
    if needing:
        names = ", ".join(dict.fromkeys(needing))
        return f"Nodes of OpenShift restart, one after another, when this is applied: {names}"
    return (
        "Nodes of OpenShift restart, one after another, when this is applied, unless what the "
        "target node-disruption-policy writes is applied before"
    )
