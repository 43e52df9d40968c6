"""The lint for features that the oldest kernel admitted does not have."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.diagnostics import Label
from reqc.compiler.kinds.kernel_features import KernelKind
from reqc.compiler.knowledge.kernel import KernelNeed
from reqc.compiler.lint.floors import Floor, floors
from reqc.compiler.lint.overlap import MOST_COMPARED, Overlap
from reqc.compiler.lint.parts import wishes
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document, Requirement
from reqc.compiler.versions import compare_versions


def find(document: Document) -> Iterator[Finding]:
    """Find features that came later than the kernels that the document asks for.

    A document that asks for no kernel leaves that to its features. A floor that is one of several
    ways counts, because who wrote it has thought of vendors that port features back.
    """
    known = tuple(floors(document))
    if not known:
        return
    overlap = Overlap(document.options)
    high_enough: dict[str, list[Floor]] = {}
    for item in document.requirements:
        for need in _needs(item):
            if need.since is None:
                continue
            if need.since not in high_enough:
                high_enough[need.since] = _from(need.since, known)
            covers = (floor.requirement.condition for floor in high_enough[need.since])
            low = _below(item, need.since, known, overlap)
            if low is not None and overlap.uncovered(item.condition, covers) is not None:
                yield _finding(item, need, low)


def _needs(item: Requirement) -> Iterator[KernelNeed]:
    for part in dict.fromkeys(wish.part for wish in wishes(item) if wish.wanted):
        if isinstance(part, KernelKind):
            yield from part.needs()


def _from(version: str, known: tuple[Floor, ...]) -> list[Floor]:
    return [floor for floor in known if compare_versions(floor.version, version) >= 0]


def _below(
    item: Requirement, version: str, known: tuple[Floor, ...], overlap: Overlap
) -> Floor | None:
    return next(
        (
            floor
            for floor in known[:MOST_COMPARED]
            if compare_versions(floor.version, version) < 0
            and overlap.meet(item, floor.requirement)
        ),
        None,
    )


def _finding(item: Requirement, need: KernelNeed, floor: Floor) -> Finding:
    _, _, name = need.key.partition(":")
    return Finding(
        item.places.predicate,
        f"`{item.id}` needs {name}, which came with kernel {need.since}, "
        f"and `{floor.requirement.id}` is content with {floor.version}",
        labels=(Label(floor.requirement.places.predicate, "the kernel asked for"),),
        help=f"ask for `kernel >= {need.since}` under the same condition, "
        "or allow this where vendors have ported the feature back",
        requirements=(item.id,),
    )


RULE = Rule("REQ711", "feature-floor", "A feature is newer than the kernel asked for", find)
