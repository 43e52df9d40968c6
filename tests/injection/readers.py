"""What a target wrote as its real readers understand it: leaves of text, each at a place.

Two documents that differ in one text must be read as the same places with the same texts, but for
that text. So a leaf says how its format shows a text that it cannot carry as it is: `shown` turns
the leaf of a document with an ordinary word, in which the word was exchanged for the other text,
into what the leaf of that other document has to be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

Shown = Callable[[str], str]


class Swap(Protocol):
    """Exchanges words for texts; `sign` stands for the quotes of the language."""

    def __call__(self, text: str, sign: str = '"', /) -> str:
        """Return the text with words exchanged."""


def exactly(text: str) -> str:
    """Return the text: the format carries every text."""
    return text


class Leaf(NamedTuple):
    """A text at a place, which is made of keys, names of elements and the like."""

    place: tuple[str, ...]
    text: str
    shown: Shown = exactly

    @property
    def quote(self) -> str:
        """The sign that stands for the quotes of the language."""
        return "'" if self.shown in {tame, wrapped_tame} else '"'


def solid(text: str) -> str:
    """Return a text without blanks, for what is wrapped to a width."""
    return "".join(text.split())


def escaped(text: str) -> str:
    r"""Return a text on one line: what does not print is `\xNN` or `\uNNNN`."""
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}"


def wrapped_comment(text: str) -> str:
    """Return what is left of a comment of YAML or of a configuration file, without blanks."""
    return solid(escaped(text))


def tame(text: str) -> str:
    """Return a text as comments of firewalls have it: no quote, backslash or unprintable sign."""
    printed = "".join(mark if mark.isprintable() else " " for mark in text)
    return " ".join(printed.replace('"', "'").replace("\\", "/").split())


def wrapped_tame(text: str) -> str:
    """Return the same without blanks."""
    return solid(tame(text))


_DIGESTS = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{64}|(?<=sha256 )[0-9a-f]{12})(?![0-9a-f])")
_SOLID_DIGESTS = re.compile(r"(?<=sha256)(?:[0-9a-f]{64}|[0-9a-f]{12})")


def steady(text: str) -> str:
    """Return a text without digests, which differ with every text of a specification."""
    return _SOLID_DIGESTS.sub("DIGEST", _DIGESTS.sub("DIGEST", text))


def comment_of(lines: Iterable[str], sign: str = "#") -> str:
    """Return what comment lines say, without the sign and without blanks."""
    return solid("".join(line.removeprefix(sign) for line in lines))


def tree(value: object, at: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Yield the leaves of data as JSON and YAML have it, with the type of what is no text."""
    if isinstance(value, Mapping):
        yield Leaf((*at, "{}"), str(len(value)))
        for key, inner in value.items():
            assert isinstance(key, str), f"a key that is no text: {key!r}"
            yield from tree(inner, (*at, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield Leaf((*at, "[]"), str(len(value)))
        for number, inner in enumerate(value):
            yield from tree(inner, (*at, str(number)))
    elif isinstance(value, str):
        yield Leaf(at, value)
    else:
        yield Leaf((*at, type(value).__name__), repr(value))


def differences(plain: Sequence[Leaf], hostile: Sequence[Leaf], swapped: Swap) -> list[str]:
    """Return in what a document with hostile texts is read otherwise than one with plain words.

    `swapped` exchanges the words for the texts that stand in their places.
    """
    wanted = [tuple(map(swapped, leaf.place)) for leaf in plain]
    got = [leaf.place for leaf in hostile]
    if wanted != got:
        at = next(
            (at for at, both in enumerate(zip(wanted, got, strict=False)) if both[0] != both[1]),
            min(len(wanted), len(got)),
        )
        return [f"place {at}: {hostile[at : at + 2]!r:.600} instead of {wanted[at : at + 1]}"]
    found = []
    for leaf, other in zip(plain, hostile, strict=True):
        text = steady(leaf.shown(swapped(leaf.text, leaf.quote)))
        if text != steady(other.text):
            found.append(f"{'.'.join(leaf.place)}: {apart_at(steady(other.text), text)}")
    return found


def apart_at(got: str, wanted: str) -> str:
    """Return two texts from a little before where they differ."""
    pairs = enumerate(zip(got, wanted, strict=False))
    shorter = min(len(got), len(wanted))
    at = max(0, next((at for at, both in pairs if both[0] != both[1]), shorter) - 20)
    return f"{got[at : at + 100]!r} is not {wanted[at : at + 100]!r}"
