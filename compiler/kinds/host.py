"""Kinds about the set-up of a host: what is configured, running, mounted or left alone."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from reqc.compiler import checks, values
from reqc.compiler.checks import Relation, UnitCondition
from reqc.compiler.kinds.base import Kind, Ref, code, codes, known
from reqc.compiler.kinds.forms import Form, bare, one_of, quoted, relation, word
from reqc.compiler.knowledge.linux import CAPABILITIES
from reqc.compiler.prose import Sentence, sentence
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    FileMode,
    FileOwner,
    IniListItems,
    MountPoint,
    State,
    SysctlValue,
    UnitState,
)

_LONGEST_INTERFACE = 15


def interface_glob(text: str) -> str:
    """Return the name or shell glob of network interfaces, which have at most 15 characters."""
    plain = text.replace("*", "").replace("?", "")
    if not text or len(plain) > _LONGEST_INTERFACE or set(text) & set('/ \t\n:;,"'):
        message = "expected a name of at most 15 characters without blanks or / : ; ,"
        raise ValueError(message)
    return text


_PATH = quoted("path", '"PATH"', values.absolute_path)


class Sysctl(Kind, frozen=True):
    """A kernel parameter has a value."""

    name: ClassVar[str] = "sysctl"
    summary: ClassVar[str] = "A kernel parameter has a value, now and after a boot."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((word("key"), relation(), bare("value"))),
        Form((word("key"), relation(), quoted("value", '"VALUES"'))),
    )
    examples: ClassVar[tuple[str, ...]] = (
        "sysctl net.ipv4.ip_forward = 1",
        "sysctl fs.inotify.max_user_watches >= 524288",
        'sysctl net.ipv4.tcp_rmem = "4096 131072 6291456"',
    )

    key: str
    relation: Relation
    value: Ref[str]

    def check(self) -> checks.Check:
        """Return the comparison of the running value."""
        return checks.Sysctl(self.key, self.relation, known(self.value))

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the value to set, or its bound; `!=`, `<` and `>` name neither."""
        match self.relation:
            case Relation.EQUAL:
                return (SysctlValue(self.key, known(self.value)),)
            case Relation.AT_LEAST:
                return (SysctlValue(self.key, known(self.value), ">="),)
            case Relation.AT_MOST:
                return (SysctlValue(self.key, known(self.value), "<="),)
            case _:
                return ()

    def words(self) -> Sentence:
        """Return the key and its value."""
        return sentence("kernel parameter ", code(f"{self.key} {self.relation} {self.value}"))


class Interface(Kind, frozen=True):
    """Interfaces that the product creates and must own."""

    name: ClassVar[str] = "interface"
    summary: ClassVar[str] = "The product creates and owns the interfaces that match."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((quoted("globs", '"GLOB"', interface_glob),), many="globs"),
    )
    examples: ClassVar[tuple[str, ...]] = ('interface "cali*", "vxlan.calico"',)

    globs: tuple[Ref[str], ...]

    def check(self) -> checks.Check:
        """Return that no hardware has such a name already."""
        return checks.InterfaceNamesFree(tuple(map(known, self.globs)))

    def words(self) -> Sentence:
        """Return the names."""
        return sentence("network interfaces ", *codes(self.globs), " belong to the product")


