"""Text as Markdown: `quoted` is the one way for a string of a specification into the document.

What it returns means the same in CommonMark and in a table cell of GitHub's dialect, at the start
of a line and within one, so that it needs to know nothing about the place it goes to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby
from urllib.parse import quote

from reqc.compiler.prose import Code, Sentence, sentence


class Markdown(str):
    """Text that is Markdown already; jinja2 asks for `__html__` and then escapes no more."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


# Punctuation that begins markup anywhere. Braces and dollar signs mean nothing in CommonMark, but
# site generators (Jekyll, Hugo, MDX) read expressions in them and GitHub formulas.
_MARKUP = re.compile(r"[\\*_{}\[\]<&|~#$]")

# What says nothing but itself: most words, and most names that machines read.
_LOUD = re.compile(r"[^ -~]|[\\*_{}\[\]<&|~#$`]")
_PLAIN_CODE = re.compile(r"[!-_a-z~](?:[ -_a-z}~]*[!-_a-z~])?")

# Letters, with single signs between them that begin nothing anywhere.
_HARMLESS = re.compile(r"[A-Za-z](?:[A-Za-z0-9 ,.;'()/]*[A-Za-z0-9.)])?")

# What begins a block at the start of a line: a quote, a list, the underline of a heading or of the
# head of a table, front matter.
_BLOCK_START = re.compile(r"^(\d{1,9}(?=[.)](?:\s|$))|(?=[>+=:-]))")

# Most names of requirements are their own anchors.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.:-]*")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.:-]")

_BEGINS_NOTHING = re.compile(r"[A-Za-z`(]")

_EDGES = re.compile(r"^\s+|\s+$")
_LINE_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]")

# A code span has no way to write these: breaks are blanks in it, a pipe ends the cell of a table,
# and site generators look for their braces in code as well.
_NOT_FOR_A_SPAN = re.compile(r"[\t\n\r\u2028\u2029|]|\{[{%]|^\s*$")

# No document can show these; a CommonMark reader puts U+FFFD for the first one itself. The last
# ones turn the order of what follows around, so that a command would be shown as another one.
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


@lru_cache(maxsize=512)  # conditions, hosts and levels are the same in many rows
def quoted(words: str | Sentence) -> Markdown:
    """Return Markdown on one line that shows exactly the words.

    Line breaks and blanks at the ends are character references. A code that no code span can hold
    is set as plain words, and control characters become U+FFFD.
    """
    if isinstance(words, str) and _HARMLESS.fullmatch(words):
        return Markdown(words)
    parts = sentence(words) if isinstance(words, str) else words
    # Two code spans side by side would run into each other's backticks, so they become one.
    runs = groupby((part for part in parts if part.text), lambda part: isinstance(part, Code))
    text = "".join(_run("".join(part.text for part in run), code=code) for code, run in runs)
    if _BEGINS_NOTHING.match(text) and not text[-1].isspace():
        return Markdown(text)
    return Markdown(_BLOCK_START.sub(r"\1\\", _EDGES.sub(_references, text)))


@lru_cache(maxsize=512)  # a row names its requirement several times
def code(text: str) -> Markdown:
    """Return a name that a machine reads."""
    return quoted((Code(text),))


def block(text: str, indent: int) -> Markdown:
    """Return prose of several lines; what follows the first line is indented by `indent` blanks.

    Blank lines separate paragraphs. Other line breaks stay, but blanks around them do not count.
    """
    margin = "\n" + " " * indent
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return Markdown(
        f"\n{margin}".join(
            margin.join(quoted(line.strip()) for line in paragraph.split("\n"))
            for paragraph in paragraphs
        )
    )


def link(url: str) -> Markdown:
    """Return a link that shows its address; what is no web address is shown and leads nowhere."""
    if not re.match(r"https?://", url, re.IGNORECASE):
        return quoted(url)
    target = quote(url, safe=":/?#[]@!$&'()*+,;=%~", errors="replace").replace("&", "&amp;")
    return Markdown(f"[{quoted(url)}](<{target}>)")


def anchor(name: str) -> Markdown:
    """Return an invisible place that links of the document and of others can lead to."""
    escaped = _NOT_IN_NAMES.sub(lambda found: f"&#{ord(found[0])};", name)
    return Markdown(f'<a id="{escaped}"></a>')


def reference(name: str, words: str | Sentence) -> Markdown:
    """Return a link to an anchor of this document; words that are Markdown stay what they are."""
    shown = words if isinstance(words, Markdown) else quoted(words)
    plain = _PLAIN_NAME.fullmatch(name)
    target = name if plain else quote(name, safe=":", errors="replace")
    return Markdown(f"[{shown}](#{target})")


def references(names: Iterable[str]) -> Markdown:
    """Return links to anchors that have the names of requirements."""
    return Markdown(", ".join(reference(name, code(name)) for name in names))


def showable(text: str) -> str:
    """Return the text with U+FFFD for what no document can show."""
    return _UNSHOWABLE.sub("\ufffd", text)


def code_block(json_text: str) -> Markdown:
    """Return JSON for a block of code between fences of three backticks.

    It comes to hold neither a backtick nor a pair of signs that site generators would take for an
    expression of theirs: those are only within strings, where JSON can write them as numbers.
    """
    text = json_text.replace("`", r"\u0060")
    text = re.sub(r"\{(?=[{%#])", r"\\u007b", text)
    return Markdown(re.sub(r"(?<=[%#])\}", r"\\u007d", text))


def _run(text: str, *, code: bool) -> str:
    if code and _PLAIN_CODE.fullmatch(text):
        return f"`{text}`"
    if not code and not _LOUD.search(text):
        return text
    shown = showable(text)
    if code and not _NOT_FOR_A_SPAN.search(shown):
        return _span(shown)
    escaped = _MARKUP.sub(r"\\\g<0>", shown).replace("`", "&#96;")
    return _LINE_BREAKS.sub(_references, escaped)


def _span(text: str) -> str:
    longest = max(map(len, re.findall("`+", text))) if "`" in text else 0
    fence = "`" * (longest + 1)
    padding = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def _references(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in found[0])
