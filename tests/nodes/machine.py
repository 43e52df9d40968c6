"""A machine as it truly is, and the files by which a check may find out."""

from __future__ import annotations

import gzip
import struct
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path

from tests.backends.shell.nodes import Node
from tests.nodes.carried import (
    PARTS,
    PROPERTIES,
    aliases,
    carries_legacy_option,
    known,
    option,
)

ELF_MACHINES = {
    "x86_64": (2, 1, 62),
    "aarch64": (2, 1, 183),
    "s390x": (2, 2, 22),
    "ppc64le": (2, 1, 21),
    "i686": (1, 1, 3),
}
"""Class, byte order and machine number in the header of an executable."""

UNIT_FOLDER = "usr/lib/systemd/system"
NETWORK_MANAGER = "etc/NetworkManager/NetworkManager.conf"


class Truth(IntEnum):
    """How true something is on a machine; the least of several decides where all are needed."""

    UNMET = 0
    CAUTION = 1
    MET = 2


@dataclass(slots=True)
class Machine:
    """A machine that is described step by step and then written by `finish`.

    What `truth` says follows from the description alone and not from the files.
    """

    node: Node
    release: str = ""
    architecture: str = "x86_64"
    system: tuple[str, str] | None = None
    openshift: str = ""
    user: int | None = None
    arguments: tuple[str, ...] = ()
    on_disk: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, str] = field(default_factory=dict)
    built_in: set[str] = field(default_factory=set)
    uninstalled: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    blocks: dict[str, Truth] = field(default_factory=dict)
    hardware: list[str] = field(default_factory=list)
    manager_present: bool = False
    unmanaged: frozenset[str] = frozenset()
    firewalld: str = "absent"
    firewalld_runs: bool = False
    in_container: bool = False

    # --- the kernel --------------------------------------------------------------------------

    def kernel(self, release: str, *, modular: bool = True, arch_file: bool | None = None) -> None:
        """Make it run a kernel; since 6.1 a file below /proc names the architecture."""
        self.release = release
        self.node.write("proc/sys/kernel/osrelease", f"{release}\n")
        if known("6.1", release) if arch_file is None else arch_file:
            self.node.write("proc/sys/kernel/arch", f"{self.architecture}\n")
        if modular:
            self.node.write("proc/modules", "")

    def program(self, path: str = "usr/bin/sh") -> None:
        """Give it a shell, whose header names the architecture."""
        self.node.write(path, executable(self.architecture), mode=0o755)

    def modules(self, *names: str, suffix: str = ".ko") -> None:
        """Put modules on the disk."""
        self.on_disk |= dict.fromkeys(names, suffix)

    def load(self, *names: str, state: str = "Live") -> None:
        """Let modules be in the kernel now."""
        self.loaded |= dict.fromkeys(names, state)

    def build_in(self, *names: str) -> None:
        """Compile parts into the kernel."""
        self.built_in |= set(names)

    def can(self, name: str) -> Truth:
        """Tell whether the kernel has a part or gets it when it is asked for."""
        if name in self.built_in or self.loaded.get(name) == "Live":
            return Truth.MET
        if name not in self.on_disk:
            return Truth.UNMET
        return min(self.blocks.get(name, Truth.MET), self.blocks.get("*", Truth.MET))

    def has(self, symbol: str) -> Truth:
        """Tell whether a property is compiled into the kernel."""
        return Truth.MET if symbol in self.properties else Truth.UNMET

    # --- the lists of depmod -----------------------------------------------------------------

    def tree(
        self, folder: str = "lib/modules", *, depmod: bool = True, unlisted: tuple[str, ...] = ()
    ) -> None:
        """Write the module tree; `unlisted` parts are built in and in no list."""
        base = f"{folder}/{self.release}"
        for name in self.on_disk:
            self.node.write(f"{base}/{self.file(name)}")
        self.node.write(f"{base}/kernel/fs/ext4/ext4.ko", "")
        if not depmod:
            return
        lines = [f"{self.file(name)}: kernel/net/core/failover.ko" for name in sorted(self.on_disk)]
        self.node.write(f"{base}/modules.dep", "\n".join((*lines, "kernel/fs/ext4/ext4.ko: \n")))
        listed = sorted(self.built_in - set(unlisted))
        self.node.write(f"{base}/modules.builtin", "".join(self._listed(name) for name in listed))
        self.node.write(f"{base}/modules.alias", self._aliases())
        self.node.write(f"{base}/modules.builtin.modinfo", self._built_in_aliases(listed))

    def file(self, name: str) -> str:
        """Return the file of a module below the tree."""
        return f"kernel/{PARTS[name].folder}/{name}{self.on_disk[name]}"

    def _listed(self, name: str) -> str:
        return f"kernel/{PARTS[name].folder}/{name}.ko\n"

    def _aliases(self) -> str:
        lines = [
            f"alias {alias} {name.replace('-', '_')}\n"
            for name in sorted(self.on_disk)
            for alias in aliases(PARTS[name], self.release)
        ]
        return "# Aliases extracted from modules themselves.\n" + "".join(lines)

    def _built_in_aliases(self, names: list[str]) -> bytes:
        said = [
            f"{name}.alias={alias}\0"
            for name in names
            for alias in aliases(PARTS[name], self.release)
        ]
        return "".join(["ext4.license=GPL\0", *said]).encode()

    # --- the configuration -------------------------------------------------------------------

    def config(self, place: str, *, of: str | None = None, mode: int = 0o644) -> None:
        """Write the configuration of the kernel to a place that may name its release as {R}."""
        text = self.settings(of or self.release).encode()
        path = place.format(R=self.release)
        self.node.write(path, gzip.compress(text) if path.endswith(".gz") else text, mode)

    def settings(self, release: str) -> str:
        """Return the configuration as the build of a kernel leaves it."""
        values: dict[str, str] = {}
        built = dict.fromkeys((*self.on_disk, *self.loaded, *self.uninstalled), "m")
        built |= dict.fromkeys(self.built_in, "y")
        for name, part in PARTS.items():
            if name == "nf_conntrack_proto_sctp" and name not in built:
                continue
            if known(part.since, release):
                symbol = option(part, release)
                values[symbol] = max(values.get(symbol, ""), built.get(name, ""))
        if carries_legacy_option(release):  # of the extensions only, by now
            values |= {"IP_NF_IPTABLES": "m", "IP6_NF_IPTABLES": "m"}
        for symbol, since in PROPERTIES.items():
            if known(since, release):
                values[symbol] = "y" if symbol in self.properties else values.get(symbol, "")
        modular = (self.node.root / "proc/modules").exists()
        values["MODULES"] = "y" if modular else ""
        lines = [_setting(symbol, value) for symbol, value in sorted(values.items())]
        return "\n".join(("#", f"# Linux/x86 {release} Kernel Configuration", "#", *lines, ""))

    # --- what keeps modules away -------------------------------------------------------------

    def block(self, name: str, text: str, path: str, truth: Truth = Truth.UNMET) -> None:
        """Write a file that keeps a module away; `*` stands for every module."""
        self.blocks[name] = truth
        self.node.write(path, text)

    # --- the system --------------------------------------------------------------------------

    def os_release(self, id: str, version: str, *, name: str = "", openshift: str = "") -> None:  # noqa: A002  # the field's name
        """Write os-release(5), below /usr with the usual link."""
        self.system, self.openshift = (id, version), openshift
        lines = [f'NAME="{name or id}"', f'ID="{id}"', 'ID_LIKE="fedora debian"']
        lines += [f'VERSION_ID="{version}"'] if version else []
        lines += [f'OPENSHIFT_VERSION="{openshift}"'] if openshift else []
        self.node.write("usr/lib/os-release", "\n".join(lines))
        self.node.link("etc/os-release", "../usr/lib/os-release")

    def interface(self, name: str, *, hardware: bool = False) -> None:
        """Add a network interface."""
        self.node.write(f"sys/class/net/{name}/ifindex", "1\n")
        if hardware:
            self.hardware.append(name)
            self.node.write(f"sys/class/net/{name}/device/vendor", "0x1af4\n")

    def processes(self, *units: str) -> None:
        """Show the control groups of units that run."""
        self.node.write("proc/1/comm", "systemd\n")
        for unit in ("dbus.service", *units):
            group = f"sys/fs/cgroup/system.slice/{unit}"
            self.node.write(f"{group}/cgroup.events", "populated 1\nfrozen 0\n")

    def network_manager(self, *items: str, **files: str) -> None:
        """Install NetworkManager with drop-ins; `items` are what it truly leaves alone."""
        self.manager_present, self.unmanaged = True, frozenset(items)
        self.node.write(f"{UNIT_FOLDER}/NetworkManager.service", "[Unit]\n")
        self.node.write(NETWORK_MANAGER, "[main]\nplugins=keyfile\n")
        for name, text in files.items():
            folder, _, file = name.partition("__")
            self.node.write(f"{FOLDERS[folder]}/NetworkManager/conf.d/{file}.conf", text)

    def firewall_daemon(self, state: str, *, runs: bool = False) -> None:
        """Install firewalld: enabled, disabled or masked."""
        self.firewalld, self.firewalld_runs = state, runs
        self.node.write(f"{UNIT_FOLDER}/firewalld.service", "[Unit]\n")
        wants = "etc/systemd/system/multi-user.target.wants/firewalld.service"
        if state == "enabled":
            self.node.link(wants, "/usr/lib/systemd/system/firewalld.service")
        if state == "masked":
            self.node.link("etc/systemd/system/firewalld.service", "/dev/null")

    def finish(self) -> None:
        """Write what the kernel itself shows of what is loaded."""
        if self.loaded:
            lines = (
                f"{name.replace('-', '_')} 16384 0 - {state} 0x0000000000000000\n"
                for name, state in self.loaded.items()
            )
            self.node.write("proc/modules", "".join(lines))
        for name, state in self.loaded.items():
            said = "live\n" if state == "Live" else "going\n"
            self.node.write(f"sys/module/{name.replace('-', '_')}/initstate", said)
        live = self.built_in | {name for name in self.loaded if self.loaded[name] == "Live"}
        for name, path in LIVE_SIGNS.items():
            if name in live:
                self.node.write(path, "1\n")
        if "ip_tables" in live:
            self._registered(live)

    def _registered(self, live: set[str]) -> None:
        for list_name, legacy in (("ip_tables", "ip_tables"), ("ip6_tables", "ip6_tables")):
            if legacy not in live:
                continue
            matches = [row for name in sorted(live) for row in PARTS[name].matches]
            matches += ["icmp" if legacy == "ip_tables" else "icmp6"]
            targets = [row for name in sorted(live) for row in PARTS[name].targets]
            for kind, rows in (("matches", matches), ("targets", ["ERROR", *targets])):
                # The kernel repeats a row for each revision of an extension.
                text = "".join(f"{row}\n{row}\n" for row in rows)
                self.node.write(f"proc/net/{list_name}_{kind}", text, mode=0o440)


LIVE_SIGNS = {
    "nf_conntrack": "proc/sys/net/netfilter/nf_conntrack_max",
    "sctp": "proc/sys/net/sctp/max_burst",
    "ip_vs": "proc/net/ip_vs",
    "ipv6": "proc/sys/net/ipv6/conf/all/forwarding",
}
"""Files that exist while a part is in the kernel."""

FOLDERS = {"etc": "etc", "run": "run", "usr": "usr/lib"}


def _setting(symbol: str, value: str) -> str:
    return f"CONFIG_{symbol}={value}" if value else f"# CONFIG_{symbol} is not set"


def executable(architecture: str) -> bytes:
    """Return the header of an executable, which tells its architecture."""
    size, order, number = ELF_MACHINES[architecture]
    head = struct.pack("BBBB", size, order, 1, 0).ljust(12, b"\0")
    kind = struct.pack("<HH" if order == 1 else ">HH", 2, number)
    return b"\x7fELF" + head + kind + b"\0" * 44


def machine(folder: Path) -> Machine:
    """Return a machine of which nothing is known yet, with its root in a new folder."""
    root = folder / "root of 'the' $node"
    root.mkdir(parents=True)
    return Machine(Node(root))
