"""HTML as an independent reader takes it apart: elements with their attributes, and text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from reqc.backends.html.backend import TARGET
from reqc.compiler.lowered import LoweredDocument

VOID = frozenset({"meta", "input", "br", "link", "img"})


@dataclass
class Element:
    """An element, its attributes, the elements it is in from the outside in, and its own text."""

    name: str
    attributes: dict[str, str]
    within: tuple[str, ...]
    text: str = ""


@dataclass
class _Reader(HTMLParser):
    elements: list[Element] = field(default_factory=list)
    opened: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute of {tag} comes twice"
        values = {name: value or "" for name, value in attrs}
        element = Element(tag, values, tuple(one.name for one in self.opened))
        self.elements.append(element)
        if tag not in VOID:
            self.opened.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.opened.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.opened, f"</{tag}> ends nothing"
        assert self.opened.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self.opened:
            element.text += data

    def handle_comment(self, data: str) -> None:
        message = f"a comment: {data}"
        raise AssertionError(message)


def elements(page: str) -> list[Element]:
    """Return the elements of a page in order; fail where an end tag does not fit its start tag."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.opened == []
    return reader.elements


def written(lowered: LoweredDocument) -> str:
    """Return the page of a document."""
    (artifact,) = TARGET.render(lowered, {}).artifacts
    return artifact.text
