"""Every place of the language that holds a text, in documents that reach every target.

The documents are three files beside this one: a page, one that amends it, and a fragment that the
second one uses. «NAME» in them is the place of the field NAME.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from reqc.compiler.model import Document, Requirement

PAGE: Final = "page.req"
AMENDING: Final = "amending.req"
SHARED: Final = "shared.req"
_HERE: Final = Path(__file__).parent
TEMPLATES: Final = {
    name: (_HERE / name).read_text(encoding="utf-8") for name in (PAGE, AMENDING, SHARED)
}
_MARK: Final = re.compile("«([^»]*)»")
_LONGEST_INTERFACE: Final = 15


class Shape(StrEnum):
    """How a field is written: in quotes, or bare as a word or a name."""

    TEXT = "text"
    WORD = "word"
    NAME = "name"


def as_it_is(text: str) -> str:
    """Return the text."""
    return text


@dataclass(frozen=True, slots=True)
class Field:
    """A place of the language for a text.

    `usual` stands there where nothing hostile does, `read` finds the text in a document that was
    resolved, None where a document does not keep it. `fit` is the text nearest to a hostile one
    that the field takes, and `kept` what a document holds of a text. A field that `refuses` takes
    none that the tests have.
    """

    name: str
    usual: str
    read: Callable[[Document], object] | None
    shape: Shape = Shape.TEXT
    fit: Callable[[str], str] = as_it_is
    kept: Callable[[str], str] = as_it_is
    file: str = PAGE
    refuses: bool = False

    @property
    def free(self) -> bool:
        """Whether the field takes every text."""
        return self.shape is Shape.TEXT and self.fit is as_it_is and not self.refuses

    def spelled(self, text: str) -> str:
        """Return the text as a specification has it in this field."""
        return quoted(text) if self.shape is Shape.TEXT else text


def quoted(text: str) -> str:
    """Return a text in quotes, with all that is not printed as an escape."""
    return '"' + "".join(map(_escaped, text)) + '"'


def in_three_quotes(text: str) -> str:
    """Return a text in three quotes on lines of its own; an indent of all its lines is lost."""
    lines = "".join(
        mark if mark == "\n" else _escaped(mark) for mark in text.replace('"', "\0")
    ).replace("\\u{0}", "\\u{22}")
    return '"""\n' + lines + '"""'


def raw(text: str) -> str:
    """Return a text in quotes with only the escapes without which it would end there."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def line_of(field: Field) -> int:
    """Return the line on which a field stands first; no text in the language has two lines."""
    before, _, _ = TEMPLATES[field.file].partition(f"«{field.name}»")
    return before.count("\n") + 1


def files_with(texts: Mapping[str, str]) -> dict[str, str]:
    """Return all files by their names, with texts in the fields of these names."""
    return spelled_files({name: BY_NAME[name].spelled(text) for name, text in texts.items()})


def spelled_files(spelled: Mapping[str, str]) -> dict[str, str]:
    """Return all files by their names; the texts of fields are in the language already."""

    def in_place(found: re.Match[str]) -> str:
        field = BY_NAME[found[1]]
        return spelled.get(field.name) or field.spelled(field.usual)

    return {name: _MARK.sub(in_place, text) for name, text in TEMPLATES.items()}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files of a specification into a folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def batch(text: str) -> dict[str, str]:
    """Return the text for every field of the page that takes it, as near as the field takes it."""
    return {
        field.name: field.fit(text)
        for field in FIELDS
        if field.file == PAGE and field.shape is Shape.TEXT and not field.refuses
    }


def inventory(hosts: Iterable[str], roles: Iterable[str] = ("host", "peer")) -> str:
    """Return an inventory in which hosts of these names, with addresses, are in every role."""
    members = ", ".join(
        f'"{"".join(map(_in_yaml, name))}": {{"ansible_host": "192.0.2.{at}"}}'
        for at, name in enumerate(hosts, 1)
    )
    return "".join(f'{role}: {{"hosts": {{{members}}}}}\n' for role in roles)


def _in_yaml(character: str) -> str:
    return character if character.isalnum() else f"\\U{ord(character):08x}"


