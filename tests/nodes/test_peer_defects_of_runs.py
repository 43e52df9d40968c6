"""What other checkers got wrong about versions, runs, ports and services: a test each."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from reqc.compiler.checks import (
    All,
    Any,
    KernelVersion,
    OperatingSystem,
    PortFree,
    Relation,
    Unit,
    UnitCondition,
)
from reqc.compiler.lowered import LoweredDocument
from tests.backends.shell.nodes import SHELLS, Node, expect, output, run
from tests.backends.shell.samples import BAD, checking, script
from tests.deployments import lowered, shipped
from tests.nodes.peers import feature, module, states, tap_states
from tests.nodes.running import build
from tests.nodes.truth import OPENSHIFT, OPENSTACK
from tests.tools import needs_root, require

# --- versions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "wanted", "state"),
    [
        ("2.6.32-754.el6.x86_64", "3.10", "fail"),
        ("2.4.20", "3.10", "fail"),
        ("3.9.1", "3.10", "fail"),
        ("3.10.0-1160.el7.x86_64", "3.10", "pass"),
        ("3.1", "3.10", "fail"),
        ("10.0.0", "3.10", "pass"),
        ("6.08.1", "6.8", "pass"),
        ("6.8.0-rc3+", "6.8", "pass"),
        ("5.15.153.1-microsoft-standard-WSL2", "5.15.153", "pass"),
        ("5.4.72-v7l+", "5.10", "fail"),
        ("6.1.141-155.222.amzn2023.x86_64", "5.3", "pass"),
        ("4.18.0-193.el8.x86_64", "4.18.0-305", "fail"),
        ("4.18.0-1000.el8.x86_64", "4.18.0-305", "pass"),
    ],
)
def test_a_version_compared_by_pattern(node: Node, release: str, wanted: str, state: str) -> None:
    """In k0s 2.6.32 passes for 3.10 or later; the pattern of kubeadm refused new kernels."""
    node.kernel(release)

    expect(node, (KernelVersion(Relation.AT_LEAST, wanted), state))


def test_a_vendor_backport_refused_by_its_number(node: Node) -> None:
    """RHEL 8 was refused by kubeadm, kubespray and rke, though its 4.18 has what 5.3 brought."""
    node.kernel("4.18.0-305.el8.x86_64")
    node.write("etc/os-release", "ID=rhel\nVERSION_ID=8.4\n")
    either = Any(
        (
            KernelVersion(Relation.AT_LEAST, "5.3"),
            All(
                (
                    OperatingSystem("rhel", Relation.AT_LEAST, "8.2"),
                    KernelVersion(Relation.AT_LEAST, "4.18.0-193"),
                )
            ),
        )
    )

    expect(node, (either, "pass"), (KernelVersion(Relation.AT_LEAST, "5.3"), "fail"))


def test_a_floor_that_is_written_in_code() -> None:
    """Calico's checker asks for 2.6.24, while both of its pages say 3.10."""
    for spec in (OPENSTACK, OPENSHIFT):
        (floor,) = (
            item for item in lowered(shipped(spec), {}).here if item.origin.id == "node.kernel"
        )

        assert floor.check == KernelVersion(Relation.AT_LEAST, "3.10")


# --- runs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_a_result_lost_in_a_pipeline(shell: str, node: Node) -> None:
    """The checker of moby sets the result of its storage drivers in a pipeline and exits 0."""
    node.kernel()
    node.tree("net/other.ko")
    node.config("# CONFIG_OVERLAY_FS is not set", "# CONFIG_IP_SET is not set")
    none_of = checking(Any((feature("overlayfs"), feature("ipset"))))

    status, text = output(shell, node, none_of)

    assert status == 1
    assert "FAIL    node.n1" in text


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("misses", [255, 256, 257])
def test_the_number_of_failures_as_exit_status(shell: str, misses: int, node: Node) -> None:
    """The checker of k3s exits with the number of failures, and 256 of them are 0."""
    status, text = output(shell, node, many(misses))

    assert status == 1
    assert f"{misses} fail" in text


def many(misses: int) -> LoweredDocument:
    """Return a document of as many checks that fail."""
    return checking(*[BAD] * misses)


