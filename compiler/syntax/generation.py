"""Makes the tables of the parser from the grammar, with lark."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import msgspec
from lark import Lark
from lark.grammar import Rule as LarkRule
from lark.grammar import Terminal
from lark.lexer import BasicLexer, TerminalDef, _create_unless

from reqc.compiler.package_data import package_data
from reqc.compiler.syntax.tables import GRAMMAR, Rule, Scanner, Tables


def written() -> str:
    """Return the tables of the grammar as the text of their file."""
    return msgspec.json.encode(made(package_data(GRAMMAR))).decode() + "\n"


def made(grammar: bytes) -> Tables:
    """Return the tables of a grammar, the same ones each time; those of lark have other numbers."""
    lark = Lark(grammar.decode(), parser="lalr")
    table = lark.parser.parser._parse_table  # noqa: SLF001  # nothing public tells it
    (start,), (end,) = table.start_states.values(), table.end_states.values()
    order, rules = _met(table.states, start)
    numbers = {state: number for number, state in enumerate(order)}
    scanners: list[Scanner] = []
    scanner_of = []
    for state in order:
        scanner = _scanner(lark.parser.lexer.lexers[state])
        if scanner not in scanners:
            scanners.append(scanner)
        scanner_of.append(scanners.index(scanner))
    scanners.append(_scanner(lark.parser.lexer.root_lexer))
    states = tuple(
        {
            symbol: ~rules.index(to) if isinstance(to, LarkRule) else numbers[to]
            for symbol, (_, to) in sorted(table.states[state].items())
        }
        for state in order
    )
    return Tables(
        sha256(grammar).hexdigest(),
        numbers[end],
        tuple(sorted(lark.ignore_tokens)),
        {terminal.name: terminal.pattern.to_regexp() for terminal in _sorted(lark.terminals)},
        tuple(scanners),
        tuple(scanner_of),
        states,
        tuple(map(_rule, rules)),
    )


def _sorted(terminals: Iterable[TerminalDef]) -> list[TerminalDef]:
    return sorted(terminals, key=lambda terminal: terminal.name)


def _met(states: dict[int, dict[str, Any]], start: int) -> tuple[list[int], list[LarkRule]]:
    """Return all states and rules in the order in which they are met from the start on."""
    order, rules = [start], list[LarkRule]()
    for state in order:  # which grows
        for _, (_, to) in sorted(states[state].items()):
            found: list[Any] = rules if isinstance(to, LarkRule) else order
            if to not in found:
                found.append(to)
    return order, rules


def _scanner(lexer: BasicLexer) -> Scanner:
    """Return what a lexer does: words of other terminals are no patterns, they are looked up."""
    wanted = [terminal for terminal in lexer.terminals if terminal.name not in lexer.ignore_types]
    terminals, callbacks = _create_unless(wanted, 0, re, use_bytes=False)  # type: ignore[no-untyped-call]  # by lark
    keywords = {
        name: {word.pattern.value: word.name for word in _sorted(callback.scanner.terminals)}
        for name, callback in sorted(callbacks.items())
    }
    return Scanner(tuple(terminal.name for terminal in terminals), keywords)


def _rule(rule: LarkRule) -> Rule:
    """Return a rule with what its method gets: no words that are constant, None for what misses."""
    parts: list[int | None] = []
    # lark has for each symbol False, and before it True for each part that could be there
    gaps = iter((*(rule.options.empty_indices or [False] * len(rule.expansion)), False))
    for place, symbol in enumerate(rule.expansion):
        while next(gaps):
            parts.append(None)
        if isinstance(symbol, Terminal):
            parts += [] if symbol.filter_out else [place]
        else:
            parts.append(~place if symbol.name.startswith("_") else place)
    while next(gaps):
        parts.append(None)
    single = bool(rule.options.expand1 and not rule.alias)
    method = rule.alias or rule.origin.name
    size = len(rule.expansion)
    chosen = None if parts == list(range(size)) else tuple(parts)
    return Rule(str(rule.origin.name), str(method), size, chosen, single)
