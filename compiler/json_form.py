"""Records as JSON documents of a named form, and the schemas of such forms."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

# JSON itself writes only the control characters before the blank as escapes.
_OBEYED: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


_TOGETHER: Final = 100
"""How many items of an array are written at once: one by one takes longer."""


def written(record: msgspec.Struct) -> str:
    """Return a record as an indented JSON document that ends with a newline.

    A sign that a terminal obeys instead of showing it is an escape.
    """
    return _text(record) + "\n"


def pieces(record: msgspec.Struct, divided: tuple[type[msgspec.Struct], ...]) -> Iterator[str]:
    """Yield what `written` returns, which for a large record is much to have in memory at once.

    Records of the types `divided` are written field by field, and their arrays in parts.
    """
    yield from _pieces(record, divided, "\n")
    yield "\n"


def _pieces(value: Any, divided: tuple[type[msgspec.Struct], ...], line: str) -> Iterator[str]:  # noqa: ANN401  # any field
    """Yield the text of a value; `line` is a line end with the margin that follows it."""
    inner = f"{line}  "
    if isinstance(value, divided):
        for number, name in enumerate(value.__struct_fields__):
            yield f'{"," if number else "{"}{inner}"{name}": '
            yield from _pieces(getattr(value, name), divided, inner)
        yield f"{line}}}"
    elif isinstance(value, tuple) and value and isinstance(value[0], divided):
        for number, item in enumerate(value):
            yield f"{',' if number else '['}{inner}"
            yield from _pieces(item, divided, inner)
        yield f"{line}]"
    elif isinstance(value, tuple) and value:
        for at in range(0, len(value), _TOGETHER):
            part = _text(value[at : at + _TOGETHER])
            yield ("," if at else "[") + part[1:-2].replace("\n", line)
        yield f"{line}]"
    else:
        yield _text(value).replace("\n", line)


def _text(value: object) -> str:
    text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
    shown = _OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return msgspec.json.format(shown, indent=2)


def schema(form: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `written` makes of such records.

    Every key is required and no other key may be there, so that readers can rely on both.
    """
    (reference,), definitions = msgspec.json.schema_components(
        (form,), ref_template="#/$defs/{name}"
    )
    for definition in definitions.values():
        if definition.get("type") == "object":
            definition["required"] = list(definition["properties"])
            definition["additionalProperties"] = False
    own = definitions.pop(reference["$ref"].rpartition("/")[2])
    return {"$schema": _DIALECT, **own, "$defs": definitions}
