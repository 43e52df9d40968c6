"""Names of objects and labels as Kubernetes and Calico take them (RFC 1123)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from msgspec import Struct

LABEL_LENGTH: Final = 63
"""The longest name of a label; policies have longer ones, which tables cut off."""

NODE_LENGTH: Final = 248
"""The longest name of a node, so that the name of its endpoint stays within 253."""

_LABEL: Final = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_NODE: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def dns_label(text: str, limit: int = LABEL_LENGTH) -> str:
    """Return the text as a name of lower-case letters, digits and dashes, never empty.

    A text that has to change gets a digest, so that two texts do not share a name.
    """
    name = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if name and name == text and len(name) <= limit:
        return name
    digest = sha256(text.encode(errors="surrogatepass")).hexdigest()[:6]
    return f"{name[: limit - 7].strip('-') or 'x'}-{digest}"


def is_node(name: str) -> bool:
    """Tell whether a text can be the name of a Calico node."""
    return bool(_NODE.fullmatch(name)) and len(name) <= NODE_LENGTH


class Names(Struct, frozen=True):
    """The names of the objects of one specification, told by its slug."""

    slug: str

    def label(self, role: str) -> str:
        """Return the label of a role, for endpoints, nodes and network sets alike."""
        return f"reqc.io/{dns_label(f'{self.slug}-{role}')}"

    def selector(self, role: str) -> str:
        """Return the expression that selects what has the label of a role, but for workloads.

        Whoever may create a pod may label it; a pod must not become a peer of the hosts.
        """
        return f"{self.label(role)} == 'true' && !has(projectcalico.org/namespace)"

    def object(self, role: str, suffix: str = "") -> str:
        """Return the name of a role's policy or network set."""
        rest = LABEL_LENGTH - len("reqc-") - len("-guard")
        return f"reqc-{dns_label(f'{self.slug}-{role}', rest)}{suffix}"
