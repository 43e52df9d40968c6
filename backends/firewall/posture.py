"""Posture: how a rule set treats what no requirement names, and what it never restricts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from reqc.backends.base import Setting, SettingError
from reqc.backends.firewall.services import HIGHEST_PORT, Version

FAILSAFE_ICMP: Final[Mapping[Version, Mapping[int, str]]] = {
    4: {
        3: "destination unreachable",
        8: "echo request",
        11: "time exceeded",
        12: "parameter problem",
    },
    6: {
        1: "destination unreachable",
        2: "packet too big",
        3: "time exceeded",
        4: "parameter problem",
        128: "echo request",
        130: "multicast listener query",
        131: "multicast listener report",
        132: "multicast listener done",
        133: "router solicitation",
        134: "router advertisement",
        135: "neighbour solicitation",
        136: "neighbour advertisement",
        143: "multicast listener report, version 2",
    },
}
"""What IPv6 cannot live without (RFC 4890), and what path MTU discovery and a ping need."""


class Mode(StrEnum):
    """Restrict the services that requirements name, let them in, or deny everything else."""

    GUARD = "guard"
    OPEN = "open"
    ENFORCE = "enforce"


SETTINGS: Final = (
    Setting(
        "mode",
        "guard",
        "guard restricts the required services to their peers; open only lets the peers past the "
        "other rules of the host; enforce denies all else",
        values=tuple(Mode),
    ),
    Setting("ssh-port", "22", "TCP port of ssh, which is never restricted"),
    Setting(
        "trial",
        "60",
        "seconds after which an enforced deny opens again unless it is confirmed; 0 confirms it",
    ),
)


class Posture(Struct, frozen=True):
    """How a rule set treats what no requirement names; `trial` is in seconds, 0 for no trial."""

    mode: Mode
    ssh_port: int
    trial: int

    @property
    def enforced(self) -> bool:
        """Whether everything else is denied."""
        return self.mode is Mode.ENFORCE


def posture(settings: Mapping[str, str]) -> Posture:
    """Return the settings as values; raise SettingError where one is out of its range."""
    if settings["mode"] not in set(Mode):
        message = f"mode must be {', '.join(Mode)}, not {settings['mode']!r}"
        raise SettingError(message)
    return Posture(
        Mode(settings["mode"]),
        _number(settings, "ssh-port", 1, HIGHEST_PORT),
        _number(settings, "trial", 0, 86400),
    )


def _number(settings: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = settings[name]
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        message = f"{name} must be a whole number from {least} to {most}, not {text!r}"
        raise SettingError(message)
    return int(text)
