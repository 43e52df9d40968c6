"""The templates of a site, and what they may call: all that they print is quoted."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from reqc.backends.html.quoting import identifier, link, quoted
from reqc.backends.templates import environment
from reqc.compiler.commands.site.library import named
from reqc.compiler.commands.site.places import changes_place, document_place, matrix_place, way
from reqc.compiler.comparison.outline import MEANING, configured, counts, effected
from reqc.compiler.comparison.supplement import VERDICTS

CHANGES_STYLE: Final = "changes.css"
"""The resource that a page with changes needs beside the style of all pages."""

_PACKAGE: Final = "reqc.compiler.commands.site"
_MOST_NODES: Final = 20


def rendered(template: str, **values: Any) -> Markup:  # noqa: ANN401  # what the template asks for
    """Return what a template makes of values."""
    text = _templates().get_template(template).render(**values)
    return Markup(text)  # noqa: S704  # the template quotes all that it prints


@cache
def resource(name: str) -> str:
    """Return a style sheet or a script of the site."""
    return (files(_PACKAGE) / "templates" / name).read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    made = environment(_PACKAGE, _as_html, keep_trailing_newline=False)
    made.globals.update(
        way=way,
        named=named,
        document_place=document_place,
        matrix_place=matrix_place,
        changes_place=changes_place,
        identifier=identifier,
        link=link,
        configured=configured,
        counts=counts,
        meaning_of=MEANING,
        verdicts=VERDICTS,
    )
    made.filters["effected"] = lambda effect: effected(effect, _MOST_NODES)
    return made


def _as_html(value: object) -> object:
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    message = f"the template prints {value!r}, which is no text"
    raise TypeError(message)
