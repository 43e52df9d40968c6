"""The lint for roles that nothing speaks about."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.kinds.network import Allow
from reqc.compiler.lint.parts import leaves
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document, Requirement


def find(document: Document) -> Iterator[Finding]:
    """Find roles of the main file that no requirement binds and no traffic comes from or goes to.

    Those of a fragment, or of a document that is amended, are there for others too.
    """
    used = {role for item in document.requirements for role in _used(item)}
    for role in document.roles.values():
        # A document without roles has one that is written nowhere.
        written = role.span.end > role.span.start
        if written and role.name not in used and role.span.source is document.texts[0]:
            yield Finding(
                role.span,
                f"no requirement is about hosts of the role `{role.name}`",
                help=f"remove it, or name it in a requirement: `on {role.name}`",
            )


def _used(item: Requirement) -> frozenset[str]:
    intended = item.erratum.intended if item.erratum else None
    predicates = [item.predicate, *([intended] if intended is not None else [])]
    rows = [
        leaf for predicate in predicates for leaf in leaves(predicate) if isinstance(leaf, Allow)
    ]
    return frozenset(item.roles).union(*({row.source, row.destination} for row in rows))


RULE = Rule("REQ704", "unused-role", "No requirement is about the hosts of a role", find)
