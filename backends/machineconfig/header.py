"""The comment before MachineConfig objects: what they are, what they cost, how to use them."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from reqc.backends.heading import omissions, provenance
from reqc.backends.ignition.composition import Composition
from reqc.backends.ignition.units import UnitEntry
from reqc.backends.machineconfig.plan import Plan
from reqc.compiler.folding.text import comment
from reqc.compiler.lowered import LoweredDocument

WIDTH: Final = 96
"""Columns of the lines that are wrapped."""


def header(document: LoweredDocument, composition: Composition, plan: Plan) -> str:
    """Return the comment; every line goes through `comment`, whatever is in it."""
    lines = [
        *_identity(document, plan),
        *_carried(document, composition, plan),
        *_left_out(composition),
        *(_use(composition, plan) if plan.pools else ()),
    ]
    return "".join(f"{comment(line)}\n" for line in lines)


def _identity(document: LoweredDocument, plan: Plan) -> Iterator[str]:
    yield f"{document.identity.title}: node configuration for OpenShift {plan.openshift}"
    yield ""
    yield from provenance(document)
    yield f"Ignition {plan.form.version}, which all these releases read."


def _carried(document: LoweredDocument, composition: Composition, plan: Plan) -> Iterator[str]:
    origins = {item.origin.id: item.origin for item in document.requirements}
    carried = [
        *((file.path, file.requirements) for file in composition.files),
        *((_unit(entry), entry.requirements) for entry in composition.units),
        *(
            (f"kernel argument {item.value.argument}", item.requirements)
            for item in composition.arguments
        ),
    ]
    yield ""
    if not carried or not plan.pools:
        yield "No object: no requirement asks for a file, unit or kernel argument that can be said."
        return
    yield f"Each of {', '.join(item.object for item in plan.pools)} carries"
    for subject, requirements in carried:
        yield f"  {subject}"
        for id_ in requirements:
            yield f"    {id_} ({origins[id_].place}): {origins[id_].title}"


def _unit(entry: UnitEntry) -> str:
    state = "masked" if entry.mask else "enabled" if entry.enabled else "disabled"
    return f"{entry.name}, {state}"


def _left_out(composition: Composition) -> Iterator[str]:
    if not composition.unsupported:
        return
    yield ""
    yield "Not in these objects:"
    for line in omissions(composition.unsupported):
        yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="    ")


def _use(composition: Composition, plan: Plan) -> Iterator[str]:
    pools = [item.pool for item in plan.pools]
    objects = " ".join(item.object for item in plan.pools)
    yield ""
    yield "Cost: applying an object drains and reboots every node of its pool, one node at a time"
    yield "(maxUnavailable of the pool, 1 unless changed). Deleting it does so again."
    yield "Pause the pools first (spec.paused) to let several changes share one reboot."
    if any(entry.mask for entry in composition.units):
        yield "A unit that must be disabled is masked: a node without the unit takes that in every"
        yield "release, while disabling it there stops the update before OpenShift 4.20."
    if composition.arguments:
        yield "Workers that run RHEL ignore kernel arguments; set those by hand."
    yield ""
    yield "Apply:   oc apply -f FILE"
    yield "         or, for a new cluster, put the file into openshift/ after"
    yield "         openshift-install create manifests"
    yield f"Verify:  oc get machineconfig {objects}"
    yield f"         oc get machineconfigpool {' '.join(pools)}"
    yield "         UPDATED is True, DEGRADED is False, and the counts are equal; if not:"
    yield from (f"         oc describe machineconfigpool {pool}" for pool in pools)
    yield f"Revert:  oc delete machineconfig {objects}"
    yield "Never edit the files on a node: a difference in bytes or mode degrades the pool."
