"""Documents made at random from the types of the waist, with any text in every string."""

from __future__ import annotations

import types
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from reqc.compiler.conditions import Compared
from reqc.compiler.lowered import LoweredDocument

Words = st.SearchStrategy[str]

# Pieces of markup beside any text, because random characters seldom make markup.
MARKUP = (
    *("|", "\\", "\\|", "`", "``", "```", "*", "**", "_", "~~", "<", ">", "<b>", "<!--", "&lt;"),
    *("#", "# ", "- ", "---", "+ ", "1. ", "10) ", "> ", "=", "===", ":-:", "[", "](", ")", "!["),
    *("[a](javascript:b)", "<https://a.invalid>", "</a>", "\n", "\n\n", "\r\n", "\t", " ", "    "),
    *("{{", "{%", "}", "$", "&", "\u00a0", "\u2028", "\u00e9", "\U0001f310", "word", '"', "'"),
)

HOSTILE = st.lists(
    st.sampled_from(MARKUP) | st.text(st.characters(exclude_categories=["C"]), max_size=3),
    max_size=6,
).map("".join)
"""Text that tries to be markup; its only control characters are tabs and line breaks."""


def documents(words: Words) -> st.SearchStrategy[LoweredDocument]:
    """Return documents in which no two requirements or sections share an id, nor others a name."""
    return values(LoweredDocument, words).map(_distinct)


@cache
def values(annotation: Any, words: Words) -> st.SearchStrategy[Any]:  # noqa: ANN401  # an annotation is anything
    """Return values of an annotation as the records of the waist use them."""
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return st.one_of(*(values(argument, words) for argument in arguments))
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(values(arguments[0], words), max_size=2).map(tuple)
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return st.deferred(lambda: _instances(annotation, words))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    simple = {
        str: words,
        int: st.integers(0, 70000),
        bool: st.booleans(),
        type(None): st.none(),
    }
    return simple[annotation]


def _instances(kind: Any, words: Words) -> st.SearchStrategy[Any]:  # noqa: ANN401  # any record
    hints = get_type_hints(kind)
    if kind is Compared:
        hints["ordered"] = Literal[False]  # only versions have an order, and words are none
    return st.builds(kind, **{name: values(hints[name], words) for name in kind.__struct_fields__})


def _distinct(document: LoweredDocument) -> LoweredDocument:
    sections = []
    for number, section in enumerate(document.sections):
        items = tuple(
            replace(item, origin=replace(item.origin, id=f"s{number}.{at}{item.origin.id}"))
            for at, item in enumerate(section.requirements)
        )
        sections.append(replace(section, id=f"s{number}", requirements=items))
    return replace(
        document,
        sections=tuple(sections),
        options=_with_own_names(document.options),
        roles=_with_own_names(document.roles),
        sources=_with_own_names(document.sources),
    )


def _with_own_names(items: tuple[Any, ...]) -> tuple[Any, ...]:
    known: dict[str, Any] = {}
    for item in items:
        name = item.name
        while name in known:
            name = f"{name}+"
        known[name] = replace(item, name=name)
    return tuple(known.values())
