"""Composition: a document's states as checked files, units and arguments, before any version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from reqc.backends.base import Reason, Refusal, Unsupported, left_out
from reqc.backends.ignition import rules
from reqc.backends.ignition.unit_files import UnitFile, unit_entries, unit_file
from reqc.backends.ignition.units import UnitEntry, mount_entry
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.attributes import FileAttributes
from reqc.compiler.folding.files import Folded, NodeFile, fold
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileAbsent, KernelArgument, UnitState

WITHOUT_STATES: Final = (
    "it asks for no file, unit, package or kernel argument; the shell target carries its check and"
    " a firewall target what it allows"
)

Objection: TypeAlias = Refusal | tuple[Reason, str]
"""A refusal, or why the thing is left out."""


class Policy(Struct, frozen=True):
    """In what a target that writes Ignition differs from another one.

    `unit` says how a state is written or why it is not, told whether the artefact brings the unit
    itself. `file` and `argument` object to one, or return None. `package` names the extension that
    brings a package, or says why none does.
    """

    unit: Callable[[Wanted[UnitState], bool], UnitEntry | tuple[Reason, str]]
    file: Callable[[NodeFile], Objection | None]
    argument: Callable[[KernelArgument], Objection | None]
    package: Callable[[str], str | tuple[Reason, str]]


class Composition(Struct, frozen=True):
    """What will be written, and what not; each tuple in the order first asked for.

    `extensions` are names.
    """

    files: tuple[NodeFile, ...]
    units: tuple[UnitEntry, ...]
    arguments: tuple[Wanted[KernelArgument], ...]
    extensions: tuple[Wanted[str], ...]
    unsupported: tuple[Unsupported, ...]
    refusals: tuple[Refusal, ...]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to write."""
        return not (self.files or self.units or self.arguments or self.extensions)


def compose(document: LoweredDocument, policy: Policy) -> Composition:
    """Fold the states of the requirements that apply here, and check what comes of it."""
    asked = [(item.origin.id, state) for item in document.here for state in item.states]
    folded = fold(asked, document.identity.product, document.identity.title)
    work = _Work(policy, folded)
    files = tuple(work.files())
    units = tuple(work.units())
    arguments = tuple(work.arguments())
    extensions = work.extensions()
    work.leave_out_absent(folded.absent)
    work.leave_out_attributes(folded.attributes)
    order = {item.origin.id: at for at, item in enumerate(document.requirements)}
    without = left_out(document, lambda item: bool(item.states), WITHOUT_STATES)
    unsupported = dict.fromkeys((*without, *work.unsupported))
    return Composition(
        files,
        units,
        arguments,
        extensions,
        tuple(sorted(unsupported, key=lambda row: order[row.requirement])),
        tuple(sorted(work.refusals, key=lambda found: order.get(found.requirement or "", -1))),
    )


class _Work:
    """One pass over what was folded, collecting what is left out and what is refused."""

    def __init__(self, policy: Policy, folded: Folded) -> None:
        self.policy = policy
        self.folded = folded
        self.unit_files: list[UnitFile] = []
        self.unsupported: list[Unsupported] = []
        self.refusals: list[Refusal] = [
            *map(rules.conflict_refusal, folded.conflicts),
            *map(rules.unwritable_refusal, folded.unwritable),
        ]

    def files(self) -> Iterator[NodeFile]:
        """Yield the files that no rule forbids, and keep those that are parts of units."""
        for file in self.folded.files:
            part = unit_file(file)
            found = (
                rules.unit_file_refusals(part) if part else rules.file_refusals(file, knowledge())
            )
            objection = self.policy.file(file)
            if isinstance(objection, Refusal):
                self.refusals.append(objection)
            elif objection:
                self.leave_out(file.requirements, *objection)
            elif not self.refuse(found):
                if part:
                    self.unit_files.append(part)
                else:
                    yield file

    def units(self) -> Iterator[UnitEntry]:
        """Yield each unit once, be it asked for by its state, its files or a mount."""
        brought = unit_entries(self.unit_files)
        for mount in self.mounts():
            self.add_mount(mount, brought)
        for wanted in self.folded.units:
            entry = brought.pop(wanted.value.unit, None)
            state = self.policy.unit(wanted, entry is not None and entry.contents is not None)
            if isinstance(state, UnitEntry):
                yield from self.allowed(_together(state, entry) if entry else state)
            else:
                self.leave_out(wanted.requirements, *state)
                yield from self.allowed(entry) if entry else ()
        for entry in brought.values():
            yield from self.allowed(entry)

    def allowed(self, entry: UnitEntry) -> Iterator[UnitEntry]:
        """Yield a unit that no rule forbids."""
        if not self.refuse(rules.unit_refusals(entry)):
            yield entry

    def add_mount(self, mount: UnitEntry, brought: dict[str, UnitEntry]) -> None:
        """Add the unit of a mount to those that files bring; a file may not say something else."""
        other = brought.get(mount.name)
        if other is None:
            brought[mount.name] = mount
        elif other.contents in (None, mount.contents):
            askers = tuple(dict.fromkeys(mount.requirements + other.requirements))
            brought[mount.name] = replace(mount, requirements=askers, drop_ins=other.drop_ins)
        else:
            message = f"the unit {rules.shown(mount.name)} of a mount has another content"
            asker, first = mount.requirements[0], other.requirements[0]
            self.refusals.append(Refusal(asker, rules.DUPLICATE_PATH, message, other=first))

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

    def extensions(self) -> tuple[Wanted[str], ...]:
        """Return the extensions for all packages that some bring."""
        found: dict[str, tuple[str, ...]] = {}
        for package in self.folded.packages:
            extension = self.policy.package(package.value.name)
            if isinstance(extension, str):
                found[extension] = (*found.get(extension, ()), *package.requirements)
            else:
                self.leave_out(package.requirements, *extension)
        return tuple(Wanted(name, tuple(dict.fromkeys(ids))) for name, ids in found.items())

    def leave_out_absent(self, absent: Iterable[Wanted[FileAbsent]]) -> None:
        """Say that Ignition creates and never deletes."""
        for item in absent:
            detail = f"Ignition cannot delete a file: {rules.shown(item.value.path)}"
            self.leave_out(item.requirements, Reason.INEXPRESSIBLE, detail)

    def leave_out_attributes(self, attributes: Iterable[Wanted[FileAttributes]]) -> None:
        """Say that Ignition writes whole files."""
        for item in attributes:
            path = rules.shown(item.value.path)
            detail = f"Ignition changes no file that it does not write: {path}"
            self.leave_out(item.requirements, Reason.INEXPRESSIBLE, detail)

    def leave_out(self, requirements: tuple[str, ...], reason: Reason, detail: str) -> None:
        """Name every requirement that asked for something that is not written."""
        self.unsupported.extend(Unsupported(id_, reason, detail) for id_ in requirements)

    def refuse(self, found: Iterable[Refusal]) -> bool:
        """Add refusals and tell whether there were any."""
        refusals = tuple(found)
        self.refusals.extend(refusals)
        return bool(refusals)


def _together(state: UnitEntry, brought: UnitEntry) -> UnitEntry:
    """Return a unit that the artefact brings in the state asked for; `rules` judges the two."""
    askers = tuple(dict.fromkeys(state.requirements + brought.requirements))
    return replace(brought, requirements=askers, enabled=state.enabled, mask=state.mask)
