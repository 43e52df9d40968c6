"""Builds the syntax tree while the parser runs: one method for each rule of the grammar.

The methods get the tokens and the nodes of a rule's parts. Spans come from the first and the last
of them, because an embedded transformer gets no positions for rules.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from reqc.compiler.diagnostics import Code, Report
from reqc.compiler.source import Source, Span
from reqc.compiler.syntax import tree
from reqc.compiler.syntax.lexer import Token
from reqc.compiler.syntax.packed import Packed, Packer, Requirements
from reqc.compiler.syntax.strings import dedented, refuse_hidden, unescaped

Parts: TypeAlias = list[Any]

_NEWLINE_COMMENT = re.compile(r"#[^\r\n]*")


class Builder:
    """Turns the parts of every rule into a node of the tree of one file."""

    def __init__(self, source: Source, report: Report) -> None:
        self.source = source
        self.report = report
        self.packer = Packer(source)
        self.comments: list[tree.Comment] = []

    # --- places -----------------------------------------------------------------------------

    def at(self, token: Token) -> Span:
        """Return the place of a token."""
        return Span(self.source, token.start, token.start + len(token))

    def over(self, *parts: Any) -> Span:  # noqa: ANN401  # tokens, nodes and missing parts
        """Return the place from the first of the parts that are there to the last."""
        spans = [
            self.at(part) if isinstance(part, Token) else part.span
            for part in parts
            if part is not None
        ]
        return spans[0].to(spans[-1])

    def remember_comments(self, token: Token) -> None:
        """Keep the comments of a token that the parser does not see."""
        for found in _NEWLINE_COMMENT.finditer(token):
            start = token.start + found.start()
            span = Span(self.source, start, start + len(found[0]))
            refuse_hidden(span, self.report, "remove it")
            self.comments.append(tree.Comment(found[0].rstrip(), span))

    # --- values -----------------------------------------------------------------------------

    def _word(self, token: Token) -> tree.Word:
        return tree.Word(str(token), self.at(token))

    def _words(self, tokens: Parts) -> tuple[tree.Word, ...]:
        return tuple(self._word(token) for token in tokens)

    def word(self, parts: Parts) -> tree.Word:
        return self._word(parts[0])

    def text(self, parts: Parts) -> tree.String:
        token: Token = parts[0]
        span = self.at(token)
        long = token.type == "LONG_STRING"
        quotes = 3 if long else 1
        inner = Span(self.source, span.start + quotes, span.end - quotes)
        refuse_hidden(inner, self.report, "write it as {}")
        value = unescaped(inner, self.report)
        return tree.String(dedented(value) if long else value, long, span)

    def sign(self, parts: Parts) -> tree.Sign:
        return tree.Sign(str(parts[0]), self.at(parts[0]))

    def list(self, parts: Parts) -> tree.ListTerm:
        opening, *items, closing = parts
        return tree.ListTerm(tuple(items), self.over(opening, closing))

    def phrase(self, parts: Parts) -> tree.Phrase:
        return tuple(parts)

    def arguments(self, parts: Parts) -> tuple[tree.Phrase, ...]:
        return tuple(parts)

    # --- predicates -------------------------------------------------------------------------

    def leaf(self, parts: Parts) -> tree.Leaf:
        kind, arguments = parts
        last = arguments[-1][-1] if arguments else kind
        return tree.Leaf(self._word(kind), arguments or (), self.over(kind, last))

    def _group(self, parts: Parts) -> tree.Group:
        word, *predicates, closing = parts
        return tree.Group(str(word), tuple(predicates), self.over(word, closing))

    all = _group
    any = _group

    def negated(self, parts: Parts) -> tree.Negation:
        return tree.Negation(parts[1], self.over(*parts))

    # --- conditions -------------------------------------------------------------------------

    def _junction(self, word: str, parts: Parts) -> tree.ConditionTree:
        node: tree.ConditionTree = parts[0]
        return tree.Junction(word, tuple(parts), self.over(*parts)) if len(parts) > 1 else node

    def either(self, parts: Parts) -> tree.ConditionTree:
        return self._junction("or", parts)

    def both(self, parts: Parts) -> tree.ConditionTree:
        return self._junction("and", parts)

    def unless(self, parts: Parts) -> tree.Inversion:
        return tree.Inversion(parts[1], self.over(*parts))

    def chosen(self, parts: Parts) -> tree.OptionTest:
        option = self._word(parts[0])
        return tree.OptionTest(option, "", (), option.span)

    def compared(self, parts: Parts) -> tree.OptionTest:
        option, sign, value = parts
        return tree.OptionTest(self._word(option), str(sign), (value,), self.over(option, value))

    def one_of(self, parts: Parts) -> tree.OptionTest:
        option, *values, closing = parts
        span = self.over(option, closing)
        return tree.OptionTest(self._word(option), "in", tuple(values), span)

    # --- clauses and details ----------------------------------------------------------------

    def on(self, parts: Parts) -> tree.On:
        return tree.On(self._words(parts[1:]), self.over(*parts))

    def when(self, parts: Parts) -> tree.When:
        return tree.When(parts[1], self.over(*parts))

    def citation(self, parts: Parts) -> tree.Cite:
        name, _, lines = str(parts[0])[1:].partition(":")
        first, _, last = lines.partition("-")
        begin = int(first) if first else None
        return tree.Cite(name, begin, int(last) if last else begin, self.at(parts[0]))

    def where(self, parts: Parts) -> tree.Where:
        return tree.Where(parts[1], self.over(*parts))

    def remark(self, parts: Parts) -> tree.Remark:
        return tree.Remark(str(parts[0]), parts[1], self.over(*parts))

    def erratum(self, parts: Parts) -> tree.ErratumDetail:
        _, text, intended, when = parts
        return tree.ErratumDetail(text, intended, when, self.over(*parts))

    def was(self, parts: Parts) -> tree.Was:
        return tree.Was(self._words(parts[1:]), self.over(*parts))

    def deprecated(self, parts: Parts) -> tree.Deprecated:
        return tree.Deprecated(parts[1], self.over(*parts))

    def placed(self, parts: Parts) -> tree.Placed:
        return tree.Placed(parts[1], self.over(*parts))

    def body(self, parts: Parts) -> tuple[tree.Detail, ...]:
        return tuple(parts[:-1])

    # --- statements -------------------------------------------------------------------------

    def level(self, parts: Parts) -> Token:
        first: Token = parts[0]
        words = " ".join(str(part) for part in parts if part is not None)
        return Token(first.type, words, first.start)

    def requirement(self, parts: Parts) -> Packed:
        level, name, *rest = parts
        return self.packer.pack(self._requirement(level, self._word(name), *rest))

    def _requirement(
        self,
        level: Token,
        name: tree.Word,
        predicate: tree.Predicate,
        *rest: Any,  # noqa: ANN401  # clauses, and the details if there are any
    ) -> tree.Requirement:
        *clauses, details = rest
        last = clauses[-1] if clauses else predicate
        return tree.Requirement(
            str(level),
            name,
            predicate,
            tuple(clauses),
            details or (),
            self.over(name, last),
        )

    def header(self, parts: Parts) -> tree.Header:
        return tree.Header(self._word(parts[1]), self.over(*parts))

    def identity(self, parts: Parts) -> tree.Identity:
        _, product, version, platform, title = parts
        return tree.Identity(
            self._word(product),
            self._word(version),
            self._word(platform) if platform is not None else None,
            title,
            self.over(*parts),
        )

    def fragment(self, parts: Parts) -> tree.Fragment:
        return tree.Fragment(self._word(parts[1]), parts[2], self.over(*parts))

    def revision(self, parts: Parts) -> tree.Revision:
        keyword, value = parts
        node = self._word(value) if isinstance(value, Token) else value
        return tree.Revision(node, self.over(keyword, node))

    def use(self, parts: Parts) -> tree.Use:
        return tree.Use(parts[1], self.over(*parts))

    def source_field(self, parts: Parts) -> tree.SourceField:
        name, value = parts
        node = self._word(value) if isinstance(value, Token) else value
        return tree.SourceField(self._word(name), node, self.over(name, node))

    def source_statement(self, parts: Parts) -> tree.SourceStatement:
        keyword, name, file, *rest = parts
        fields = tuple(part for part in rest if isinstance(part, tree.SourceField))
        return tree.SourceStatement(self._word(name), file, fields, self.over(keyword, name, file))

    def option_type(self, parts: Parts) -> tuple[tree.Word, ...]:
        return self._words(parts)

    def option(self, parts: Parts) -> tree.Option:
        keyword, name, types, equals, default, help_text = parts
        if equals is not None:
            self._expect_equals(equals)
        span = self.over(keyword, types[-1], default, help_text)
        return tree.Option(self._word(name), types, default, help_text, span)

    def _expect_equals(self, sign: Token) -> None:
        if sign != "=":
            message = f"a default stands behind `=`, not behind `{sign}`"
            self.report.error(Code.SYNTAX, message, self.at(sign), help="write `=`")

    def role(self, parts: Parts) -> tree.Role:
        _, name, help_text, when = parts
        return tree.Role(self._word(name), help_text, when, self.over(*parts))

    def amends(self, parts: Parts) -> tree.Amends:
        return tree.Amends(parts[1], self.over(*parts))

    def remove(self, parts: Parts) -> tree.Remove:
        return tree.Remove(tuple(parts[1:]), self.over(*parts))

    def replace(self, parts: Parts) -> tree.Replace:
        keyword, *rest = parts
        requirement = self._requirement(*rest)
        return tree.Replace(requirement, self.over(keyword, requirement))

    def full_id(self, parts: Parts) -> tree.Word:
        section, name = parts
        text = str(section) if name is None else f"{section}.{name}"
        return tree.Word(text, self.over(section, name))

    def default(self, parts: Parts) -> tree.Default:
        keyword, option, equals, value = parts
        self._expect_equals(equals)
        return tree.Default(self._word(option), value, self.over(keyword, value))

    def retitle(self, parts: Parts) -> tree.Retitle:
        return tree.Retitle(parts[1], parts[2], self.over(*parts))

    def allow(self, parts: Parts) -> tree.Allow:
        return tree.Allow(self._word(parts[1]), parts[2], self.over(*parts))

    def ignore(self, parts: Parts) -> tree.Ignore:
        keyword, *citations, reason = parts
        lines = tuple(self.citation([token]) for token in citations)
        return tree.Ignore(lines, reason, self.over(keyword, reason))

    def section(self, parts: Parts) -> tree.Section:
        keyword, name, title, *requirements, _ = parts
        span = self.over(keyword, name, title)
        return tree.Section(self._word(name), title, Requirements(requirements), span)

    def start(self, parts: Parts) -> tuple[tree.Statement, ...]:
        return tuple(part for part in parts if part is not None)
