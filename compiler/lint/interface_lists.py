"""The lint for interfaces that are owned and not left alone, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import translate

from reqc.compiler.diagnostics import Label
from reqc.compiler.kinds.base import Reference
from reqc.compiler.kinds.host import Interface, Unmanaged
from reqc.compiler.lint.parts import wishes
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document, Requirement

_Named = tuple[Requirement, Interface | Unmanaged]


def find(document: Document) -> Iterator[Finding]:
    """Compare the interfaces that the product owns with those that NetworkManager leaves alone.

    A document that speaks about one of the two only says nothing about the other.
    """
    owned = list(_named(document, Interface))
    left_alone = list(_named(document, Unmanaged))
    if not owned or not left_alone:
        return
    why = "the product owns {}, but NetworkManager is not told to leave {} alone"
    help_text = "add what is missing to the list behind `unmanaged`"
    yield from _missing(owned, left_alone, why, help_text)
    why = "NetworkManager leaves {} alone, but the product does not say that it owns {}"
    help_text = "add what is missing to an `interface` requirement"
    yield from _missing(left_alone, owned, why, help_text)


def _named(document: Document, kind: type[Interface | Unmanaged]) -> Iterator[_Named]:
    for item in document.requirements:
        for wish in wishes(item):
            if wish.wanted and isinstance(wish.part, kind):
                yield item, wish.part


def _missing(
    these: list[_Named], those: list[_Named], why: str, help_text: str
) -> Iterator[Finding]:
    covered = _covering([glob for _, part in those for glob in part.globs])
    for item, part in these:
        missing = [str(glob) for glob in part.globs if not covered(glob)]
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            yield Finding(
                item.places.predicate,
                f"`{item.id}`: {why.format(names, 'it' if len(missing) == 1 else 'them')}",
                labels=(Label(those[0][0].places.predicate, "compared with this"),),
                help=help_text,
                requirements=(item.id,),
            )


def _covering(globs: list[str | Reference]) -> Callable[[str | Reference], bool]:
    """Return a function that tells whether one of the globs matches all that another does."""
    exact = set(globs)
    wild = [translate(glob) for glob in exact if isinstance(glob, str) and set(glob) & set("*?[")]
    pattern = re.compile("|".join(sorted(wild)) or r"(?!)")
    return lambda glob: (
        glob in exact or (isinstance(glob, str) and pattern.fullmatch(glob) is not None)
    )


RULE = Rule(
    "REQ707", "interface-lists", "The interfaces owned are not the interfaces left alone", find
)
