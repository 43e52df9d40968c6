"""Syntax mistakes in the words of the person who made them."""

from __future__ import annotations

import unicodedata

from reqc.compiler.diagnostics import Code, Diagnostic, Label, Severity, help_for
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.automaton import Automaton, UnexpectedError
from reqc.compiler.syntax.lexer import Token
from reqc.compiler.syntax.recovery import (
    LEVELS,
    STATEMENTS,
    begins_line,
    begins_requirement,
    begins_statement,
    innermost_opening,
    place,
    wrongly_closed,
)
from reqc.compiler.syntax.tables import END

SOURCE_FIELDS = ("title", "url", "revision", "sha256")

_WORDS = {
    "NAME": "a name",
    "ALLOW": "a name",
    "WORD": "a value",
    "STRING": "a text in quotes",
    "LONG_STRING": "a text in quotes",
    "RELATION": "a comparison",
    "ARROW": "an arrow",
    "CITATION": "a citation",
    "COLON": "`:`",
    "COMMA": "`,`",
    "VBAR": "`|`",
    "LBRACE": "`{`",
    "RBRACE": "`}`",
    "LBRACKET": "`[`",
    "RBRACKET": "`]`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "_NEWLINE": "the end of the line",
    "SEMICOLON": "",
    END: "the end of the file",
}
_GROUPS = (
    ({"ALL", "ANY", "NOT", "NAME"}, "a kind"),
    ({"ARROW", "LBRACKET", "LONG_STRING", "RELATION", "STRING", "WORD"}, "an argument"),
    ({"CITATION", "ON", "WHEN"}, "a clause such as `when`"),
    ({"AND", "OR"}, "a joining `and` or `or`"),
)
_MOST_EXPECTED = 5
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def explain(mistake: UnexpectedError, parser: Automaton, source: Source) -> Diagnostic:
    """Return what is wrong at the place where the parser could not go on."""
    token = mistake.token
    accepted = parser.accepts()
    if token is None:
        return _character(place(mistake, source.text), accepted, source)
    unpaired = _unpaired(token, parser, source)
    if unpaired is not None:
        return unpaired
    span = _span(token, source)
    if token.type == "_NEWLINE":
        here = Span(source, span.start, span.start)
        message = "the line ends too early"
        return _error(Code.SYNTAX, message, here, here=f"expected {expected(accepted)}")
    other = _misplaced(token, span, accepted) or _misspelt(token, span, accepted)
    if other is not None:
        return other
    written = "the end of the file" if token.type == END else f"`{token}`"
    return _error(Code.SYNTAX, f"unexpected {written}", span, here=f"expected {expected(accepted)}")


def _unpaired(token: Token, parser: Automaton, source: Source) -> Diagnostic | None:
    """Recognise a brace or bracket that is not closed, not opened, or closed by another sign."""
    opening = innermost_opening(parser)
    if opening is None:
        span = _span(token, source)
        wrong = token.type == "RBRACE"
        message = "`}` closes nothing"
        return _error(Code.UNCLOSED_BRACE, message, span, help="remove it") if wrong else None
    if _ends(opening, token, parser, source.text):
        return _unclosed(opening, token, source)
    brace = wrongly_closed(token, parser, source.text)
    if brace is None:
        return None
    message = f"`{token}` does not close `{brace}`"
    label = Label(_span(brace, source), "opened here")
    span = _span(token, source)
    return _error(Code.UNCLOSED_BRACE, message, span, labels=(label,), help="write `}`")


