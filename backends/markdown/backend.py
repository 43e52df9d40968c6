"""Write the page with its conditions, errata and sources as a Markdown document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from reqc.backends.base import Artifact, Language, Output, Target
from reqc.backends.markdown.choices import assignment, cases, chosen, decisions, left_out
from reqc.backends.markdown.page import passages, roles
from reqc.backends.markdown.quoting import anchor, block, link, quoted, reference, references
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.prose import Code, joined


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Write every requirement with its conditions, or what the choices made leave of them."""
    del settings  # the target has none
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}.md".replace("/", "-")
    text = (
        _environment()
        .get_template("page.md.jinja")
        .render(
            document=document,
            sections=[(section, passages(document, section)) for section in document.sections],
            choices=joined(tuple(assignment(option) for option in chosen(document))),
            decisions=decisions(document),
            cases=cases(document),
            left_out=left_out(document),
            roles=roles(document),
        )
    )
    return Output((Artifact(name, text),))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reqc.backends.markdown"),
        undefined=StrictUndefined,
        # Whatever the template prints goes through `_as_markdown`; HTML escaping only remains for
        # what would come around it, and macros return text that is not quoted twice.
        autoescape=True,
        finalize=_as_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        anchor=anchor, block=block, link=link, reference=reference, references=references
    )
    environment.filters["code"] = lambda text: (Code(text),)
    environment.filters["codes"] = lambda texts: joined(tuple((Code(text),) for text in texts))
    return environment


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
)