def word_of(text: str) -> str:
    """Return the word nearest to a text."""
    kept = re.sub(r"[^A-Za-z0-9_.+/%:~-]", "", text)
    return _no_clause(re.sub(r"^[^A-Za-z0-9_]+|[^A-Za-z0-9_%+]+$", "", kept) or "x")


def name_of(text: str) -> str:
    """Return the name nearest to a text."""
    return _no_clause(re.sub(r"^[^A-Za-z_]+", "", re.sub(r"[^A-Za-z0-9_-]", "", text)) or "x")


def _no_clause(word: str) -> str:
    return f"{word}_" if word in {"on", "when"} else word  # among arguments they begin a clause


def package_of(text: str) -> str:
    """Return the name of a package nearest to a text."""
    return re.sub(r"^[^A-Za-z0-9]+", "", re.sub(r"[:/%~]", "", word_of(text))) or "x"


def path_below(folder: str) -> Callable[[str], str]:
    """Return what makes a clean path below a folder of a text."""

    def fit(text: str) -> str:
        last = "".join(filter(str.isprintable, text)).replace("/", "")
        return f"{folder}/{last if last not in {'', '.', '..'} else 'x'}"

    return fit


def interface_of(text: str) -> str:
    """Return the name of an interface nearest to a text."""
    allowed = "".join(character for character in text if character not in '/ \t\n:;,"')
    return allowed[:_LONGEST_INTERFACE] or "x"


def argument_of(text: str) -> str:
    """Return the argument of a kernel nearest to a text."""
    kept = "".join(filter(str.isprintable, text)).encode("ascii", "ignore").decode()
    return 'x="{}"'.format(kept.replace('"', ""))


def not_blank(text: str) -> str:
    """Return the text, or another one for a text of blanks."""
    return text if text.strip() else "x"


def _one(document: Document, name: str) -> Requirement:
    return next(item for item in document.requirements if item.id == name)


def _at(number: int, attribute: str) -> Callable[[Document], object]:
    """Return what reads an attribute of the requirement with this number on the page."""
    return lambda document: getattr(document.requirements[number], attribute)


def _of(section: str, name: str, *path: str | int) -> Callable[[Document], object]:
    """Return what reads an attribute of the predicate of a requirement."""

    def read(document: Document) -> object:
        found: Any = next(
            item.predicate
            for item in document.requirements
            if item.id.partition(".")[2] == name
            and (item.id.startswith("chosen.") == (section == "chosen"))
        )
        for step in path:
            found = found[step] if isinstance(step, int) else getattr(found, step)
        return found

    return read


def _kind(name: str, usual: str, requirement: str, *path: str | int, **more: Any) -> Field:  # noqa: ANN401  # the fields of a Field
    return Field(name, usual, _of("kinds", requirement, *path), **more)


def _option(kind: str, usual: str, option: str, **more: Any) -> Field:  # noqa: ANN401  # the fields of a Field
    return Field(
        f"Option.default {kind}", usual, lambda document: document.options[option].default, **more
    )


def _name(name: str, usual: str, read: Callable[[Document], object] | None, **more: Any) -> Field:  # noqa: ANN401  # the fields of a Field
    return Field(name, usual, read, **{"shape": Shape.NAME, "fit": name_of, **more})


def _word(name: str, usual: str, read: Callable[[Document], object], **more: Any) -> Field:  # noqa: ANN401  # the fields of a Field
    return Field(name, usual, read, **{"shape": Shape.WORD, "fit": word_of, **more})


def _remark(name: str, usual: str, read: Callable[[Document], object], file: str = PAGE) -> Field:
    """Return a field whose text is kept without blanks around it."""
    return Field(name, usual, read, kept=str.strip, file=file)


