"""The lint for names of modules that no kernel has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reqc.compiler.kinds.kernel_features import Module
from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.kernel import KernelNeed, Status
from reqc.compiler.lint.parts import leaves
from reqc.compiler.lint.rule import Finding, Rule
from reqc.compiler.model import Document

_SAID: Final = {
    Status.NEVER: "no kernel has a module `{}`",
    Status.GONE: "current kernels have no module `{}` any more",
    Status.ALIAS: "`{}` is no module but another name of one",
}
"""What to say of a name by its status; the other names are those of modules, or unknown."""


def find(document: Document) -> Iterator[Finding]:
    """Find names that are no modules today, with what the kernel knowledge has to say."""
    for item in document.requirements:
        modules = (leaf for leaf in leaves(item.predicate) if isinstance(leaf, Module))
        for name in (name for module in modules for name in module.names):
            need = kernel.module(name)
            if need.status in _SAID:
                yield Finding(
                    item.places.predicate,
                    f"{_SAID[need.status].format(name)}, which `{item.id}` asks for",
                    here=need.remark.rpartition("; ")[2].removesuffix("."),
                    help=f"`{_named(need)}` asks for what is behind the name",
                    requirements=(item.id,),
                )


def _named(need: KernelNeed) -> str:
    """Return what to write for a thing of the kernel knowledge."""
    vocabulary, _, thing = need.key.partition(":")
    look_up = {"match": kernel.xtables_match, "target": kernel.xtables_target}.get(vocabulary)
    if look_up is not None and look_up(thing, "ipv4").families != need.families:
        return f"{vocabulary} {thing} ipv6"
    return f"{vocabulary} {thing}"


RULE = Rule("REQ710", "phantom-module", "A module is asked for by a name that is none", find)
