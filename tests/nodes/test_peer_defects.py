"""What other checkers got wrong, one test for each defect, named after it.

The checks are those that the compiler makes of names on a page, so that both the knowledge about
kernels and the script are tried. Where a peer is named, it showed the defect at some time.
"""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

import pytest

from tests.backends.shell.nodes import SHELLS, Node, agreed, expect
from tests.backends.shell.samples import checking, script
from tests.deployments import lowered, shipped
from tests.nodes.carried import NAMES_OF_NO_KERNEL
from tests.nodes.peers import feature, module, states, tap_states
from tests.nodes.running import build
from tests.nodes.truth import OPENSHIFT, OPENSTACK
from tests.tools import require

# --- modules -------------------------------------------------------------------------------------


def test_lsmod_only_reports_what_is_built_in_as_missing(node: Node) -> None:
    """Among others troubleshoot, embedded-cluster, minikube and sos."""
    node.kernel()
    node.tree(builtin="kernel/net/netfilter/xt_set.ko\nkernel/net/ipv4/ipip.ko\n")

    expect(node, (module("xt_set"), "pass"), (feature("ipip"), "pass"))


def test_what_is_built_in_need_not_show_in_sysfs(node: Node) -> None:
    """Calico's own checker looks for built-in parts below /sys/module."""
    node.kernel(modular=False)
    node.write("sys/module/ip_set/parameters/max_sets", "256\n")
    node.config("CONFIG_NETFILTER_XT_SET=y", "CONFIG_IP_SET=y")

    expect(node, (module("xt_set"), "pass"), (module("ip_set"), "pass"))


def test_nfs_is_not_found_in_nfs_acl(node: Node) -> None:
    """Longhorn's command line searches /proc/modules for a part of a line."""
    node.kernel()
    node.write("proc/modules", "nfs_acl 16384 1 nfsd, Live 0x0\nsunrpc 1 1 nfs,nfs_acl, Live 0x0\n")
    node.tree("fs/nfsd/nfsd.ko")
    node.config("# CONFIG_NFS_FS is not set", "CONFIG_NFS_ACL_SUPPORT=m")

    expect(node, (module("nfs"), "fail"))


def test_ip_set_is_not_satisfied_by_its_types_or_by_a_column_of_users(node: Node) -> None:
    """Calico's checker up to 3.32 had no anchors."""
    node.kernel()
    node.write(
        "proc/modules",
        "ip_set_hash_net 1 0 - Live 0x0\nnfnetlink 20480 3 ip_set,nf_tables, Live 0x0\n",
    )
    node.tree("net/netfilter/ipset/ip_set_bitmap_ip.ko")
    node.config("# CONFIG_IP_SET is not set", "CONFIG_IP_SET_HASH_NET=m")

    expect(node, (module("ip_set"), "fail"), (feature("ipset"), "fail"))


@pytest.mark.parametrize("suffix", [".ko", ".ko.gz", ".ko.xz", ".ko.zst", ".ko.bz2"])
def test_a_suffix_stripped_only_once(node: Node, suffix: str) -> None:
    """The project troubleshoot made the module `ip_set.ko` of ip_set.ko.xz."""
    node.kernel()
    node.tree(f"net/netfilter/ipset/ip_set{suffix}")

    expect(node, (module("ip_set"), "pass"))


def test_aliases_never_read(node: Node) -> None:
    """Calico's checker knows files and no aliases, so ipt_set failed on every host."""
    node.kernel()
    aliases = "alias ipt_set xt_set\nalias ip6t_set xt_set\nalias ipt_icmp ip_tables\n"
    node.tree("net/xt_set.ko", "net/ip_tables.ko", aliases=aliases)

    expect(node, (module("ipt_set"), "pass"), (module("xt_icmp"), "pass"))


