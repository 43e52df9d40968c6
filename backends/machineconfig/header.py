"""What is said of MachineConfig objects: what they are, what they cost, how to use them."""

from __future__ import annotations

from collections.abc import Iterator

from reqc.backends.heading import provenance
from reqc.backends.ignition.composition import Composition
from reqc.backends.ignition.explanation import carried, carriers, left_out_lines
from reqc.backends.machineconfig.disruption import disruption_policy
from reqc.backends.machineconfig.plan import Plan
from reqc.backends.machineconfig.releases import Releases
from reqc.compiler.folding.text import comment
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.versions import compare_versions


def header(document: LoweredDocument, composition: Composition, plan: Plan) -> str:
    """Return all that is said as a comment; every line goes through `comment`."""
    return commented(told(document, composition, plan))


def commented(lines: Iterator[str]) -> str:
    """Return lines as comments, whatever is in them."""
    return "".join(f"{comment(line)}\n" for line in lines)


def told(document: LoweredDocument, composition: Composition, plan: Plan) -> Iterator[str]:
    """Yield all that is said of the objects; where there are none, no word on their use."""
    yield from identity(document, plan.releases)
    yield f"Ignition {plan.form.version}, which all these releases read."
    yield ""
    if not plan.pools:
        yield "No object: no requirement asks for a file, unit or kernel argument that can be said."
    else:
        yield carriers(item.object for item in plan.pools)
        yield from carried(document, parts(composition))
    yield from left_out_lines(composition, "in these objects")
    if plan.pools:
        yield from _hosted_use(plan) if plan.hosted else _use(composition, plan)


def identity(document: LoweredDocument, releases: Releases) -> Iterator[str]:
    """Yield of which document and for which releases an artefact is."""
    yield f"{document.identity.title}: node configuration for OpenShift {releases}"
    yield ""
    yield from provenance(document)


def parts(composition: Composition) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what objects carry, each with the requirements that ask for it."""
    yield from ((file.path, file.requirements) for file in composition.files)
    yield from ((f"{item.name}, {item.state}", item.requirements) for item in composition.units)
    for argument in composition.arguments:
        yield f"kernel argument {argument.value.argument}", argument.requirements
    for extension in composition.extensions:
        yield f"extension {extension.value}", extension.requirements


def _use(composition: Composition, plan: Plan) -> Iterator[str]:
    pools = [item.pool for item in plan.pools]
    objects = " ".join(item.object for item in plan.pools)
    yield ""
    yield "Cost: applying an object drains and reboots every node of its pool, one node at a time"
    yield "(maxUnavailable of the pool, 1 unless changed). Deleting it does so again."
    if "worker" in pools:
        yield "What is for worker also reaches every custom pool, whose nodes then reboot as well."
    yield from _avoided(composition, plan.releases)
    yield "Pause the pools first (spec.paused) to let several changes share one reboot."
    yield from _remarks(composition)
    yield ""
    yield from _order(plan)
    yield ""
    yield f"Apply:   {_apply(plan)} -f FILE"
    yield "         or, for a new cluster, put the file into openshift/ after"
    yield "         openshift-install create manifests"
    yield f"Verify:  oc get machineconfig {objects}"
    yield f"         oc get machineconfigpool {' '.join(pools)}"
    yield "         UPDATED is True, DEGRADED is False, and the counts are equal; if not:"
    yield from (f"         oc describe machineconfigpool {pool}" for pool in pools)
    yield f"Revert:  oc delete machineconfig {objects}"
    yield "Never edit the files on a node: a difference in bytes or mode degrades the pool."


def _avoided(composition: Composition, releases: Releases) -> Iterator[str]:
    first, preview = knowledge().disruption_policy.general, knowledge().disruption_policy.preview
    if compare_versions(releases.newest, preview) < 0:
        return
    if disruption_policy(composition).rebooting:
        yield "Nothing avoids that, as something in it needs a reboot; the target"
        yield "node-disruption-policy tells what."
    else:
        yield f"A node disruption policy avoids that from OpenShift {first} on ({preview}: as a"
        yield "technology preview), if applied before: see the target node-disruption-policy."


def _remarks(composition: Composition) -> Iterator[str]:
    if any(entry.mask for entry in composition.units):
        yield "A unit that must be disabled is masked: a node without the unit takes that in every"
        yield "release, while disabling it there stops the update before OpenShift 4.20."
    if composition.arguments or composition.extensions:
        yield "Workers that run RHEL ignore kernel arguments and extensions; set those by hand."


def _order(plan: Plan) -> Iterator[str]:
    first, since = plan.pools[0].object, knowledge().custom_pools_come_last_from
    yield "Order: where two objects of a pool have the same file or unit, the one whose name sorts"
    yield f"later wins: {first} over all names before it. From OpenShift {since} on,"
    yield "objects for a custom pool win over those for worker, whatever their names."


def _apply(plan: Plan) -> str:
    # without --server-side a copy of the object must fit into one of its annotations
    return "oc apply --server-side" if plan.large else "oc apply"


def _hosted_use(plan: Plan) -> Iterator[str]:
    (item,) = plan.pools
    yield ""
    yield "Cost: naming it in a NodePool, changing or removing it rolls out to every node of that"
    yield "NodePool: with upgradeType Replace new nodes take the place of the old ones, with"
    yield "InPlace each node is drained and rebooted. Node disruption policies have no say there."
    yield ""
    yield "Where:   the cluster with the hosted control plane, in the NAMESPACE of the NodePool"
    yield f"Apply:   {_apply(plan)} -n NAMESPACE -f FILE"
    yield "         oc edit -n NAMESPACE nodepool NODEPOOL, and add to spec.config (at most 10):"
    yield f"         - name: {item.object}"
    yield "Verify:  oc get -n NAMESPACE nodepool NODEPOOL"
    yield "         UPDATINGCONFIG is False, and the condition ValidMachineConfig is True"
    yield "Revert:  remove the name from spec.config, then"
    yield f"         oc delete -n NAMESPACE configmap {item.object}"
    yield "The object needs no label for a role: every node of a NodePool is a worker."
