"""Syntax trees made at random, and texts that say the same as a tree in untidy ways."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.printer import canonical_statements
from reqc.compiler.syntax.strings import dedented

Statements: TypeAlias = tuple[tree.Statement, ...]

NOWHERE = Span(Source("nowhere", "nowhere", ""), 0, 0)

# --- words and texts ------------------------------------------------------------------------------

CONTINUING = frozenset({"when", "on", "and", "or", "intended"})
KEYWORDS = (
    *sorted(CONTINUING),
    *("in", "must", "may", "section", "where", "note", "remove", "title"),
)
NAMES = st.sampled_from(KEYWORDS) | st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,6}", fullmatch=True)
NAMES = NAMES.filter(lambda name: name not in {"not", "all", "any"})
KINDS = NAMES.filter(lambda name: name not in {*KEYWORDS} - CONTINUING)
"""What begins a line may not be taken for another item of a block."""

FULL_IDS = NAMES | st.tuples(NAMES, NAMES).map(".".join)
VALUES = st.sampled_from(
    (*KEYWORDS, "not", "x86_64", "4.18.0-193", "10.0.0.0/8", "fd00::1", "30000-32767", "2GiB", "0")
) | st.from_regex(r"[a-z0-9_][a-z0-9_.+/%:~-]{0,6}[a-z0-9_%+]", fullmatch=True)
ARGUMENTS = VALUES.filter(lambda word: word not in CONTINUING)
"""Words for places where other words could end the arguments."""

MARKUP = (
    *(
        '"',
        '""',
        '"""',
        '""""""',
        "\\",
        "\\n",
        "\\u{41}",
        "#",
        "# x",
        "{",
        "}",
        ";",
        "@a:1",
        " when ",
    ),
    *("\n", "\n\n", "\r", "\r\n", "\t", " ", "  ", "\u00a0", "\u2028", "\u200b", "\x1b", "\x85"),
    *("\u00e9", "e\u0301", "\u4e2d\u6587", "\U0001f310", "word", "a few words"),
)
TEXTS = st.lists(
    st.sampled_from(MARKUP)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3),
    max_size=6,
).map("".join)


def _words(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tree.Word]:
    return texts.map(lambda text: tree.Word(text, NOWHERE))


def _string(text: str, *, long: bool) -> tree.String:
    return tree.String(dedented(text) if long else text, long, NOWHERE)


STRINGS = st.builds(_string, TEXTS, long=st.integers(0, 4).map(lambda number: number == 0))
SCALARS = _words(VALUES) | STRINGS
SIGNS = st.sampled_from(("<", "<=", "=", "==", "!=", ">=", ">", "->", "<->"))


