"""YAML that every reader takes for the same data, whether it follows YAML 1.1 or 1.2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import yaml

# A word that begins with a letter or a slash can only be text, but for these: true and false in
# their many spellings, null, and the numbers that have names.
_PLAIN: Final = re.compile(r"[A-Za-z/][A-Za-z0-9/:,;%_.!~*'()=+-]*")
_SPECIAL: Final = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
)


_WIDEST: Final = 2**31 - 1
"""The longest line that the writer in C can think of."""


class Octal(int):
    """A number that is written as Butane's users write modes, such as 0644.

    Only readers that know the octal numbers of YAML 1.1 take it for what it is; Butane does.
    """


class _Dumper(yaml.SafeDumper):
    """Writes every object where it stands, without anchors, and what can be read as it is."""

    def ignore_aliases(self, _data: object) -> bool:
        return True

    def analyze_scalar(self, scalar: str) -> yaml.emitter.ScalarAnalysis:
        # what is not ASCII stands for itself, unless it could deceive a reader
        self.allow_unicode = all(line.isprintable() for line in scalar.split("\n"))
        return super().analyze_scalar(scalar)


class _QuickDumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # known late
    """Writes in C; of lines in printable ASCII it makes the same bytes, of others not always."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """Represent text: plain where nobody can mistake it, in lines where it has lines."""
    if "\n" in text:
        style: str | None = "|"
    elif _PLAIN.fullmatch(text) and text.lower() not in _SPECIAL:
        style = None
    else:
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _octal(dumper: yaml.SafeDumper, number: Octal) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:int", f"{number:04o}")


for _kind in (_Dumper, _QuickDumper):
    _kind.add_representer(str, _text)
    _kind.add_representer(Octal, _octal)


def yaml_text(data: Mapping[str, object]) -> str:
    """Return one mapping in block style, with its keys in their order and no line folded."""
    dumper = _QuickDumper if _plain(data) else _Dumper
    return yaml.dump(data, Dumper=dumper, default_flow_style=False, sort_keys=False, width=_WIDEST)


def _plain(data: object) -> bool:
    """Tell whether all texts are lines in printable ASCII, and no key is empty."""
    if isinstance(data, str):
        return data.isascii() and data.replace("\n", "").isprintable()
    if isinstance(data, Mapping):
        return all(key and _plain(key) and _plain(value) for key, value in data.items())
    return not isinstance(data, list | tuple) or all(map(_plain, data))
