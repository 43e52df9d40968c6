"""Pairs of documents to read: one with plain words in all its texts, one with hostile texts there.

A text may be one that a target refuses or leaves out the requirement of, and says so. Then the
fields of that requirement get their plain words back, so that the rest is still compared.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Final

from reqc.backends.base import Output
from reqc.compiler.conditions import spelled
from reqc.compiler.lowered import LoweredDocument
from tests.injection.documents import BY_NAME, FIELDS, PAGE, TEMPLATES, Field, Shape
from tests.injection.mixing import deployed, meant, mixed, rendered
from tests.injection.readers import Swap, tame

CONTENTS: Final = ("file.value content", "Option.default file.value content")
"""Fields whose text is a whole file, of which targets refuse what does not end with a line."""

LINKS: Final = ("Remark.text see", "SourceField.value url")
"""Fields whose text is a link where it is an address of the web, as test_markup.py has it."""

LINES: Final = tuple(
    field.name
    for field in FIELDS
    if "file.value" in field.name and "owner" not in field.name and field.name not in CONTENTS
)
"""Fields whose text are lines of a file."""

TEXTS: Final = tuple(
    field
    for field in FIELDS
    if field.file == PAGE and field.shape is Shape.TEXT and not field.refuses
)
"""The quoted fields of the page."""

MOST: Final = 1_000
"""Characters of a text that stands among many; longer ones have tests of their own."""

_NUMBERS: Final = {field.name: number for number, field in enumerate(FIELDS)}
Texts = Mapping[str, str]


def word(field: Field) -> str:
    """Return an ordinary word for a field, which no other one has.

    The sign at its end makes the language quote it wherever it quotes texts that are no words.
    """
    return taken(field, field.fit(_own(field)))


def taken(field: Field, text: str) -> str:
    """Return the text nearest to one of a field that targets take as well."""
    if field.name in CONTENTS:
        return f"{text.replace(chr(13), ' ').rstrip(chr(10))}\n"
    # image-based systems keep nothing below /srv
    return re.sub("^/srv/", "/etc/", text)


def turned(turn: int) -> dict[str, str]:
    """Return a hostile text for every field; in all turns each has one of every family."""
    return of_quoted_fields(mixed(turn))


def of_quoted_fields(texts: Texts) -> dict[str, str]:
    """Return the texts of quoted fields, as targets take them, and short enough to read often."""
    found = {
        field.name: taken(field, _cut(field, texts[field.name]))
        for field in TEXTS
        if field.name in texts
    }
    for name in ("unmanaged.globs", "argument.arguments"):
        if found.get(name) == found.get(f"Option.default {name}"):
            found.pop(name, None)  # a list that two ask for has each item once
    if not found.get("Revision.value"):
        found.pop("Revision.value", None)  # headers say nothing of one that is empty
    return found


def _cut(field: Field, text: str) -> str:
    return text if len(text) <= MOST else field.fit(text[:MOST])


def _own(field: Field) -> str:
    return f"word{_NUMBERS[field.name]}w!"


_WORD: Final = r"word\d+w!"


def for_people(texts: Texts) -> dict[str, str]:
    """Return texts without blank ones, and lines of files one by one.

    Documents leave out what says nothing, show each line of a file by itself, put their own stop
    behind an instruction, and make links of nothing but addresses of the web.
    """
    return {name: _for_people(BY_NAME[name], text) for name, text in texts.items()}


def _for_people(field: Field, text: str) -> str:
    if field.name in CONTENTS:
        return " ".join(text.split() or "x") + "\n"
    if field.name in LINES:
        return " ".join(text.split() or "x")
    if field.name in {"Identity.title", "Section.title"}:
        text = text.strip()
    if field.name in LINKS and text.lower().startswith(("http://", "https://")):
        text = f"see {text}"
    if "instruction" in field.name:
        text = text.strip().rstrip(".")
    return text if text.strip() else taken(field, field.fit("x"))


def words(fields: Iterable[Field] = TEXTS) -> dict[str, str]:
    """Return the ordinary words of fields."""
    return {field.name: word(field) for field in fields}


def lowered(texts: Texts) -> LoweredDocument:
    """Return the page with texts in some fields, and words in the others."""
    return _lowered(tuple(sorted({**words(), **texts}.items())))


@lru_cache(maxsize=100)
def _lowered(texts: tuple[tuple[str, str], ...]) -> LoweredDocument:
    return deployed(meant(dict(texts)))


@cache
def plain_output(name: str, settings: tuple[tuple[str, str], ...]) -> Output:
    """Return what a target makes of the words."""
    output = rendered(name, lowered({}), **dict(settings))
    assert not output.refusals, output.refusals
    return output


@cache
def fields_of(requirement: str) -> tuple[str, ...]:
    """Return the fields whose texts decide what is required: `kinds.sysctl`, by its place."""
    section, _, name = requirement.partition(".")
    page = re.sub(
        "section «([^»]*)»", lambda mark: f"section {BY_NAME[mark[1]].usual}", TEMPLATES[PAGE]
    )
    (body,) = re.findall(rf"^section {section} .*?^}}", page, re.DOTALL | re.MULTILINE)
    (line,) = re.findall(rf"^  \w+ {name}: (.*)$", body, re.MULTILINE)
    options = re.findall(rf"\b({'|'.join(_options())})\b", line) if section == "chosen" else []
    marks = [mark for option in options for mark in _options()[option]]
    return (*re.findall("«([^»]*)»", line), *marks)


@cache
def _options() -> dict[str, list[str]]:
    lines = re.findall(r"^option (an?_\w+): (.*)$", TEMPLATES[PAGE], re.MULTILINE)
    return {name: re.findall("«([^»]*)»", rest) for name, rest in lines}


def settled(
    name: str, settings: tuple[tuple[str, str], ...], texts: Texts
) -> tuple[Output, dict[str, str]]:
    """Return what a target makes of texts, and those that are in it.

    A text that the target refuses, or leaves out and says so, is none of them.
    """
    kept = dict(texts)
    plain = {row.requirement for row in plain_output(name, settings).unsupported}
    while True:
        output = rendered(name, lowered(kept), **dict(settings))
        if output.refusals:
            assert not output.artifacts
        said = {row.requirement for row in output.refusals}
        said |= {row.other for row in output.refusals} - {None}
        said |= {row.requirement for row in output.unsupported} - plain
        assert None not in said, output.refusals
        gone = {field for requirement in said for field in fields_of(str(requirement))} & {*kept}
        if not said:
            return output, kept
        assert gone, (said, output.refusals, output.unsupported)
        for field in gone:
            del kept[field]


def swapping(texts: Texts, *, commands: bool = True) -> Swap:
    """Return what exchanges the words of fields for texts, in quotes where the language has them.

    It is told which sign stands for the language's quotes, as some formats have no `"`. Where there
    are `commands`, a word in single quotes is one of the shell, which has them where it needs them.
    """
    pairs: dict[str, str] = {}
    quoted: dict[str, str] = {}
    for name, text in texts.items():
        field = BY_NAME[name]
        mine, kept = word(field), field.kept(text)
        quoted[spelled(mine)] = spelled(kept)
        pairs[mine] = kept
        # what stands around it in this field may be gone elsewhere
        before, after = mine.split(_own(field))
        pairs[_own(field)] = kept[len(before) : len(kept) - len(after)]

    @cache
    def replacing(sign: str) -> tuple[re.Pattern[str], Texts]:
        known = quoted if sign == '"' else {tame(mine): text for mine, text in quoted.items()}
        every = {**pairs, **known}
        ordered = sorted(every, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, ordered)) or "(?!)"), every

    def swapped(text: str, sign: str = '"', /) -> str:
        pattern, every = replacing(sign)

        def exchanged(part: str) -> str:
            return pattern.sub(lambda found: every[found[0]], part)

        if commands and sign == '"':
            words = re.split(rf"'([^']*{_WORD}[^']*)'", text)
            inner = [shlex.quote(exchanged(one)) for one in words[1::2]]
            return "".join(
                f"{exchanged(one)}{more}"
                for one, more in zip_longest(words[::2], inner, fillvalue="")
            )
        return exchanged(text)

    return swapped
