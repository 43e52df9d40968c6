"""Names of the chain and the ipsets of a document, which no other document of the host has.

The name of an ipset ends in a digest of its members. So a change of members is another ipset, and
rules and sources change together when the chain is replaced, in one step for each IP version.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from reqc.backends.firewall.admission import Peers
from reqc.backends.firewall.services import Version
from reqc.backends.firewall.text import IPSET_LENGTH, object_name
from reqc.compiler.lowered import LoweredDocument

CHAIN_LENGTH: Final = 28
OWNER_DIGITS: Final = 4
MEMBERS_DIGITS: Final = 6
ROLE_LENGTH: Final = IPSET_LENGTH - len("reqc-6-") - OWNER_DIGITS - len("-") - MEMBERS_DIGITS - 2
"""What is left for the role, with room for the .n under which a set is filled."""


def chain_name(document: LoweredDocument) -> str:
    """Return the name of the chain."""
    return f"REQC-{object_name(document.identity.slug, CHAIN_LENGTH - len('REQC-'))}"


def lasting_set_name(document: LoweredDocument, role: str, version: Version) -> str:
    """Return the part of an ipset's name that says whose it is, whatever its members."""
    return f"reqc-{object_name(role, ROLE_LENGTH)}{version}-{_owner(document)}"


def set_name(document: LoweredDocument, peers: Peers, version: Version) -> str:
    """Return the name of the ipset of a role's networks."""
    members = sha256("\n".join(peers.of(version)).encode()).hexdigest()[:MEMBERS_DIGITS]
    return f"{lasting_set_name(document, peers.role, version)}-{members}"


def set_pattern(document: LoweredDocument) -> str:
    """Return a pattern of the shell for all ipsets of sources, also those of earlier loads."""
    return f"reqc-*-{_owner(document)}-{'[0-9a-f]' * MEMBERS_DIGITS}*"


def switch_name(document: LoweredDocument, version: Version) -> str:
    """Return the name of the ipset that holds the deny, which no role's set can have."""
    limit = IPSET_LENGTH - len("reqc_armed_6")
    return f"reqc_armed_{object_name(document.identity.slug, limit)}{version}"


def _owner(document: LoweredDocument) -> str:
    return sha256(document.identity.slug.encode()).hexdigest()[:OWNER_DIGITS]
