"""The editor grammar, run by the engine of VS Code, colours what the compiler reads."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reqc.compiler.values import TYPES
from tests.editor.engine import GRAMMAR, Scoped, scopes
from tests.editor.parsed import KEYWORDS, Part, joined, parsed, shown
from tests.editor.texts import BLOCKS, FILES, SAMPLE, SOUND

CONFIGURATION = GRAMMAR.with_name("language-configuration.json")
ROLES = {
    "comment": "comment",
    "string": "text",
    "meta.citation": "citation",
    "support.function.kind": "kind",
    "entity.name.function.requirement": "requirement",
    "variable.other.option": "option",
    "keyword.operator.alternative": "",
    "keyword.operator.logical": "keyword",
    "keyword.operator": "sign",
    "keyword.other.unit": "",
    "keyword": "keyword",
}
UNFINISHED = {
    "text": '"no end',
    "escape": '"\\',
    "section": "section s",
    "brace": "section s {",
    "option": "option a:",
    "condition": "must a: b when",
    "group": "must a: any",
    "where": "must a: b { where }",
}


@pytest.fixture(scope="module")
def tokens() -> dict[str, list[Scoped]]:
    """Return the tokens of all texts, asked for at once because the engine takes time to start."""
    texts = {
        **SOUND,
        **{f"block {name}": text for name, text in BLOCKS.items()},
        **{f"unfinished {name}": f"{text}\n{AFTER}" for name, text in UNFINISHED.items()},
        "escapes": ESCAPES,
    }
    return dict(zip(texts, scopes(list(texts.values())), strict=True))


AFTER = "must kernel: kernel >= 3.10\n"
ESCAPES = '''"\\n\\t\\\\\\" \\u{e9} \\u{10FFFF} \\u{00D7FF}"
"\\a" "\\u00e9" "\\u{0}" "\\u{D800}" "\\u{110000}" "\\u{}" "\x1b"
"""\\n \\u{DFFF} \\"""
'''


def coloured(found: list[Scoped]) -> Iterator[Part]:
    for start, end, names in found:
        roles = (
            role
            for name in names
            for prefix, role in ROLES.items()
            if f"{name}.".startswith(f"{prefix}.")
        )
        role = next(roles, "")
        if role:
            yield Part(start, end, role)


@pytest.mark.parametrize("name", SOUND)
def test_the_roles_are_those_of_the_parser(name: str, tokens: dict[str, list[Scoped]]) -> None:
    text = SOUND[name]
    actual = shown(joined(coloured(tokens[name]), text), text)

    assert actual == shown(joined(parsed(text), text), text)


@pytest.mark.parametrize("name", [*FILES, "sample", *(f"block {block}" for block in BLOCKS)])
def test_what_is_sound_has_nothing_illegal(name: str, tokens: dict[str, list[Scoped]]) -> None:
    illegal = [names for _, _, names in tokens[name] if any("illegal" in part for part in names)]

    assert illegal == []


@pytest.mark.parametrize("name", UNFINISHED)
def test_what_is_unfinished_ends_with_its_line(name: str, tokens: dict[str, list[Scoped]]) -> None:
    behind = len(UNFINISHED[name]) + 1
    kinds = [
        start - behind
        for start, _, names in tokens[f"unfinished {name}"]
        if "support.function.kind.req" in names and start >= behind
    ]

    assert kinds == [AFTER.index(": kernel") + 2]


def test_what_no_text_may_hold_is_illegal(tokens: dict[str, list[Scoped]]) -> None:
    illegal = [
        ESCAPES[start:end]
        for start, end, names in tokens["escapes"]
        if any(name.startswith("invalid.illegal") for name in names)
    ]

    assert illegal == [
        *("\\a", "\\u", "\\u{0}", "\\u{D800}", "\\u{110000}", "\\u", "\x1b"),
        *("\\u{DFFF}", "\\"),
    ]


def test_the_scopes_of_the_sample(
    tokens: dict[str, list[Scoped]], golden: Callable[[Path, str], None]
) -> None:
    lines = [
        f"{SAMPLE[start:end]!r}  {' '.join(names)}\n"
        for start, end, names in tokens["sample"]
        if SAMPLE[start:end].strip()
    ]

    golden(Path(__file__).with_name("sample.textmate.txt"), "".join(lines))


def rules(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401  # any part of the grammar
    """Yield every rule of a grammar, at whatever depth."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from rules(child)


def test_its_words_are_those_of_the_language() -> None:
    grammar = json.loads(GRAMMAR.read_text(encoding="utf-8"))
    patterns = [
        rule[key]
        for rule in rules(grammar)
        for key in ("match", "begin", "end")
        if isinstance(rule.get(key), str)
    ]
    plain = re.sub(r"\\.|\[[^\]]*\]", " ", "\n".join(patterns))

    assert set(re.findall(r"[a-z][a-z0-9]+", plain)) == {
        *KEYWORDS.values(),
        *TYPES,
        *("true", "false"),
    }


def test_every_rule_that_is_included_is_there_and_every_rule_is_included() -> None:
    grammar = json.loads(GRAMMAR.read_text(encoding="utf-8"))
    included = {rule["include"] for rule in rules(grammar) if isinstance(rule.get("include"), str)}

    assert included == {f"#{name}" for name in grammar["repository"]}


def test_every_scope_ends_with_the_name_of_the_language() -> None:
    grammar = json.loads(GRAMMAR.read_text(encoding="utf-8"))
    names = {
        rule["name"]
        for rule in rules({key: grammar[key] for key in ("patterns", "repository")})
        if isinstance(rule.get("name"), str)
    }

    assert {name for name in names if not re.fullmatch(r"[a-z]+(\.[a-z-]+)+\.req", name)} == set()


def test_the_configuration_knows_the_brackets_and_the_comment_of_the_language() -> None:
    configuration = json.loads(CONFIGURATION.read_text(encoding="utf-8"))
    pairs = [["{", "}"], ["[", "]"], ["(", ")"]]

    assert configuration["comments"] == {"lineComment": "#"}
    assert configuration["brackets"] == pairs
    assert [[pair["open"], pair["close"]] for pair in configuration["autoClosingPairs"]] == [
        *pairs,
        ['"', '"'],
    ]
    word = re.compile(configuration["wordPattern"])
    assert word.findall("must unmanaged-2: a_b @page:9") == [
        "must",
        "unmanaged-2",
        "a_b",
        "page",
        "9",
    ]