def _statements() -> list[Field]:
    source: Callable[[Document], Any] = lambda document: document.sources[0]  # noqa: E731  # short
    return [
        _name("Identity.product", "product", lambda document: document.identity.product),
        _word("Identity.version", "1.0", lambda document: document.identity.version),
        _name("Identity.platform", "linux", lambda document: document.identity.platform),
        Field("Identity.title", "A page", lambda document: document.identity.title),
        Field("Revision.value", "first", lambda document: document.identity.revision),
        _name("SourceStatement.name", "page", lambda document: source(document).name),
        Field("SourceStatement.file", "page.txt", lambda document: source(document).file),
        Field("SourceField.value title", "Source", lambda document: source(document).title),
        Field("SourceField.value url", "https://x.invalid", lambda document: source(document).url),
        Field("SourceField.value revision", "2", lambda document: source(document).revision),
        Field("SourceField.value sha256", "0", lambda document: source(document).sha256),
        _name("Option.name", "named", lambda document: next(iter(document.options))),
        _word("Option.types", "one", lambda document: document.options["listed"].type.words[0]),
        Field("Option.default", "text", lambda document: document.options["told"].default),
        Field("Option.help", "A text", lambda document: document.options["told"].help),
        Field("Role.help", "Every host", lambda document: document.roles["host"].help),
        _name("Role.name", "peer", lambda document: list(document.roles)[1]),
        Field("Allow.reason", "Well", lambda document: document.allowances[0].reason),
        Field("Allow.reason requirement", "So", lambda document: document.allowances[1].reason),
        Field("Ignore.reason", "Heading", lambda document: document.ignored[0].reason),
        Field("Section.title", "Remarks", lambda document: document.sections[0].title),
        _name("Section.name", "kinds", lambda document: document.sections[1].name),
        _name("Section.name network", "network", lambda document: document.sections[3].name),
        Field("Fragment.title", "What is shared", None, file=SHARED),
        _name("Fragment.name", "shared", None, file=SHARED),
        Field(
            "Role.help shared",
            "Shared hosts",
            lambda document: document.roles["shared"].help,
            file=SHARED,
        ),
        Field("Amends.path", PAGE, None, file=AMENDING, refuses=True),
        Field("Use.path", SHARED, None, file=AMENDING, refuses=True),
        Field(
            "Default.value",
            "other",
            lambda document: document.options["told"].default,
            file=AMENDING,
        ),
        Field(
            "Retitle.title section",
            "Other",
            lambda document: document.sections[0].title,
            file=AMENDING,
        ),
        _remark(
            "Retitle.title requirement",
            "Other",
            lambda document: _one(document, "chosen.manual").title,
            AMENDING,
        ),
        Field(
            "manual.instruction replaced",
            "Look",
            _of("chosen", "disk", "instruction"),
            file=AMENDING,
        ),
    ]


def _remarks() -> list[Field]:
    return [
        _name("Requirement.id", "told", lambda document: document.requirements[0].id[8:]),
        _remark("Remark.text title", "Title", _at(0, "title")),
        _remark("Remark.text because", "Because", _at(0, "because")),
        _remark("Remark.text note", "Note", lambda document: document.requirements[0].notes[0]),
        _remark("Remark.text fix", "Fix", _at(0, "fix")),
        _remark(
            "Remark.text see", "https://x.invalid", lambda document: document.requirements[0].see[0]
        ),
        _remark(
            "ErratumDetail.text",
            "A slip",
            lambda document: getattr(document.requirements[0].erratum, "text", None),
        ),
        _word("Was.ids", "node.older", lambda document: document.requirements[0].was[0]),
        _remark("Deprecated.text", "It goes", _at(0, "deprecated")),
        Field(
            "Placed.place",
            "older.req:7",
            lambda document: str(document.requirements[0].place),
            fit=lambda text: f"{text or 'x'}:7",
        ),
        Field(
            "OptionTest.values",
            "never",
            lambda document: getattr(document.requirements[1].condition, "value", None),
        ),
        Field(
            "manual.instruction intended",
            "Look",
            lambda document: getattr(
                getattr(document.requirements[2].erratum, "intended", None), "instruction", None
            ),
        ),
        Field(
            "file.path guard",
            "/etc/hosts",
            lambda document: getattr(document.requirements[3].guard, "path", None),
            fit=path_below("/srv/guard"),
        ),
        Field(
            "file.value guard",
            "a line",
            lambda document: getattr(document.requirements[3].guard, "value", None),
            fit=not_blank,
        ),
        Field(
            "manual.instruction group", "Look", _of("kinds", "either", "parts", 1, "instruction")
        ),
    ]


