"""What most machines have in common, so that a builder says only what is special about its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tests.nodes.carried import PARTS, PROPERTIES, USUAL, known
from tests.nodes.machine import Machine

BUILT_IN: Final = ("ipv6",)
UNMANAGED: Final = (
    *("interface-name:cali*", "interface-name:tunl*", "interface-name:vxlan.calico"),
    *("interface-name:vxlan-v6.calico", "interface-name:wireguard.cali"),
    "interface-name:wg-v6.cali",
)
DROP_IN: Final = f"[keyfile]\nunmanaged-devices={';'.join(UNMANAGED)}\n"

EL10_EXTRA: Final = (
    *("xt_addrtype", "xt_bpf", "xt_comment", "xt_conntrack", "xt_ipvs", "xt_mark", "xt_multiport"),
    *("xt_sctp", "xt_set", "xt_LOG", "xt_tcpudp", "ipt_REJECT", "ip6t_REJECT", "ipt_rpfilter"),
    *("ip6t_rpfilter", "ip_set", "ip_set_hash_net", "nft_compat", "sctp", "x_tables"),
)
"""What RHEL 10 moved into kernel-modules-extra."""


def usual_kernel(
    machine: Machine,
    release: str,
    *,
    suffix: str = ".ko",
    without: Iterable[str] = (),
    properties: Iterable[str] = tuple(PROPERTIES),
) -> None:
    """Make it run a distribution's kernel with all usual modules of its age but some."""
    machine.kernel(release)
    machine.properties |= {name for name in properties if known(PROPERTIES[name], release)}
    machine.build_in(*BUILT_IN)
    machine.modules(*sorted(of_age(release) - set(without)), suffix=suffix)


def of_age(release: str) -> set[str]:
    """Return the usual modules that a kernel as old as this one has."""
    return {name for name in USUAL if known(PARTS[name].since, release)}


def usual_host(machine: Machine, *units: str) -> None:
    """Give it a shell, interfaces, and units that run."""
    machine.program()
    machine.node.link("bin", "usr/bin")
    machine.interface("lo")
    machine.interface("eth0", hardware=True)
    machine.processes(*units)


def only(symbols: str) -> tuple[str, ...]:
    """Return the ids below `kernel` that are written as words."""
    return tuple(f"kernel.{word}" for word in symbols.split())