class Unmanaged(Kind, frozen=True):
    """NetworkManager leaves interfaces alone."""

    name: ClassVar[str] = "unmanaged"
    summary: ClassVar[str] = "NetworkManager does not manage the interfaces that match."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((quoted("globs", '"GLOB"', interface_glob),), many="globs"),
    )
    examples: ClassVar[tuple[str, ...]] = ('unmanaged "cali*", "tunl*"',)

    globs: tuple[Ref[str], ...]

    # NetworkManager.conf(5): where the daemon reads from, and how it names interfaces.
    _MAIN: ClassVar[str] = "/etc/NetworkManager/NetworkManager.conf"
    _DIRECTORIES: ClassVar[tuple[str, ...]] = (
        "/etc/NetworkManager/conf.d",
        "/run/NetworkManager/conf.d",
        "/usr/lib/NetworkManager/conf.d",
    )

    @property
    def items(self) -> tuple[str, ...]:
        """The interfaces as NetworkManager names them."""
        return tuple(f"interface-name:{known(glob)}" for glob in self.globs)

    def check(self) -> checks.Check:
        """Return that the effective list of unmanaged devices has them all."""
        return checks.IniList(
            self._MAIN, self._DIRECTORIES, "keyfile", "unmanaged-devices", self.items
        )

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the list in a file of its own."""
        path = f"{self._DIRECTORIES[0]}/{owner}.conf"
        return (IniListItems(path, "keyfile", "unmanaged-devices", self.items),)

    def words(self) -> Sentence:
        """Return the names."""
        return sentence("NetworkManager leaves the interfaces ", *codes(self.globs), " alone")


class Service(Kind, frozen=True):
    """A systemd unit is in a condition."""

    name: ClassVar[str] = "service"
    summary: ClassVar[str] = "A systemd service is enabled, disabled, masked, running or absent."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((word("service"), word("condition", *(item.value for item in UnitCondition)))),
    )
    examples: ClassVar[tuple[str, ...]] = ("service firewalld disabled", "service chronyd running")

    service: str
    condition: str

    @property
    def unit(self) -> str:
        """The name of the unit with its suffix."""
        return self.service if "." in self.service else f"{self.service}.service"

    def check(self) -> checks.Check:
        """Return the condition of the unit."""
        return checks.Unit(self.unit, UnitCondition(self.condition))

    def states(self, owner: str) -> tuple[State, ...]:
        """Return what systemd can be told; it neither installs a unit nor removes one."""
        match UnitCondition(self.condition):
            case UnitCondition.ENABLED | UnitCondition.RUNNING:
                return (UnitState(self.unit, "enabled"),)
            case UnitCondition.DISABLED | UnitCondition.STOPPED:
                return (UnitState(self.unit, "disabled"),)
            case UnitCondition.MASKED:
                return (UnitState(self.unit, "masked"),)
            case UnitCondition.PRESENT | UnitCondition.ABSENT:
                return ()

    def words(self) -> Sentence:
        """Return the service and its condition."""
        return sentence("service ", code(self.service), f" is {self.condition}")


class File(Kind, frozen=True):
    """A file exists, is absent, or has content, a mode or an owner."""

    name: ClassVar[str] = "file"
    summary: ClassVar[str] = (
        "A file exists, is absent, or has a content, a line, a mode or an owner."
    )
    forms: ClassVar[tuple[Form, ...]] = (
        Form((_PATH, word("aspect", "exists", "absent"))),
        Form((_PATH, word("aspect", "contains", "content", "owner"), quoted("value"))),
        Form((_PATH, word("aspect", "mode"), word("value"))),
    )
    examples: ClassVar[tuple[str, ...]] = (
        'file "/etc/example.conf" exists',
        'file "/etc/example.conf" contains "key = value"',
        'file "/etc/example.conf" mode 0644',
    )

    path: Ref[str]
    aspect: Literal["exists", "absent", "contains", "content", "mode", "owner"]
    value: Ref[str] = ""

    _MODE: ClassVar[re.Pattern[str]] = re.compile(r"[0-7]{3,4}")

    def problem(self) -> str:
        """Say what is wrong with a mode that is none, or with a text that every file contains."""
        if self.aspect == "mode" and not self._MODE.fullmatch(str(self.value)):
            return f"`{self.value}` is no mode of a file; modes are octal, such as 0644"
        if self.aspect in {"contains", "owner"} and not str(self.value).strip():
            return f"`{self.aspect}` needs a text"
        return ""

    def check(self) -> checks.Check:
        """Return what is asked about the file."""
        path, value = known(self.path), known(self.value)
        match self.aspect:
            case "exists":
                return checks.FileExists(path)
            case "absent":
                return checks.Not(checks.FileExists(path))
            case "contains" | "content":
                return checks.FileContains(path, tuple(value.splitlines()))
            case "mode":
                return checks.FileMode(path, int(value, 8))
            case "owner":
                return checks.FileOwner(path, value)

    def states(self, owner: str) -> tuple[State, ...]:
        """Return what is asked of the whole file; a part of one is nobody's to write."""
        path, value = known(self.path), known(self.value)
        match self.aspect:
            case "content":
                return (FileContent(path, value),)
            case "absent":
                return (FileAbsent(path),)
            case "mode":
                return (FileMode(path, int(value, 8)),)
            case "owner":
                return (FileOwner(path, value),)
            case _:
                return ()

    def words(self) -> Sentence:
        """Return the file and what is asked."""
        start = sentence("file ", code(self.path))
        match self.aspect:
            case "exists" | "absent":
                return sentence(*start, " exists" if self.aspect == "exists" else " is absent")
            case "contains":
                return sentence(*start, " contains ", code(self.value))
            case "content":
                return sentence(*start, " has the content given")
            case _:
                return sentence(*start, f" has {self.aspect} ", code(self.value))


class Mount(Kind, frozen=True):
    """A file system is mounted."""

    name: ClassVar[str] = "mount"
    summary: ClassVar[str] = "A file system of a type is mounted at a path."
    forms: ClassVar[tuple[Form, ...]] = (Form((_PATH, word("filesystem"))),)
    examples: ClassVar[tuple[str, ...]] = ('mount "/sys/fs/bpf" bpf',)

    path: Ref[str]
    filesystem: str

    def check(self) -> checks.Check:
        """Return that it is mounted."""
        return checks.Mounted(known(self.path), self.filesystem)

    def states(self, owner: str) -> tuple[State, ...]:
        """Return the mount."""
        return (MountPoint(known(self.path), self.filesystem),)

    def words(self) -> Sentence:
        """Return the type and the path."""
        return sentence("a ", code(self.filesystem), " file system at ", code(self.path))


class Capability(Kind, frozen=True):
    """A Linux capability can be given to the product."""

    name: ClassVar[str] = "capability"
    summary: ClassVar[str] = "The product has, and the node can give, a Linux capability."
    forms: ClassVar[tuple[Form, ...]] = (
        Form((one_of("capability", "CAPABILITY", lambda: CAPABILITIES),)),
    )
    examples: ClassVar[tuple[str, ...]] = ("capability CAP_SYS_ADMIN",)

    capability: str

    def check(self) -> checks.Check:
        """Return that the capability is within bounds."""
        return checks.Capability(self.capability, CAPABILITIES[self.capability])

    def words(self) -> Sentence:
        """Return the capability."""
        return sentence("the capability ", code(self.capability))


class Manual(Kind, frozen=True):
    """What no program can check."""

    name: ClassVar[str] = "manual"
    summary: ClassVar[str] = "A person looks; documented, never checked, reported as manual."
    forms: ClassVar[tuple[Form, ...]] = (Form((quoted("instruction"),)),)
    examples: ClassVar[tuple[str, ...]] = ('manual "Ask the network team for a free VLAN."',)

    instruction: Ref[str]

    def check(self) -> checks.Check:
        """Return the instruction."""
        return checks.Manual(known(self.instruction))

    def words(self) -> Sentence:
        """Return the instruction without its stop."""
        return sentence(str(self.instruction).removesuffix("."))
