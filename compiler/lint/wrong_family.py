"""The lint for matches and targets that do not exist for an address family."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.compiler.kinds.kernel_features import Extension, Match, Target
from reqc.compiler.knowledge import kernel
from reqc.compiler.lint.parts import leaves
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document


def find(document: Document) -> Iterator[Finding]:
    """Find extensions that are asked for IPv6 and exist for IPv4 only.

    Without a word about the family the one there is, is meant.
    """
    for item in document.requirements:
        for leaf in leaves(item.predicate):
            if not isinstance(leaf, (Match, Target)):
                continue
            for extension in leaf.extensions:
                if _astray(leaf, extension):
                    yield Finding(
                        item.places.predicate,
                        f"the {leaf.name} `{extension.name}` is for IPv4 only, "
                        f"and `{item.id}` asks for it for IPv6",
                        help=_help(leaf, extension),
                        requirements=(item.id,),
                    )


def _astray(leaf: Match | Target, extension: Extension) -> bool:
    look_up = kernel.xtables_match if isinstance(leaf, Match) else kernel.xtables_target
    families = look_up(extension.name, extension.family).families
    return extension.family == "ipv6" and bool(families) and "ipv6" not in families


def _help(leaf: Match | Target, extension: Extension) -> str:
    sibling = f"{extension.name}v6"
    if sibling in kernel.known_names("match" if isinstance(leaf, Match) else "target"):
        return f"write `{leaf.name} {sibling}`"
    return f"write `{leaf.name} {extension.name}`, or leave it out"


RULE = Rule("REQ713", "wrong-family", "An extension does not exist for its address family", find)
