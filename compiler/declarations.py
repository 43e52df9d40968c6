"""Collects what statements declare: the identity, sources, options, roles and sections."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from reqc.compiler.diagnostics import Code, Label, Report, help_for
from reqc.compiler.flows import ANYONE, EXTERNAL
from reqc.compiler.loader import Loaded
from reqc.compiler.lowered import LoweredSource
from reqc.compiler.model import Option
from reqc.compiler.source import Span
from reqc.compiler.syntax import tree
from reqc.compiler.values import TYPES, OptionType

LANGUAGE_VERSION = "1"


@dataclass(slots=True)
class OpenSection:
    """A section while requirements are added to it; it may be opened again to add more."""

    name: str
    title: tree.String | None
    span: Span
    requirements: list[tree.Requirement] = field(default_factory=list)


@dataclass(slots=True)
class Declarations:
    """Everything that is declared, by name and in the order of the text."""

    identity: tree.Identity | None = None
    revision: tree.Revision | None = None
    header: tree.Header | None = None
    sources: dict[str, tuple[LoweredSource, Span]] = field(default_factory=dict)
    options: dict[str, Option] = field(default_factory=dict)
    roles: dict[str, tree.Role] = field(default_factory=dict)
    sections: dict[str, OpenSection] = field(default_factory=dict)
    requirement_places: dict[str, Span] = field(default_factory=dict)


def declare(statements: Iterable[Loaded], report: Report) -> Declarations:
    """Return the declarations; report what is declared twice or in the wrong kind of file."""
    found = Declarations()
    for loaded in statements:
        _declare(loaded, found, report)
    return found


def require_identity(files: list[tree.File], found: Declarations, report: Report) -> None:
    """Report a file that does not begin with its language version, or a document without name."""
    for file in files:
        first = file.statements[0] if file.statements else None
        if not isinstance(first, tree.Header):
            place = first.span if first else Span(file.source, 0, 0)
            report.error(
                Code.MISSING_STATEMENT,
                "a file begins with the version of the language",
                place,
                help=f"write `req {LANGUAGE_VERSION}` in the first line",
            )
    fragments = [
        statement
        for file in files[:1]
        for statement in file.statements
        if isinstance(statement, tree.Fragment)
    ]
    if found.identity is None and files:
        place = fragments[0].span if fragments else Span(files[0].source, 0, 0)
        report.error(
            Code.MISSING_STATEMENT,
            "the document does not say what it is",
            place,
            here="a fragment can only be used by a specification" if fragments else "",
            help='write `spec PRODUCT VERSION on PLATFORM "title"`',
        )


def _declare(loaded: Loaded, found: Declarations, report: Report) -> None:
    match loaded.statement:
        case tree.Header() as header:
            _header(header, report)
        case tree.Identity() as identity:
            _identity(identity, found, report, main=loaded.main)
        case tree.Revision() as revision:
            _revision(revision, found, report)
        case tree.SourceStatement() as source:
            _source(source, found, report)
        case tree.Option() as option:
            _option(option, found, report)
        case tree.Role() as role:
            _role(role, found, report)
        case tree.Section() as section:
            _section(section, found, report)
        case tree.Fragment() | tree.Use():
            pass


def _header(header: tree.Header, report: Report) -> None:
    if header.version.text != LANGUAGE_VERSION:
        report.error(
            Code.LANGUAGE_VERSION,
            f"this reqc reads version {LANGUAGE_VERSION} of the language, "
            f"not {header.version.text}",
            header.version.span,
            help="use a newer reqc, or write the document in version 1",
        )


def _identity(identity: tree.Identity, found: Declarations, report: Report, *, main: bool) -> None:
    if not main:
        report.error(
            Code.NOT_A_FRAGMENT,
            "a file that is used must be a fragment, not a specification",
            identity.span,
            help="write `fragment NAME` in its place",
        )
    elif found.identity is not None:
        _twice("the identity of the document", identity.span, found.identity.span, report)
    else:
        found.identity = identity


def _revision(revision: tree.Revision, found: Declarations, report: Report) -> None:
    if found.revision is not None:
        _twice("the revision", revision.span, found.revision.span, report)
    else:
        found.revision = revision


def _source(source: tree.SourceStatement, found: Declarations, report: Report) -> None:
    if source.name.text in found.sources:
        _twice(
            f"the source `{source.name.text}`",
            source.name.span,
            found.sources[source.name.text][1],
            report,
        )
        return
    fields: dict[str, tree.SourceField] = {}
    for item in source.fields:
        if item.name.text in fields:
            _twice(f"`{item.name.text}`", item.span, fields[item.name.text].span, report)
        fields.setdefault(item.name.text, item)
    values = {name: item.value.text for name, item in fields.items()}
    lowered = LoweredSource(
        name=source.name.text,
        file=source.file.text if source.file else "",
        title=values.get("title", ""),
        url=values.get("url", ""),
        revision=values.get("revision", ""),
        sha256=values.get("sha256", ""),
    )
    found.sources[source.name.text] = (lowered, source.name.span)


def _option(option: tree.Option, found: Declarations, report: Report) -> None:
    name = option.name.text
    if name in found.options:
        _twice(f"the option `{name}`", option.name.span, found.options[name].span, report)
        return
    if name in {"true", "false", "and", "or", "not", "in"}:
        message = f"`{name}` cannot name an option"
        report.error(Code.RESERVED_NAME, message, option.name.span, help="choose another name")
    kind = _option_type(option, report)
    default = None
    if kind is not None and option.default is not None:
        try:
            default = kind.read(option.default.text)
        except ValueError as mistake:
            message = f"`{option.default.text}` is no value of the option `{name}`: {mistake}"
            report.error(Code.OPTION_VALUE, message, option.default.span)
    help_text = option.help.text if option.help else ""
    shown = kind or OptionType("string")
    found.options[name] = Option(name, shown, default, help_text, option.name.span)


def _option_type(option: tree.Option, report: Report) -> OptionType | None:
    words = tuple(word.text for word in option.types)
    if len(words) == 1 and words[0] in TYPES:
        return OptionType(words[0])
    if len(words) == 1:
        report.error(
            Code.OPTION_TYPE,
            f"there is no type `{words[0]}`",
            option.types[0].span,
            help=help_for(words[0], TYPES, "a type is a list such as `a | b`, or one of"),
        )
        return None
    first: dict[str, Span] = {}
    for word in option.types:
        if word.text in first:
            _twice(f"the value `{word.text}`", word.span, first[word.text], report)
        first.setdefault(word.text, word.span)
    return OptionType("enum", words)


def _role(role: tree.Role, found: Declarations, report: Report) -> None:
    name = role.name.text
    if name in {ANYONE, EXTERNAL}:
        message = f"the role `{name}` is built in"
        report.error(Code.RESERVED_NAME, message, role.name.span, help="choose another name")
    elif name in found.roles:
        _twice(f"the role `{name}`", role.name.span, found.roles[name].name.span, report)
    else:
        found.roles[name] = role


def _section(section: tree.Section, found: Declarations, report: Report) -> None:
    name = section.name.text
    known = found.sections.setdefault(name, OpenSection(name, section.title, section.span))
    if section.title is not None and known.title is None:
        known.title = section.title
    elif section.title is not None and known.title != section.title and known.title is not None:
        report.error(
            Code.SECTION_TITLE,
            f"the section `{name}` has two titles",
            section.title.span,
            labels=(Label(known.title.span, "first title"),),
            help="leave the title out where the section is opened again",
        )
    for requirement in section.requirements:
        full = f"{name}.{requirement.id.text}"
        if full in found.requirement_places:
            first = found.requirement_places[full]
            _twice(f"the requirement `{full}`", requirement.id.span, first, report)
            continue
        found.requirement_places[full] = requirement.id.span
        known.requirements.append(requirement)


def _twice(what: str, span: Span, first: Span, report: Report) -> None:
    report.error(
        Code.DEFINED_TWICE,
        f"{what} is defined twice",
        span,
        labels=(Label(first, "first defined here"),),
        help="remove one, or rename it",
    )
