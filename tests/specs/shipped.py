"""The shipped specifications, resolved once and lowered at will."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path

from reqc.compiler.conditions import Value
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, Reading
from reqc.compiler.model import Document
from reqc.compiler.resolve import resolve

REPOSITORY = Path(__file__).parents[2]
SPECS = REPOSITORY / "specs"
OPENSTACK = "v3.16-openstack"
OPENSHIFT = "v3.24-openshift"
NAMES = (OPENSTACK, OPENSHIFT)
READINGS: tuple[Reading, ...] = ("published", "corrected")


@cache
def shipped(name: str) -> Document:
    """Return a shipped specification, which must be sound and give no warning."""
    report = Report()
    document = resolve(str(SPECS / f"{name}.req"), report)
    assert report.sorted() == []
    assert document is not None
    return document


def lowered(
    name: str,
    reading: Reading = "published",
    roles: tuple[str, ...] = (),
    /,
    **choices: Value,
) -> LoweredDocument:
    """Return a shipped specification for one deployment."""
    assert choices.keys() <= shipped(name).options.keys()
    return lower(shipped(name), Deployment(choices, roles, reading=reading))


def combinations(name: str) -> Iterator[Mapping[str, Value]]:
    """Yield every combination of values of the options that have few values."""
    options = [option for option in shipped(name).options.values() if option.type.values]
    for values in product(*(option.type.values for option in options)):
        yield dict(zip((option.name for option in options), values, strict=True))
