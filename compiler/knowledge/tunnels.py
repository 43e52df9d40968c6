"""What tunnels of the kernel send over the network, and so what firewalls must let through."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from reqc.compiler.flows import UDP


class Tunnel(Struct, frozen=True):
    """A feature of the kernel by its key, with the protocol and the usual port of its packets.

    `source` says where the numbers are from.
    """

    key: str
    title: str
    protocol: int
    port: int | None
    source: str

    @property
    def row(self) -> str:
        """The traffic as a specification writes it."""
        return f"udp {self.port}" if self.port is not None else f"ip {self.protocol}"


_ALL = (
    Tunnel("feature:geneve", "Geneve", UDP, 6081, "RFC 8926, section 3.3"),
    Tunnel("feature:gre", "GRE", 47, None, "RFC 2784, section 4"),
    Tunnel("feature:ipip", "IP-in-IP", 4, None, "RFC 2003, section 3.1"),
    Tunnel("feature:vxlan", "VXLAN", UDP, 4789, "RFC 7348, section 5"),
    # No registered port: the one that the quick start uses, and Calico by default.
    Tunnel("feature:wireguard", "WireGuard", UDP, 51820, "wireguard.com/quickstart"),
)

TUNNELS: Mapping[str, Tunnel] = {one.key: one for one in _ALL}
"""All tunnels by the key that the kernel knowledge gives the feature."""
