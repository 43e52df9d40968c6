"""Write the page with its conditions, errata and sources as a Markdown document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, partial
from typing import Final

from jinja2 import Environment

from reqc.backends.base import Artifact, Language, Output, Setting, Target
from reqc.backends.document.choices import (
    assignment,
    cases,
    chosen,
    decisions,
    is_shown,
    left_out,
)
from reqc.backends.document.page import levels, passages, roles
from reqc.backends.document.summary import as_json, heading, summary
from reqc.backends.document.traffic import diagram
from reqc.backends.markdown.mermaid import mermaid
from reqc.backends.markdown.quoting import (
    Markdown,
    anchor,
    code,
    code_block,
    link,
    quoted,
    references,
)
from reqc.backends.markdown.rows import remarks, rows
from reqc.backends.templates import environment, pieces
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import Code, joined


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Write every requirement with its conditions, or what the choices made leave of them."""
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}.md".replace("/", "-")
    front_matter = _front_matter(document) if settings["front-matter"] == "yaml" else ""
    return Output((Artifact(name, partial(_pieces, document, front_matter)),))


def _pieces(document: LoweredDocument, front_matter: str) -> Iterator[str]:
    shown = tuple(item for item in document.requirements if is_shown(document, item))
    return pieces(
        templates().get_template("page.md.jinja"),
        document=document,
        rows=partial(rows, sources={source.name for source in document.sources}),
        front_matter=front_matter,
        levels=levels(document),
        passages=partial(passages, document),
        choices=joined(tuple(assignment(option) for option in chosen(document))),
        decisions=decisions(document),
        cases=cases(document),
        left_out=left_out(document),
        roles=roles(document),
        traffic=diagram(document, shown),
        summary=map(code_block, as_json(summary(document, shown))),
    )


def _front_matter(document: LoweredDocument) -> Markdown:
    """Return what site generators read before the page, without the lines around it."""
    # only who asks for front matter pays for loading the library
    from reqc.backends.machineconfig.yaml_text import yaml_text  # noqa: PLC0415

    return Markdown(yaml_text(heading(document)).rstrip("\n"))


@cache
def templates() -> Environment:
    """Return what the templates of this target are read with, and what they may call."""
    made = environment("reqc.backends.markdown", _as_markdown)
    made.globals.update(
        anchor=anchor,
        link=link,
        mermaid=mermaid,
        remarks=remarks,
        references=references,
    )
    made.filters["code"] = code
    made.filters["codes"] = lambda texts: joined(tuple((Code(text),) for text in texts))
    return made


def _as_markdown(value: object) -> object:
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, str | tuple):
        return quoted(value)
    message = f"the template prints {value!r}, which is no text"
    raise TypeError(message)


TARGET: Final = Target(
    name="markdown",
    summary="The page as a document for people, with conditions, errata and sources.",
    reads=Language.PROSE,
    render=render,
    settings=(
        Setting(
            "front-matter",
            "none",
            "yaml puts what site generators read before the page",
            values=("none", "yaml"),
        ),
    ),
)
