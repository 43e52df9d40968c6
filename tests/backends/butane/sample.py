"""A document with everything that Butane's language says in another way than Ignition."""

from __future__ import annotations

from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileContent,
    IniListItems,
    KernelArgument,
    ModuleAtBoot,
    MountPoint,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.machineconfig.example import spec

FOLDER = "/etc/systemd/system"
AGENT = (
    "[Unit]\nDescription=Agent\n\n[Service]\nExecStart=/opt/agent --listen=[::]:80 # %i\n"
    'Environment="A=b c"\n\n[Install]\nWantedBy=multi-user.target\n'
)

STATES: tuple[State, ...] = (
    ModuleAtBoot("xt_set"),
    IniListItems("/etc/NetworkManager/conf.d/x.conf", "keyfile", "devices", ("cali*", "tunl*")),
    SysctlValue("net.ipv4.ip_forward", "1"),
    FileContent("/etc/empty.conf", ""),
    FileContent("/var/lib/x/own", "Grüße 🐈\n", 0o600, "1000", "core"),
    FileContent("/etc/none", "  indented\n\ttab\n\ntrailing  \n--- # not YAML\n: - ? |\n", 0),
    FileContent("/etc/strange", "\x07\x1b[0m\x7f\x85\u2028\u202e%zz #\n", 0o7),
    FileContent("/etc/like-a-number", "0644\n", 0o755),
    UnitState("firewalld.service", "masked"),
    FileContent(f"{FOLDER}/agent.service", AGENT),
    FileContent(f"{FOLDER}/agent.service.d/10-x.conf", "[Service]\nLimitNOFILE=65536\n"),
    UnitState("agent.service", "enabled"),
    MountPoint("/var/lib/huge", "hugetlbfs"),
)
EVERYTHING = (*STATES, KernelArgument("a=b"), KernelArgument("no"))


def everything(*, extensions: bool = False) -> LoweredDocument:
    """Return the document."""
    return spec(*EVERYTHING, *([PackageInstalled("usbguard")] if extensions else []))
