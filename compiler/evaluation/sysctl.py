"""Judges settings of the running kernel, and what the next boot makes of them."""

from __future__ import annotations

import re
from typing import Final

from reqc.compiler.checks import Sysctl
from reqc.compiler.evaluation.comparing import settings
from reqc.compiler.evaluation.facts import Setting
from reqc.compiler.evaluation.globs import matches
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import Outcome, Verdict, failed, join, passed, unknown
from reqc.compiler.folding.settings import setting_path

_WORD: Final = re.compile(r"[^ \t]+")
"""A word as the shells split it; Python alone has more blanks."""


def sysctl(probe: Sysctl, node: Node) -> Outcome:
    """Compare the running value, blanks between words counting as one."""
    key = setting_path(probe.key)
    known, looked = node.facts.settings, f"/proc/sys/{key}"
    if key not in known.values:
        if _absent(key, node):
            found = "the running kernel has no such setting; its module may not be loaded"
            return failed(found, looked)
        return unknown("the settings of the kernel cannot be seen", looked)
    value = known.values[key]
    if value is None:
        return unknown("it cannot be read; root could tell", looked)
    now = settings(_words(value), probe.relation, _words(probe.value), looked)
    # What the image of a container sets at boot, its host need not.
    return now if node.facts.container else _with_next_boot(probe, now, _applied(key, node))


def _with_next_boot(probe: Sysctl, now: Outcome, line: Setting | None) -> Outcome:
    """Return the answer with what the next boot sets, where that gives another one."""
    if line is None:
        return now
    looked = join(now.looked, line.place.rpartition(":")[0])
    value = _words(line.value)
    then = settings(value, probe.relation, _words(probe.value), looked)
    at_boot = f"{line.place} sets {value} at the next boot"
    if now.verdict is Verdict.PASS and then.verdict is not Verdict.PASS:
        return passed(now.found, looked, f"{now.found} holds now, but {at_boot}")
    if now.verdict is Verdict.FAIL and then.verdict is Verdict.PASS:
        return failed(f"{now.found}, although {at_boot}", looked)
    return now


def _applied(key: str, node: Node) -> Setting | None:
    """Return the line of sysctl.d that the next boot applies to a setting."""
    exact, pattern = None, None
    for line in node.facts.settings.persistent:
        if line.key.removeprefix("-") == key:
            exact = line
        elif matches(line.key, key, by_path=True):
            pattern = line
    if exact is not None:
        return None if exact.key.startswith("-") else exact
    return pattern


def _absent(key: str, node: Node) -> bool:
    """Tell whether there is no such setting: all folders on the way were searched."""
    known = node.facts.settings
    parts = key.split("/")
    folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return (
        known.visible
        and all(known.values.get(folder, "") is not None for folder in folders)
        and not any(name.startswith(f"{key}/") for name in known.values)
    )


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.partition("\n")[0]))
