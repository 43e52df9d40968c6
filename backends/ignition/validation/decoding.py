"""Decoding: takes a document for a configuration, key by key, as the decoder of Ignition does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, TypeAlias

from msgspec import field

from reqc.backends.ignition.rules import shown
from reqc.backends.ignition.validation import nodes
from reqc.backends.ignition.validation.findings import (
    DEFAULT,
    KEY_TWICE,
    TYPE,
    UNKNOWN_KEY,
    Finding,
    Judge,
    Spot,
)
from reqc.backends.ignition.validation.nodes import Node, Place, Scalar, Sequence
from reqc.compiler.knowledge.ignition_shapes import PRIMITIVES, Type

ANY: Final = "any"
"""The type of what somebody else decodes."""

ShapesByName: TypeAlias = Mapping[str, Mapping[str, Type]]


class Item(Spot, frozen=True):
    """A decoded value: what it is, where it is, and what is below it.

    `shape` is the name of its shape or primitive type. `fields` are what an object has, without
    what is null; `entries` what a list has; `value` is a text, number or truth value. An item is
    not `sound` where something directly in it had the wrong type and is missing here.
    """

    shape: str
    value: str | int | bool | None = None
    fields: Mapping[str, Item] = field(default_factory=dict)
    entries: tuple[Item, ...] = ()
    sound: bool = True

    def at(self, key: str) -> Item:
        """Return the value of a key; a missing one has no value and is where its object is."""
        found = self.fields.get(key)
        return found or Item(f"{self.path}.{key}", self.place, "")

    def text(self, key: str) -> str:
        """Return the text of a key, empty where it is missing."""
        value = self.at(key).value
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """Return the number of a key, None where it is missing."""
        value = self.at(key).value
        return value if isinstance(value, int) else None

    def true(self, key: str) -> bool:
        """Tell whether a key is there and true."""
        return self.at(key).value is True

    def has(self, key: str) -> bool:
        """Tell whether a key is there and not null."""
        return key in self.fields

    def list(self, key: str) -> tuple[Item, ...]:
        """Return the entries of a list, none where it is missing."""
        return self.at(key).entries

    def walk(self) -> Iterator[Item]:
        """Yield the item and all below it, in the order of the document."""
        yield self
        for item in (*self.fields.values(), *self.entries):
            yield from item.walk()


class Decoder:
    """Decodes by shapes and collects what does not fit.

    With `folds`, a key in other letters than the shape's means the same, as to the decoder of Go.
    `remarks_null` tells whether Ignition remarks on null.
    """

    def __init__(
        self, shapes: ShapesByName, judge: Judge, *, folds: bool, remarks_null: bool = False
    ) -> None:
        self.shapes = shapes
        self.judge = judge
        self.folds = folds
        self.remarks_null = remarks_null
        self.findings: list[Finding] = []

    def decode(self, node: Node, wanted: Type, path: str) -> Item | None:
        """Return a value, or None where it is null or has the wrong type."""
        if isinstance(node, Scalar) and node.value is None and wanted.name != ANY:
            if not wanted.many and wanted.name in self.shapes and not wanted.nullable:
                message = f"{path} is null, which means nothing here"
                spot = Spot(path, node.place)
                remark = spot.remarked if self.remarks_null else spot.risky
                self.findings.append(remark(TYPE, message, "leave it out"))
            return None
        if wanted.many:
            return self.sequence(node, Type(wanted.name), path)
        if wanted.name in self.shapes:
            return self.mapping(node, wanted, path)
        return self.scalar(node, wanted, path)

    def scalar(self, node: Node, wanted: Type, path: str) -> Item | None:
        """Decode a text, a number or a truth value."""
        if wanted.name == ANY:
            return Item(path, node.place, ANY)
        if isinstance(node, Scalar) and _name(node) == wanted.name:
            if node.ambiguous:
                self.ambiguous(node, path)
            value = None if isinstance(node.value, nodes.Fraction) else node.value
            return Item(path, node.place, wanted.name, value)
        self.wrong(node, wanted, path)
        return None

    def sequence(self, node: Node, wanted: Type, path: str) -> Item | None:
        """Decode a list."""
        if not isinstance(node, Sequence):
            self.wrong(node, Type(wanted.name, many=True), path)
            return None
        decoded: list[Item] = []
        sound = True
        for number, inner in enumerate(node.items):
            at = f"{path}.{number}"
            item = self.decode(inner, wanted, at)
            if item is None and not _is_null(inner):
                sound = False
            decoded.append(item or Item(at, inner.place, wanted.name, sound=_is_null(inner)))
        return Item(path, node.place, "", entries=tuple(decoded), sound=sound)

    def mapping(self, node: Node, wanted: Type, path: str) -> Item | None:
        """Decode an object."""
        if not isinstance(node, nodes.Mapping):
            self.wrong(node, wanted, path)
            return None
        shape = self.shapes[wanted.name]
        fields: dict[str, Item] = {}
        seen: set[str] = set()
        sound = True
        for entry in node.entries:
            key = self.key(entry, shape, path)
            if key is None:
                continue
            if key in seen:
                message = (
                    f"`{key}` is there twice, and readers differ in which of the two they take"
                )
                spot = Spot(f"{path}.{key}", entry.place)
                self.findings.append(spot.breaks(KEY_TWICE, message, "leave one of them out"))
            seen.add(key)
            item = self.decode(entry.value, shape[key], f"{path}.{key}")
            if item is not None:
                fields[key] = item
                sound = sound and (bool(item.shape) or item.sound)
            elif not _is_null(entry.value):
                sound = False
        return Item(path, node.place, wanted.name, fields=fields, sound=sound)

    def key(self, entry: nodes.Entry, shape: Mapping[str, Type], path: str) -> str | None:
        """Return which key of a shape an entry is for, None for an unknown one."""
        if entry.key in shape:
            return entry.key
        near = get_close_matches(entry.key, shape, n=1)
        folded = next((key for key in shape if key.lower() == _folded(entry.key)), None)
        suggested = [folded] if folded else near
        help_text = f"did you mean `{suggested[0]}`?" if suggested else "leave it out"
        at = f"{path}.{entry.key}"
        self.remark(UNKNOWN_KEY, f"{shown(at)} means nothing", at, entry.place, help_text)
        return folded if self.folds else None

    def wrong(self, node: Node, wanted: Type, path: str) -> None:
        """Report a value of the wrong type."""
        message = f"{path} is {_described(node)} and must be {_wanted(wanted)}"
        finding = Finding(
            "error", self.judge, TYPE, message, path, node.place, _advice(node, wanted, path)
        )
        self.findings.append(finding)

    def remark(self, code: str, message: str, path: str, place: Place, help_text: str = "") -> None:
        """Warn of what is passed over in silence."""
        self.findings.append(Finding("warning", self.judge, code, message, path, place, help_text))

    def ambiguous(self, node: Scalar, path: str) -> None:
        """Warn of a value that is another one to other readers of YAML."""
        value = str(node.value).lower()
        message = f"{path} is {value} to `oc` and {node.ambiguous} to readers of YAML 1.2"
        self.findings.append(Spot(path, node.place).risky(DEFAULT, message, f"write {value}"))


def _folded(key: str) -> str:
    """Return a key in small letters, as Go folds it: two letters beyond ASCII are s and k."""
    return key.replace("\u017f", "s").replace("\u212a", "k").lower()


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _name(node: Scalar) -> str:
    match node.value:
        case bool():
            return "bool"
        case int():
            return "int"
        case str():
            return "string"
        case _:
            return "number"


_WORDS: Final = {"string": "a text", "int": "an integer", "bool": "true or false"}


def _wanted(wanted: Type) -> str:
    one = _WORDS.get(wanted.name, "an object")
    if not wanted.many:
        return one
    return f"a list of {'objects' if wanted.name not in PRIMITIVES else 'texts'}"


def _described(node: Node) -> str:
    match node:
        case Scalar(value=bool()):
            return str(node.value).lower()
        case Scalar(value=str(text)):
            return f"the text {shown(text)}"
        case Scalar(value=nodes.Fraction()):
            return "a number that is no integer of 64 bits"
        case Scalar():
            return f"the number {node.value}"
        case Sequence():
            return "a list"
        case nodes.Mapping():
            return "an object"


def _advice(node: Node, wanted: Type, path: str) -> str:
    value = node.value if isinstance(node, Scalar) else None
    if wanted.many and wanted.name in PRIMITIVES and value is not None:
        return "put it into a list, even if it is alone"
    if wanted.name == "string" and not isinstance(node, Sequence | nodes.Mapping):
        return "put it in quotes"
    if path.endswith(".mode") and isinstance(value, str) and _is_octal(value):
        return f"write {int(value, 8)}, which is {value} in decimal and without quotes"
    if wanted.name in {"int", "bool"} and isinstance(value, str):
        return "write it without quotes"
    return ""


def _is_octal(text: str) -> bool:
    return text.isascii() and text.isdecimal() and not set("89") & set(text)
