"""First boot: how states are written for a node that Ignition sets up once."""

from __future__ import annotations

from reqc.backends.base import Reason
from reqc.backends.ignition.composition import Objection, Policy
from reqc.backends.ignition.rules import shown
from reqc.backends.ignition.units import UnitEntry
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.knowledge.ignition import Form
from reqc.compiler.states import KernelArgument, UnitState


def first_boot(form: Form) -> Policy:
    """Return the policy for configurations of one form."""

    def argument(_argument: KernelArgument) -> Objection | None:
        if form.kernel_arguments:
            return None
        detail = f"Ignition {form.version} has no kernel arguments; choose 3.3.0 or newer"
        return Reason.INEXPRESSIBLE, detail

    return Policy(_unit, _no_objection, argument, _package)


def _unit(wanted: Wanted[UnitState], _brought: bool) -> UnitEntry:  # noqa: FBT001  # the policy's form
    """Write a state as it is: at a first boot it is a preset, harmless where the unit is absent."""
    state = wanted.value.state
    if state == "masked":
        return UnitEntry(wanted.value.unit, wanted.requirements, mask=True)
    return UnitEntry(wanted.value.unit, wanted.requirements, enabled=state == "enabled")


def _no_objection(_file: NodeFile) -> None:
    return None


def _package(name: str) -> tuple[Reason, str]:
    return Reason.INEXPRESSIBLE, f"Ignition installs no package: {shown(name)}"
