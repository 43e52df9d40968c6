"""Markdown and HTML as their readers understand them: blocks, elements, attributes and texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reqc.backends.base import Output
from tests.injection.readers import Leaf, tree
from tests.injection.readers_data import once, yaml_documents

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_PLAIN_TEXT = frozenset({"text", "text_special", "softbreak", "hardbreak"})
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def shown(text: str) -> str:
    """Return a text as documents show it: blanks count once, what cannot be shown is U+FFFD."""
    return " ".join(UNSHOWABLE.sub("\ufffd", text).split())


def shown_in_browsers(text: str) -> str:
    """Return the same for HTML, which has no non-characters either."""
    return " ".join(_NO_CHARACTERS.sub("\ufffd", shown(text)).split())


_NO_CHARACTERS = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def markdown_leaves(output: Output) -> Iterator[Leaf]:
    """Yield the blocks of documents with their texts, links and anchors, and the front matter."""
    for artifact in output.artifacts:
        text = artifact.text
        if text.startswith("---\n"):
            matter, _, text = text.removeprefix("---\n").partition("\n---\n")
            (data,) = yaml_documents(matter)
            yield from tree(data, (artifact.name, "---"))
        yield from markdown_text_leaves(text, (artifact.name,))


def markdown_text_leaves(text: str, at: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield the blocks of a document; paragraphs behind each other are one, as texts have many."""
    opened: list[str] = []
    merged = _joined(_blocks(_MARKDOWN.parse(text), opened))
    yield from (leaf._replace(place=(*at, *leaf.place)) for leaf in merged)
    assert opened == []


def _joined(leaves: Iterable[Leaf]) -> Iterator[Leaf]:
    """Yield leaves; texts behind each other at one place become one text."""
    last: Leaf | None = None
    for leaf in leaves:
        if last and last.place == leaf.place and leaf.shown is last.shown is shown:
            last = leaf._replace(text=shown(f"{last.text} {leaf.text}"))
            continue
        if last:
            yield last
        last = leaf
    if last:
        yield last


def _blocks(tokens: Sequence[Token], opened: list[str]) -> Iterator[Leaf]:
    for token in tokens:
        assert token.type != "html_block", token.content
        if token.nesting == 1:
            opened.append(token.tag)
            if token.type != "paragraph_open":
                yield Leaf((*opened,), "")
        elif token.nesting == -1:
            assert opened.pop() == token.tag
        elif token.type == "inline":
            yield from _inline(token.children or (), tuple(opened))
        elif token.type == "fence" and token.info == "json":
            data = json.loads(token.content, object_pairs_hook=once)
            yield from tree(data, (*opened, "json"))
        elif token.type == "fence" and token.info == "mermaid":
            yield from _diagram(token.content, (*opened, "mermaid"))
        else:
            yield Leaf((*opened, token.type, token.info), token.content)


def _diagram(text: str, at: tuple[str, ...]) -> Iterator[Leaf]:
    """Yield the lines of a diagram with their labels as Mermaid shows them."""
    for number, line in enumerate(text.splitlines()):
        assert line.isascii()
        label = re.sub(r"#(\d+);", lambda found: chr(int(found[1])), line)
        yield Leaf((*at, str(number)), shown(label), shown)


def _inline(tokens: Sequence[Token], at: tuple[str, ...]) -> Iterator[Leaf]:
    """Yield the elements of a line, then its text; a code that no span can hold is plain text."""
    said: list[str] = []
    within: list[str] = []
    for token in tokens:
        if token.type in _PLAIN_TEXT or token.type == "code_inline":
            said.append(token.content if "break" not in token.type else " ")
        elif token.type == "html_inline":
            assert re.fullmatch(r'<a id="[^"<>]*">|</a>|<br>', token.content), token.content
            yield Leaf((*at, *within, "html"), token.content)
        elif token.nesting == 1:
            within.append(token.tag)
            yield Leaf((*at, *within), "")
            if token.type == "link_open":
                yield Leaf((*at, *within, "href"), unquote(str(token.attrs["href"])))
        elif token.nesting == -1:
            assert within.pop() == token.tag
        else:
            message = f"{token.type} {token.content}"
            raise AssertionError(message)
    yield Leaf((*at, "text"), shown("".join(said)), shown)


DOM = r"""
(() => {
  const found = [];
  const flow = new Set(["P", "BR"]);
  const walk = (node, at) => {
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        found.push([at.concat("text"), child.data]);
      } else if (child.nodeType !== Node.ELEMENT_NODE) {
        found.push([at.concat("#" + child.nodeType), child.data ?? ""]);
      } else if (child.tagName === "BR" || (child.tagName === "P" && !child.attributes.length)) {
        found.push([at.concat("text"), " "]);
        walk(child, at);
        found.push([at.concat("text"), " "]);
      } else {
        const here = at.concat(child.tagName.toLowerCase());
        found.push([here, ""]);
        for (const one of child.attributes) found.push([here.concat("@" + one.name), one.value]);
        if (child.tagName === "SCRIPT" && child.type === "application/json")
          found.push([here.concat("json"), child.textContent]);
        else if (child.tagName === "SCRIPT" || child.tagName === "STYLE")
          found.push([here.concat("source"), child.textContent]);
        else walk(child, here);
      }
    }
  };
  walk(document, []);
  return found;
})()
"""
"""A script that takes a page apart as the browser understood it; plain paragraphs are one text."""


def page_leaves(found: Iterable[tuple[list[str], str]]) -> Iterator[Leaf]:
    """Yield the leaves of what `DOM` has found."""
    last: tuple[list[str], str] | None = None
    for place, text in found:
        if place[-1] == "text" and last and last[0] == place:
            last = (place, last[1] + text)
            continue
        if last:
            yield from _element(*last)
        last = (place, text)
    if last:
        yield from _element(*last)


def _element(place: list[str], text: str) -> Iterator[Leaf]:
    if place[-1] == "json":
        yield from tree(json.loads(text, object_pairs_hook=once), tuple(place))
    elif place[-1] == "text":
        if said := shown_in_browsers(text):
            yield Leaf(tuple(place), said, shown_in_browsers)
    elif place[-1] == "@href":
        yield Leaf(tuple(place), unquote(text))
    else:
        yield Leaf(tuple(place), shown_in_browsers(text), shown_in_browsers)
