"""Applies what a document says about the document that it amends."""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from reqc.compiler.declared import Declarations, OpenSection
from reqc.compiler.diagnostics import Code, Report, help_for, suggestion
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.packed import Packer


def amend(
    change: tree.Remove | tree.Replace | tree.Default | tree.Retitle,
    found: Declarations,
    report: Report,
) -> None:
    """Change what was declared before; changing what is not there is reported."""
    match change:
        case tree.Remove(ids):
            for id_ in ids:
                _remove(id_, found, report)
        case tree.Replace(requirement):
            _replace(requirement, found, report)
        case tree.Default():
            _default(change, found, report)
        case tree.Retitle():
            _retitle(change, found, report)


def _remove(id_: tree.Word, found: Declarations, report: Report) -> None:
    section = _section_of(id_, found, report)
    if section is not None:
        del section.requirements[_name(id_)]
        if not section.requirements:
            del found.sections[section.name]


def _replace(requirement: tree.Requirement, found: Declarations, report: Report) -> None:
    section = _section_of(requirement.id, found, report)
    if section is not None:
        name = tree.Word(_name(requirement.id), requirement.id.span)
        packer = Packer(requirement.span.source)
        section.requirements[name.text] = packer.pack(replace(requirement, id=name))


def _default(change: tree.Default, found: Declarations, report: Report) -> None:
    name = change.option.text
    option = found.options.get(name)
    if option is None:
        if not found.excuses(name):
            message = f"there is no option `{name}`"
            help_text = help_for(name, found.options, "options:")
            report.error(Code.UNKNOWN_OPTION, message, change.option.span, help=help_text)
        return
    try:
        value = option.type.read(change.value.text)
    except ValueError as mistake:
        message = f"`{change.value.text}` is no value of the option `{name}`: {mistake}"
        report.error(Code.OPTION_VALUE, message, change.value.span)
    else:
        found.options[name] = replace(option, default=value)
        node = found.option_nodes[name]
        found.option_nodes[name] = replace(node, default=change.value)


def _retitle(change: tree.Retitle, found: Declarations, report: Report) -> None:
    if "." not in change.id.text:
        section = found.sections.get(change.id.text)
        if section is not None:
            section.title = change.title
        elif found.complete:
            message = f"there is no section `{change.id.text}`"
            help_text = help_for(change.id.text, found.sections, "sections:")
            report.error(Code.UNKNOWN_REQUIREMENT, message, change.id.span, help=help_text)
        return
    section = _section_of(change.id, found, report)
    if section is not None:
        name = _name(change.id)
        titled = partial(_titled, title=change.title)
        section.requirements[name] = section.requirements[name].changed(titled)


def _titled(requirement: tree.Requirement, title: tree.String) -> tree.Requirement:
    others = (
        detail
        for detail in requirement.details
        if not (isinstance(detail, tree.Remark) and detail.word == "title")
    )
    return replace(requirement, details=(tree.Remark("title", title, title.span), *others))


def _name(id_: tree.Word) -> str:
    return id_.text.partition(".")[2]


def _section_of(id_: tree.Word, found: Declarations, report: Report) -> OpenSection | None:
    """Return the section that holds a requirement, by the requirement's full id, or report it."""
    section = found.sections.get(id_.text.partition(".")[0])
    if section is not None and _name(id_) in section.requirements:
        return section
    if found.complete:
        known = [
            f"{name}.{key}" for name, one in found.sections.items() for key in one.requirements
        ]
        message = f"there is no requirement `{id_.text}` to change"
        near = suggestion(id_.text, known) or "`reqc show` prints the document that is amended"
        report.error(Code.UNKNOWN_REQUIREMENT, message, id_.span, help=near)
    return None
