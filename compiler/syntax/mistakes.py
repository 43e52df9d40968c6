"""Syntax mistakes in the words of the person who made them."""

from __future__ import annotations

import unicodedata

from lark import Token, UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser

from reqc.compiler.diagnostics import Code, Diagnostic, Label, Severity, help_for
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax.recovery import (
    LEVELS,
    STATEMENTS,
    acceptable,
    begins_line,
    begins_requirement,
    begins_statement,
)

DETAILS = ("title", "where", "because", "note", "fix", "see", "erratum", "was", "deprecated")
SOURCE_FIELDS = ("title", "url", "revision", "sha256")

_WORDS = {
    "NAME": "a name",
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
    "LSQB": "`[`",
    "RBRACKET": "`]`",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "_NEWLINE": "the end of the line",
    "SEMICOLON": "",
    "$END": "the end of the file",
}
_MOST_EXPECTED = 5
_CLOSING = {"{": "}", "[": "]", "(": ")"}


def explain(mistake: UnexpectedInput, parser: InteractiveParser, source: Source) -> Diagnostic:
    """Return what is wrong at the place where the parser could not go on."""
    token: Token | None = getattr(mistake, "token", None)
    accepted = acceptable(parser)
    if token is None:
        return _character(mistake.pos_in_stream or 0, accepted, source)
    open_brace = _innermost(parser, "{")
    if open_brace is not None and (token.type == "$END" or begins_statement(token, source.text)):
        return _unclosed(open_brace, token, source)
    bracket = _innermost_bracket(parser)
    if bracket is not None and _ends_item(token, source.text):
        return _unclosed(bracket, token, source)
    if _in_block(accepted) and begins_requirement(token, parser, source.text) and open_brace:
        return _unclosed(open_brace, token, source)
    span = _span(token, source)
    if token.type == "RBRACE" and "RBRACE" not in accepted and open_brace is None:
        return _error(Code.UNCLOSED_BRACE, "`}` closes nothing", span, help="remove it")
    if token.type == "_NEWLINE":
        here = Span(source, span.start, span.start)
        message = "the line ends too early"
        return _error(Code.SYNTAX, message, here, here=f"expected {expected(accepted)}")
    other = _misplaced(token, span, accepted) or _misspelt(token, span, accepted)
    if other is not None:
        return other
    written = "the end of the file" if token.type == "$END" else f"`{token}`"
    return _error(Code.SYNTAX, f"unexpected {written}", span, here=f"expected {expected(accepted)}")


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
    if unicodedata.category(character) == "Cc":
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


def _in_block(accepted: set[str]) -> bool:
    """Tell whether a detail or a part of a group may begin or end here."""
    return "REMARK" in accepted or accepted >= {"ALL", "ANY", "RBRACE"} or "RBRACE" in accepted


def _misspelt(token: Token, span: Span, accepted: set[str]) -> Diagnostic | None:
    """Recognise an unknown word where only certain keywords can stand."""
    for terminals, words, what in (
        (STATEMENTS, [*map(str.lower, STATEMENTS)], "statement"),
        (LEVELS, [*map(str.lower, LEVELS)], "requirement level"),
        ({"BECAUSE"}, [*DETAILS], "detail"),
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
    words = sorted({_WORDS.get(name, f"`{name.lower()}`") for name in accepted} - {""})
    if len(words) > _MOST_EXPECTED:
        words = [word for word in words if not word.startswith("`")] or words[:_MOST_EXPECTED]
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _innermost(parser: InteractiveParser, openings: str) -> Token | None:
    """Return the innermost open token of those given."""
    values = parser.parser_state.value_stack
    found = (item for item in reversed(values) if isinstance(item, Token) and item in {*openings})
    return next(found, None)


def _innermost_bracket(parser: InteractiveParser) -> Token | None:
    """Return the innermost open bracket, if no brace is open within it."""
    found = _innermost(parser, "{[(")
    return found if found is not None and found != "{" else None


def _ends_item(token: Token, text: str) -> bool:
    """Tell whether the token is the end of the file, or a word or brace that begins a line.

    Where a bracket is still open, it was not closed on the lines before.
    """
    ends = {"$END", "RBRACE", "REMARK", "WHERE", "ERRATUM", "WAS", "DEPRECATED"}
    return token.type == "$END" or (
        token.type in ends | LEVELS | STATEMENTS and begins_line(token, text)
    )


def _span(token: Token, source: Source) -> Span:
    if token.type == "$END":
        end = len(source.text.rstrip())
        return Span(source, end, end)
    start = token.start_pos or 0
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
