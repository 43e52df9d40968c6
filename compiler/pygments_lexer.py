"""A Pygments lexer for the req language; Pygments finds it by its entry point."""

from __future__ import annotations

from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups, default, include, words
from pygments.token import (
    Comment,
    Error,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Whitespace,
    _TokenType,
)

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_FULL_ID = rf"{_NAME}(?:\.{_NAME})?"
_WORD = r"[A-Za-z0-9_](?:[A-Za-z0-9_.+/%:~-]*[A-Za-z0-9_%+])?"
_NAME_ENDS = r"(?![A-Za-z0-9_-])"
_WORD_ENDS = r"(?![.+/%:~-]*[A-Za-z0-9_%+])"
_ROLE = r"[A-Za-z_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?"  # in `a->b` the dash belongs to the arrow
_RELATION = r"[<>=!]=|[<>=]"
_ARROW = r"<->|->"
_BLANK = r"[ \t\r]+"

# A statement, a detail or a part of a group begins a line or stands behind `;` or `{`.
_START = r"(?:^|(?<=[;{]))([ \t]*)"
_LEVEL = r"(?:(must|should)(?:([ \t]+)(not))?|(may))"
_CONTINUED = rf"\n(?=(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*(?:and|or){_NAME_ENDS})"

_HEX = "[0-9A-Fa-f]"
_ESCAPE = (
    r'\\(?:["\\nt]'
    rf"|u\{{(?!0+\}})(?!0*[dD][89A-Fa-f]{_HEX}{{2}}\}})(?:10{_HEX}{{4}}|0?{_HEX}{{1,5}})\}})"
)
_NO_ESCAPE = rf"\\(?:u\{{{_HEX}{{1,6}}\}}|[^\n]|$)"
# Control characters, and marks that change the order in which a line is shown.
_HIDDEN = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"

_NUMBERS = "|".join(
    (
        r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:/[0-9]{1,2})?",  # an address or a network
        rf"{_HEX}{{1,4}}(?::{_HEX}{{0,4}}){{2,7}}(?:/[0-9]{{1,3}})?",
        r"[0-9]+[KMGT]i?B",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        r"[0-9]+-[0-9]+",
        r"v?[0-9]+(?:\.[0-9]+)+(?:-[0-9]+(?:\.[0-9]+)*)?",
    )
)


def _groups(*tokens: _TokenType) -> Any:  # noqa: ANN401  # what Pygments calls, which has no type
    return bygroups(*tokens)  # type: ignore[no-untyped-call]  # the stubs give it none


def _begins(token: _TokenType, *keywords: str) -> tuple[str, Any]:
    """Return the first two parts of a rule for a statement or a detail by its keyword."""
    return rf"{_START}({'|'.join(keywords)}){_NAME_ENDS}", _groups(Whitespace, token)


def _one(token: _TokenType, shape: str = _NAME) -> list[Any]:
    """Return the rules of a state that reads one word."""
    return [(_BLANK, Whitespace), (shape, token, "#pop"), default("#pop")]


def _several(token: _TokenType, shape: str = _NAME) -> list[Any]:
    """Return the rules of a state that reads words with commas between them."""
    more = (rf"({shape})([ \t]*)(,)", _groups(token, Whitespace, Punctuation))
    return [include("space"), more, (shape, token, "#pop"), default("#pop")]


