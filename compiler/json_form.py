"""Records as JSON documents of a named form, and the schemas of such forms."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

# JSON itself writes only the control characters before the blank as escapes.
_OBEYED: Final = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def written(record: msgspec.Struct) -> str:
    """Return a record as an indented JSON document that ends with a newline.

    A sign that a terminal obeys instead of showing it is an escape.
    """
    text = json.dumps(msgspec.to_builtins(record), ensure_ascii=False)
    shown = _OBEYED.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return msgspec.json.format(shown, indent=2) + "\n"


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
