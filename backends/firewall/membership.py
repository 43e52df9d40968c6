"""Membership: peers that are told by the group they belong to, so that no rule needs addresses."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from msgspec.structs import replace

from reqc.compiler.lowered import LoweredDocument

EVERYWHERE: Final = ("0.0.0.0/0", "::/0")
"""The addresses of a group whose members may have any."""


def told_by_version(document: LoweredDocument) -> LoweredDocument:
    """Return the document with every known role everywhere in the versions it has addresses in.

    Permits are the same but for the networks, which take most of the time where hosts are many.
    """
    everyone_v4, everyone_v6 = EVERYWHERE
    return replace(
        document,
        roles=tuple(
            replace(
                role,
                addresses=(
                    *([everyone_v4] if any(":" not in item for item in role.addresses) else ()),
                    *([everyone_v6] if any(":" in item for item in role.addresses) else ()),
                ),
            )
            for role in document.roles
        ),
    )


def told_by_group(document: LoweredDocument, roles: Container[str]) -> LoweredDocument:
    """Return the document with hosts of these roles everywhere, so that permits name them."""
    return replace(
        document,
        roles=tuple(
            replace(role, addresses=EVERYWHERE) if role.name in roles else role
            for role in document.roles
        ),
    )
