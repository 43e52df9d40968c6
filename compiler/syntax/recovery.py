"""Goes on after a mistake, so that one reading of a file finds all of them.

Panic mode: the stacks of the parser are unwound to the innermost list of statements, requirements,
details or parts that is open, the text is skipped to the end of the line that failed (with all the
braces it opened), and parsing resumes there. The item that failed is dropped whole, because what is
left of it would only be misunderstood.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from reqc.compiler.syntax.automaton import Automaton, UnexpectedError
from reqc.compiler.syntax.lexer import Token
from reqc.compiler.syntax.tables import END

STATEMENTS = frozenset(
    {
        "REQ",
        "SPEC",
        "FRAGMENT",
        "REVISION",
        "USE",
        "SOURCE",
        "OPTION",
        "ROLE",
        "SECTION",
        "AMENDS",
        "REMOVE",
        "REPLACE",
        "DEFAULT",
        "RETITLE",
        "ALLOW",
        "IGNORE",
    }
)
LEVELS = frozenset({"MUST", "SHOULD", "MAY"})

_BRACKETS = {"LBRACKET", "LPAR"}
_DECLARING = {"OPTION", "ROLE", "SOURCE"}
_MISSPELT = re.compile(
    r"(?P<statement>[\w-]+)(?:[ \t]+(?:(?P<name>[A-Za-z_][\w-]*)|(?P<path>\")))?", re.ASCII
)
_PIECE = re.compile(
    r'"""[\s\S]*?"""|"""|"(?:[^"\\\r\n]++|\\[^\r\n])*+"|#[^\r\n]*|[{}\[\]();\n]',
)


def recover(mistake: UnexpectedError, parser: Automaton, text: str) -> str | None:
    """Bring the parser to a state and its lexer to a place from which both can go on.

    Return the name that the lost item declares, nothing for an item that declares none, and None
    for a statement that may have declared anything.
    """
    token = mistake.token
    offset = place(mistake, text)
    if token is not None and token.type == END:
        dropped = _unwind(parser, _begins_item)
        if not _brackets(dropped):
            _close_blocks(parser, END)
        parser.offset = len(text)
    elif token is not None and begins_statement(token, text):
        dropped = _unwind(parser, _begins_item)
        if not _brackets(dropped):
            _close_blocks(parser, token.type)
        _separate(parser, token.type)
        parser.offset = offset
    elif token is not None and wrongly_closed(token, parser, text) is not None:
        dropped = _unwind(parser, _begins_requirement)
        dropped.remove(next(item for item in dropped if item.type == "LBRACE"))
        _skip(parser, text, offset, dropped)
    elif token is not None and begins_requirement(token, parser, text):
        dropped = _unwind(parser, _begins_requirement)
        parser.offset = offset
    else:
        dropped = _unwind(parser, _begins_item)
        _skip(parser, text, offset, dropped)
    return _declared(dropped, text, offset) if parser.accepts() >= STATEMENTS else ""


def place(mistake: UnexpectedError, text: str) -> int:
    """Return the offset of a mistake; of three quotes that nothing closes, that of the first."""
    offset = mistake.offset
    unclosed = mistake.token is None and text.startswith('"""', offset - 2)
    return offset - 2 if unclosed else offset


def escape(token: Token, parser: Automaton, text: str) -> None:
    """Leave the requirement or statement in which `token`, just taken, was nested too deep."""
    dropped = _unwind(
        parser, lambda accepted: _begins_requirement(accepted) or accepted >= STATEMENTS
    )
    _skip(parser, text, token.start + len(token), dropped)


def begins_line(token: Token, text: str) -> bool:
    """Tell whether nothing but blanks stands before the token on its line."""
    start = token.start
    return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def begins_statement(token: Token, text: str) -> bool:
    """Tell whether a token at the left margin can only begin a statement of the file.

    Where it is a mistake, a brace before it was not closed.
    """
    start = token.start
    return token.type in STATEMENTS and (start == 0 or text[start - 1] == "\n")


def begins_requirement(token: Token, parser: Automaton, text: str) -> bool:
    """Tell whether a token that begins a line can only begin a requirement of the open section.

    Where it is a mistake, a brace or bracket before it was not closed.
    """
    values = parser.values
    in_section = any(isinstance(value, Token) and value.type == "SECTION" for value in values)
    return in_section and token.type in LEVELS and begins_line(token, text)


