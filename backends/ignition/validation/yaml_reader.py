"""Reads YAML into nodes that know their places, with the values that Kubernetes reads.

Its clients turn YAML into JSON by the rules of YAML 1.1, as far as one library of Go knows them.
Most other readers follow YAML 1.2, so what the two take for different values is marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import yaml

from reqc.backends.ignition.validation.nodes import (
    DEEPEST,
    MOST_NODES,
    Entry,
    Fraction,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
    UnreadableError,
    integer,
)

_STR: Final = "tag:yaml.org,2002:str"
_MERGE: Final = "<<"
_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS: Final = {
    **dict.fromkeys(("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"), False),
    **dict.fromkeys(("y", "Y"), True),
    **dict.fromkeys(("n", "N"), False),
}
_INTEGER: Final = re.compile(
    r"[+-]?(?P<prefix>0[xX]|0[oO]|0[bB]|0(?=[0-9]))?(?P<digits>[0-9A-Fa-f]+)"
)
_BASES: Final = {None: 10, "0": 8, "0o": 8, "0x": 16, "0b": 2}
_FRACTION: Final = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", re.IGNORECASE
)


def read_yaml(text: str) -> tuple[Node, ...]:
    """Return the documents of a stream, without empty ones; raise `UnreadableError`."""
    # Events, because what composes nodes of them goes as deep as the text does, and crashes.
    events = yaml.parse(text, Loader=_LOADER)
    try:
        found = [*_Reader(events).documents()]
    except yaml.MarkedYAMLError as problem:
        raise _unreadable(problem, text) from None
    except yaml.YAMLError as problem:
        raise UnreadableError(" ".join(str(problem).split()), Place(0, 1)) from None
    return tuple(item for item in found if not isinstance(item, Scalar) or item.value is not None)


_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _unreadable(problem: yaml.MarkedYAMLError, text: str) -> UnreadableError:
    mark = problem.problem_mark or problem.context_mark
    at = min(mark.index, max(0, len(text) - 1)) if mark else 0
    return UnreadableError(problem.problem or "the text is no YAML", Place(at, at + 1))


class _Reader:
    """Makes nodes of the events of a stream."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0

    def documents(self) -> Iterator[Node]:
        """Yield the documents of the stream; each has anchors of its own."""
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors.clear()
                yield self.node(next(self.events), 0)

    def node(self, event: yaml.Event, depth: int) -> Node:
        """Return the node that begins with an event."""
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        before = self.nodes
        self.count(1, event, depth)
        match event:
            case yaml.ScalarEvent():
                node: Node = _scalar(event)
            case yaml.SequenceStartEvent(tag=None):
                node = self.sequence(event, depth + 1)
            case yaml.MappingStartEvent(tag=None):
                node = self.mapping(event, depth + 1)
            case _:
                raise _unknown_tag(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = node, self.nodes - before
        return node

    def count(self, more: int, event: yaml.Event, depth: int = 0) -> None:
        """Count nodes, and refuse what is too much for anybody who goes through them."""
        self.nodes += more
        if depth > DEEPEST or self.nodes > MOST_NODES:
            message = "the document is nested too deep or has too many values"
            raise UnreadableError(message, _place(event))

    def alias(self, event: yaml.AliasEvent) -> Node:
        """Return what an anchor stands at; one within itself does not stand there yet."""
        found = self.anchors.get(event.anchor or "")
        if found is None:
            message = f"nothing before it is called {event.anchor}"
            raise UnreadableError(message, _place(event))
        node, size = found
        self.count(size, event)
        return node

    def sequence(self, start: yaml.Event, depth: int) -> Sequence:
        """Read the items of a list."""
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, depth))
        return Sequence(_place(start, event), tuple(items))

    def mapping(self, start: yaml.Event, depth: int) -> Mapping:
        """Read the entries of an object; what is merged into it yields to its own."""
        own: list[Entry] = []
        merged: list[Entry] = []
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag not in {None, _STR}:
                message = "a key is a text without a tag"
                raise UnreadableError(message, _place(event))
            value = self.node(next(self.events), depth)
            if event.value == _MERGE and event.implicit[0]:
                merged += _merged(value)
            else:
                own.append(Entry(event.value, _place(event), value))
        names = {entry.key for entry in own}
        first = {entry.key: entry for entry in reversed(merged) if entry.key not in names}
        return Mapping(_place(start, event), (*first.values(), *own))


def _merged(value: Node) -> Iterator[Entry]:
    """Yield what an object, or each of several, brings in; the first one comes first."""
    for node in value.items if isinstance(value, Sequence) else [value]:
        if not isinstance(node, Mapping):
            message = "only objects can be merged"
            raise UnreadableError(message, node.place)
        yield from node.entries


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    """Return a text as it is, and anything plain as what Kubernetes takes it for."""
    if event.tag not in {None, _STR}:
        raise _unknown_tag(event)
    if event.style or event.tag is not None:
        return Scalar(_place(event), event.value)
    return plain(event.value, _place(event))


def _place(start: yaml.Event, end: yaml.Event | None = None) -> Place:
    first, last = start.start_mark, (end or start).end_mark
    return Place(first.index if first else 0, last.index if last else 1)


def _unknown_tag(event: yaml.Event) -> UnreadableError:
    tag = getattr(event, "tag", None)
    return UnreadableError(f"the tag {tag} is not known", _place(event))


def plain(text: str, place: Place) -> Scalar:
    """Return what a text without quotes means, marked where readers of YAML 1.2 differ."""
    if text in _NULLS:
        return Scalar(place, None)
    truth = _TRUTHS.get(text)
    if truth is not None:
        other = "" if text.lower() in {"true", "false"} else f"the text `{text}`"
        return Scalar(place, truth, other)
    bare = text.replace("_", "")
    found = _INTEGER.fullmatch(bare)
    if found:
        return _integer(text, bare, found, place)
    return Scalar(place, _fraction(bare, text))


def _fraction(bare: str, text: str) -> int | Fraction | str:
    """Return another number, as an integer where JSON would have it so, or else the text."""
    if not _FRACTION.fullmatch(bare):
        return text
    value = float(bare.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return integer(str(int(value))) if value.is_integer() else Fraction(value)


def _integer(text: str, bare: str, found: re.Match[str], place: Place) -> Scalar:
    """Return an integer; a leading zero means octal digits, to YAML 1.2 it means nothing."""
    prefix = found["prefix"]
    try:
        value = integer(bare, _BASES[prefix and prefix.lower()])
    except ValueError:  # a digit that the base does not have
        return Scalar(place, _fraction(bare, text))
    other = ""
    if prefix == "0":
        other = f"the number {int(bare)}"
    elif "_" in text or (prefix and prefix not in {"0x", "0o"}):
        other = f"the text `{text}`"
    return Scalar(place, value, other)
