"""The lint for requirements that no host can satisfy together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from reqc.compiler.diagnostics import Label
from reqc.compiler.lint.bounds import Bound
from reqc.compiler.lint.claims import Among, claims
from reqc.compiler.lint.overlap import MOST_COMPARED, Overlap
from reqc.compiler.lint.parts import Wish, wishes
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.lint.sharing import sharing
from reqc.compiler.lowered import Level
from reqc.compiler.model import Document, Requirement
from reqc.compiler.prose import plain


def find(document: Document) -> Iterator[Finding]:
    """Find requirements that contradict an earlier one where both apply; each is told once.

    What a document merely permits, a `may`, contradicts nothing.
    """
    past = _Past(Overlap(document.options), defaultdict(list))
    items = [item for item in document.requirements if item.level is not Level.MAY]
    for item in sharing(items, _subjects):
        found = [past.add(item, wish) for wish in wishes(item)]
        against = next((pair for pair in found if pair is not None), None)
        if against is not None:
            yield _finding(item, *against)


def _subjects(item: Requirement) -> Iterator[object]:
    return (subject for wish in wishes(item) for subject, _ in claims(wish))


_Said = tuple[Requirement, Wish, Among | Bound]


class _Past(Struct, frozen=True):
    """What was said so far, by its subject; the latest, so that a search stays short."""

    overlap: Overlap
    said: defaultdict[object, list[_Said]]

    def add(self, item: Requirement, wish: Wish) -> tuple[Wish, Requirement, Wish] | None:
        """Add a wish and return it with an earlier one that it contradicts, if there is one."""
        against = None
        for subject, claim in claims(wish):
            known = self.said[subject]
            for other, earlier, said in known:
                if against is None and _exclude(claim, said) and self.overlap.meet(other, item):
                    against = wish, other, earlier
            known.append((item, wish, claim))
            del known[:-MOST_COMPARED]
        return against


def _exclude(one: Among | Bound, other: Among | Bound) -> bool:
    if isinstance(one, Among):
        return isinstance(other, Among) and one.excludes(other)
    return isinstance(other, Bound) and one.excludes(other)


def _finding(item: Requirement, wish: Wish, other: Requirement, earlier: Wish) -> Finding:
    alone = item is other
    message = (
        f"`{item.id}` contradicts itself: {_said(earlier)}, and {_said(wish)}"
        if alone
        else f"`{item.id}` contradicts `{other.id}`: {_said(wish)}, against {_said(earlier)}"
    )
    return Finding(
        item.places.predicate,
        message,
        labels=() if alone else (Label(other.places.predicate, "contradicts this"),),
        help="no host satisfies both: mend one, or give them conditions that exclude each other",
        requirements=(other.id, item.id),
    )


def _said(wish: Wish) -> str:
    words = plain(wish.part.words())
    return words if wish.wanted else f"not {words}"


RULE = Rule("REQ709", "contradiction", "No host can satisfy two requirements together", find)
