"""The objects of Calico, as data in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.backends.calico_policy.names import Names
from reqc.backends.calico_policy.rules import Rule
from reqc.backends.firewall.admission import Peers
from reqc.backends.firewall.text import one_line
from reqc.compiler.lowered import LoweredDocument, LoweredHost

Object: TypeAlias = dict[str, object]

RULES_OF_A_POLICY: Final = 1024

LET_ALL_THROUGH: Final = "projectcalico-default-allow"
"""The profile that applies where no policy does: without it an endpoint sends and gets nothing.

As no policy here is about what hosts send, it is what lets them send.
"""


class Objects(Struct, frozen=True):
    """Makes the objects of one document; policies are `staged` where they only report."""

    document: LoweredDocument
    names: Names
    staged: bool

    def network_set(self, peers: Peers) -> Object:
        """Return the addresses of a role, with the label by which rules select them."""
        nets = [*peers.with_prefixes(4), *peers.with_prefixes(6)]
        labels = {self.names.label(peers.role): "true"}
        name = self.names.object(peers.role)
        return self._object("GlobalNetworkSet", name, labels, {"nets": nets})

    def policies(
        self, role: str, suffix: str, order: int | None, rules: Sequence[Rule]
    ) -> Iterator[Object]:
        """Yield the policies with these rules for hosts of a role, more than one if need be."""
        kind = "StagedGlobalNetworkPolicy" if self.staged else "GlobalNetworkPolicy"
        for first in range(0, len(rules) or 1, RULES_OF_A_POLICY):
            number = f"-{first // RULES_OF_A_POLICY + 1}" if first else ""
            spec: Object = {} if order is None else {"order": order}
            spec |= {
                "selector": self.names.selector(role),
                "types": ["Ingress"],
                "ingress": list(rules[first : first + RULES_OF_A_POLICY]),
            }
            yield self._object(kind, f"{self.names.object(role, suffix)}{number}", {}, spec)

    def host_endpoint(self, host: LoweredHost, roles: Iterable[str]) -> Object:
        """Return all interfaces of a host as an endpoint, with the labels of its roles."""
        spec: Object = {"node": host.name, "interfaceName": "*"}
        if host.addresses:
            spec["expectedIPs"] = list(host.addresses)
        spec["profiles"] = [LET_ALL_THROUGH]
        labels = {self.names.label(role): "true" for role in roles}
        return self._object("HostEndpoint", f"reqc-{host.name}", labels, spec)

    def _object(self, kind: str, name: str, labels: dict[str, str], spec: Object) -> Object:
        metadata: Object = {"name": name, "annotations": self._annotations()}
        if labels:
            metadata["labels"] = labels
        return {
            "apiVersion": "projectcalico.org/v3",
            "kind": kind,
            "metadata": metadata,
            "spec": spec,
        }

    def _annotations(self) -> dict[str, str]:
        return {
            "reqc.io/specification": one_line(str(self.document.identity)),
            "reqc.io/sha256": self.document.digest,
        }