def _character(offset: int, accepted: set[str], source: Source) -> Diagnostic:
    character = source.text[offset]
    span = Span(source, offset, offset + 1)
    if character == '"':
        long = source.text.startswith('"""', offset)
        end = len(source.line(span.line)) - span.column + 1 + offset
        help_text = (
            'close it with """'
            if long
            else 'close it with "; a text of several lines stands between """'
        )
        return _error(
            Code.UNCLOSED_TEXT, "a text is never closed", Span(source, offset, end), help=help_text
        )
    if unicodedata.category(character) in {"Cc", "Cf"}:
        message = f"control character U+{ord(character):04X}"
        return _error(Code.CONTROL_CHARACTER, message, span, help="remove it")
    return _error(
        Code.SYNTAX,
        f"unexpected character `{character}`",
        span,
        here=f"expected {expected(accepted)}",
    )


def _unclosed(opening: Token, token: Token, source: Source) -> Diagnostic:
    closing = _CLOSING[opening]
    return _error(
        Code.UNCLOSED_BRACE,
        f"`{opening}` is never closed",
        _span(opening, source),
        labels=(Label(_span(token, source), f"expected `{closing}` before this"),),
        help=f"add `{closing}`",
    )


def _misplaced(token: Token, span: Span, accepted: set[str]) -> Diagnostic | None:
    if token.type in STATEMENTS and accepted >= LEVELS:
        message = f"`{token}` cannot stand in a section"
        return _error(Code.MISPLACED_STATEMENT, message, span, help="move it out of the section")
    if token.type in LEVELS and accepted >= STATEMENTS:
        message = f"`{token}` cannot stand outside of a section"
        help_text = 'write it in `section NAME "title" { … }`'
        return _error(Code.MISPLACED_STATEMENT, message, span, help=help_text)
    return None


def _misspelt(token: Token, span: Span, accepted: set[str]) -> Diagnostic | None:
    """Recognise an unknown word where only certain keywords can stand."""
    for terminals, words, what in (
        (STATEMENTS, [*map(str.lower, STATEMENTS)], "statement"),
        (LEVELS, [*map(str.lower, LEVELS)], "requirement level"),
        ({"BECAUSE"}, [*tree.DETAILS], "detail"),
        ({"SHA256"}, [*SOURCE_FIELDS], "field of a source"),
    ):
        if terminals <= accepted and str(token)[:1].isalpha():
            return _error(
                Code.SYNTAX,
                f"`{token}` begins no {what}",
                span,
                help=help_for(str(token), words, f"a {what} begins with one of"),
            )
    return None


def expected(accepted: set[str]) -> str:
    """Return what may stand here, in words: `a name, a text in quotes or the end of the line`."""
    found = set()
    for names, group in _GROUPS:
        if names <= accepted:
            accepted = accepted - names - {"ALLOW"}  # a kind like others, where kinds may stand
            found.add(group)
    found |= {_WORDS.get(name, f"`{name.lower()}`") for name in accepted}
    words = sorted(found - {""}, key=lambda word: (word.startswith("`"), word))
    if len(words) > _MOST_EXPECTED:
        words = [word for word in words if not word.startswith("`")] or words[:_MOST_EXPECTED]
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _ends(opening: Token, token: Token, parser: Automaton, text: str) -> bool:
    """Tell whether the token can only stand behind what was opened, so that nobody closed it."""
    if token.type == END or begins_statement(token, text):
        return True
    if opening == "{":
        in_block = "RBRACE" in parser.accepts() and not parser.accepts() >= LEVELS
        return in_block and begins_requirement(token, parser, text)
    ends = {"RBRACE", *map(str.upper, tree.DETAILS)} | LEVELS | STATEMENTS
    return token.type in ends and begins_line(token, text)


def _span(token: Token, source: Source) -> Span:
    if token.type == END:
        end = len(source.text.rstrip())
        return Span(source, end, end)
    start = token.start
    return Span(source, start, start + len(token))


def _error(  # noqa: PLR0913  # the parts of a message
    code: Code,
    message: str,
    span: Span,
    *,
    here: str = "",
    labels: tuple[Label, ...] = (),
    help: str = "",  # noqa: A002  # the word that is printed
) -> Diagnostic:
    return Diagnostic(Severity.ERROR, code, message, span, here, labels, help)
