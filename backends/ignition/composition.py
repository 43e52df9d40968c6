"""Composition: a document's states as checked files, units and arguments, before any version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from reqc.backends.base import Reason, Refusal, Unsupported, left_out
from reqc.backends.ignition import rules
from reqc.backends.ignition.units import UnitEntry, mount_entry
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.files import Folded, NodeFile, fold
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileAbsent, KernelArgument, UnitState

WITHOUT_STATES: Final = (
    "it asks for no file, unit or kernel argument; the shell target carries its check and a"
    " firewall target what it allows"
)

Objection: TypeAlias = Refusal | tuple[Reason, str]
"""A refusal, or why the thing is left out."""


@dataclass(frozen=True, slots=True)
class Policy:
    """In what a target that writes Ignition differs from another one.

    `unit` says how a state is written or why it is not. `file` and `argument` object to one, or
    return None.
    """

    unit: Callable[[Wanted[UnitState]], UnitEntry | tuple[Reason, str]]
    file: Callable[[NodeFile], Objection | None]
    argument: Callable[[KernelArgument], Objection | None]


@dataclass(frozen=True, slots=True)
class Composition:
    """What will be written, and what not; each tuple in the order first asked for."""

    files: tuple[NodeFile, ...]
    units: tuple[UnitEntry, ...]
    arguments: tuple[Wanted[KernelArgument], ...]
    unsupported: tuple[Unsupported, ...]
    refusals: tuple[Refusal, ...]


def compose(document: LoweredDocument, policy: Policy) -> Composition:
    """Fold the states of the requirements that apply here, and check what comes of it."""
    asked = [(item.origin.id, state) for item in document.here for state in item.states]
    folded = fold(asked, document.identity.product, document.identity.title)
    work = _Work(policy, folded)
    files = tuple(work.files())
    units = tuple(work.units())
    arguments = tuple(work.arguments())
    work.leave_out_absent(folded.absent)
    order = {item.origin.id: at for at, item in enumerate(document.requirements)}
    without = left_out(document, lambda item: bool(item.states), WITHOUT_STATES)
    unsupported = dict.fromkeys((*without, *work.unsupported))
    return Composition(
        files,
        units,
        arguments,
        tuple(sorted(unsupported, key=lambda row: order[row.requirement])),
        tuple(sorted(work.refusals, key=lambda found: order.get(found.requirement or "", -1))),
    )


class _Work:
    """One pass over what was folded, collecting what is left out and what is refused."""

    def __init__(self, policy: Policy, folded: Folded) -> None:
        self.policy = policy
        self.folded = folded
        self.unsupported: list[Unsupported] = []
        self.refusals: list[Refusal] = [
            *map(rules.conflict_refusal, folded.conflicts),
            *map(rules.unwritable_refusal, folded.unwritable),
        ]

    def files(self) -> Iterator[NodeFile]:
        """Yield the files that no rule forbids."""
        for file in self.folded.files:
            objection = self.policy.file(file)
            if isinstance(objection, Refusal):
                self.refusals.append(objection)
            elif objection:
                self.leave_out(file.requirements, *objection)
            elif not self.refuse(rules.file_refusals(file, knowledge())):
                yield file

    def units(self) -> Iterator[UnitEntry]:
        """Yield each unit once, be it asked for by its state or needed for a mount."""
        mounts = {entry.name: entry for entry in self.mounts()}
        for wanted in self.folded.units:
            mount = mounts.pop(wanted.value.unit, None)
            written = _with_mount(wanted, mount) if mount else self.policy.unit(wanted)
            if isinstance(written, UnitEntry):
                if not self.refuse(rules.unit_refusals(written)):
                    yield written
            else:
                self.leave_out(wanted.requirements, *written)
        yield from mounts.values()

    def mounts(self) -> Iterator[UnitEntry]:
        """Yield the units of the mounts that a unit can say."""
        for mount in self.folded.mounts:
            entry = mount_entry(mount)
            if not rules.clean(mount.value.path):
                self.refusals.append(rules.path_refusal(mount.requirements[0], mount.value.path))
            elif isinstance(entry, UnitEntry):
                yield entry
            else:
                self.leave_out(mount.requirements, *entry)

    def arguments(self) -> Iterator[Wanted[KernelArgument]]:
        """Yield the kernel arguments that no rule forbids."""
        for argument in self.folded.arguments:
            objection = self.policy.argument(argument.value)
            if isinstance(objection, Refusal):
                self.refusals.append(objection)
            elif objection:
                self.leave_out(argument.requirements, *objection)
            elif not self.refuse(rules.argument_refusals(argument)):
                yield argument

    def leave_out_absent(self, absent: Iterable[Wanted[FileAbsent]]) -> None:
        """Say that Ignition creates and never deletes."""
        for item in absent:
            detail = f"Ignition cannot delete a file: {rules.shown(item.value.path)}"
            self.leave_out(item.requirements, Reason.INEXPRESSIBLE, detail)

    def leave_out(self, requirements: tuple[str, ...], reason: Reason, detail: str) -> None:
        """Name every requirement that asked for something that is not written."""
        self.unsupported.extend(Unsupported(id_, reason, detail) for id_ in requirements)

    def refuse(self, found: Iterable[Refusal]) -> bool:
        """Add refusals and tell whether there were any."""
        refusals = tuple(found)
        self.refusals.extend(refusals)
        return bool(refusals)


def _with_mount(wanted: Wanted[UnitState], mount: UnitEntry) -> UnitEntry:
    """Return the unit of a mount together with a state asked for; `rules` judges the two."""
    askers = tuple(dict.fromkeys(wanted.requirements + mount.requirements))
    enabled = wanted.value.state == "enabled"
    return replace(mount, requirements=askers, enabled=enabled, mask=not enabled)
