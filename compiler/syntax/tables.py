"""The parser's tables, made once from the grammar: making them takes longer than reading a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

import lark
from lark import Lark, Token
from lark.grammar import Rule
from lark.lexer import TerminalDef

GRAMMAR: Final = "reqc.lark"
TABLES: Final = "tables.json"

LexerCallbacks = Mapping[str, Callable[[Token], Token]]

_OURS: Final = ("lexer_callbacks", "transformer")
"""The options of a parser that are functions, and no data."""


def parser(transformer: object, callbacks: LexerCallbacks) -> Lark:
    """Return the parser of the language.

    Tables of another grammar or of another release of lark are left alone; then new ones are made.
    """
    folder = files("reqc.grammar")
    grammar = (folder / GRAMMAR).read_text(encoding="utf-8")
    saved = folder / TABLES
    if saved.is_file():
        found = json.loads(saved.read_text(encoding="utf-8"), object_pairs_hook=_numbered)
        if found["made_from"] == _made_from(grammar):
            loaded: Lark = Lark._load_from_dict(  # type: ignore[no-untyped-call]  # noqa: SLF001  # Lark.load reads pickles only
                found["data"], found["memo"], transformer=transformer, lexer_callbacks=callbacks
            )
            return loaded
    return Lark(grammar, parser="lalr", transformer=transformer, lexer_callbacks=dict(callbacks))


def written() -> str:
    """Return the tables of the grammar as the text of their file."""
    grammar = (files("reqc.grammar") / GRAMMAR).read_text(encoding="utf-8")
    data, memo = Lark(grammar, parser="lalr").memo_serialize([TerminalDef, Rule])
    data["options"] = {name: value for name, value in data["options"].items() if name not in _OURS}
    tables = {"made_from": _made_from(grammar), "data": data, "memo": memo}
    return json.dumps(tables, separators=(",", ":"), sort_keys=True) + "\n"


def _made_from(grammar: str) -> dict[str, str]:
    release = ".".join(lark.__version__.split(".")[:2])
    return {"lark": release, "sha256": sha256(grammar.encode()).hexdigest()}


def _numbered(pairs: Sequence[tuple[str, Any]]) -> dict[str | int, Any]:
    """Return an object as a dictionary; JSON has no numbers as keys, the tables have."""
    return {int(key) if key.isdigit() else key: value for key, value in pairs}
