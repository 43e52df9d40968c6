"""Data URLs as Ignition decodes them, which is stricter than RFC 2397 and than browsers."""

from __future__ import annotations

import base64
import re
from typing import Final
from urllib.parse import unquote_to_bytes

PREFIX: Final = "data:"

_WORD: Final = r"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]"
_TYPE: Final = re.compile(
    rf"(?:(?:text|image|audio|video|application|message|multipart){_WORD}*|[xX]-{_WORD}*)"
    rf"/{_WORD}*(?=[;,])"
)
_PARAMETER: Final = re.compile(
    rf';(?P<name>{_WORD}+)(?:=(?:"(?P<quoted>(?:[^"\\\x80-\U0010ffff]|\\[\x00-\x7f])*)"'
    rf"|(?P<plain>{_WORD}+)))?(?=[;,])"
)
_QUOTED: Final = re.compile(
    r"""(?:[^\\\n]|\\(?:[abfnrtv\\"]|[0-3][0-7]{2}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))*"""
)
_UNSAFE: Final = re.compile(r"""[^!$%&'()*+,./0-9:;=?@A-Z_a-z~-]""")
_BAD_ESCAPE: Final = re.compile("%(?![0-9A-Fa-f]{2})")
_BASE64: Final = re.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class BadDataUrlError(ValueError):
    """A text is no data URL that Ignition decodes; the message says why."""


def decode_data_url(url: str) -> bytes:
    """Return what a data URL holds; raise `BadDataUrlError`."""
    if not url.startswith(PREFIX):
        message = "it does not begin with `data:`"
        raise BadDataUrlError(message)
    at = len(PREFIX)
    media_type = _TYPE.match(url, at)
    packed, comma = _after_parameters(url, media_type.end() if media_type else at)
    body = url[comma + 1 :]
    return _packed(body) if packed else _plain(body)


def _after_parameters(url: str, at: int) -> tuple[bool, int]:
    """Read parameters up to the comma; tell whether the last of them is `base64`."""
    while url[at : at + 1] != ",":
        found = _PARAMETER.match(url, at)
        if found is None:
            message = "what stands before its comma is no media type with parameters"
            raise BadDataUrlError(message)
        if found["quoted"] is None and found["plain"] is None:
            if found["name"] != "base64" or url[found.end()] != ",":
                message = f"the parameter `{found['name']}` has no value"
                raise BadDataUrlError(message)
            return True, found.end()
        _check_value(found)
        at = found.end()
    return False, at


def _check_value(found: re.Match[str]) -> None:
    quoted, plain = found["quoted"], found["plain"]
    if (quoted is not None and not _QUOTED.fullmatch(quoted)) or _BAD_ESCAPE.search(plain or ""):
        message = f"the value of the parameter `{found['name']}` has an escape that is none"
        raise BadDataUrlError(message)


def _plain(body: str) -> bytes:
    unsafe = _UNSAFE.search(body)
    if unsafe:
        escape = "".join(f"%{byte:02X}" for byte in unsafe[0].encode("utf-8", "surrogatepass"))
        message = f"a character must be escaped as {escape}"
        raise BadDataUrlError(message)
    if _BAD_ESCAPE.search(body):
        message = "a percent sign is not followed by two hexadecimal digits"
        raise BadDataUrlError(message)
    return unquote_to_bytes(body)


def _packed(body: str) -> bytes:
    if not _BASE64.fullmatch(body):
        message = "it is no base64 with padding"
        raise BadDataUrlError(message)
    return base64.b64decode(body)