def _some(
    items: st.SearchStrategy[object], least: int = 0, most: int = 3
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


# --- predicates and conditions --------------------------------------------------------------------

LISTS = st.recursive(
    SCALARS | st.builds(tree.Sign, SIGNS, st.just(NOWHERE)),
    lambda items: st.builds(tree.ListTerm, _some(items), st.just(NOWHERE)),
    max_leaves=4,
)
TERMS = (
    _words(ARGUMENTS)
    | STRINGS
    | st.builds(tree.Sign, SIGNS, st.just(NOWHERE))
    | st.builds(tree.ListTerm, _some(LISTS), st.just(NOWHERE))
)
ARROWS = st.tuples(
    _words(ARGUMENTS),
    _words(ARGUMENTS),
    st.builds(tree.Sign, st.sampled_from(("->", "<->")), st.just(NOWHERE)),
    _words(ARGUMENTS),
)
LEAVES = st.builds(
    tree.Leaf,
    _words(KINDS),
    _some(_some(TERMS, 1) | ARROWS),
    st.just(NOWHERE),
)
PREDICATES = st.recursive(
    LEAVES,
    lambda parts: (
        st.builds(tree.Group, st.sampled_from(("all", "any")), _some(parts), st.just(NOWHERE))
        | st.builds(tree.Negation, parts, st.just(NOWHERE))
    ),
    max_leaves=4,
)


def _test(
    option: tree.Word, sign: str, values: Sequence[tree.Word | tree.String]
) -> tree.OptionTest:
    kept = {"": 0, "in": len(values)}.get(sign, 1)
    return tree.OptionTest(option, sign, tuple(values[:kept]), NOWHERE)


TESTS = st.builds(
    _test,
    _words(NAMES),
    st.sampled_from(("", "in", "<", "<=", "=", "==", "!=", ">=", ">")),
    _some(SCALARS, 1),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda parts: (
        st.builds(tree.Junction, st.sampled_from(("and", "or")), _some(parts, 2), st.just(NOWHERE))
        | st.builds(tree.Inversion, parts, st.just(NOWHERE))
    ),
    max_leaves=5,
)

# --- requirements ---------------------------------------------------------------------------------

WHENS = st.builds(tree.When, CONDITIONS, st.just(NOWHERE))
LINES = st.none() | st.tuples(st.integers(0, 999), st.integers(0, 999))
CITES = st.builds(
    lambda name, lines: tree.Cite(name, *(lines or (None, None)), NOWHERE), NAMES, LINES
)
CLAUSES = WHENS | CITES | st.builds(tree.On, _some(_words(NAMES), 1), st.just(NOWHERE))
ALLOWS = st.builds(tree.Allow, _words(VALUES), STRINGS, st.just(NOWHERE))


def _erratum(
    text: tree.String, intended: tree.Predicate | None, when: tree.When | None
) -> tree.ErratumDetail:
    return tree.ErratumDetail(text, intended, when if intended else None, NOWHERE)


DETAILS = st.one_of(
    st.builds(tree.Where, PREDICATES, st.just(NOWHERE)),
    st.builds(
        tree.Remark,
        st.sampled_from(("title", "because", "note", "fix", "see")),
        STRINGS,
        st.just(NOWHERE),
    ),
    st.builds(_erratum, STRINGS, st.none() | PREDICATES, st.none() | WHENS),
    st.builds(tree.Was, _some(_words(VALUES), 1), st.just(NOWHERE)),
    st.builds(tree.Deprecated, st.none() | STRINGS, st.just(NOWHERE)),
    ALLOWS,
    st.builds(tree.Placed, STRINGS, st.just(NOWHERE)),
)
LEVELS = st.sampled_from(("must", "must not", "should", "should not", "may"))


def _requirements(ids: st.SearchStrategy[str]) -> st.SearchStrategy[tree.Requirement]:
    return st.builds(
        tree.Requirement,
        LEVELS,
        _words(ids),
        PREDICATES,
        _some(CLAUSES),
        st.just(()) | _some(DETAILS),
        st.just(NOWHERE),
    )


# --- statements -----------------------------------------------------------------------------------

FIELDS = st.builds(
    tree.SourceField,
    _words(st.sampled_from(("title", "url", "revision", "sha256"))),
    SCALARS,
    st.just(NOWHERE),
)
TITLES = st.none() | STRINGS
STATEMENTS = st.one_of(
    st.builds(tree.Header, _words(VALUES), st.just(NOWHERE)),
    st.builds(
        tree.Identity,
        _words(NAMES),
        _words(VALUES),
        st.none() | _words(NAMES),
        TITLES,
        st.just(NOWHERE),
    ),
    st.builds(tree.Fragment, _words(NAMES), TITLES, st.just(NOWHERE)),
    st.builds(tree.Revision, SCALARS, st.just(NOWHERE)),
    st.builds(tree.Use, STRINGS, st.just(NOWHERE)),
    st.builds(tree.SourceStatement, _words(NAMES), TITLES, _some(FIELDS), st.just(NOWHERE)),
    st.builds(
        tree.Option,
        _words(NAMES),
        _some(_words(VALUES), 1),
        st.none() | SCALARS,
        TITLES,
        st.just(NOWHERE),
    ),
    st.builds(tree.Role, _words(NAMES), TITLES, st.none() | WHENS, st.just(NOWHERE)),
    st.builds(
        tree.Section, _words(NAMES), TITLES, _some(_requirements(NAMES), 0, 5), st.just(NOWHERE)
    ),
    st.builds(tree.Amends, STRINGS, st.just(NOWHERE)),
    st.builds(tree.Remove, _some(_words(FULL_IDS), 1), st.just(NOWHERE)),
    st.builds(tree.Replace, _requirements(FULL_IDS), st.just(NOWHERE)),
    st.builds(tree.Default, _words(NAMES), SCALARS, st.just(NOWHERE)),
    st.builds(tree.Retitle, _words(FULL_IDS), STRINGS, st.just(NOWHERE)),
    ALLOWS,
    st.builds(tree.Ignore, _some(CITES, 1), STRINGS, st.just(NOWHERE)),
)
"""Statements of every form. They parse, but mean nothing."""

TREES: st.SearchStrategy[Statements] = st.lists(STATEMENTS, max_size=6).map(tuple)

_CLAUSES = (tree.On, tree.When, tree.Cite)
_DETAILS = (
    *("title", "where", "because", "note", "fix", "see"),
    *("erratum", "was", "deprecated", "allow", "at"),
)
_WORDS = {
    tree.Where: "where",
    tree.ErratumDetail: "erratum",
    tree.Was: "was",
    tree.Deprecated: "deprecated",
    tree.Allow: "allow",
    tree.Placed: "at",
}


def in_order(statements: Statements) -> Statements:
    """Return the statements with clauses and details in their canonical order."""
    ordered: list[tree.Statement] = []
    for node in statements:
        match node:
            case tree.Section(requirements=requirements):
                ordered.append(replace(node, requirements=tuple(map(_ordered, requirements))))
            case tree.Replace(requirement):
                ordered.append(replace(node, requirement=_ordered(requirement)))
            case _:
                ordered.append(node)
    return tuple(ordered)


def _ordered(node: tree.Requirement) -> tree.Requirement:
    clauses = sorted(node.clauses, key=lambda clause: _CLAUSES.index(type(clause)))
    details = sorted(node.details, key=_rank)
    return replace(node, clauses=tuple(clauses), details=tuple(details))


def _rank(detail: tree.Detail) -> int:
    word = detail.word if isinstance(detail, tree.Remark) else _WORDS[type(detail)]
    return _DETAILS.index(word)


# --- untidy texts ---------------------------------------------------------------------------------

_TOKEN = re.compile(
    r'"""[\s\S]*?"""|"(?:[^"\\]|\\.)*"|@[\w:-]+|<->|->|[<>=!]=|[<>=]|[{}\[\](),;|:]|\n\s*|[ ]+'
    r"|[A-Za-z0-9_](?:[A-Za-z0-9_.+/%:~-]*[A-Za-z0-9_%+-])?"
)
_BLANKS = ("", " ", "  ", "\t")
_REMARKS = (
    *("", " a remark", " must a: b {", ' "', ' """', " }", ";", " @a:1 when b", " \u4e2d"),
    *("#", " # again"),
)


@dataclass(frozen=True)
class Untidy:
    """A text, the statements that it says in canonical order, and its comments."""

    text: str
    statements: Statements
    comments: tuple[str, ...]


@st.composite
def untidy_texts(draw: st.DrawFn) -> Untidy:
    """Return a text with blanks, line ends and comments wherever the grammar lets them be."""
    statements = draw(TREES)
    chance = random.Random(draw(st.integers(0, 2**32)))  # noqa: S311  # one draw, not thousands
    line_end = draw(st.sampled_from(("\n", "\r\n")))
    mess = _Mess(chance)
    text = mess.of(canonical_statements(statements))
    if "\\u{d}\n" not in text:  # or the line end would become a part of a text
        text = text.replace("\n", line_end)
    return Untidy(text, in_order(statements), tuple(mess.comments))


class _Mess:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.often = chance.choice((0.0, 0.1, 0.5))
        self.comments: list[str] = []

    def of(self, text: str) -> str:
        """Return a canonical text in disorder."""
        tokens = [found[0] for found in _TOKEN.finditer(text)]
        assert "".join(tokens) == text
        pieces = [self._lines()] if self._now() else []
        for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], "\n"], strict=False):
            if token.isspace():
                pieces.append(self._gap(before, token, after))
            else:
                pieces.append(token)
                pieces.append(self._beside(token, after))
        return "".join(pieces)

    def _now(self) -> bool:
        return self.chance.random() < self.often

    def _blank(self) -> str:
        return self.chance.choice(_BLANKS)

    def _gap(self, before: str, gap: str, after: str) -> str:
        """Return what stands between two tokens in place of `gap`."""
        if _is_free(before, after) or before == ";":
            return self._lines() if self._now() else gap
        if "\n" not in gap:
            return (" " + self._blank()) if self._now() else gap
        if not self._now():
            return gap
        if (before == "{" or after == "}") and self._now():
            return self._blank()
        semicolon = self.chance.choice(("", ";", " ; "))
        return semicolon + (self._lines() if not semicolon or self._now() else "")

    def _beside(self, token: str, after: str) -> str:
        """Return what stands between two tokens that touch."""
        if after.isspace() or not self._now():
            return ""
        return self._lines() if _is_free(token, after) else self._blank()

    def _lines(self) -> str:
        """Return one or more line ends, with comments."""
        text = ""
        for _ in range(self.chance.randint(1, 3)):
            if self.chance.random() < 0.5:
                comment = f"# {len(self.comments)}{self.chance.choice(_REMARKS)}"
                self.comments.append(comment)
                text += f"{self._blank()}{comment}{self._blank()}"
            text += f"{self._blank()}\n{self._blank()}"
        return text


def _is_free(before: str, after: str) -> bool:
    """Tell whether a line may end between two tokens without ending more than that."""
    return (
        before in {",", "[", "("}
        or after in {"]", ")", "when", "on", "and", "or", "intended"}
        or after.startswith("@")
    )
