"""Text as HTML: `quoted` is the one way for a string of a specification into a page."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from reqc.compiler.prose import Code, Sentence

# No page can show these, and a reader of HTML reports them as errors: control characters, halves of
# surrogate pairs, and the places of Unicode that are no characters.
_NO_CHARACTERS = "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_UNSHOWABLE = re.compile(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]"
)

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_.:-]")

# These turn the order of what follows around, so that a command would be shown as another one.
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def showable(text: str) -> str:
    """Return the text with U+FFFD for what no page can show; a line break is one character."""
    if text.isascii() and text.isprintable():
        return text
    one_kind = re.sub("\r\n?", "\n", text)
    return _DIRECTIONS.sub("\ufffd", _UNSHOWABLE.sub("\ufffd", one_kind))


@lru_cache(maxsize=512)  # conditions, hosts and levels are the same in many rows
def quoted(words: str | Sentence) -> Markup:
    """Return HTML that shows exactly the words, as content or as the value of an attribute.

    A sentence with code is for content only.
    """
    if isinstance(words, str):
        return escape(showable(words))
    parts = [code(part.text) if isinstance(part, Code) else quoted(part.text) for part in words]
    return Markup("".join(parts))  # noqa: S704  # all of them are quoted


@lru_cache(maxsize=512)  # a row names its requirement several times
def code(text: str) -> Markup:
    """Return a name that a machine reads; an empty one is nothing."""
    return Markup(f"<code>{quoted(text)}</code>") if text else Markup()  # noqa: S704  # quoted


def paragraphs(text: str) -> Markup:
    """Return prose of several lines; blank lines separate paragraphs, other breaks stay."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", showable(text)))
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(quoted(line) for line in part.split("\n")))
        for part in parts
        if part
    )


def link(url: str) -> Markup:
    """Return a link that shows its address; what is no web address is shown and leads nowhere."""
    if not re.match(r"https?://[^\s/]", url, re.IGNORECASE):
        return quoted(url)
    # A reader of HTML takes blanks and a few more signs in an address for mistakes.
    target = re.sub(r"[^!#$&-;=?-Z_a-z~%\[\]]", _percent, showable(url))
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(target, quoted(url))


@lru_cache(maxsize=512)  # the same
def identifier(name: str) -> Markup:
    """Return a name as an id, which is also what links put behind `#`; most names are their id."""
    spelled = _NOT_IN_IDS.sub(lambda found: f"~{ord(found[0]):x}~", name)
    return Markup(spelled)  # noqa: S704  # what is left are letters, digits and six signs


def reference(name: str, words: str | Sentence) -> Markup:
    """Return a link to an id of this page."""
    both = f'<a href="#{identifier(name)}">{quoted(words)}</a>'
    return Markup(both)  # noqa: S704  # both are quoted


def references(names: tuple[str, ...]) -> Markup:
    """Return links to ids that have the names of requirements."""
    links = ", ".join(f'<a href="#{identifier(name)}">{code(name)}</a>' for name in names)
    return Markup(links)  # noqa: S704  # each of them is quoted


def island(json_text: str) -> Markup:
    """Return JSON in ASCII for a script element that holds data: nothing in it ends the element."""
    escapes = {"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"}
    text = re.sub("[<>&]", lambda found: escapes[found[0]], json_text)
    return Markup(text)  # noqa: S704  # without < no end tag and no comment can begin


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
