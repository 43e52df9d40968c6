"""Documents that ask for states of every sort, with the checks that prove them."""

from __future__ import annotations

from typing import Final

from reqc.compiler.checks import (
    Check,
    FileContains,
    FileExists,
    IniList,
    Mounted,
    Not,
    Relation,
    Sysctl,
    Unit,
    UnitCondition,
)
from reqc.compiler.checks import FileMode as FileModeCheck
from reqc.compiler.checks import FileOwner as FileOwnerCheck
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    FileMode,
    FileOwner,
    IniListItems,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    State,
    SysctlValue,
    UnitState,
)
from tests.documents import document, requirement

DROP_IN: Final = "/etc/NetworkManager/conf.d/calico.conf"
HOSTILE: Final = "{{ lookup('pipe', 'exit 1') }} {% raw %} {# $(exit 1) `x` 'y' \"z\"\t"
ODD_PATH: Final = "/etc/odd [a]*/{{ b }} 'c' \"d\" $e.conf"

GIVEN_PATH: Final = "/etc/given {{ b }} 'c'"

FILES: Final[dict[str, tuple[State, Check]]] = {
    "node.module": (
        ModuleAtBoot("xt_set"),
        FileContains("/etc/modules-load.d/calico.conf", ("xt_set",)),
    ),
    "node.list": (
        IniListItems(DROP_IN, "keyfile", "unmanaged-devices", ("interface-name:cali*",)),
        IniList(DROP_IN, (), "keyfile", "unmanaged-devices", ("interface-name:cali*",)),
    ),
    "node.setting": (
        SysctlValue("net.ipv4.ip_forward", "1"),
        FileContains("/etc/sysctl.d/90-calico.conf", ("net.ipv4.ip_forward = 1",)),
    ),
    "node.replaced": (
        FileContent("/etc/replaced.conf", f"{HOSTILE}\r\nno newline at the end", 0o600),
        FileContains("/etc/replaced.conf", ("no newline at the end",)),
    ),
    "node.was_link": (
        FileContent("/etc/was-link.conf", "$ANSIBLE_VAULT;1.1;AES256\n61\n"),
        FileContains("/etc/was-link.conf", ("$ANSIBLE_VAULT;1.1;AES256",)),
    ),
    "node.odd": (
        FileContent(ODD_PATH, "", 0o640, "0", "daemon"),
        FileExists(ODD_PATH),
    ),
    "node.mode": (FileMode(GIVEN_PATH, 0o2750), FileModeCheck(GIVEN_PATH, 0o2750)),
    "node.owner": (FileOwner(GIVEN_PATH, "daemon"), FileOwnerCheck(GIVEN_PATH, "daemon")),
    "node.owner_alone": (FileOwner("/etc/setuid", "1"), FileOwnerCheck("/etc/setuid", "1")),
    "node.gone": (FileAbsent("/etc/gone.conf"), Not(FileExists("/etc/gone.conf"))),
}

UNITS: Final[dict[str, tuple[State, Check]]] = {
    "unit.enabled": (
        UnitState("idle.service", "enabled"),
        Unit("idle.service", UnitCondition.ENABLED),
    ),
    "unit.disabled": (
        UnitState("busy.service", "disabled"),
        Unit("busy.service", UnitCondition.DISABLED),
    ),
    "unit.masked": (
        UnitState("local.service", "masked"),
        Unit("local.service", UnitCondition.MASKED),
    ),
    "unit.unmasked": (
        UnitState("hidden.service", "enabled"),
        Unit("hidden.service", UnitCondition.ENABLED),
    ),
    "unit.absent": (
        UnitState("nowhere.service", "disabled"),
        Unit("nowhere.service", UnitCondition.DISABLED),
    ),
    "unit.written": (
        FileContent(
            "/etc/systemd/system/own.service",
            "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n",
        ),
        FileExists("/etc/systemd/system/own.service"),
    ),
    "unit.own": (
        UnitState("own.service", "enabled"),
        Unit("own.service", UnitCondition.ENABLED),
    ),
    "unit.mount": (
        MountPoint("/srv/memory", "tmpfs"),
        Unit("srv-memory.mount", UnitCondition.ENABLED),
    ),
}

RUNNING: Final[dict[str, tuple[State, Check]]] = {
    "now.mounted": (MountPoint("/srv/memory", "tmpfs"), Mounted("/srv/memory", "tmpfs")),
    "now.setting": (
        SysctlValue("net.ipv4.ip_forward", "1"),
        Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1"),
    ),
    "now.words": (
        SysctlValue("net.ipv4.tcp_rmem", "4096 131072 6291456"),
        Sysctl("net.ipv4.tcp_rmem", Relation.EQUAL, "4096 131072 6291456"),
    ),
    "now.bound": (
        SysctlValue("net.core.somaxconn", "8192", ">="),
        Sysctl("net.core.somaxconn", Relation.AT_LEAST, "8192"),
    ),
    "now.started": (
        UnitState("idle.service", "enabled"),
        Unit("idle.service", UnitCondition.RUNNING),
    ),
    "now.stopped": (
        UnitState("busy.service", "disabled"),
        Unit("busy.service", UnitCondition.STOPPED),
    ),
    "now.masked": (
        UnitState("local.service", "masked"),
        Unit("local.service", UnitCondition.STOPPED),
    ),
    "now.own": (
        UnitState("own.service", "enabled"),
        Unit("own.service", UnitCondition.RUNNING),
    ),
}

ARGUMENTS: Final[dict[str, tuple[State, Check]]] = {
    "boot.argument": (
        KernelArgument("hugepages=16"),
        FileExists("/etc/default/grub.d/90-calico.cfg"),
    ),
}

UNIT_FILE: Final = (
    "[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n"
)
"""A unit that can be enabled and runs until it is stopped."""

PREPARED: Final[dict[str, tuple[str, str, str]]] = {
    "/etc/replaced.conf": ("former\n", "0751", "daemon:nogroup"),
    "/etc/gone.conf": ("", "0444", "root:daemon"),
    GIVEN_PATH: ("", "0644", "root:nogroup"),
    "/etc/setuid": ("", "4755", "root:root"),
    "/usr/lib/systemd/system/idle.service": (UNIT_FILE, "0644", "root:root"),
    "/usr/lib/systemd/system/busy.service": (UNIT_FILE, "0644", "root:root"),
    "/etc/systemd/system/local.service": (UNIT_FILE, "0640", "root:root"),
    "/usr/lib/systemd/system/hidden.service": (UNIT_FILE, "0644", "root:root"),
    "/etc/default/grub.d/50-vendor.cfg": ("GRUB_CMDLINE_LINUX='vendor=1'\n", "0644", "root:root"),
    "/usr/sbin/update-grub": ("#!/bin/sh\necho again >>/var/spool/menu\n", "0755", "root:root"),
}
"""What is on the node before, by path: content, mode and owner."""

PREPARE: Final = (
    "ln -s replaced.conf /etc/was-link.conf",
    "systemctl enable busy.service local.service",
    "systemctl mask hidden.service",
)
"""Commands that make the rest of it."""


def page(*groups: dict[str, tuple[State, Check]]) -> LoweredDocument:
    """Return a document that asks for everything in some groups."""
    rows = [row for group in groups for row in group.items()]
    return document(
        *(
            requirement(id_, states=[state], check=check, line=at)
            for at, (id_, (state, check)) in enumerate(rows, 1)
        )
    )
