"""Collects what statements declare: the identity, sources, options, roles and sections."""

from __future__ import annotations

from typing import cast

from reqc.compiler.amendments import amend
from reqc.compiler.declared import LANGUAGE_VERSION, Declarations, OpenSection
from reqc.compiler.diagnostics import Code, Label, Report, help_for
from reqc.compiler.flows import ANYONE, EXTERNAL
from reqc.compiler.loader import Loaded, Part, Reading
from reqc.compiler.model import Option
from reqc.compiler.source import Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.packed import Requirements
from reqc.compiler.values import TYPES, OptionType

HOST = "host"
"""The role of all hosts in a document that declares none."""


def declare(reading: Reading, report: Report) -> Declarations:
    """Return the declarations; report what is declared twice or in the wrong kind of file."""
    found = Declarations(complete=reading.complete)
    for file, _ in reading.files:
        found.lost |= file.lost
        _header_first(file, report)
    for loaded in reading.statements:
        _declare(loaded, found, report)
    _require_nature(reading.files[1:], report)
    _require_identity(reading.files[0][0], found, report)
    if not found.roles:
        found.roles[HOST] = _implied_role(reading.files[0][0])
    return found


def _implied_role(file: tree.File) -> tree.Role:
    span = Span(file.source, 0, 0)
    help_text = tree.String("Every host", long=False, span=span)
    return tree.Role(tree.Word(HOST, span), help_text, None, span)


def _header_first(file: tree.File, report: Report) -> None:
    """Report a file that does not begin with its language version, or says it again."""
    headers = [item for item in file.statements if isinstance(item, tree.Header)]
    first = file.statements[0] if file.statements else None
    for header in headers:
        if header is not first:
            message = "the version of the language stands in the first line"
            help_text = "move it to the top of the file"
            report.error(Code.MISPLACED_STATEMENT, message, header.span, help=help_text)
    if not headers and file.complete and not file.lost:
        report.error(
            Code.MISSING_STATEMENT,
            "a file begins with the version of the language",
            first.span if first else Span(file.source, 0, 0),
            help=f"write `req {LANGUAGE_VERSION}` in the first line",
        )


def _require_nature(files: list[tuple[tree.File, Part]], report: Report) -> None:
    """Report files that are used but no fragments, or amended but no specifications."""
    for file, part in files:
        kinds = (tree.Fragment, tree.Identity)
        said = next((item for item in file.statements if isinstance(item, kinds)), None)
        if not part.fragment and isinstance(said, tree.Fragment):
            message = "what is amended must be a specification"
            help_text = "take in a fragment with `use`"
            report.error(Code.NOT_A_SPECIFICATION, message, said.span, help=help_text)
        elif part.fragment and said is None and file.complete and not file.lost:
            report.error(
                Code.NOT_A_FRAGMENT,
                "a file that is used must be a fragment",
                Span(file.source, 0, 0),
                help="write `fragment NAME` below its first line",
            )


def _require_identity(file: tree.File, found: Declarations, report: Report) -> None:
    """Report a main file that is a fragment or does not say what it is."""
    fragment = next((item for item in file.statements if isinstance(item, tree.Fragment)), None)
    help_text = 'write `spec PRODUCT VERSION on PLATFORM "title"`'
    if fragment is not None:
        report.error(
            Code.NOT_A_FRAGMENT,
            "a fragment can only be used by a specification",
            fragment.span,
            help=f"give reqc the specification that uses it, or {help_text}",
        )
    elif found.identity is None and file.complete and not file.lost:
        report.error(
            Code.MISSING_STATEMENT,
            "the document does not say what it is",
            Span(file.source, 0, 0),
            help=help_text,
        )


def _declare(  # noqa: C901  # one case for each statement
    loaded: Loaded, found: Declarations, report: Report
) -> None:
    match loaded.statement:
        case tree.Header() as header:
            _header(header, report)
        case tree.Identity() as identity:
            _identity(identity, found, report, loaded.part)
        case tree.Revision() as revision:
            _revision(revision, found, report, loaded.part)
        case tree.SourceStatement() as source:
            _source(source, found, report)
        case tree.Option() as option:
            _option(option, found, report)
        case tree.Role() as role:
            _role(role, found, report)
        case tree.Section() as section:
            _section(section, found, report)
        case tree.Allow() as allow:
            found.allowed.append(allow)
        case tree.Ignore() as ignore:
            found.ignored.append(ignore)
        case tree.Remove() | tree.Replace() | tree.Default() | tree.Retitle() as change:
            amend(change, found, report)
        case tree.Fragment() | tree.Use() | tree.Amends():
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


def _identity(identity: tree.Identity, found: Declarations, report: Report, part: Part) -> None:
    if part.fragment:
        report.error(
            Code.NOT_A_FRAGMENT,
            "a file that is used must be a fragment, not a specification",
            identity.span,
            help="write `fragment NAME` in its place",
        )
    elif found.identity is not None and found.layers["identity"] == part.layer:
        _twice("the identity of the document", identity.span, found.identity.span, report)
    else:
        found.identity = identity
        found.layers["identity"] = part.layer


def _revision(revision: tree.Revision, found: Declarations, report: Report, part: Part) -> None:
    if found.revision is not None and found.layers["revision"] == part.layer:
        _twice("the revision", revision.span, found.revision.span, report)
    else:
        found.revision = revision
        found.layers["revision"] = part.layer


def _source(source: tree.SourceStatement, found: Declarations, report: Report) -> None:
    if source.name.text in found.sources:
        _twice(
            f"the source `{source.name.text}`",
            source.name.span,
            found.sources[source.name.text].name.span,
            report,
        )
        return
    found.sources[source.name.text] = source
    fields: dict[str, tree.SourceField] = {}
    for item in source.fields:
        if item.name.text in fields:
            _twice(f"`{item.name.text}`", item.span, fields[item.name.text].span, report)
        fields.setdefault(item.name.text, item)


def _option(option: tree.Option, found: Declarations, report: Report) -> None:
    name = option.name.text
    if name in found.options:
        _twice(f"the option `{name}`", option.name.span, found.options[name].span, report)
        return
    if name in {"true", "false", "and", "or", "not", "in"}:
        message = f"`{name}` cannot name an option"
        report.error(Code.RESERVED_NAME, message, option.name.span, help="choose another name")
    default = None
    kind = _option_type(option, report)
    if kind is not None and option.default is not None:
        try:
            default = kind.read(option.default.text)
        except ValueError as mistake:
            message = f"`{option.default.text}` is no value of the option `{name}`: {mistake}"
            report.error(Code.OPTION_VALUE, message, option.default.span)
    if kind is None:
        found.lost.add(name)
        return
    help_text = option.help.text if option.help else ""
    found.option_nodes[name] = option
    found.options[name] = Option(name, kind, default, help_text, option.name.span)


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
    for packed in cast("Requirements", section.requirements).packed:
        first = known.requirements.setdefault(packed.id, packed)
        if first is not packed:
            again, before = packed.unpacked().id.span, first.unpacked().id.span
            _twice(f"the requirement `{name}.{packed.id}`", again, before, report)


def _twice(what: str, span: Span, first: Span, report: Report) -> None:
    amended = span.source is not first.source and what.startswith("the requirement")
    help_text = "to change it, write `replace`" if amended else "remove one, or rename it"
    report.error(
        Code.DEFINED_TWICE,
        f"{what} is defined twice",
        span,
        labels=(Label(first, "first defined here"),),
        help=help_text,
    )
