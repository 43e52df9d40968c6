"""The node: what the Machine Config Operator does to one, so what may be asked of it, and how."""

from __future__ import annotations

from collections.abc import Callable

from reqc.backends.base import Reason, Refusal
from reqc.backends.ignition import rules
from reqc.backends.ignition.composition import Objection, Policy
from reqc.backends.ignition.config import is_number
from reqc.backends.ignition.units import UnitEntry
from reqc.backends.machineconfig.releases import Releases
from reqc.compiler.folding.agreement import Wanted
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.states import KernelArgument, UnitState


def openshift_nodes(releases: Releases) -> Policy:
    """Return the policy for nodes of these releases."""
    return Policy(_unit(releases), _file, _argument, _package(releases))


def _unit(
    releases: Releases,
) -> Callable[[Wanted[UnitState], bool], UnitEntry | tuple[Reason, str]]:
    may_enable = knowledge().may_enable_absent_units(releases.known)

    def unit(wanted: Wanted[UnitState], brought: bool) -> UnitEntry | tuple[Reason, str]:  # noqa: FBT001  # the policy's form
        name, state = wanted.value.unit, wanted.value.state
        if brought and state != "masked":
            return UnitEntry(name, wanted.requirements, enabled=state == "enabled")
        if state != "enabled":
            # disabling a unit that a node lacks degrades the pool before 4.20, masking never does
            return UnitEntry(name, wanted.requirements, mask=True)
        if may_enable:
            return UnitEntry(name, wanted.requirements, enabled=True)
        first = knowledge().absent_units_may_be_enabled_from
        detail = (
            f"a node without {rules.shown(name)} would stop its update before OpenShift {first}"
        )
        return Reason.UNSAFE, detail

    return unit


def _file(file: NodeFile) -> Objection | None:
    facts, name = knowledge(), rules.shown(file.path)
    if file.path == facts.force_file:
        message = f"{name} makes a node take a configuration without validating it"
        return Refusal(file.requirements[0], rules.FORCE_FILE, message)
    if facts.owns(file.path):
        message = f"{name} belongs to the Machine Config Operator, which would lose its own content"
        advice = "write to another file of the same folder, or use the operator's own resources"
        return Refusal(file.requirements[0], rules.OWNED_PATH, message, advice)
    for account in (file.user, file.group):
        if account not in facts.accounts and not is_number(account):
            detail = (
                f"{name} belongs to {rules.shown(account)}, which a node may not have; use a number"
            )
            return Reason.UNSAFE, detail
    return None


def _argument(argument: KernelArgument) -> Objection | None:
    if argument.argument.partition("=")[0] == "fips":
        return (
            Reason.UNSAFE,
            "FIPS mode is chosen when a cluster is installed, and never afterwards",
        )
    return None


def _package(releases: Releases) -> Callable[[str], str | tuple[Reason, str]]:
    def package(name: str) -> str | tuple[Reason, str]:
        found = knowledge().extension_with(name)
        if found is None:
            return Reason.INEXPRESSIBLE, f"no extension of OpenShift brings {rules.shown(name)}"
        if all(found.is_in(release) for release in releases.known):
            return found.name
        span = f"from OpenShift {found.since}" + (f" to {found.until}" if found.until else " on")
        detail = f"the extension {found.name} brings {rules.shown(name)} {span}, not in {releases}"
        return Reason.INEXPRESSIBLE, detail

    return package