class ReqLexer(RegexLexer):
    """Tells apart what a `.req` file is made of; what the language refuses in a text is `Error`."""

    name = "req"
    aliases: ClassVar = ["req", "reqc"]
    filenames: ClassVar = ["*.req"]
    mimetypes: ClassVar = ["text/x-req"]

    tokens: ClassVar = {
        "root": [include("statement"), include("requirement"), include("anything")],
        "statement": [
            (*_begins(Keyword.Declaration, "section"), "section-head"),
            (*_begins(Keyword.Declaration, "source"), "source-head"),
            (*_begins(Keyword.Declaration, "option"), "option-head"),
            (*_begins(Keyword.Declaration, "spec"), "identity"),
            (*_begins(Keyword.Declaration, "fragment"), "product"),
            (*_begins(Keyword.Declaration, "role"), "role"),
            (*_begins(Keyword.Declaration, "default"), "option"),
            (*_begins(Keyword.Declaration, "remove", "retitle"), "ids"),
            (*_begins(Keyword.Declaration, "allow"), "code"),
            _begins(Keyword.Declaration, "req", "revision", "use", "amends", "ignore"),
        ],
        "requirement": [
            (
                rf"{_START}(?:(replace)([ \t]+))?{_LEVEL}([ \t]+)({_FULL_ID})([ \t]*)(:)",
                _groups(
                    Whitespace,
                    Keyword.Declaration,
                    Whitespace,
                    Keyword.Reserved,
                    Whitespace,
                    Keyword.Reserved,
                    Keyword.Reserved,
                    Whitespace,
                    Name.Label,
                    Whitespace,
                    Punctuation,
                ),
                "predicate",
            ),
        ],
        "predicate": [
            (_BLANK, Whitespace),
            (rf"not{_NAME_ENDS}", Operator.Word),
            (
                r"(all|any)([ \t]*)(\{)",
                _groups(Keyword, Whitespace, Punctuation),
                ("#pop", "group"),
            ),
            (_NAME, Name.Function, "#pop"),
            default("#pop"),
        ],
        "group": [
            (r"\}", Punctuation, "#pop"),
            (rf"{_START}(?=[A-Za-z_])", Whitespace, "predicate"),
            include("anything"),
        ],
        "anything": [
            include("space"),
            include("text"),
            (r"\{", Punctuation, "details"),
            (r",", Punctuation, "continued"),
            (r";", Punctuation),
            (r"\[", Punctuation, "list"),
            (rf"when{_WORD_ENDS}", Keyword, "condition"),
            (rf"on{_WORD_ENDS}", Keyword, "roles"),
            (
                rf"({_ROLE})([ \t]*)({_ARROW})([ \t]*)({_ROLE})",
                _groups(Name.Entity, Whitespace, Operator, Whitespace, Name.Entity),
            ),
            (rf"@{_NAME}(?::[0-9]+(?:-[0-9]+)?)?", Name.Decorator),
            (rf"{_ARROW}|{_RELATION}", Operator),
            include("value"),
            (_WORD, Name),
        ],
        "space": [
            (r"\n+", Whitespace),
            (_BLANK, Whitespace),
            (r"#", Comment.Single, "comment"),
        ],
        "comment": [
            (rf"[{_HIDDEN}]+", Error),
            (rf"[^\n{_HIDDEN}]+", Comment.Single),
            default("#pop"),
        ],
        # Takes the indent of the next line as well, so that no statement begins there.
        "continued": [include("space"), default("#pop")],
        "text": [(r'"""', String.Double, "long-text"), (r'"', String.Double, "short-text")],
        "long-text": [
            (r'\\(?=""")', Error),  # the quotes behind it end the text all the same
            (r'"""', String.Double, "#pop"),
            include("inside-text"),
            (r'["\n]', String.Double),
        ],
        "short-text": [
            (r'"', String.Double, "#pop"),
            (r"\n", Error, "#pop"),
            include("inside-text"),
        ],
        "inside-text": [
            (_ESCAPE, String.Escape),
            (_NO_ESCAPE, Error),
            (rf"[{_HIDDEN}]+", Error),
            (rf'[^"\\\n{_HIDDEN}]+', String.Double),
        ],
        "value": [
            (words(("true", "false"), suffix=_WORD_ENDS), Keyword.Constant),
            (rf"(?:{_NUMBERS}){_WORD_ENDS}", Number),
            (rf"[0-9]+{_WORD_ENDS}", Number.Integer),
        ],
        "list": [
            (r"\]", Punctuation, "#pop"),
            include("space"),
            include("text"),
            (r",", Punctuation),
            (r"\[", Punctuation, "#push"),
            (rf"{_ARROW}|{_RELATION}", Operator),
            include("value"),
            (_WORD, Literal),
        ],
        "condition": [(_CONTINUED, Whitespace), include("test"), default("#pop")],
        "parentheses": [(r"\)", Punctuation, "#pop"), (r"\n+", Whitespace), include("test")],
        "test": [
            (_BLANK, Whitespace),
            (r"#", Comment.Single, "comment"),
            (r"\(", Punctuation, "parentheses"),
            (r"\[", Punctuation, "list"),
            (_RELATION, Operator, "compared"),
            (rf"(?:and|or|not|in){_NAME_ENDS}", Operator.Word),
            (rf"(?!on[ \t]+[A-Za-z_]){_NAME}", Name.Variable),  # there the next clause begins
        ],
        "compared": [
            (_BLANK, Whitespace),
            (r'"', String.Double, ("#pop", "short-text")),
            (words(("true", "false"), suffix=_WORD_ENDS), Keyword.Constant, "#pop"),
            (rf"(?:{_NUMBERS}|[0-9]+){_WORD_ENDS}", Number, "#pop"),
            (_WORD, Literal, "#pop"),
            default("#pop"),
        ],
        "section-head": [
            (_BLANK, Whitespace),
            (_NAME, Name.Class),
            include("text"),
            (r"\{", Punctuation, ("#pop", "section")),
            default("#pop"),
        ],
        "section": [
            (r"\}", Punctuation, "#pop"),
            include("requirement"),
            include("anything"),
        ],
        "details": [
            (r"\}", Punctuation, "#pop"),
            (*_begins(Keyword, "where"), "predicate"),
            (*_begins(Keyword, "was"), "ids"),
            (*_begins(Keyword, "allow"), "code"),
            _begins(
                Keyword, "title", "because", "note", "fix", "see", "erratum", "deprecated", "at"
            ),
            (rf"intended{_WORD_ENDS}", Keyword, "predicate"),
            include("anything"),
        ],
        "source-head": [
            (_BLANK, Whitespace),
            (_NAME, Name.Namespace),
            include("text"),
            (r"\{", Punctuation, ("#pop", "fields")),
            default("#pop"),
        ],
        "fields": [
            (r"\}", Punctuation, "#pop"),
            _begins(Keyword, "title", "url", "revision", "sha256"),
            include("anything"),
        ],
        "option-head": [
            (_BLANK, Whitespace),
            (_NAME, Name.Variable),
            (r":", Punctuation, ("#pop", "option-type")),
            default("#pop"),
        ],
        "option-type": [
            (_BLANK, Whitespace),
            (r"\|", Punctuation),
            (_RELATION, Operator),
            include("text"),
            (
                words(("bool", "int", "port", "version", "string", "cidr"), suffix=_WORD_ENDS),
                Keyword.Type,
            ),
            include("value"),
            (_WORD, Literal),
            default("#pop"),
        ],
        "identity": [
            (_BLANK, Whitespace),
            (rf"on{_NAME_ENDS}", Keyword, ("#pop", "product")),
            (rf"({_NAME})([ \t]+)({_WORD})", _groups(Name.Namespace, Whitespace, Number)),
            default("#pop"),
        ],
        "product": _one(Name.Namespace),
        "role": _one(Name.Entity),
        "option": _one(Name.Variable),
        "code": _one(Name.Constant, _WORD),
        "roles": _several(Name.Entity),
        "ids": _several(Name.Label, _FULL_ID),
    }
