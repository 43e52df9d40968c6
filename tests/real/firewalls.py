"""The firewalls that rule sets are loaded into, and what the oracle says of the outcome."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reqc.backends.base import Target
from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import rendered, written
from tests.real.oracle import Mode, Oracle
from tests.real.packet_lab import Lab
from tests.real.probes import Probe
from tests.real.probing import probes_for
from tests.tools import needs_root, require


@dataclass(frozen=True, slots=True)
class Firewall:
    """A target, and the command that loads what it wrote."""

    name: str
    target: Target
    command: str


FIREWALLS: Final = (
    Firewall("nftables", NFTABLES, "nft -f *.nft"),
    Firewall("iptables-nft", IPTABLES, "sh apply.sh iptables-nft"),
    Firewall("iptables-legacy", IPTABLES, "sh apply.sh iptables-legacy"),
)


@contextmanager
def laboratory() -> Iterator[Lab]:
    """Yield a lab, where this machine has what it needs."""
    for tool in ("nft", "ipset", "iptables-nft", "iptables-legacy", "ip", "sysctl"):
        require(tool)
    needs_root()
    with Lab() as lab:
        yield lab


def load(
    lab: Lab, firewall: Firewall, document: LoweredDocument, folder: Path, **settings: str
) -> None:
    """Load what a firewall's target makes of a document into the host of a lab."""
    written(rendered(firewall.target, document, **settings), folder)
    lab.host.run(f"cd {folder}; {firewall.command}", XTABLES_LOCKFILE=str(folder / "lock"))


def surprises(
    lab: Lab, document: LoweredDocument, mode: Mode, ssh_port: int = 22
) -> list[tuple[str, Probe]]:
    """Return the probes whose verdict is not what the oracle says, with that verdict."""
    expected = expectation(document, mode, ssh_port)
    verdicts = lab.verdicts(list(expected))
    return [
        (verdict, probe)
        for verdict, (probe, arrives) in zip(verdicts, expected.items(), strict=True)
        if (verdict == "accept") != arrives
    ]


def expectation(document: LoweredDocument, mode: Mode, ssh_port: int = 22) -> dict[Probe, bool]:
    """Return the probes that a document calls for, and whether the oracle lets them arrive."""
    oracle = Oracle(document)
    return {probe: oracle.passes(probe, mode, ssh_port) for probe in probes_for(document, ssh_port)}