@pytest.mark.parametrize("name", ["debian-10", "debian-11", "debian-12", "debian-13"])
def test_names_frozen_in_code_that_no_kernel_has(name: str, tmp_path: Path) -> None:
    """Four or five names of the page of v3.16 failed on every host for years."""
    made = build(name, tmp_path)
    tree = made.machine.node.root / "lib/modules"

    assert not [path for part in NAMES_OF_NO_KERNEL for path in tree.rglob(f"{part}.ko*")]
    found = states(made.machine.node, OPENSTACK)
    asked = {state for key, state in found.items() if key.startswith("kernel.")}
    assert asked - {"n/a"} == {"pass"}


def test_names_asked_of_everybody_that_few_need() -> None:
    """Calico's checker wants IPVS and vfio-pci on every host."""
    asked = {item.origin.id for item in lowered(shipped(OPENSHIFT), {}).here}

    assert "kernel.match_ipvs" not in asked
    assert not [name for name in asked if "vfio" in name]


def test_an_option_that_proves_something_else(node: Node) -> None:
    """Calico's checker took a tc match for xt_set, the verdict of nft for REJECT, and so on."""
    node.kernel()
    node.tree("net/other.ko")
    node.config(
        *("CONFIG_NET_EMATCH_IPSET=y", "CONFIG_NFT_REJECT=y", "CONFIG_IP_NF_TARGET_MARK=y"),
        *("CONFIG_IP_NF_MATCH_MULTIPORT=y", "CONFIG_NETFILTER_XT_TARGET_REJECT=y"),
        *("CONFIG_NETFILTER_XT_MATCH_RPFILTER=y", "CONFIG_VFIO=y", "CONFIG_BPF=y"),
        *("CONFIG_XDP_SOCKETS=y", "CONFIG_MODULES=y"),
    )

    expect(
        node,
        *(
            (module(name), "fail")
            for name in ("xt_set", "ipt_REJECT", "xt_mark", "xt_multiport", "ipt_rpfilter")
        ),
        (feature("vfio-pci"), "fail"),
        (feature("ebpf"), "fail"),
        (feature("xdp"), "fail"),
    )


def test_alternatives_declared_and_not_evaluated(node: Node) -> None:
    """The checker of k0s probes the first name again for each of its alternatives."""
    node.kernel()
    node.tree("net/nf_tables.ko", "net/nft_compat.ko")
    node.config("# CONFIG_IP_NF_IPTABLES is not set", "CONFIG_NF_TABLES=m", "CONFIG_NFT_COMPAT=m")

    expect(
        node,
        (feature("iptables"), "pass"),
        (feature("iptables-legacy"), "fail"),
        (module("nf_log_ipv4"), "fail"),
    )
    node.tree("net/nf_log_syslog.ko")
    expect(node, (module("nf_log_ipv4"), "pass"))


def test_options_and_modules_gone_in_newer_kernels(node: Node) -> None:
    """On newer kernels moby and Cilium missed what goes by another name there."""
    node.kernel()
    node.tree("net/nf_conntrack.ko", "net/nf_nat.ko", "net/nf_log_syslog.ko", "net/xt_CT.ko")
    node.config(
        *("CONFIG_NF_CONNTRACK=m", "CONFIG_NF_CT_PROTO_SCTP=y", "CONFIG_NF_NAT=m"),
        *("CONFIG_NF_LOG_SYSLOG=m", "CONFIG_NETFILTER_XT_TARGET_CT=m"),
    )
    gone = ("nf_conntrack_ipv4", "nf_nat_ipv6", "nf_conntrack_proto_sctp", "nf_log_ipv4")

    expect(node, *((module(name), "pass") for name in (*gone, "xt_NOTRACK")))


def test_built_as_a_module_is_not_installed(node: Node) -> None:
    """Among others moby calls `=m` fine, although the file can be in a package that is missing."""
    node.kernel()
    node.tree("net/other.ko")
    node.config("CONFIG_IP_SET=m", "CONFIG_IP_SCTP=m")

    (sets, sctp) = agreed(node, module("ip_set"), module("sctp"))

    assert (sets["state"], sctp["state"]) == ("fail", "fail")
    assert "CONFIG_IP_SET=m, but its file is not in" in sets["found"]
    assert "kernel-modules-extra" in sets["found"]
    assert "kernel-modules-extra" in sctp["found"]