def innermost_opening(parser: Automaton) -> Token | None:
    """Return the last brace or bracket that is open."""
    values = parser.values
    tokens = (value for value in reversed(values) if isinstance(value, Token))
    return next((token for token in tokens if token.type in {"LBRACE", *_BRACKETS}), None)


def wrongly_closed(token: Token, parser: Automaton, text: str) -> Token | None:
    """Return the brace within the line of a requirement that a bracket seems to close."""
    opening = innermost_opening(parser)
    if opening is None or opening.type != "LBRACE" or token.type not in {"RPAR", "RBRACKET"}:
        return None
    between = text[opening.start : token.start]
    of_section = parser.accepts() >= LEVELS
    return opening if "\n" not in between and not of_section else None


def _unwind(parser: Automaton, until: Callable[[set[str]], bool]) -> list[Token]:
    """Drop the unfinished item, until the acceptable tokens are right; return its tokens.

    A statement or block that is complete as it stands is kept: only what follows it is wrong.
    """
    dropped: list[Token] = []
    if _complete(parser):
        return dropped
    while not until(parser.accepts()):
        parser.states.pop()
        value = parser.values.pop()
        if isinstance(value, Token):
            dropped.insert(0, value)
    return dropped


def _skip(parser: Automaton, text: str, offset: int, dropped: list[Token]) -> None:
    brackets = _brackets(dropped)
    braces = sum(item.type == "LBRACE" for item in dropped)
    end = skip(text, offset, brackets, braces, inside="RBRACE" in parser.accepts())
    if end == len(text):
        _close_blocks(parser, END)  # whatever would have closed them was skipped
    parser.offset = end


def _brackets(dropped: list[Token]) -> int:
    return sum(item.type in _BRACKETS for item in dropped)


def _declared(dropped: list[Token], text: str, offset: int) -> str | None:
    """Return the name that a lost statement declares; of a misspelt one, the word behind it."""
    if not dropped:
        found = _MISSPELT.match(text, offset)
        if found is None or found["path"]:
            return None if found else ""
        return found["name"] or found["statement"]
    keyword = dropped[0]
    if keyword.type in _DECLARING and len(dropped) > 1:
        return str(dropped[1])
    return None if keyword.type in {"USE", "AMENDS"} else str(keyword)


def _complete(parser: Automaton) -> bool:
    accepted = parser.accepts()
    last = parser.values[-1:]
    block = bool(last) and isinstance(last[0], Token) and last[0].type == "RBRACE"
    return "_NEWLINE" in accepted and (END in accepted or (block and "RBRACE" in accepted))


def _begins_requirement(accepted: set[str]) -> bool:
    # Behind `replace` a level may stand as well, but no section may end there.
    return accepted >= LEVELS | {"RBRACE"}


def _begins_item(accepted: set[str]) -> bool:
    """Tell whether a statement, requirement, detail, field or part of a group may begin."""
    return (
        accepted >= STATEMENTS
        or _begins_requirement(accepted)
        or not accepted.isdisjoint({"BECAUSE", "SHA256"})
        or accepted >= {"ALL", "ANY", "RBRACE"}
    )


def _close_blocks(parser: Automaton, wanted: str) -> None:
    """Close the blocks that are open until a statement, or the end of the file, may follow."""
    while "RBRACE" in parser.accepts():
        parser.take(Token("RBRACE", "}", parser.offset))
        if wanted not in parser.accepts() and "RBRACE" not in parser.accepts():
            _separate(parser, wanted)


def _separate(parser: Automaton, wanted: str) -> None:
    if wanted not in parser.accepts():
        parser.take(Token("_NEWLINE", "\n"))


def skip(text: str, offset: int, brackets: int, braces: int = 0, *, inside: bool) -> int:
    """Return where the item that failed at `offset` ends: before its newline or closing brace.

    Braces and brackets that the item opened, or opens in its rest, are skipped with what they hold,
    and so is a block whose brace stands on the next line. `inside` says that a closing brace ends a
    block that is open, and not one that the item opened.
    """
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
