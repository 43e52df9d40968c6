"""From a file to a document: everything declared, looked up and typed, or reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from reqc.compiler.declarations import declare
from reqc.compiler.declared import Declarations
from reqc.compiler.diagnostics import Report
from reqc.compiler.kinds.forms import Scope
from reqc.compiler.loader import load
from reqc.compiler.lowered import Identity, LoweredSource
from reqc.compiler.meaning import Meaning
from reqc.compiler.model import (
    Allowance,
    Document,
    IgnoredLines,
    Role,
)
from reqc.compiler.requirements import RequirementReader, read_citation
from reqc.compiler.said import said
from reqc.compiler.syntax import tree


def resolve(path: str, report: Report, include: Sequence[str] = ()) -> Document | None:
    """Return the document of a file, or of standard input for `-`.

    `include` are folders below which files may be used and amended, beside that of the file.
    None is returned when the report has an error: nothing is compiled from half a document.
    """
    reading = load(path, report, include)
    if reading is None:
        return None
    found = declare(reading, report)
    meaning = _meaning(found, report)
    roles = {name: _role(role, meaning) for name, role in found.roles.items()}
    reader = RequirementReader(meaning, found, default_roles=tuple(roles)[:1])
    sections = tuple(reader.section(section) for section in found.sections.values())
    allowances = (*_allowances(found), *reader.allowances)
    ignored = tuple(_ignored(found, meaning))
    if report.failed or found.identity is None:
        return None
    return Document(
        identity=_identity(found.identity, found.revision),
        identity_span=found.identity.span,
        sources=tuple(_source(source) for source in found.sources.values()),
        source_spans=MappingProxyType(
            {name: source.name.span for name, source in found.sources.items()}
        ),
        options=MappingProxyType(found.options),
        roles=MappingProxyType(roles),
        sections=sections,
        allowances=allowances,
        ignored=ignored,
        texts=tuple(file.source for file, _ in reading.files),
        statements=said(found, found.identity),
        inputs=reading.inputs,
    )


def _meaning(found: Declarations, report: Report) -> Meaning:
    types = {name: option.type for name, option in found.options.items()}
    return Meaning(found.options, Scope(types, found.roles.keys(), found.excuses), report)


def _source(source: tree.SourceStatement) -> LoweredSource:
    values = {item.name.text: item.value.text for item in source.fields}
    return LoweredSource(
        name=source.name.text,
        file=source.file.text if source.file else "",
        title=values.get("title", ""),
        url=values.get("url", ""),
        revision=values.get("revision", ""),
        sha256=values.get("sha256", ""),
    )


def _allowances(found: Declarations) -> Iterator[Allowance]:
    for allow in found.allowed:
        yield Allowance(allow.code.text, allow.reason.text, None, allow.span)


def _ignored(found: Declarations, meaning: Meaning) -> Iterator[IgnoredLines]:
    for ignore in found.ignored:
        for cite in ignore.lines:
            for lines in read_citation(cite, found, meaning.report):
                yield IgnoredLines(lines, ignore.reason.text, cite.span)


def _identity(identity: tree.Identity, revision: tree.Revision | None) -> Identity:
    product, version = identity.product.text, identity.version.text
    platform = identity.platform.text if identity.platform else ""
    title = identity.title.text if identity.title else f"{product} {version}"
    return Identity(product, version, platform, title, revision.value.text if revision else "")


def _role(role: tree.Role, meaning: Meaning) -> Role:
    condition = meaning.condition(role.when.condition) if role.when else None
    return Role(role.name.text, role.help.text if role.help else "", condition, role.name.span)