def test_one_missing_tool_ends_all(node: Node, tmp_path: Path) -> None:
    """Calico's checker gives up on all modules where lsmod does not run."""
    node.kernel(modular=False)
    node.config("CONFIG_NETFILTER_XT_SET=y", "CONFIG_IP_SET=y")
    refused = tmp_path / "bin"
    refused.mkdir()
    for name in ("lsmod", "modprobe", "modinfo", "depmod", "uname", "systemctl", "sysctl", "rpm"):
        (refused / name).write_text("#!/bin/sh\nexit 127\n")
        (refused / name).chmod(0o755)
    standard = "standard_path="
    text = script(checking(module("xt_set"), module("ip_set")))
    (tmp_path / "check.sh").write_text(text.replace(standard, f"{standard}{refused}:", 1))

    for program, *rest in SHELLS.values():
        done = subprocess.run(
            [require(program), *rest, "check.sh", "--root", str(node.root)],
            capture_output=True,
            check=False,
            cwd=tmp_path,
        )

        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("shell", SHELLS)
def test_root_demanded_for_everything(shell: str) -> None:
    """Calico's checker and openshift-preflight end at once for anybody but root."""
    needs_root()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        made = build("not-root", folder)
        root = ("--root", str(made.machine.node.root), "--format", "tap")
        done = run(shell, script(lowered(shipped(OPENSTACK), {})), folder, *root, user=65534)

    found = dict(tap_states(done.stdout.decode()))
    assert done.stderr == b""
    assert found["kernel.xt_set"] == found["kernel.ip_set"] == found["node.kernel"] == "pass"
    assert found["kernel.xt_u32"] == found["kernel.nf_conntrack_proto_sctp"] == "unknown"


def test_a_container_looked_at_instead_of_its_host(node: Node) -> None:
    """Green reports of troubleshoot and Kubernetes were about the image of their own container."""
    node.write(".dockerenv")
    node.write("etc/os-release", "ID=rhel\nVERSION_ID=7.9\n")
    node.kernel()

    found = states(node, OPENSHIFT)

    assert found["node.distro"] == "unknown"
    assert found["node.firewalld"] == "unknown"
    assert found["node.kernel"] == "pass"
    kernel_states = {state for key, state in found.items() if key.startswith("kernel.")}
    assert kernel_states - {"n/a"} == {"unknown"}


def test_side_effects(tmp_path: Path) -> None:
    """The checker of k3s and system-validators load a module to read the configuration."""
    made = build("debian-12", tmp_path)
    root = made.machine.node.root

    def everything() -> list[tuple[str, int, int]]:
        status = [(str(path), path.lstat()) for path in sorted(root.rglob("*"))]
        return [(name, one.st_mtime_ns, one.st_size) for name, one in status]

    before = everything()
    found = states(made.machine.node, OPENSHIFT)

    assert found["kernel.match_set"] == "pass"
    assert everything() == before


# --- ports and services --------------------------------------------------------------------------


def test_a_port_taken_for_another_that_ends_or_begins_alike(node: Node) -> None:
    """The checker of k3s takes 16443 for 6443."""
    node.kernel()
    head = "  sl  local_address rem_address   st\n"
    rows = "".join(
        f"   {number}: 0100007F:{port:04X} 00000000:0000 0A 0 0\n"
        for number, port in enumerate((16443, 64430, 644, 0x6443))
    )
    # A connection from the port and one to it are no listeners.
    rows += "   8: 0100007F:192B 0100007F:C350 01 0 0\n   9: 0100007F:C350 0100007F:192B 01 0 0\n"
    node.write("proc/net/tcp", head + rows)
    node.write("proc/net/udp", head + "   0: 00000000:192B 00000000:0000 07 0 0\n")

    expect(
        node,
        (PortFree("tcp", 6443), "pass"),
        (PortFree("tcp", 16443), "fail"),
        (PortFree("udp", 6443), "fail"),
    )


def test_a_port_called_in_use_because_binding_is_not_allowed(node: Node) -> None:
    """For kubeadm a port was in use where only the right to bind to it was missing."""
    node.kernel()
    node.write("proc/net/tcp", "  sl  local_address rem_address   st\n")

    expect(node, (PortFree("tcp", 80), "pass"))


def test_a_service_that_runs_although_it_is_disabled(node: Node) -> None:
    """A check of the configuration alone passes until the next look at the node."""
    node.write("usr/lib/systemd/system/firewalld.service", "[Unit]\n")
    node.write("sys/fs/cgroup/system.slice/firewalld.service/cgroup.events", "populated 1\n")
    off = (
        Unit("firewalld.service", UnitCondition.DISABLED),
        Unit("firewalld.service", UnitCondition.STOPPED),
    )

    expect(node, (off[0], "pass"), (off[1], "fail"), (All(off), "fail"))
