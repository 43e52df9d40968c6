"""The saved tables of the parser are those of the grammar, and do what new ones do."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from lark import Lark, Token, UnexpectedInput

from reqc.compiler.syntax import tables
from tests.cli.command import SMALL

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").rglob("*.req"))


def made(*, anew: bool, monkeypatch: pytest.MonkeyPatch) -> Lark:
    if anew:
        monkeypatch.setattr(tables, "TABLES", "none.json")
    return tables.parser(None, {})


def test_the_saved_tables_are_of_this_grammar_and_lark() -> None:
    saved = json.loads((files("reqc.grammar") / tables.TABLES).read_text(encoding="utf-8"))

    assert saved["made_from"] == json.loads(tables.written())["made_from"], "run make docs"


def test_the_saved_tables_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(anew=False, monkeypatch=monkeypatch).source_path == "<deserialized>"
    assert made(anew=True, monkeypatch=monkeypatch).source_path != "<deserialized>"


def test_tables_of_another_grammar_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_made_from", lambda _: {"lark": "0", "sha256": ""})

    assert tables.parser(None, {}).source_path != "<deserialized>"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_both_read_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text(encoding="utf-8")

    saved = made(anew=False, monkeypatch=monkeypatch).parse(text)

    assert saved == made(anew=True, monkeypatch=monkeypatch).parse(text)


@pytest.mark.parametrize("at", range(0, len(SMALL), 7))
def test_both_refuse_the_same(at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{SMALL[:at]} ] {SMALL[at:]}"

    saved = outcome(made(anew=False, monkeypatch=monkeypatch), text)

    assert saved == outcome(made(anew=True, monkeypatch=monkeypatch), text)


def outcome(lark: Lark, text: str) -> object:
    """Return the tree of a text, or where it went wrong and what could have followed."""
    try:
        return lark.parse(text)
    except UnexpectedInput as mistake:
        expected = getattr(mistake, "accepts", None) or getattr(mistake, "allowed", None)
        return type(mistake), mistake.pos_in_stream, expected


def test_callbacks_are_called() -> None:
    seen: list[str] = []

    def remember(token: Token) -> Token:
        seen.append(str(token))
        return token

    tables.parser(None, {"COMMENT": remember}).parse(f"# above\n{SMALL}")

    assert seen == ["# above"]
