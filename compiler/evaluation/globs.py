"""Shell globs as `case` of every shell reads them in the C locale, byte by byte."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

_TOKEN: Final = re.compile(
    r"\[(?P<negated>[!^]?+)(?P<members>[^/\\][^\]/\\]*)\]"
    r"|(?P<any>[*?])|\\(?P<quoted>.)|(?P<literal>.)",
    re.DOTALL,
)
_MEMBER: Final = re.compile(r"(?P<low>.)-(?P<high>.)|(?P<one>.)", re.DOTALL)


def matches(glob: str, name: str, *, by_path: bool = False) -> bool:
    """Tell whether a glob matches the whole of a name; `by_path`, only slashes match slashes."""
    return _compiled(glob, by_path).fullmatch(_bytes(name)) is not None


@cache
def _compiled(glob: str, by_path: bool) -> re.Pattern[str]:  # noqa: FBT001  # of the cache
    kept = "/" if by_path else ""
    tokens = (_token(token, kept) for token in _TOKEN.finditer(_bytes(glob)))
    return re.compile("".join(tokens), re.DOTALL)


def _bytes(text: str) -> str:
    """Return a text with one character for each of its bytes."""
    return text.encode().decode("latin-1")


def _token(token: re.Match[str], kept: str) -> str:
    """Return a part of a glob as an expression in which no wildcard matches what is `kept`."""
    if token["members"]:
        return _set(token["members"], kept, negated=bool(token["negated"]))
    if token["any"]:
        return _any_but(kept) + ("*" if token["any"] == "*" else "")
    return re.escape(token["quoted"] or token["literal"])


def _set(members: str, kept: str, *, negated: bool) -> str:
    """Return a set of characters; a range that runs backwards holds none."""
    holds = "".join(map(_member, _MEMBER.finditer(members)))
    if negated:
        return _any_but(holds + kept)
    return f"[{holds}]" if holds else "(?!)"


def _any_but(characters: str) -> str:
    return f"[^{characters}]" if characters else "."


def _member(member: re.Match[str]) -> str:
    if member["one"]:
        return re.escape(member["one"])
    low, high = member["low"], member["high"]
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
