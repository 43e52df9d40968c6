"""URLs as Go's net/url reads them, because that is what reads the sources of a configuration."""

from __future__ import annotations

import re
import string
from typing import Final

from msgspec import Struct

_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BAD_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_PORT: Final = re.compile("(:[0-9]*)?")
_HEX_PAIR: Final = re.compile("%([0-9A-Fa-f]{2})")
_HOST: Final = frozenset(string.ascii_letters + string.digits + "-_.~!$&'()*+,;=:[]<>\"%")
_USER: Final = frozenset(string.ascii_letters + string.digits + "-._:~!$&'()*+,;=%@")
_ASCII: Final = 0x80
_PERCENT: Final = 0x25


class BadUrlError(ValueError):
    """A text is no URL; the message says why."""


class Url(Struct, frozen=True):
    """The parts of a URL that matter here; `opaque` is all behind the scheme without a slash."""

    scheme: str
    opaque: str
    query: str


def parse_url(text: str) -> Url:
    """Return the parts of a URL; raise `BadUrlError` for what Go refuses."""
    text, _, fragment = text.partition("#")
    if _CONTROL.search(text):
        message = "it has a control character"
        raise BadUrlError(message)
    _check_escapes(fragment)
    if text.startswith(":"):
        message = "it has no scheme before the colon"
        raise BadUrlError(message)
    found = _SCHEME.match(text)
    scheme, rest = (found[1].lower(), text[found.end() :]) if found else ("", text)
    rest, _, query = rest.partition("?")
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, rest, query)
        if ":" in rest.partition("/")[0]:
            message = "its first part has a colon and is no scheme"
            raise BadUrlError(message)
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        _check_authority(authority)
        rest = slash + path
    _check_escapes(rest)
    return Url(scheme, "", query)


def query_value(query: str, name: str) -> str | None:
    """Return the first value of a name in a query, None where it is missing."""
    for part in query.split("&"):
        key, _, value = part.partition("=")
        if ";" in part or not part or _BAD_ESCAPE.search(part):
            continue
        if _unescaped(key) == name:
            return _unescaped(value)
    return None


def _unescaped(text: str) -> str:
    plain = text.replace("+", " ")
    return _HEX_PAIR.sub(lambda found: chr(int(found[1], 16)), plain)


def _check_escapes(text: str) -> None:
    if _BAD_ESCAPE.search(text):
        message = "a percent sign is not followed by two hexadecimal digits"
        raise BadUrlError(message)


def _check_authority(authority: str) -> None:
    user, at, host = authority.rpartition("@")
    if at and not set(user) <= _USER:
        message = "its user has a character that must be escaped"
        raise BadUrlError(message)
    _check_escapes(user)
    if host.startswith("["):
        address, bracket, port = host.rpartition("]")
        if not bracket:
            message = "the bracket of its address is not closed"
            raise BadUrlError(message)
        address, _, zone = address.partition("%25")
        _check_escapes(zone)
    else:
        end = host.rfind(":") if ":" in host else len(host)
        address, port = host[:end], host[end:]
    if not _PORT.fullmatch(port):
        message = f"its port `{port.removeprefix(':')}` is no number"
        raise BadUrlError(message)
    _check_host(address)


def _check_host(host: str) -> None:
    _check_escapes(host)
    if any(ord(character) < _ASCII and character not in _HOST for character in host):
        message = "its host has a character that no host has"
        raise BadUrlError(message)
    codes = (int(pair, 16) for pair in _HEX_PAIR.findall(host))
    if any(code < _ASCII and code != _PERCENT for code in codes):
        message = "its host escapes a character that no host has"
        raise BadUrlError(message)
