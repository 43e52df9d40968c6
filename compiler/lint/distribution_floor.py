"""The lint for distributions that are listed although their kernel is too old."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.checks import Relation
from reqc.compiler.diagnostics import Label
from reqc.compiler.kinds.platform import Os, System
from reqc.compiler.knowledge.distributions import stock_kernel
from reqc.compiler.lint.floors import Floor, floors
from reqc.compiler.lint.overlap import MOST_COMPARED, Overlap
from reqc.compiler.lint.parts import wishes
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document, Requirement
from reqc.compiler.versions import compare_versions


def find(document: Document) -> Iterator[Finding]:
    """Find distributions that are named with a version whose own kernel a floor excludes."""
    firm = [floor for floor in floors(document) if floor.firm]
    overlap = Overlap(document.options)
    for item in document.requirements:
        wanted = [wish.part for wish in wishes(item) if wish.wanted]
        systems = [system for part in wanted if isinstance(part, Os) for system in part.systems]
        for system in systems:
            floor = _above(system, item, firm, overlap)
            if floor is not None:
                yield _finding(item, system, floor)


def _stock(system: System) -> str | None:
    """Return the kernel of the oldest release meant, None where the knowledge has none."""
    named = system.relation in {Relation.EQUAL, Relation.AT_LEAST}
    if not named or not isinstance(system.version, str):
        return None
    return stock_kernel(system.id, system.version)


def _above(system: System, item: Requirement, firm: list[Floor], overlap: Overlap) -> Floor | None:
    stock = _stock(system)
    if stock is None:
        return None
    return next(
        (
            floor
            for floor in firm[:MOST_COMPARED]
            # Between builds of one version the stock kernel may be any of them.
            if compare_versions(floor.version, stock) > 0 and overlap.meet(item, floor.requirement)
        ),
        None,
    )


def _finding(item: Requirement, system: System, floor: Floor) -> Finding:
    name = f"{system.id} {system.version}"
    return Finding(
        item.places.predicate,
        f"`{item.id}` lists {name}, which comes with kernel {_stock(system)}, "
        f"and `{floor.requirement.id}` asks for {floor.version}",
        labels=(Label(floor.requirement.places.predicate, "the kernel asked for"),),
        help=f"leave {name} out, or allow this where it runs a newer kernel of its vendor's",
        requirements=(item.id, floor.requirement.id),
    )


RULE = Rule(
    "REQ712", "distribution-floor", "A distribution listed has a kernel that is too old", find
)
