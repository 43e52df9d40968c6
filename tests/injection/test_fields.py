"""Every field of the language holds every text, or refuses it by a code and at its line."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from typing import Final, get_args, get_type_hints

import pytest
from hypothesis import given

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.inventory import read_inventory
from reqc.compiler.kinds.forms import ArgumentError, Scope, Slot
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.parser import parse
from reqc.compiler.syntax.printer import canonical
from tests.injection.documents import (
    AMENDING,
    BY_NAME,
    FIELDS,
    PAGE,
    Field,
    Shape,
    batch,
    files_with,
    in_three_quotes,
    inventory,
    line_of,
    raw,
    spelled_files,
)
from tests.injection.mixing import EXAMPLES, SETTINGS, TURNS, meant, mixed, mixtures, read
from tests.injection.texts import ALL, BIDI, CONTROLS, FAMILIES, NAMES, NEVER, WORDS

GRAMMAR: Final = (Path(__file__).parents[2] / "grammar/reqc.lark").read_text(encoding="utf-8")
PLACE: Final = Span(Source("x.req", "x.req", ""), 0, 0)
CLOSED: Final = {
    "Allow.code",
    "Default.option",
    "Header.version",
    "Leaf.kind",
    "On.roles",
    "OptionTest.option",
    "Remove.ids",
    "Retitle.id",
    "SourceField.name",
}
"""Words that must name something: one that means harm would have to be declared, as a field is."""

NARROW: Final = {("file.value", Shape.WORD), ("software.version", Shape.WORD)}
"""Words behind a kind that takes few of them: the mode of a file, a release."""

FITTED: Final = {
    "Amends.path",
    "Option.default argument.arguments",
    "Option.default file.path",
    "Option.default file.value contains",
    "Option.default file.value owner",
    "Option.default interface.globs",
    "Option.default mount.path",
    "Option.default unmanaged.globs",
    "Placed.place",
    "Use.path",
    "argument.arguments",
    "file.path",
    "file.path absent",
    "file.path content",
    "disk.path",
    "Option.default disk.path",
    "file.path guard",
    "file.path mode",
    "file.value contains",
    "file.value guard",
    "file.value owner",
    "interface.globs",
    "mount.path",
    "unmanaged.globs",
}
"""Fields in quotes that do not take every text."""


def said_in_tree(wanted: type[tree.Node]) -> set[str]:
    """Return the attributes of the syntax tree that hold texts or words: `Section.title`."""
    return {
        f"{name}.{attribute}"
        for name, node in inspect.getmembers(tree, inspect.isclass)
        if issubclass(node, tree.Node)
        for attribute, hint in get_type_hints(node, vars(tree)).items()
        if wanted in _types(hint)
    } - {"Leaf.arguments", "ListTerm.items"}


def _types(hint: object) -> Iterator[object]:
    yield hint
    for inner in get_args(hint):
        yield from _types(inner)


def slots() -> Iterator[tuple[str, Slot]]:
    """Yield every place behind a kind: `sysctl.key`."""
    for name in KINDS:
        for form in kind(name).forms:
            for slot in form.slots:
                yield f"{name}.{slot.name}", slot


def takes_any_word(slot: Slot) -> bool:
    """Tell whether a place takes a word that nobody has ever heard of."""
    word = tree.Word("zqx-9", PLACE)
    try:
        return slot.accepts(word) and slot.read(word, Scope({}, ())) == word.text
    except ArgumentError:
        return False


def named(prefixes: set[str]) -> set[str]:
    """Return which of the names fields have, whatever stands behind a blank in theirs."""
    return prefixes & {field.name.partition(" ")[0] for field in FIELDS}


def test_every_text_and_word_of_the_syntax_is_a_field() -> None:
    texts, words = said_in_tree(tree.String), said_in_tree(tree.Word) - CLOSED

    assert len(texts) > 15
    assert named(texts | words) == texts | words
    assert said_in_tree(tree.Word) >= CLOSED


@pytest.mark.parametrize(
    ("rule", "attribute"), [("remark", "Remark.text"), ("source_field", "SourceField.value")]
)
def test_every_word_before_a_text_is_a_field(rule: str, attribute: str) -> None:
    found = re.search(rf"(?m)^{rule}:\s+\((.*?)\)", GRAMMAR)
    assert found
    words = {word.strip().lower() for word in found[1].split("|")}

    assert words
    assert {f"{attribute} {word}" for word in words} <= BY_NAME.keys()


def test_every_text_and_word_of_a_kind_is_a_field() -> None:
    text = tree.String("x", long=False, span=PLACE)
    wanted = {(name, Shape.TEXT) for name, slot in slots() if slot.accepts(text)}
    wanted |= {(name, Shape.WORD) for name, slot in slots() if takes_any_word(slot)} - NARROW

    assert len(wanted) > 15
    assert wanted == {
        (name, field.shape)
        for field in FIELDS
        for name in [field.name.partition(" ")[0]]
        if name.partition(".")[0] in KINDS
    }


def test_every_text_of_a_kind_may_come_from_an_option() -> None:
    text = tree.String("x", long=False, span=PLACE)
    wanted = {f"Option.default {name}" for name, slot in slots() if slot.accepts(text)}
    found = {" ".join(field.name.split()[:2]) for field in FIELDS if " " in field.name}

    assert wanted <= found


def test_most_fields_take_every_text() -> None:
    quoted = {field.name for field in FIELDS if field.shape is Shape.TEXT}

    assert {field.name for field in FIELDS if field.free} == quoted - FITTED
    assert quoted > FITTED


@pytest.mark.parametrize("family", FAMILIES)
def test_every_field_gives_every_text_back(family: str) -> None:
    for text in FAMILIES[family]:
        texts = batch(text)
        expect(meant(texts), texts)


@pytest.mark.parametrize("turn", TURNS)
def test_texts_beside_each_other_stay_apart(turn: int) -> None:
    texts = mixed(turn)

    expect(meant(texts), texts)


@pytest.mark.parametrize("field", [field for field in FIELDS if field.file != PAGE])
def test_so_do_the_fields_of_other_files(field: Field) -> None:
    words = {Shape.TEXT: ALL, Shape.WORD: WORDS, Shape.NAME: NAMES}[field.shape]
    for text in words[:: 1 if EXAMPLES else 23]:
        document, said = read(files_with({field.name: field.fit(text)}), AMENDING)
        if field.refuses:
            (error,) = said
            assert error.span is not None
            assert (document, error.span.line) == (None, line_of(field))
            assert error.code in {Code.UNREADABLE, Code.USE_OUTSIDE}, text
        else:
            assert document is not None, said
            assert field.read is None or field.read(document) == field.kept(field.fit(text))


@pytest.mark.parametrize("turn", [*TURNS][::4])
def test_the_formatter_keeps_every_text(turn: int) -> None:
    texts = mixed(turn)
    files = files_with(texts)

    expect_kept(files[PAGE], texts)


@SETTINGS
@given(texts=mixtures())
def test_random_texts_are_given_back(texts: Mapping[str, str]) -> None:
    expect(meant(texts), texts)
    expect_kept(files_with(texts)[PAGE], texts)


@pytest.mark.parametrize("turn", [*TURNS][::4])
def test_three_quotes_hold_every_text_too(turn: int) -> None:
    texts = mixed(turn)
    spelled = {
        name: in_three_quotes(text)
        for name, text in texts.items()
        if BY_NAME[name].shape is Shape.TEXT and not is_trimmed(text)
    }
    kept = {name: texts[name] for name in spelled}
    document, said = read(spelled_files(spelled))

    assert document is not None, said
    assert len(kept) > len(texts) / 2
    expect(document, kept)
    expect_kept(spelled_files(spelled)[PAGE], kept)


def is_trimmed(text: str) -> bool:
    """Tell whether three quotes would take from a text: an indent, or CR from a line end."""
    return dedent(text) != text or text.rpartition("\n")[2].isspace() or "\r\n" in text


@pytest.mark.parametrize("text", [*CONTROLS, *BIDI], ids=ascii)
def test_what_would_hide_something_is_refused_where_it_stands(text: str) -> None:
    """Only the tabulator and line ends are as they look."""
    fields = [field for field in FIELDS if field.free and field.file == PAGE]
    document, said = read(spelled_files({field.name: raw(text) for field in fields}))
    lines = {error.span.line for error in said if error.span}

    if text in {"a\tb", "a\nb"}:
        expect(document, {field.name: text for field in fields})
        return
    assert document is None
    # a carriage return makes a text that ends on its line one that does not
    if "\r" in text:
        assert lines
        assert lines <= set(map(line_of, fields))
    else:
        assert lines == set(map(line_of, fields))
        assert {error.code for error in said} == {Code.CONTROL_CHARACTER}


@pytest.mark.parametrize("escape", [r"\u{0}", r"\u{d800}", r"\u{110000}", r"\x1b", r"\0"])
def test_no_escape_lets_in_what_cannot_be(escape: str) -> None:
    fields = [field for field in FIELDS if field.shape is Shape.TEXT and field.file == PAGE]
    document, said = read(spelled_files({field.name: f'"a{escape}b"' for field in fields}))

    assert document is None
    assert {
        error.span.line for error in said if error.code is Code.UNKNOWN_ESCAPE and error.span
    } == set(map(line_of, fields))


@pytest.mark.parametrize("text", NEVER, ids=ascii)
def test_nor_do_bytes(text: str, tmp_path: Path) -> None:
    path = tmp_path / PAGE
    page = files_with({})[PAGE].replace("Look at it.", text)
    path.write_bytes(page.encode("utf-8", "surrogatepass"))
    report = Report()

    assert resolve(str(path), report) is None
    assert [error.code for error in report.sorted()] == [Code.NOT_TEXT]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(
            (BY_NAME[name], text)
            for name in sorted(FITTED)
            if ".path" in name
            for text in ("", "a/b")
        ),
        *((BY_NAME[name], "a b") for name in sorted(FITTED) if ".globs" in name),
        *((BY_NAME[name], 'a" b') for name in sorted(FITTED) if ".arguments" in name),
        *((BY_NAME[name], " \n") for name in sorted(FITTED) if name.startswith("file.value")),
        (BY_NAME["Placed.place"], "nowhere"),
    ],
    ids=lambda value: value.name if isinstance(value, Field) else ascii(value),
)
def test_what_a_field_does_not_take_is_refused_where_it_stands(field: Field, text: str) -> None:
    main = PAGE if field.file == PAGE else AMENDING
    document, said = read(files_with({field.name: text}), main)

    if field.name.startswith("Option.default"):
        assert document is not None  # an option is a text; whoever writes it out has to look
        return
    assert document is None
    assert {error.span.line for error in said if error.span} == {line_of(field)}


@pytest.mark.parametrize("family", FAMILIES)
def test_an_inventory_gives_every_name_of_a_host_back(family: str, tmp_path: Path) -> None:
    path = tmp_path / "hosts.json"
    names = list(dict.fromkeys(f"n{text[:90]}" for text in FAMILIES[family]))
    path.write_text(inventory(names), encoding="utf-8")

    found = read_inventory(str(path))

    assert [host.name for host in found.hosts["host"]] == names


def expect(document: Document | None, texts: Mapping[str, str]) -> None:
    """Assert that a document holds these texts in its fields."""
    assert document is not None
    for name, text in texts.items():
        field = BY_NAME[name]
        assert field.read is not None
        assert field.read(document) == field.kept(text), name


def expect_kept(source: str, texts: Mapping[str, str]) -> None:
    """Assert that the formatter changes no text, and changes nothing that it has written."""
    first = parsed(source)
    form = canonical(first)
    again = parsed(form)
    document, _ = read({PAGE: form})

    assert canonical(again) == form
    expect(document, texts)


def parsed(text: str) -> tree.File:
    """Return the syntax tree of a text without mistakes."""
    report = Report()
    file = parse(Source("page.req", "page.req", text), report)
    assert not report.failed
    return file
