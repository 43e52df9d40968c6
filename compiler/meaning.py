"""Gives trees of conditions and predicates their typed meaning, with the kinds' schemas."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reqc.compiler.checks import Relation
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    Either,
    OneOf,
    Unless,
    Value,
)
from reqc.compiler.diagnostics import Code, Label, Report, help_for, suggestion
from reqc.compiler.kinds.base import AllOf, AnyOf, Kind, NotOf, Predicate
from reqc.compiler.kinds.forms import ArgumentError, Form, Mismatch, Scope
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.model import Option
from reqc.compiler.source import Span
from reqc.compiler.syntax import tree

_ORDERED_TYPES = frozenset({"int", "port", "version"})


class Meaning(Struct, frozen=True):
    """Reads trees with the options and roles of one document; mistakes go into the report.

    The readers return None for what has no meaning.
    """

    options: Mapping[str, Option]
    scope: Scope
    report: Report

    # --- conditions -------------------------------------------------------------------------

    def condition(self, node: tree.ConditionTree) -> Condition | None:
        """Return a condition with its options looked up and its values typed."""
        match node:
            case tree.OptionTest():
                return self._test(node)
            case tree.Inversion(part):
                inner = self.condition(part)
                return Unless(inner) if inner is not None else None
            case tree.Junction(word, parts):
                read = [self.condition(part) for part in parts]
                whole = tuple(part for part in read if part is not None)
                if len(whole) < len(parts):
                    return None
                return Both(whole) if word == "and" else Either(whole)

    def _test(self, node: tree.OptionTest) -> Condition | None:
        option = self.options.get(node.option.text)
        if option is None:
            self._unknown(node.option)
            return None
        if not node.sign:
            return self._alone(option, node)
        values = [self._option_value(option, value) for value in node.values]
        read = tuple(value for value in values if value is not None)
        if len(read) < len(values):
            return None
        if node.sign == "in":
            return _one_of(option, read)
        return self._compared(option, node, read[0])

    def _unknown(self, name: tree.Word) -> None:
        if not self.scope.excuses(name.text):
            self.report.error(
                Code.UNKNOWN_OPTION,
                f"there is no option `{name.text}`",
                name.span,
                help=help_for(name.text, self.options, "options:"),
            )

    def _alone(self, option: Option, node: tree.OptionTest) -> Condition | None:
        if option.type.name == "bool":
            return Chosen(option.name)
        self.report.error(
            Code.CONDITION,
            f"the option `{option.name}` is no yes or no",
            node.span,
            labels=(Label(option.span, f"it is {option.type}"),),
            help=f"compare it: `{option.name} == …`",
        )
        return None

    def _compared(self, option: Option, node: tree.OptionTest, value: Value) -> Condition | None:
        relation = Relation.EQUAL if node.sign == "==" else Relation(node.sign)
        equality = relation in {Relation.EQUAL, Relation.NOT_EQUAL}
        if not equality and option.type.name not in _ORDERED_TYPES:
            self.report.error(
                Code.CONDITION,
                f"the values of the option `{option.name}` have no order",
                node.span,
                labels=(Label(option.span, f"it is {option.type}"),),
                help="use == or !=, or `in [ … ]`",
            )
            return None
        if isinstance(value, bool):
            same = (relation is Relation.EQUAL) == value
            return Chosen(option.name) if same else Unless(Chosen(option.name))
        return Compared(option.name, relation, value, ordered=option.type.name == "version")

    def _option_value(self, option: Option, node: tree.Word | tree.String) -> Value | None:
        try:
            return option.type.read(node.text)
        except ValueError as mistake:
            self.report.error(
                Code.CONDITION,
                f"`{node.text}` is no value of the option `{option.name}`: {mistake}",
                node.span,
                labels=(Label(option.span, f"it is {option.type}"),),
                help=suggestion(node.text, option.type.words),
            )
            return None

    # --- predicates -------------------------------------------------------------------------

    def predicate(self, node: tree.Predicate, *, alone: bool = True) -> Predicate | None:
        """Return a predicate; `alone` is false where it is a fact of a node, which no flow is."""
        match node:
            case tree.Leaf():
                return self._leaf(node, alone=alone)
            case tree.Negation(part):
                inner = self.predicate(part, alone=False)
                return NotOf(inner) if inner is not None else None
            case tree.Group(word, parts):
                alone = alone and word == "all"
                read = [self.predicate(part, alone=alone) for part in parts]
                whole = tuple(part for part in read if part is not None)
                if not parts and not self.report.within(node.span):
                    message = f"`{word} {{ }}` needs at least one part"
                    self.report.error(Code.ARGUMENTS, message, node.span)
                if not parts or len(whole) < len(parts):
                    return None
                return AllOf(whole) if word == "all" else AnyOf(whole)

    def _leaf(self, node: tree.Leaf, *, alone: bool) -> Predicate | None:
        name = node.kind.text
        if name not in KINDS:
            self.report.error(
                Code.UNKNOWN_KIND,
                f"there is no kind `{name}`",
                node.kind.span,
                help=suggestion(name, KINDS) or "`reqc kinds` lists all kinds",
            )
            return None
        found = kind(name)
        if name == "allow" and not alone:
            self.report.error(
                Code.NESTED_KIND,
                "`allow` cannot stand inside `any`, `not` or `where`",
                node.kind.span,
                here="asks for an opening, which is no fact of a node",
                help="write a requirement of its own, with `when` if it is one of several ways",
            )
            return None
        return self._read(found, node)

    def _read(self, found: type[Kind], node: tree.Leaf) -> Predicate | None:
        places: list[Span] = [node.kind.span]
        farthest: Mismatch | None = None
        for form in found.forms:
            try:
                fields = form.read(
                    node.arguments, self.scope, lambda term: places.append(term.span)
                )
            except Mismatch as mismatch:
                # with the frames that it passed it would be a circle and keep all that they hold
                farthest = _farther(farthest, mismatch.with_traceback(None))
            except ArgumentError as mistake:
                self.report.error(mistake.code, mistake.message, places[-1], help=mistake.help)
                return None
            else:
                return self._made(found, fields, node)
        if farthest is not None:
            self._mismatch(found, node, farthest)
        return None

    def _made(
        self, found: type[Kind], fields: Mapping[str, object], node: tree.Leaf
    ) -> Predicate | None:
        made = found(**fields)
        problem = made.problem()
        if problem:
            self.report.error(Code.VALUE, problem, node.span)
            return None
        return made

    def _mismatch(self, found: type[Kind], node: tree.Leaf, mismatch: Mismatch) -> None:
        span = node.span
        span = Span(span.source, span.end, span.end)
        message = f"`{found.name}` ends too early"
        if mismatch.phrase < len(node.arguments):
            phrase = node.arguments[mismatch.phrase]
            if mismatch.term < len(phrase):
                span = phrase[mismatch.term].span
                met = span.source.text[span.start : span.end]
                message = f"`{found.name}` does not take `{met}` here"
            else:
                end = phrase[-1].span.end
                span = Span(span.source, end, end)
        usages = " or ".join(f"`{found.name} {form.usage}`" for form in _shown(found.forms))
        self.report.error(
            Code.ARGUMENTS,
            message,
            span,
            here=f"expected {mismatch.expected}",
            help=f"write {usages}, for example `{found.examples[0]}`",
        )


def _one_of(option: Option, values: tuple[Value, ...]) -> Condition:
    if option.type.name != "version":
        return OneOf(option.name, values)
    # 3.10 and 3.10.0 are one version, which only a comparison knows.
    equal = tuple(Compared(option.name, Relation.EQUAL, value, ordered=True) for value in values)
    return equal[0] if len(equal) == 1 else Either(equal)


def _shown(forms: tuple[Form, ...]) -> list[Form]:
    """Return the forms, each usage once."""
    return list({form.usage: form for form in forms}.values())


def _farther(one: Mismatch | None, other: Mismatch) -> Mismatch:
    if one is None or (other.phrase, other.term) > (one.phrase, one.term):
        return other
    if (other.phrase, other.term) < (one.phrase, one.term) or other.expected in one.expected:
        return one
    return Mismatch(one.phrase, one.term, f"{one.expected} or {other.expected}")