def _kinds() -> list[Field]:
    word: dict[str, Any] = {"shape": Shape.WORD, "fit": word_of}
    return [
        _kind("os.id", "debian", "os", "systems", 0, "id", **word),
        _kind("command.command", "nft", "command", "command"),
        _kind("command.command alone", "sh", "command_alone", "command"),
        _kind("disk.path", "/var", "disk", "path", fit=path_below("/srv/disk")),
        _kind("module.names", "ip_set", "module", "names", 0, **word),
        _kind("kconfig.symbol", "NET", "kconfig", "symbol", **word),
        _kind("sysctl.key", "net.ipv4.ip_forward", "word", "key", **word),
        _kind("sysctl.value word", "1", "word", "value", **word),
        _kind("sysctl.value", "4096 131072 6291456", "text", "value"),
        _kind("interface.globs", "cali*", "interface", "globs", 0, fit=interface_of),
        _kind("unmanaged.globs", "tunl*", "unmanaged", "globs", 0, fit=interface_of),
        _kind("service.service", "chronyd", "enabled", "service", **word),
        _kind("service.service masked", "firewalld", "masked", "service", **word),
        _kind("file.path", "/etc/exists.conf", "exists", "path", fit=path_below("/srv/exists")),
        _kind(
            "file.path absent", "/etc/absent.conf", "absent", "path", fit=path_below("/srv/absent")
        ),
        _kind("file.value contains", "a line", "contains", "value", fit=not_blank),
        _kind(
            "file.path content",
            "/etc/content.conf",
            "content",
            "path",
            fit=path_below("/srv/content"),
        ),
        _kind("file.value content", "a content\n", "content", "value"),
        _kind("file.value owner", "root", "owner", "value", fit=not_blank),
        _kind("file.path mode", "/etc/mode.conf", "mode", "path", fit=path_below("/srv/mode")),
        _kind("mount.path", "/srv/mount", "mount", "path", fit=path_below("/srv/mount")),
        _kind("mount.filesystem", "ext4", "mount", "filesystem", **word),
        _kind("manual.instruction", "Look at it.", "manual", "instruction"),
        _kind(
            "package.packages",
            "ipset",
            "package",
            "packages",
            0,
            shape=Shape.WORD,
            fit=package_of,
        ),
        _kind("argument.arguments", "nosmt", "argument", "arguments", 0, fit=argument_of),
        _kind("endpoint.host", "registry.invalid", "endpoint", "host"),
    ]


def _chosen() -> list[Field]:
    """Return the fields whose text comes to a kind by an option, whose type is a text."""
    return [
        _option("command.command", "sh", "a_command"),
        _option("disk.path", "/var", "a_disk", fit=path_below("/srv/chosen-disk")),
        _option("sysctl.value", "4096 65536 6291456", "a_parameter"),
        _option("interface.globs", "wg*", "an_interface", fit=interface_of),
        _option("unmanaged.globs", "wg*", "an_unmanaged", fit=interface_of),
        _option("file.path", "/etc/hosts", "a_path", fit=path_below("/srv/chosen")),
        _option("file.value contains", "a line", "a_line", fit=not_blank),
        _option("file.value content", "a content\n", "a_content"),
        _option("file.value owner", "root", "an_owner", fit=not_blank),
        _option("mount.path", "/srv/mounted", "a_mount", fit=path_below("/srv/chosen-mount")),
        _option("manual.instruction", "Look at it.", "an_instruction"),
        _option("argument.arguments", "quiet", "an_argument", fit=argument_of),
        _option("endpoint.host", "registry.invalid", "a_host"),
    ]


def _traffic() -> list[Field]:
    network: Callable[[Document], Any] = lambda document: document.sections[3].requirements  # noqa: E731  # short
    return [
        _name(
            "Requirement.id network",
            "in",
            lambda document: network(document)[0].id.partition(".")[2],
        ),
        _remark("Remark.text title of traffic", "In", lambda document: network(document)[0].title),
        _remark(
            "Remark.text note of traffic", "Note", lambda document: network(document)[1].notes[0]
        ),
        _remark(
            "Remark.text because of traffic",
            "Because",
            lambda document: network(document)[2].because,
        ),
        _remark("Remark.text fix of traffic", "Fix", lambda document: network(document)[3].fix),
    ]


FIELDS: Final = (*_statements(), *_remarks(), *_kinds(), *_chosen(), *_traffic())
"""Every place for a text, quoted or bare."""

BY_NAME: Final = {field.name: field for field in FIELDS}
