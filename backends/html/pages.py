"""Pages: the body of a document, and the frame that makes a page of any body."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Final

from jinja2 import Environment
from markupsafe import Markup
from msgspec.structs import replace

from reqc import __version__
from reqc.backends.document.choices import assignment, cases, chosen, decisions, is_withdrawn
from reqc.backends.document.page import levels, passages, roles
from reqc.backends.document.summary import as_json, summary
from reqc.backends.document.traffic import diagram
from reqc.backends.html import drawing as layout
from reqc.backends.html.quoting import (
    code,
    identifier,
    island,
    link,
    quoted,
    reference,
    references,
    showable,
)
from reqc.backends.html.rows import Surroundings, rows
from reqc.backends.html.switches import script_data, switches
from reqc.backends.templates import environment, pieces
from reqc.compiler.conditions import Value, evaluate, options_of
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement
from reqc.compiler.package_data import package_data
from reqc.compiler.prose import Code, joined

_STATES: Final = {True: "applies", False: "does not apply", None: "open"}

_GEOMETRY: Final = {
    "top": layout.TOP,
    "row": layout.ROW,
    "margin": layout.MARGIN,
    "box": layout.BOX,
    "loop": layout.LOOP,
}


def page(title: str, body: Markup, more_style: str = "", more_script: str = "") -> str:
    """Return a whole page around a body, which must not load anything."""
    return "".join(page_pieces(title, [body], more_style, more_script))


def page_pieces(
    title: str, body: Iterable[Markup], more_style: str = "", more_script: str = ""
) -> Iterator[str]:
    """Yield the pieces of a whole page around those of a body, which must not load anything.

    The style sheet and the script are in the page, and a policy forbids every other one. A body
    may use them: the classes of `style()`, and what `script()` looks for. What a program adds to
    them stands behind them, and is never taken from a document.
    """
    looks, works = style() + more_style, script() + more_script
    frame = templates().get_template("frame.html.jinja")
    return frame.generate(  # not put together again: those of a body are long
        title=showable(title).strip() or "Requirements",
        body=body,
        policy=policy(looks, works),
        style=Markup(looks),  # noqa: S704  # files of this program
        script=Markup(works),  # noqa: S704  # files of this program
    )


def policy(looks: str, works: str) -> str:
    """Return the Content Security Policy of a page: its own style and script, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_hash(looks)}'; script-src '{_hash(works)}';"
        " base-uri 'none'; form-action 'none'"
    )


@cache
def style() -> str:
    """Return the style sheet of all pages."""
    return _resource("page.css")


@cache
def script() -> str:
    """Return the script of all pages; on one without the data of a document it does nothing."""
    return _resource("page.js")


def document_title(document: LoweredDocument) -> str:
    """Return what a page of the document is called."""
    return document.identity.title.strip() or str(document.identity)


def document_body(document: LoweredDocument) -> Markup:
    """Return the body of a document's page."""
    return Markup().join(body_pieces(document))


def body_pieces(document: LoweredDocument) -> Iterator[Markup]:
    """Yield the body of a document's page: header, contents, main part, footer and data.

    Everything is in it, applying or not; the script hides what the switches rule out.
    """
    everything = _everything(document)
    connects = any(item.flows for item in document.requirements)
    options, when, hosts = decisions(document), cases(everything), roles(document)
    around = Surroundings({source.name for source in document.sources}, _states(document))
    made = pieces(
        templates().get_template("document.html.jinja"),
        document=document,
        rows=partial(rows, around=around),
        version=__version__,
        passages=partial(passages, everything),
        appendices=_appendices(
            ("page:traffic", "Traffic", connects),
            ("page:options", "Options", options),
            ("page:cases", "What applies when", when),
            ("page:roles", "Roles", hosts),
            ("page:sources", "Sources", True),
        ),
        levels=levels(everything),
        choices=joined(tuple(assignment(option) for option in chosen(document))),
        switches=switches(document),
        connects=connects,
        draw=partial(_drawing, document),
        geometry=_GEOMETRY,
        decisions=options,
        cases=when,
        roles=hosts,
        data=map(island, script_data(document)),
        summary=map(island, as_json(summary(document, document.requirements))),
    )
    return map(Markup, made)  # the template quotes all that it prints


def _everything(document: LoweredDocument) -> LoweredDocument:
    """Return the document as if nobody had chosen anything, which leaves nothing out."""
    options = tuple(replace(option, chosen=False) for option in document.options)
    return replace(document, options=options)


def _drawing(document: LoweredDocument) -> layout.Drawing:
    return layout.drawing(diagram(document, document.requirements))


def _states(document: LoweredDocument) -> Callable[[LoweredRequirement], str]:
    """Return what says of a requirement what the choices made come to.

    The script says the same as it changes them.
    """
    values: dict[str, Value | None] = {option.name: option.value for option in document.options}
    somebody_chose = bool(chosen(document))

    def state(item: LoweredRequirement) -> str:
        if not somebody_chose or not item.condition or is_withdrawn(document, item):
            return ""
        unknown = dict.fromkeys(options_of(item.condition))
        return _STATES[evaluate(item.condition, {**unknown, **values})]

    return state


def _appendices(*parts: tuple[str, str, object]) -> list[tuple[str, str]]:
    return [(name, words) for name, words, found in parts if found]


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _resource(name: str) -> str:
    return package_data(f"backends/html/templates/{name}").decode()


@cache
def templates() -> Environment:
    """Return what the templates of this target are read with, and what they may call."""
    made = environment("reqc.backends.html", _as_html)
    made.globals.update(
        identifier=identifier,
        link=link,
        reference=reference,
        references=references,
    )
    made.filters["code"] = code
    made.filters["codes"] = lambda texts: joined(tuple((Code(text),) for text in texts))
    made.filters["identifiers"] = lambda names: " ".join(map(identifier, names))
    return made


def _as_html(value: object) -> object:
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, str | tuple):
        return quoted(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = f"the template prints {value!r}, which is no text"
    raise TypeError(message)
