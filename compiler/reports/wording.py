"""Texts of diagnostics as other programs can hold them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping

from reqc.compiler.diagnostics import Diagnostic
from reqc.compiler.render import OBEYED

_UNUSUAL = re.compile(r"[^\n -~]")


def sentence(item: Diagnostic) -> str:
    """Return the message with the words for its place, for readers that show only one of them."""
    return f"{item.message}: {item.here}" if item.here else item.message


def encoded(document: Mapping[str, object]) -> str:
    r"""Return a document as JSON that no terminal obeys and every reader takes.

    What a terminal would obey is written as `\uXXXX`. Half a surrogate pair, as in the name of a
    file that is no text, is no character, and becomes U+FFFD.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False)
    return _UNUSUAL.sub(lambda found: _escaped(found[0]), text) + "\n"


def _escaped(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return json.dumps(character)[1:-1] if category in OBEYED else character
