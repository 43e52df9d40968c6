"""Node disruption policies: which action is enough for a node to take in each file and unit.

What has no entry reboots the node, and one such change reboots it whatever the entries say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.backends.base import Reason, Refusal, Unsupported
from reqc.backends.ignition.composition import Composition
from reqc.backends.ignition.config import Json
from reqc.backends.ignition.rules import POLICY_ENTRIES, shown
from reqc.backends.ignition.units import UnitEntry
from reqc.compiler.knowledge.ignition import knowledge

MOST_ENTRIES: Final = 50
"""Entries of a list that the CRD allows (openshift/api, types_machineconfiguration.go)."""

Action: TypeAlias = dict[str, Json]

_NAME: Final = re.compile(r"[A-Za-z0-9:._\\-]+")  # the CRD knows no @, and so no instances

_DAEMON_RELOAD: Final[Action] = {"type": "DaemonReload"}


class Entry(Struct, frozen=True):
    """A file or unit with the actions that are enough for it, in their order."""

    subject: str
    actions: tuple[Action, ...]
    requirements: tuple[str, ...]

    @property
    def words(self) -> str:
        """The entry in words."""
        return f"{self.subject}: {', then '.join(map(_words, self.actions))}"


class DisruptionPolicy(Struct, frozen=True):
    """The entries, and what needs a reboot all the same."""

    files: tuple[Entry, ...]
    units: tuple[Entry, ...]
    rebooting: tuple[Unsupported, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries."""
        return self.files + self.units

    def patch(self) -> dict[str, Json]:
        """Return the object; it is the only one of its kind, and called `cluster`."""
        lists: dict[str, Json] = {}
        if self.files:
            lists["files"] = [
                {"path": item.subject, "actions": [*item.actions]} for item in self.files
            ]
        if self.units:
            lists["units"] = [
                {"name": item.subject, "actions": [*item.actions]} for item in self.units
            ]
        return {
            "apiVersion": "operator.openshift.io/v1",
            "kind": "MachineConfiguration",
            "metadata": {"name": "cluster"},
            "spec": {"nodeDisruptionPolicy": lists},
        }


def disruption_policy(composition: Composition) -> DisruptionPolicy:
    """Return the policy for all that a composition writes."""
    found: list[Unsupported] = []
    files, units = [], []
    for file in composition.files:
        effect = knowledge().effect_of(file.path)
        if effect is None:
            found += _reboot(file.requirements, f"a change of {shown(file.path)}")
        else:
            files.append(Entry(file.path, (_on(effect.action, effect.unit),), file.requirements))
    for unit in composition.units:
        actions = _unit_actions(unit)
        if not _NAME.fullmatch(unit.name):
            found += _reboot(unit.requirements, f"{shown(unit.name)}, which no policy can name,")
        elif actions is None:
            found += _reboot(unit.requirements, f"a change of the text of {shown(unit.name)}")
        else:
            units.append(Entry(unit.name, actions, unit.requirements))
    for argument in composition.arguments:
        found += _reboot(argument.requirements, f"the kernel argument {argument.value.argument}")
    for extension in composition.extensions:
        found += _reboot(extension.requirements, f"the extension {extension.value}")
    return DisruptionPolicy(tuple(files), tuple(units), tuple(found))


def entry_refusals(policy: DisruptionPolicy) -> Iterator[Refusal]:
    """Refuse lists that the cluster would refuse, at the first entry too many."""
    for what, entries in (("files", policy.files), ("units", policy.units)):
        if len(entries) > MOST_ENTRIES:
            message = f"the policy has {len(entries)} {what}, and a cluster takes {MOST_ENTRIES}"
            advice = "write fewer files, or let the nodes reboot"
            asker = entries[MOST_ENTRIES].requirements[0]
            yield Refusal(asker, POLICY_ENTRIES, message, advice)


def _unit_actions(unit: UnitEntry) -> tuple[Action, ...] | None:
    """Return what is enough for a unit, None where a reboot is.

    A unit of our own is gone when the object is deleted, and restarting it would then fail. A
    drop-in counts from the next start on, and only a unit that is enabled is known to be there.
    """
    if unit.contents is not None or (unit.drop_ins and not unit.enabled):
        return None
    return (_DAEMON_RELOAD, _on("Restart", unit.name)) if unit.enabled else (_DAEMON_RELOAD,)


def _on(action: str, unit: str) -> Action:
    return {"type": action, action.lower(): {"serviceName": unit}}


def _reboot(requirements: Iterable[str], what: str) -> list[Unsupported]:
    detail = f"{what} reboots a node: no smaller action is known to be enough"
    return [Unsupported(id_, Reason.UNSAFE, detail) for id_ in requirements]


def _words(action: Action) -> str:
    kind = str(action["type"])
    target = action.get(kind.lower())
    return f"{kind} {target['serviceName']}" if isinstance(target, dict) else kind