def test_blacklists_never_read(node: Node) -> None:
    """Of all peers only two read modprobe.d; the others call a blocked module available."""
    node.kernel()
    node.tree("net/sctp.ko", "net/xt_set.ko", aliases="alias ipt_set xt_set\n")
    node.write("etc/modprobe.d/cis.conf", "install sctp /bin/true\nblacklist xt_set\n")

    expect(
        node, (module("sctp"), "fail"), (module("xt_set"), "warn"), (feature("ipset"), "unknown")
    )


def test_a_property_of_a_module_that_is_not_installed(node: Node) -> None:
    """An option that is set helps nobody where the file of its module is missing."""
    node.kernel()
    node.tree("net/other.ko")
    node.config("CONFIG_NF_CONNTRACK=m", "CONFIG_NF_CT_PROTO_SCTP=y")

    expect(node, (feature("conntrack-sctp"), "fail"), (module("nf_conntrack_proto_sctp"), "fail"))


# --- the configuration ---------------------------------------------------------------------------


def test_a_configuration_that_cannot_be_read_is_no_failure(node: Node) -> None:
    """For kubeadm, kind, Cilium and Longhorn it was an error, or everything was off."""
    node.kernel()
    node.tree("net/other.ko")

    expect(node, (module("ip_set"), "unknown"), (feature("ebpf"), "unknown"))


def test_the_configuration_of_another_kernel(node: Node) -> None:
    """Several peers take /usr/src/linux/.config, which belongs to no release."""
    node.kernel()
    node.tree("net/other.ko")
    text = "CONFIG_BPF_SYSCALL=y\nCONFIG_CGROUP_BPF=y\nCONFIG_IP_SET=y\n"
    for place in ("usr/src/linux/.config", "boot/config", "boot/config-6.1.0-51-amd64"):
        node.write(place, text)

    expect(node, (feature("ebpf"), "unknown"), (module("ip_set"), "unknown"))


def test_a_helper_program_that_is_confined(tmp_path: Path) -> None:
    """Under AppArmor zgrep could not read the configuration, and k3s called everything missing."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("awk", "cat", "find", "grep", "id", "ls", "od", "printf", "sort", "tr"):
        (tools / name).symlink_to(require(name))
    for name in ("gzip", "zcat"):
        (tools / name).write_text("#!/bin/sh\nexit 1\n")
        (tools / name).chmod(0o755)
    confined = Node(tmp_path / "root")
    confined.kernel()
    confined.tree("net/other.ko")
    confined.write("proc/config.gz", gzip.compress(b"CONFIG_IP_SET=y\n# CONFIG_IPV6 is not set\n"))
    standard = "standard_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    text = script(checking(module("ip_set"), feature("ipv6")))
    assert standard in text
    (tmp_path / "check.sh").write_text(text.replace(standard, f"standard_path={tools}"))

    for program, *rest in SHELLS.values():
        done = subprocess.run(
            [require(program), *rest, "check.sh", "--root", "root", "--format", "tap"],
            capture_output=True,
            check=False,
            cwd=tmp_path,
            env={"PATH": str(tools)},
        )

        assert done.stderr == b""
        assert [state for _, state in tap_states(done.stdout.decode())] == ["unknown", "unknown"]
        assert b"cannot be unpacked" in done.stdout


def test_a_bracket_expression_with_a_bar(node: Node) -> None:
    """`=[y|m]` also takes a bar, and without an end it takes the beginning of any word."""
    node.kernel()
    node.tree("net/other.ko")
    node.config("CONFIG_IP_SET=|", "CONFIG_IP_VS=none", 'CONFIG_NET_IPIP="y"', "CONFIG_VXLAN=yes")

    expect(
        node,
        *((module(name), "fail") for name in ("ip_set", "ip_vs", "ipip", "vxlan")),
    )
