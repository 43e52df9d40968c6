"""YAML as Ansible reads it, in which no text of a specification is ever a template."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Final

import yaml

_PLAIN: Final = re.compile(r"[A-Za-z/_][A-Za-z0-9/_.@-]*")
_SPECIAL: Final = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
)
_TEMPLATE: Final = re.compile(r"\{[{%#]")


class _Dumper(yaml.SafeDumper):
    """Writes every object where it stands, and lists of mappings as ansible-lint wants them."""

    def ignore_aliases(self, _data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002  # the signature of PyYAML
        super().increase_indent(flow, indentless=False)


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Represent text: plain where nobody can mistake it, unsafe where it would be a template."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _SPECIAL
    tag = "!unsafe" if _TEMPLATE.search(text) else "tag:yaml.org,2002:str"
    return dumper.represent_scalar(tag, text, style=None if plain else '"')


_Dumper.add_representer(str, _text)


def yaml_text(data: object) -> str:
    """Return one document in block style, keys in their order, no line folded."""
    return f"---\n{_dumped(data)}"


def task_list(tasks: Iterable[object]) -> str:
    """Return a document that is a list, with a blank line between its items."""
    return "---\n" + "\n".join(_dumped([item]) for item in tasks)


def _dumped(data: object) -> str:
    text: str = yaml.dump(
        data, Dumper=_Dumper, default_flow_style=False, sort_keys=False, width=sys.maxsize
    )
    return text


def label(text: str) -> str:
    """Return a text for names and tags of tasks, which Ansible always reads as templates."""
    return text.replace("{", "\\x7b")


def shorten(text: str, longest: int) -> str:
    """Return a text that may end in dots because it was longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
