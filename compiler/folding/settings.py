"""Settings: what several requirements ask of one sysctl, and the files that hold the answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias
from urllib.parse import quote

from msgspec import Struct

from reqc.compiler.folding.agreement import (
    Difference,
    Disagreement,
    Problems,
    Row,
    Unwritable,
    Wanted,
    agreed,
)
from reqc.compiler.folding.text import comment, fits_one_line
from reqc.compiler.states import SysctlValue

SYSCTL_FOLDER: Final = "/etc/sysctl.d"
"""Where systemd-sysctl reads the administrator's files, sorted by name."""

SYSCTL_PREFIX: Final = "90"
"""After what distributions ship (10 to 50, sysctl.d(5)) and before 99-sysctl.conf.

The last one is the administrator's /etc/sysctl.conf, which keeps the last word.
"""

Bound: TypeAlias = tuple[str, str]
"""A relation, `>=` or `<=`, and the value at this end."""

_KEY: Final = re.compile(r"[A-Za-z0-9_*][A-Za-z0-9_*./:@-]*")
# The kernel's widest integers have 64 bits.
_INTEGER: Final = re.compile(r"-?[0-9]{1,20}")


class Setting(Struct, frozen=True):
    """A sysctl as all requirements together ask for it.

    `value` is what to write. Where there are `bounds`, at most one at each end, every value within
    them is as good; where there are none, only `value` is.
    """

    key: str
    value: str
    bounds: tuple[Bound, ...] = ()

    @property
    def wish(self) -> str:
        """What is asked of the value: the value itself, or its bounds such as `>= 10 <= 20`."""
        return " ".join(f"{relation} {value}" for relation, value in self.bounds) or self.value

    @property
    def is_comparable(self) -> bool:
        """Tell whether every bound is an integer, with which a value can be compared."""
        return all(_INTEGER.fullmatch(value) for _, value in self.bounds)


def agreed_settings(
    asked: Iterable[tuple[str, SysctlValue]], problems: Problems
) -> dict[str, Wanted[Setting]]:
    """Return one setting for each key, by its dotted spelling, in the order first asked for."""
    return agreed(_rows(asked, problems), _met, problems)


def dotted(key: str) -> str:
    """Return a key as sysctl.d(5) spells it with dots; a slash then stands for a dot in a name."""
    first = next((character for character in key if character in "./"), ".")
    return key if first == "." else key.translate(str.maketrans("./", "/."))


def setting_path(key: str) -> str:
    """Return the path of a key below /proc/sys, as sysctl.d(5) reads it.

    Its dots are slashes, and slashes dots, unless a slash comes first: in
    `net.ipv4.conf.eth0/100.forwarding` and `net/ipv4/conf/eth0.100/forwarding` an interface has a
    dot in its name.
    """
    bare = key.lstrip("/")
    first = next((character for character in bare if character in "./"), ".")
    return bare if first == "/" else bare.translate(str.maketrans("./", "/."))


def setting_file(product: str, setting: Setting) -> str:
    """Return the path of the file for a setting.

    One with bounds has a file of its own, so that a target can leave it out where a node needs
    none. Of its key only letters, digits and `_.-` stand as they are in the name.
    """
    own = f"-{quote(dotted(setting.key), safe='')}" if setting.bounds else ""
    return f"{SYSCTL_FOLDER}/{SYSCTL_PREFIX}-{product}{own}.conf"


def settings_text(settings: Iterable[Setting], title: str) -> str:
    """Return a file of sysctl.d(5) with a line for each setting; those with bounds stand alone."""
    rows = tuple(settings)
    bounds = "".join(f" Any value {item.wish} will do." for item in rows if item.bounds)
    heading = f"Kernel settings for {title}.{bounds}"
    return "".join(
        f"{line}\n" for line in (comment(heading), *(f"{row.key} = {row.value}" for row in rows))
    )


def _rows(asked: Iterable[tuple[str, SysctlValue]], problems: Problems) -> Iterator[Row[Setting]]:
    for requirement, state in asked:
        why = _fault(state)
        if why is None:
            bounds = () if state.relation == "=" else ((state.relation, state.value),)
            yield (requirement,), dotted(state.key), Setting(state.key, state.value, bounds)
        else:
            problems.unwritable.append(Unwritable(requirement, f"sysctl {state.key!r}", why))


def _fault(state: SysctlValue) -> str | None:
    if not _KEY.fullmatch(state.key):
        return "a key is dotted words, such as net.ipv4.ip_forward"
    if not fits_one_line(state.value):
        return f"the value {state.value!r} does not fit on one line"
    return None


def _met(first: Setting, second: Setting) -> Setting | Disagreement:
    """Return what satisfies both; values that are no integers have to be the same."""
    if not first.bounds and not second.bounds:
        met = first if first.value == second.value else None
    elif not first.bounds:
        met = first if _is_within(first.value, second) else None
    elif not second.bounds:
        met = Setting(first.key, second.value) if _is_within(second.value, first) else None
    else:
        met = _range(first, second)
    return met or (Difference.SYSCTL, first.wish, second.wish)


def _is_within(value: str, setting: Setting) -> bool:
    if any(value == end for _, end in setting.bounds) and len(setting.bounds) == 1:
        return True
    if not (_INTEGER.fullmatch(value) and setting.is_comparable):
        return False
    return all(
        int(value) >= int(end) if relation == ">=" else int(value) <= int(end)
        for relation, end in setting.bounds
    )


def _range(first: Setting, second: Setting) -> Setting | None:
    if first.bounds == second.bounds:
        return first
    if not (first.is_comparable and second.is_comparable):
        return None
    ends = (*first.bounds, *second.bounds)
    lower = [value for relation, value in ends if relation == ">="]
    upper = [value for relation, value in ends if relation == "<="]
    bounds: tuple[Bound, ...] = ()
    if lower:
        bounds += ((">=", max(lower, key=int)),)
    if upper:
        bounds += (("<=", min(upper, key=int)),)
    found = Setting(first.key, bounds[0][1], bounds)
    return found if _is_within(found.value, found) else None
