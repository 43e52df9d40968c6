"""Nodes about services, containers, rights and what cannot be seen at all."""

from __future__ import annotations

from tests.nodes.fleet import FLEET
from tests.nodes.machine import Machine
from tests.nodes.usual import DROP_IN, UNMANAGED, usual_host, usual_kernel

NO_OPENSHIFT = ("platform.openshift",)
OF_THE_IMAGE = (
    *("node.distro", "node.cali", "node.tunl", "node.vxlan", "node.unmanaged", "node.firewalld"),
    "platform.openshift",
)
"""What the image and the network of a container hide of its host."""

RELEASE = "6.1.0-50-amd64"


def debian(machine: Machine) -> None:
    """Make it a Debian 12 in all that is not special."""
    usual_kernel(machine, RELEASE)
    machine.config("boot/config-{R}")
    machine.tree()
    machine.os_release("debian", "12")
    usual_host(machine)


# --- NetworkManager ------------------------------------------------------------------------------


@FLEET.node(
    "drop-in-hidden-by-an-empty-file",
    "The drop-in of the vendor is hidden by an empty file of its name in /etc.",
    {"node.unmanaged": "fail"},
    dark=NO_OPENSHIFT,
)
def drop_in_hidden(machine: Machine) -> None:
    debian(machine)
    machine.network_manager(usr__calico=DROP_IN, etc__calico="")


@FLEET.node(
    "drop-ins-that-add",
    "One file sets the list, others add and take away, in the order of their names.",
    {"node.unmanaged": "pass"},
    dark=NO_OPENSHIFT,
)
def drop_ins_that_add(machine: Machine) -> None:
    debian(machine)
    machine.network_manager(
        *UNMANAGED,
        run__10_first="[keyfile]\nunmanaged-devices=interface-name:cali*;mac:00:11:22:33:44:55\n",
        etc__20_second="[keyfile]\nunmanaged-devices+= interface-name:tunl* , interface-name:eth9",
        usr__30_third="[keyfile]\nunmanaged-devices-=interface-name:eth9\n"
        f"unmanaged-devices+={';'.join(UNMANAGED[2:])};\n",
    )


@FLEET.node(
    "drop-in-overridden",
    "A later file sets the list anew, with twins of the items.",
    {"node.unmanaged": "fail"},
    dark=NO_OPENSHIFT,
)
def drop_in_overridden(machine: Machine) -> None:
    debian(machine)
    twins = ";".join(f"{item}x" for item in UNMANAGED)
    machine.network_manager(
        etc__10_calico=DROP_IN, run__20_site=f"[keyfile]\nunmanaged-devices={twins}\n"
    )


@FLEET.node(
    "drop-in-in-the-wrong-section",
    "The list stands in another section, in a comment, and in a file without suffix.",
    {"node.unmanaged": "fail"},
    dark=NO_OPENSHIFT,
)
def wrong_section(machine: Machine) -> None:
    debian(machine)
    machine.network_manager(
        etc__calico=DROP_IN.replace("[keyfile]", "[main]"),
        etc__comment=f"[keyfile]\n#{DROP_IN.splitlines()[1]}\n;{DROP_IN.splitlines()[1]}\n",
    )
    machine.node.write("etc/NetworkManager/conf.d/calico", DROP_IN)
    machine.node.write("etc/NetworkManager/conf.d/calico.conf~", DROP_IN)


@FLEET.node(
    "drop-in-of-the-older-page",
    "Three interfaces of the older page, in the main file, with blanks and without a newline.",
    {"node.unmanaged": "3.16 pass, 3.24 fail"},
    dark=NO_OPENSHIFT,
)
def of_the_older_page(machine: Machine) -> None:
    debian(machine)
    machine.network_manager(*UNMANAGED[:3])
    machine.node.write(
        "etc/NetworkManager/NetworkManager.conf",
        f"[main]\r\n[keyfile]\r\n unmanaged-devices = {' ; '.join(UNMANAGED[:3])} ",
    )


@FLEET.node(
    "manager-masked",
    "A masked NetworkManager is present, and the page asks for its configuration.",
    {"node.unmanaged": "fail"},
    dark=NO_OPENSHIFT,
)
def manager_masked(machine: Machine) -> None:
    debian(machine)
    machine.network_manager()
    machine.node.link("etc/systemd/system/NetworkManager.service", "/dev/null")


