"""Ruling: which permits a posture needs written, and what it denies to everyone else."""

from __future__ import annotations

from collections.abc import Iterable

from reqc.backends.firewall.admission import Admission, Permit
from reqc.backends.firewall.posture import FAILSAFE_ICMP, Mode, Posture
from reqc.backends.firewall.services import ICMP_OF, PORT_PROTOCOLS, Service
from reqc.compiler.flows import TCP, Ports
from reqc.compiler.port_ranges import without


def guarded(permits: Iterable[Permit], ssh_port: int) -> tuple[Service, ...]:
    """Return the services that only peers may use, one for each protocol with ports.

    A service that anyone may use is not among them, nor is ssh, nor the ICMP of the failsafe.
    """
    rows = tuple(permits)
    known = [item.service for item in rows if item.peers]
    anyone = [item.service for item in rows if not item.peers]
    result = []
    for protocol in dict.fromkeys(item.protocol for item in known):
        mine, theirs = (
            [one for one in side if one.protocol == protocol] for side in (known, anyone)
        )
        if protocol in PORT_PROTOCOLS:
            ssh = [Ports(ssh_port, ssh_port)] if protocol == TCP else []
            holes = [part for one in theirs for part in one.ports] + ssh
            ports = without((part for one in mine for part in one.ports), holes)
            result.extend([Service(protocol, ports)] if ports else [])
        else:
            types = {one.icmp_type for one in theirs}
            result.extend(
                one
                for one in dict.fromkeys(mine)
                if not types & {None, one.icmp_type} and not _failsafe(one)
            )
    return tuple(result)


def _failsafe(service: Service) -> bool:
    return any(
        service.protocol == ICMP_OF[version] and service.icmp_type in types
        for version, types in FAILSAFE_ICMP.items()
    )


def ruled(admitted: Admission, stance: Posture) -> tuple[tuple[Permit, ...], tuple[Service, ...]]:
    """Return the permits to write and the services to deny to everyone else.

    When all else is denied no service has to be, and every permit counts, as it does when nothing
    is denied. Otherwise a permit counts only where it lets its sources past such a denial.
    """
    if stance.mode is not Mode.GUARD:
        return admitted.permits, ()
    denied = guarded(admitted.permits, stance.ssh_port)
    return tuple(
        item for item in admitted.permits if any(item.service.overlaps(one) for one in denied)
    ), denied
