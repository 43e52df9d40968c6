"""The Pygments lexer colours what the compiler reads, and loses no character."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import Comment, Error, Keyword, Name, Operator, String, _TokenType

from reqc.compiler.diagnostics import Report
from reqc.compiler.pygments_lexer import ReqLexer
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax.strings import unescaped
from tests.editor.parsed import KEYWORDS, Part, joined, parsed, shown
from tests.editor.texts import BLOCKS, FILES, SAMPLE, SOUND, UNSOUND

LEXER = ReqLexer()
ROLES = (
    (Comment, "comment"),
    (String, "text"),
    (Name.Decorator, "citation"),
    (Name.Function, "kind"),
    (Name.Label, "requirement"),
    (Name.Variable, "option"),
    (Operator.Word, "keyword"),
    (Operator, "sign"),
    (Keyword.Constant, ""),
    (Keyword.Type, ""),
    (Keyword, "keyword"),
)


def coloured(text: str) -> Iterator[Part]:
    """Yield the parts of a text in the roles that the lexer gives them."""
    for start, token, value in LEXER.get_tokens_unprocessed(text):
        role = next((role for kind, role in ROLES if token in kind), "")
        if role:
            yield Part(start, start + len(value), role)


def errors(text: str) -> list[str]:
    found = LEXER.get_tokens_unprocessed(text)
    return [value for _, token, value in found if token is Error]


@pytest.mark.parametrize("text", SOUND.values(), ids=SOUND)
def test_the_roles_are_those_of_the_parser(text: str) -> None:
    actual = shown(joined(coloured(text), text), text)

    assert actual == shown(joined(parsed(text), text), text)


def test_the_sample_has_every_keyword() -> None:
    used = {SAMPLE[part.start : part.end] for part in parsed(SAMPLE) if part.role == "keyword"}

    assert used == set(KEYWORDS.values())


@pytest.mark.parametrize("text", [*FILES.values(), *BLOCKS.values()], ids=[*FILES, *BLOCKS])
def test_what_is_sound_has_no_error(text: str) -> None:
    assert errors(text) == []


@given(st.text(alphabet=st.sampled_from('must a.b: any{}"\\\n\r\t#;,@=<->1[]()u{e9}\x1b\u202e')))
@example(SAMPLE)
@example("\r\n".join(SAMPLE.split("\n")))
def test_no_character_is_lost(text: str) -> None:
    tokens: list[tuple[int, _TokenType, str]] = list(LEXER.get_tokens_unprocessed(text))

    assert "".join(value for _, _, value in tokens) == text


@pytest.mark.parametrize("text", UNSOUND.values(), ids=UNSOUND)
def test_no_character_of_a_wrong_file_is_lost(text: str) -> None:
    assert "".join(value for _, _, value in LEXER.get_tokens_unprocessed(text)) == text


CODE_POINTS = st.one_of(
    st.integers(0, 0x10FFFF),
    st.integers(0xD700, 0xE100),
    st.integers(0x10FF00, 0xFFFFFF),
)


@given(
    st.one_of(
        st.builds("\\u{{{:x}}}".format, CODE_POINTS),
        st.builds("\\u{{{:06X}}}".format, CODE_POINTS),
        st.builds("\\{}".format, st.characters(exclude_characters="\n\r", codec="utf-8")),
    ).filter(lambda text: text != '\\"')
)
@example("\\u{}")
@example("\\u{1234567}")
@example("\\u00e9")
def test_an_escape_is_an_error_where_the_compiler_refuses_it(escape: str) -> None:
    report = Report()
    text = f'"{escape}"'
    unescaped(Span(Source("a.req", "a.req", text), 1, len(text) - 1), report)

    refused = [item.span for item in report.sorted()]
    expected = [escape[: refused[0].end - refused[0].start]] if refused and refused[0] else []
    assert [value for value in errors(text) if value.startswith("\\")] == expected


@pytest.mark.parametrize(
    "text",
    ['"no end\n', '"""no end', '"""a \\"""', '"\\"', "a ! b", "$", '"\x1b[1m"', "# \u202e"],
)
def test_what_is_refused_or_unfinished_ends_nothing_else(text: str) -> None:
    follow = "\nmust kernel: kernel >= 3.10\n"
    tokens = list(LEXER.get_tokens_unprocessed(text + follow))

    assert "".join(value for _, _, value in tokens) == text + follow
    if not text.startswith('"""no'):
        assert (Name.Function, "kernel") in [(token, value) for _, token, value in tokens]
        assert errors(text + follow) or text == '"\\"'


def test_the_tokens_of_the_sample(golden: Callable[[Path, str], None]) -> None:
    lines = [f"{str(token)[6:]:<22} {value!r}\n" for token, value in LEXER.get_tokens(SAMPLE)]

    golden(Path(__file__).with_name("sample.pygments.txt"), "".join(lines))


def test_pygments_finds_it() -> None:
    assert type(get_lexer_by_name("req")).__name__ == "ReqLexer"
    assert type(get_lexer_for_filename("v3.24-openshift.req")).__name__ == "ReqLexer"