@FLEET.node(
    "unreadable-drop-in",
    "The last drop-in is a folder: what it would say is not known.",
    {"node.unmanaged": "unknown"},
    dark=(*NO_OPENSHIFT, "node.unmanaged"),
)
def unreadable_drop_in(machine: Machine) -> None:
    debian(machine)
    machine.network_manager(*UNMANAGED, etc__calico=DROP_IN)
    machine.node.write("etc/NetworkManager/conf.d/zz.conf/file", "")


# --- firewalld -----------------------------------------------------------------------------------


@FLEET.node(
    "firewalld-by-alias",
    "Another unit requires firewalld, so it starts at boot without a link of its target.",
    {"node.firewalld": "fail"},
    dark=NO_OPENSHIFT,
)
def firewalld_by_alias(machine: Machine) -> None:
    debian(machine)
    machine.firewall_daemon("enabled")
    wants = machine.node.root / "etc/systemd/system/multi-user.target.wants/firewalld.service"
    wants.unlink()
    machine.node.link(
        "usr/lib/systemd/system/guard.service.requires/firewalld.service", "../firewalld.service"
    )


@FLEET.node(
    "firewalld-masked-and-wanted",
    "A mask wins over the link that wants it.",
    {"node.firewalld": "pass"},
    dark=NO_OPENSHIFT,
)
def firewalld_masked(machine: Machine) -> None:
    debian(machine)
    machine.firewall_daemon("masked")
    machine.node.link(
        "etc/systemd/system/multi-user.target.wants/firewalld.service",
        "/usr/lib/systemd/system/firewalld.service",
    )


@FLEET.node(
    "firewalld-ended",
    "Disabled, and its control group has no process any more; a twin runs.",
    {"node.firewalld": "pass"},
    dark=NO_OPENSHIFT,
)
def firewalld_ended(machine: Machine) -> None:
    debian(machine)
    machine.firewall_daemon("disabled")
    group = "sys/fs/cgroup/system.slice/firewalld.service/cgroup.events"
    machine.node.write(group, "populated 0\nfrozen 0\n")
    machine.processes("firewalld-exporter.service")
    machine.node.link("etc/systemd/system/multi-user.target.wants/firewalld.service.d", "/nowhere")


# --- interfaces ----------------------------------------------------------------------------------


@FLEET.node(
    "names-taken-by-hardware",
    "Cards carry names that Calico wants; interfaces of Calico itself and twins do no harm.",
    {"node.cali": "fail", "node.tunl": "pass", "node.vxlan": "fail"},
    dark=NO_OPENSHIFT,
)
def names_taken(machine: Machine) -> None:
    debian(machine)
    machine.interface("cali0", hardware=True)
    machine.interface("vxlan.calico", hardware=True)
    machine.interface("tunl0")
    machine.interface("mytunl0", hardware=True)
    machine.interface("vxlan-calico", hardware=True)


# --- containers ----------------------------------------------------------------------------------


def image(machine: Machine) -> None:
    """Make it a container of another distribution, on a host with a full kernel."""
    machine.kernel(RELEASE)
    machine.in_container = True
    machine.properties |= {"NF_CT_PROTO_SCTP", "BPF_SYSCALL", "CGROUP_BPF", "NET_CLS_ACT"}
    machine.os_release("rhel", "7.9")
    machine.program()
    machine.interface("eth0")


@FLEET.node(
    "docker",
    "A container without /lib/modules: what is loaded is seen, what is on disk is not.",
    {"kernel.xt_set": "unknown", "node.distro": "unknown", "kernel.conntrack": "pass"},
    dark=(*OF_THE_IMAGE, "kernel.*", "!kernel.*conntrack", "!kernel.*comment"),
)
def docker(machine: Machine) -> None:
    image(machine)
    machine.load("nf_conntrack", "xt_conntrack", "xt_comment", "ip_set_hash_net")
    machine.node.write(".dockerenv", "")


@FLEET.node(
    "podman",
    "The kernel tells its configuration: built in is proof, built as a module is none.",
    {"kernel.ip_set": "pass", "kernel.xt_u32": "unknown", "kernel.match_set": "unknown"},
    dark=(
        *(*OF_THE_IMAGE, "kernel.*", "!kernel.ipset", "!kernel.ip_set", "!kernel.ebpf"),
        *("!kernel.xdp", "!kernel.conntrack*", "!kernel.nf_conntrack_proto_sctp"),
    ),
)
def podman(machine: Machine) -> None:
    image(machine)
    machine.build_in("ip_set", "nf_conntrack")
    machine.uninstalled |= {"xt_set", "sctp", "ip_tables"}
    machine.config("proc/config.gz")
    machine.node.write("run/.containerenv", 'engine="podman-5.2"\n')


