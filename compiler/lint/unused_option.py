"""The lint for options that decide nothing."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.conditions import options_of
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document, Requirement


def find(document: Document) -> Iterator[Finding]:
    """Find options of the main file that nothing uses.

    Those of a fragment, or of a document that is amended, are there for others too.
    """
    used = {name for item in document.requirements for name in _used(item)}
    used.update(*(options_of(role.condition) for role in document.roles.values()))
    for option in document.options.values():
        if option.name not in used and option.span.source is document.texts[0]:
            yield Finding(
                option.span,
                f"nothing depends on the option `{option.name}`",
                help="remove it, or use it in a condition or in the place of a value",
            )


def _used(item: Requirement) -> frozenset[str]:
    erratum = item.erratum
    predicates = (item.predicate, item.guard, erratum.intended if erratum else None)
    return frozenset().union(
        options_of(item.condition),
        options_of(erratum.condition if erratum else None),
        *(predicate.references() for predicate in predicates if predicate is not None),
    )


RULE = Rule("REQ703", "unused-option", "Nothing depends on an option", find)
