"""YAML as Ansible reads it, in which no text of a specification is ever a template."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

_PLAIN: Final = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.@-]*")
_SPECIAL: Final = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
)
_SAME_IN_JSON: Final = re.compile(r"[ -~\t\n]*")
_LONGEST_KEY: Final = 128
"""What YAML takes for a key when it stands before its colon on one line, and somewhat less."""
_INDENT: Final = "  "
_TEMPLATE: Final = re.compile(r"\{[{%#]")


def yaml_text(data: object) -> str:
    """Return one document in block style, keys in their order, no line folded."""
    return "---\n" + "".join(f"{line}\n" for line in _lines(data, ""))


def task_list(tasks: Iterable[object]) -> str:
    """Return a document that is a list, with a blank line between its items."""
    items = ("".join(f"{line}\n" for line in _lines([item], "")) for item in tasks)
    return "---\n" + "\n".join(items)


def _lines(data: object, margin: str) -> Iterator[str]:
    """Yield the lines of data, lists of a mapping further in than its keys as ansible-lint wants.

    The fast writer of PyYAML cannot do that, and its other one takes ten times as long as this.
    """
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _entry(f"{margin}{_key(_scalar(key), margin)}", value, f"{margin}{_INDENT}")
    elif isinstance(data, list) and data:
        for item in data:
            first, *rest = _lines(item, f"{margin}{_INDENT}")
            yield f"{margin}- {first[len(margin) + len(_INDENT) :]}"
            yield from rest
    else:
        yield f"{margin}{_scalar(data)}"


def _entry(head: str, value: object, margin: str) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield head
        yield from _lines(value, margin)
    else:
        yield f"{head} {_scalar(value)}"


def _key(written: str, margin: str) -> str:
    return f"{written}:" if len(written) <= _LONGEST_KEY else f"? {written}\n{margin}:"


def _scalar(value: object) -> str:
    """Return a value: a text plain where nobody can mistake it, unsafe where it is a template."""
    return _word(value) if isinstance(value, str) else json.dumps(value)


@lru_cache(maxsize=1024)  # the words of modules and tasks are in each of them
def _word(value: str) -> str:
    if _PLAIN.fullmatch(value) and value.lower() not in _SPECIAL:
        return value
    tag = "!unsafe " if _TEMPLATE.search(value) else ""
    return f"{tag}{_quoted(value)}"


def _quoted(text: str) -> str:
    """Return a text between double quotes, of which JSON and YAML differ in some escapes."""
    if _SAME_IN_JSON.fullmatch(text):
        return json.dumps(text)
    import yaml  # noqa: PLC0415  # slow to import, and most texts are plain

    quoted: str = yaml.dump(text, Dumper=yaml.SafeDumper, default_style='"', width=sys.maxsize)
    return quoted.removesuffix("\n")


def label(text: str) -> str:
    """Return a text for names and tags of tasks, which Ansible always reads as templates."""
    return text.replace("{", "\\x7b")


def shorten(text: str, longest: int) -> str:
    """Return a text that may end in dots because it was longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