@FLEET.node(
    "pod",
    "An image of a whole system in a pod: its services are not those of the host.",
    {"node.unmanaged": "unknown", "node.firewalld": "unknown", "kernel.sctp": "unknown"},
    dark=(*OF_THE_IMAGE, "kernel.*"),
)
def pod(machine: Machine) -> None:
    image(machine)
    machine.network_manager()
    machine.firewall_daemon("enabled")
    machine.node.write("var/run/secrets/kubernetes.io/serviceaccount/token", "x")


@FLEET.node(
    "nspawn-with-modules",
    "A container that sees the modules: blocks in its image say nothing about its host.",
    {"kernel.xt_set": "pass", "kernel.sctp": "unknown", "kernel.xt_u32": "fail"},
    dark=(*OF_THE_IMAGE, "kernel.sctp", "kernel.xt_mark", "kernel.match_mark"),
)
def nspawn(machine: Machine) -> None:
    usual_kernel(machine, RELEASE, without=("xt_u32",))
    machine.config("boot/config-{R}")
    machine.tree()
    machine.node.write(
        "etc/modprobe.d/x.conf", "install sctp /bin/false\ninstall xt_mark /bin/false\n"
    )
    machine.in_container = True
    machine.os_release("debian", "12")
    usual_host(machine)
    machine.node.write("proc/1/environ", b"PATH=/bin\0container=systemd-nspawn\0TERM=x\0")


@FLEET.node(
    "host-below-a-container",
    "The root of the host is mounted into a container: the host counts, not the container.",
    {"node.distro": "warn", "kernel.xt_set": "pass", "node.unmanaged": "pass"},
    dark=NO_OPENSHIFT,
)
def host_below(machine: Machine) -> None:
    outside = machine.node
    outside.write(".dockerenv", "")
    outside.write("etc/os-release", "ID=rhel\nVERSION_ID=7.9\n")
    machine.node = type(outside)(outside.root / "host")
    debian(machine)
    machine.network_manager(*UNMANAGED, etc__calico=DROP_IN)


# --- rights and darkness -------------------------------------------------------------------------


@FLEET.node(
    "not-root",
    "A user who may not read the configuration: modules are seen, their absence proves nothing.",
    {
        "kernel.xt_set": "pass",
        "kernel.nf_conntrack_proto_sctp": "unknown",
        "kernel.xt_u32": "unknown",
        "kernel.ebpf": "unknown",
    },
    dark=(
        *NO_OPENSHIFT,
        *("kernel.xt_u32", "kernel.nf_conntrack_proto_sctp", "kernel.conntrack_sctp"),
        *("kernel.ebpf", "kernel.tc", "kernel.xdp"),
    ),
)
def not_root(machine: Machine) -> None:
    machine.user = 65534
    usual_kernel(machine, RELEASE, without=("xt_u32",))
    machine.load("ip_tables", "xt_comment")
    machine.config("boot/config-{R}", mode=0o600)
    machine.tree()
    machine.os_release("debian", "12")
    usual_host(machine)


@FLEET.node(
    "nothing-readable",
    "An empty folder: nothing is known, and nothing is claimed.",
    {"node.kernel": "unknown", "node.unmanaged": "unknown", "kernel.xt_set": "unknown"},
    dark=(
        "*.*",
        "!store.*",
        "!network.*",
        "!privileges.*",
        "!node.other_firewalls",
        "!platform.[!o]*",
    ),
)
def nothing(machine: Machine) -> None:
    del machine  # it stays as it is


@FLEET.node(
    "only-proc",
    "Nothing but /proc is mounted there.",
    {
        "node.kernel": "pass",
        "node.cpu": "pass",
        "kernel.ip_set": "pass",
        "kernel.xt_set": "unknown",
    },
    dark=(
        *("node.distro", "node.unmanaged", "node.firewalld", "platform.openshift", "kernel.*"),
        *("!kernel.ip_set", "!kernel.ipset", "node.cali", "node.tunl", "node.vxlan"),
    ),
)
def only_proc(machine: Machine) -> None:
    machine.kernel(RELEASE)
    machine.load("ip_set")
