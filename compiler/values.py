"""Literal values of the language and of the command line, from text to Python."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network

from msgspec import Struct

from reqc.compiler.conditions import Value
from reqc.compiler.flows import Ports
from reqc.compiler.versions import is_version

LAST_PORT = 65535
_SIZE = re.compile(r"(?P<number>[0-9]{1,15})(?P<unit>[KMGT]i?B)")
_UNITS = {
    f"{letter}{infix}B": base**power
    for infix, base in (("i", 1024), ("", 1000))
    for power, letter in enumerate("KMGT", start=1)
}


def boolean(text: str) -> bool:
    """Return the truth value that a word names."""
    if text not in {"true", "false"}:
        message = "expected true or false"
        raise ValueError(message)
    return text == "true"


def integer(text: str) -> int:
    """Return a whole number."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        message = "expected a whole number"
        raise ValueError(message)
    return int(text)


def port(text: str) -> int:
    """Return a port from 1 to 65535."""
    number = int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0
    if not 1 <= number <= LAST_PORT:
        message = f"expected a port from 1 to {LAST_PORT}"
        raise ValueError(message)
    return number


def ports(text: str) -> Ports:
    """Return a port, or a range such as `30000-32767`."""
    first, dash, last = text.partition("-")
    found = Ports(port(first), port(last) if dash else port(first))
    if found.first > found.last:
        message = "a range of ports begins with the smaller one"
        raise ValueError(message)
    return found


def version(text: str) -> str:
    """Return a version, unchanged."""
    if not is_version(text):
        message = "expected a version such as 3.10 or 4.18.0-193"
        raise ValueError(message)
    return text


def network(text: str) -> str:
    """Return an address or a network in canonical form; host bits must be zero."""
    try:
        return str(ip_network(text))
    except ValueError as mistake:
        message = f"expected an address or a network such as 10.0.0.0/8 ({mistake})"
        raise ValueError(message) from None


def kibibytes(text: str) -> int:
    """Return a size such as `2GiB` or `2GB` in KiB, rounded up."""
    found = _SIZE.fullmatch(text)
    if found is None:
        message = "expected a size such as 2GiB or 500MB"
        raise ValueError(message)
    in_bytes: int = int(found["number"]) * _UNITS[found["unit"]]
    return -(-in_bytes // 1024)


def absolute_path(text: str) -> str:
    """Return a clean absolute path: no `.`, `..`, double or final slash, no control character."""
    parts = text.split("/")[1:]
    if not text.startswith("/") or not text.isprintable() or {"", ".", ".."} & set(parts):
        message = "expected a clean absolute path such as /etc/example.conf"
        raise ValueError(message)
    return text


def directory(text: str) -> str:
    """Return the path of a directory, which may be the root."""
    return text if text == "/" else absolute_path(text)


def text(value: str) -> str:
    """Return a text, unchanged."""
    try:
        value.encode()
    except UnicodeEncodeError:
        message = "expected text in UTF-8"
        raise ValueError(message) from None
    return value


_READERS: dict[str, Callable[[str], Value]] = {
    "bool": boolean,
    "int": integer,
    "port": port,
    "version": version,
    "string": text,
    "cidr": network,
}
TYPES = tuple(_READERS)
"""The names of the types an option may have beside an enumeration of words."""


class OptionType(Struct, frozen=True):
    """The type of an option: one of `TYPES`, or `enum` with its words."""

    name: str
    words: tuple[str, ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        """All values, where they can be counted."""
        return (False, True) if self.name == "bool" else self.words

    def read(self, written: str) -> Value:
        """Return the value that a text names; raise ValueError with what was expected."""
        if self.name != "enum":
            return _READERS[self.name](written)
        if written not in self.words:
            message = f"expected one of {', '.join(self.words)}"
            raise ValueError(message)
        return written

    def __str__(self) -> str:
        return " | ".join(self.words) if self.name == "enum" else self.name
