"""Shipped specifications under choices that make each of their requirements apply."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

from reqc.backends.base import Output
from reqc.backends.registry import target
from reqc.compiler.conditions import Value, evaluate, options_of
from reqc.compiler.diagnostics import Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Document, Requirement
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve

SPECS = Path(__file__).parents[1] / "specs"
SHIPPED = tuple(sorted(path.stem for path in SPECS.glob("*.req")))


@cache
def shipped(name: str) -> Document:
    """Return a shipped specification."""
    report = Report()
    document = resolve(str(SPECS / f"{name}.req"), report)
    assert document is not None, render(report.sorted())
    return document


def choices_for(document: Document, requirement: Requirement) -> Mapping[str, Value]:
    """Return the first choices, the defaults being tried first, under which it applies."""
    names = sorted(options_of(requirement.condition))
    values = [
        sorted(option.type.values or (option.default,), key=lambda value: value != option.default)
        for option in (document.options[name] for name in names)
    ]
    for case in product(*values):
        choices = dict(zip(names, case, strict=True))
        if evaluate(requirement.condition, choices):
            return {name: value for name, value in choices.items() if value is not None}
    message = f"{requirement.id} can never apply"
    raise AssertionError(message)


def lowered(document: Document, choices: Mapping[str, Value], *roles: str) -> LoweredDocument:
    """Return the document for a deployment with these choices."""
    return lower(document, Deployment(choices=choices, host_roles=roles))


def rendered(name: str, document: LoweredDocument, **settings: str) -> Output:
    """Return what a target makes of a document, with its default settings where none is given."""
    found = target(name)
    return found.render(document, {**found.defaults, **settings})
