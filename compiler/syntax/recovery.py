"""Goes on after a mistake, so that one reading of a file finds all of them.

Panic mode: the stacks of the parser are unwound to the innermost list of statements, requirements,
details or parts that is open, the text is skipped to the end of the line that failed (with all the
braces it opened), and parsing resumes there.
"""

from __future__ import annotations

import re

from lark import Token, UnexpectedInput
from lark.lexer import LineCounter
from lark.parsers.lalr_interactive_parser import InteractiveParser

STATEMENTS = frozenset(
    {"REQ", "SPEC", "FRAGMENT", "REVISION", "USE", "SOURCE", "OPTION", "ROLE", "SECTION"}
)
LEVELS = frozenset({"MUST", "SHOULD", "MAY"})

_END = "$END"
_BRACKETS = {"LSQB", "LPAR"}
_PIECE = re.compile(
    r'"""[\s\S]*?"""|"""|"(?:[^"\\\r\n]|\\[^\r\n])*"|#[^\r\n]*|[{}\[\]();\n]',
)


def recover(mistake: UnexpectedInput, parser: InteractiveParser, text: str) -> None:
    """Bring the parser to a state and its lexer to a place from which both can go on."""
    token: Token | None = getattr(mistake, "token", None)
    brackets = _unwind(parser)
    if token is not None and token.type == _END:
        _close_blocks(parser, _END)
        _move(parser, len(text))
    elif token is not None and begins_statement(token, text):
        _close_blocks(parser, token.type)
        _separate(parser, token.type)
        _move(parser, token.start_pos or 0)
    elif token is not None and brackets and begins_line(token, text) and token.type in LEVELS:
        _separate(parser, token.type)
        _move(parser, token.start_pos or 0)
    else:
        offset = mistake.pos_in_stream if token is None else token.start_pos
        _move(parser, skip(text, offset or 0, brackets, inside="RBRACE" in acceptable(parser)))


def acceptable(parser: InteractiveParser) -> set[str]:
    """Return the names of the tokens that the parser could take next."""
    accepted: set[str] = parser.accepts()  # type: ignore[no-untyped-call]  # lark has no types here
    return accepted


def begins_line(token: Token, text: str) -> bool:
    """Tell whether nothing but blanks stands before the token on its line."""
    start = token.start_pos or 0
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def begins_statement(token: Token, text: str) -> bool:
    """Tell whether a token at the left margin can only begin a statement of the file.

    Where it is a mistake, a brace before it was not closed.
    """
    start = token.start_pos or 0
    return token.type in STATEMENTS and (start == 0 or text[start - 1] == "\n")


def _unwind(parser: InteractiveParser) -> int:
    """Drop the unfinished item; return how many brackets it had open."""
    state, brackets = parser.parser_state, 0
    while not _in_list(acceptable(parser)):
        state.state_stack.pop()
        dropped = state.value_stack.pop()
        brackets += isinstance(dropped, Token) and dropped.type in _BRACKETS
    return brackets


def _in_list(accepted: set[str]) -> bool:
    return "_NEWLINE" in accepted and not accepted.isdisjoint({"RBRACE", _END})


def _close_blocks(parser: InteractiveParser, wanted: str) -> None:
    """Close the blocks that are open until a statement, or the end of the file, may follow."""
    while "RBRACE" in acceptable(parser):
        parser.feed_token(Token("RBRACE", "}", _position(parser).char_pos))
        if wanted not in acceptable(parser) and "RBRACE" not in acceptable(parser):
            _separate(parser, wanted)


def _separate(parser: InteractiveParser, wanted: str) -> None:
    if wanted not in acceptable(parser):
        parser.feed_token(Token("_NEWLINE", "\n"))


def _move(parser: InteractiveParser, offset: int) -> None:
    """Make the lexer go on at `offset`; spans are made of offsets, so its lines do not matter."""
    _position(parser).char_pos = offset


def _position(parser: InteractiveParser) -> LineCounter:
    state = parser.lexer_thread.state
    if state is None:
        message = "the parser was made without a text"
        raise AssertionError(message)
    return state.line_ctr


def skip(text: str, offset: int, brackets: int, *, inside: bool) -> int:
    """Return where the item that failed at `offset` ends: before its newline or closing brace.

    Braces and brackets that the rest of the item opens are skipped with what they hold, and so is
    a block whose brace stands on the next line. `inside` says that a closing brace ends a block
    that is open, and not one that the item opened.
    """
    braces = 0
    for piece in _PIECE.finditer(text, offset):
        match piece[0]:
            case '"""':
                return len(text)
            case "{":
                braces += 1
            case "}" if braces:
                braces -= 1
            case "}" if inside:
                return piece.start()
            case "[" | "(":
                brackets += 1
            case "]" | ")":
                brackets = max(0, brackets - 1)
            case "\n" | ";" if not braces and not brackets and not _opens(text, piece.end()):
                return piece.start()
    return len(text)


def _opens(text: str, offset: int) -> bool:
    while offset < len(text) and text[offset] in " \t\r\n":
        offset += 1
    return text[offset : offset + 1] == "{"
