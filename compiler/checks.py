"""Checks: what must be true on a node, as a small closed algebra of probes.

Every probe has four outcomes. It passes or fails when the node answers, is unknown when the node
cannot be read, and a whole requirement is not applicable when its guard is false. `All`, `Any` and
`Not` combine them as Kleene's three-valued logic does: a false part makes `All` false even where
another part is unknown, a true part makes `Any` true.

Two evaluators read this language: the generated POSIX shell script and the Python one. A probe says
what must hold, never how to look; the ladder of evidence belongs to the evaluators.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

from msgspec import Struct


class Relation(StrEnum):
    """How a found value is compared with a wanted one."""

    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="
    NOT_EQUAL = "!="
    AT_LEAST = ">="
    GREATER = ">"


class All(Struct, frozen=True, gc=False, tag_field="type", tag="all"):
    """Holds when every part holds."""

    parts: tuple[Check, ...]


class Any(Struct, frozen=True, gc=False, tag_field="type", tag="any"):
    """Holds when at least one part holds."""

    parts: tuple[Check, ...]


class Not(Struct, frozen=True, gc=False, tag_field="type", tag="not"):
    """Holds when the part does not; unknown stays unknown."""

    part: Check


class Architecture(Struct, frozen=True, gc=False, tag_field="type", tag="architecture"):
    """The machine, as `uname -m` names it, is one of `machines`."""

    machines: tuple[str, ...]


class OperatingSystem(Struct, frozen=True, gc=False, tag_field="type", tag="operating-system"):
    """`ID` of os-release(5) is `id`, and its `VERSION_ID` compares as asked.

    A version with fewer parts than the node's matches all it begins: `= 7` holds for 7.9.
    """

    id: str
    relation: Relation | None = None
    version: str | None = None


class KernelVersion(Struct, frozen=True, gc=False, tag_field="type", tag="kernel-version"):
    """The release of the running kernel compares as asked.

    The leading dotted numbers count, then the numbers of a vendor build behind the first dash
    where `version` has them (`4.18.0-193`); words such as `-generic` do not.
    """

    relation: Relation
    version: str


class KernelOption(Struct, frozen=True, gc=False):
    """A symbol of the kernel configuration and the kernels on which it is evidence.

    `since` (inclusive) and `before` (exclusive) are kernel versions. Where `unless` names another
    symbol, this one counts only on kernels whose configuration does not mention that one.
    `values` are the settings that prove the capability, without the `CONFIG_` prefix on `symbol`.
    """

    symbol: str
    values: tuple[Literal["y", "m"], ...] = ("y", "m")
    since: str | None = None
    before: str | None = None
    unless: str | None = None


class ProcRow(Struct, frozen=True, gc=False):
    """A line that a file below /proc has while the capability is registered."""

    file: str
    row: str


class KernelCapability(Struct, frozen=True, gc=False, tag_field="type", tag="kernel-capability"):
    """The running kernel offers something, loaded, built in or loadable.

    Any one positive piece of evidence is enough. `modules` are module names or aliases of which
    one suffices, underscores for dashes; `rows` and `paths` are signs of a live capability whose
    absence proves nothing; `options` prove presence, and absence only when the configuration of
    the running kernel can be read, none of them is set, and no module is on disk. A capability
    without `modules` is a property of the kernel itself, so its options decide alone.

    `trial` are the words of a rule behind the name of the iptables command (ip6tables where the
    first of `rows` is of IPv6), valid wherever the capability is there. A judge that may try it in
    a network namespace of its own has proof when the rule is accepted; a refusal proves nothing
    unless the kernel itself says that a module is missing. A set that it names is called `reqc`.
    """

    name: str
    modules: tuple[str, ...] = ()
    options: tuple[KernelOption, ...] = ()
    rows: tuple[ProcRow, ...] = ()
    paths: tuple[str, ...] = ()
    hint: str = ""
    trial: tuple[str, ...] = ()


class Sysctl(Struct, frozen=True, gc=False, tag_field="type", tag="sysctl"):
    """The running value of a sysctl compares as asked; `key` is dotted.

    What the next boot sets is a second question, answered by the lines of sysctl.d(5) in the order
    in which they are applied: the `.conf` files of /etc, /run, /usr/local/lib, /usr/lib and /lib
    by name, where a file of an earlier folder hides one of the same name in a later one, and
    /etc/sysctl.conf last unless a 99-sysctl.conf is among them. Of these the last line for this
    very key decides, else the last whose pattern matches it; `*` and `?` match no slash of the
    path. A line `-KEY` without a value keeps patterns from KEY, so when it is the last for the key,
    nothing is set. Where the running value compares and the next one would not, the check holds
    with a caution; where only the next one would, it fails and says so.
    """

    key: str
    relation: Relation
    value: str


class InterfaceNamesFree(
    Struct, frozen=True, gc=False, tag_field="type", tag="interface-names-free"
):
    """No hardware interface carries a name that one of the shell globs matches."""

    globs: tuple[str, ...]


class IniList(Struct, frozen=True, gc=False, tag_field="type", tag="ini-list"):
    """A list in an INI file and its drop-ins holds at least `items`.

    `main` is read first, then the `.conf` files of all `directories` sorted by file name. A file
    of an earlier directory hides one of the same name in a later directory. The last file that
    sets `key` in `section` decides. Order and further items do not matter.
    """

    main: str
    directories: tuple[str, ...]
    section: str
    key: str
    items: tuple[str, ...]
    separators: str = ";,"


class UnitCondition(StrEnum):
    """What can be asked about a systemd unit."""

    PRESENT = "present"
    ABSENT = "absent"
    ENABLED = "enabled"
    DISABLED = "disabled"
    MASKED = "masked"
    RUNNING = "running"
    STOPPED = "stopped"


class Unit(Struct, frozen=True, gc=False, tag_field="type", tag="unit"):
    """A systemd unit, named with its suffix, is in a condition.

    Disabled holds for a unit that is absent, masked, or not wanted by any other; absent holds for
    one without a unit file. Masked does not imply stopped.
    """

    unit: str
    condition: UnitCondition


class FileExists(Struct, frozen=True, gc=False, tag_field="type", tag="file-exists"):
    """Something other than a directory exists at `path`."""

    path: str


class FileContains(Struct, frozen=True, gc=False, tag_field="type", tag="file-contains"):
    """The file at `path` has a line equal to each of `lines`, in any order."""

    path: str
    lines: tuple[str, ...]


class FileMode(Struct, frozen=True, gc=False, tag_field="type", tag="file-mode"):
    """The permission bits of `path` are `mode`, for instance 0o644."""

    path: str
    mode: int


class FileOwner(Struct, frozen=True, gc=False, tag_field="type", tag="file-owner"):
    """The owner of `path` is `user`, by name or number."""

    path: str
    user: str


class Mounted(Struct, frozen=True, gc=False, tag_field="type", tag="mounted"):
    """A file system of `filesystem` type is mounted at `path`."""

    path: str
    filesystem: str


class Capability(Struct, frozen=True, gc=False, tag_field="type", tag="capability"):
    """Linux capability number `number` is in the bounding set, so a process can be given it."""

    name: str
    number: int


class OsRelease(Struct, frozen=True, gc=False, tag_field="type", tag="os-release"):
    """A version in os-release(5) under `key` compares as asked; unknown where the key is absent."""

    key: str
    relation: Relation
    version: str


class CommandVersion(Struct, frozen=True, gc=False, tag_field="type", tag="command-version"):
    """A command is on the search path and, where asked, prints a version that compares.

    The version is the first dotted number in what `command arguments` prints.
    """

    command: str
    arguments: tuple[str, ...] = ("--version",)
    relation: Relation | None = None
    version: str | None = None


class PackageInstalled(Struct, frozen=True, gc=False, tag_field="type", tag="package-installed"):
    """A package is installed, by the exact name that the node's package manager knows it by.

    The name has neither version nor architecture. The manager is the one that has a database on the
    node: dpkg, apk, pacman or rpm, the first of them. What was removed but for its configuration,
    or is unpacked and not yet configured, is not installed. Without a manager to ask the outcome is
    unknown, and so is what it will not tell.
    """

    name: str


class BootArgument(Struct, frozen=True, gc=False, tag_field="type", tag="boot-argument"):
    """The running kernel was started with an argument: `name` or `name=value`, without quotes.

    The line of /proc/cmdline is cut as the kernel does: blanks between double quotes are part of an
    argument, and quotes around an argument or its value are not. In names a dash is an underscore.
    What follows `--` is for the first process. An argument that comes again with another value is
    there nevertheless; whether the last one counts is up to what reads it.
    """

    argument: str


class Processors(Struct, frozen=True, gc=False, tag_field="type", tag="processors"):
    """The number of processors online compares as asked."""

    relation: Relation
    count: int


class Memory(Struct, frozen=True, gc=False, tag_field="type", tag="memory"):
    """The memory of the node, in KiB as /proc/meminfo tells it, compares as asked."""

    relation: Relation
    kibibytes: int


class DiskSpace(Struct, frozen=True, gc=False, tag_field="type", tag="disk-space"):
    """The size of the file system that holds `path`, in KiB, compares as asked."""

    path: str
    relation: Relation
    kibibytes: int


class PortFree(Struct, frozen=True, gc=False, tag_field="type", tag="port-free"):
    """No socket of the node listens on the port of `protocol` ("tcp" or "udp")."""

    protocol: Literal["tcp", "udp"]
    port: int


class Reachable(Struct, frozen=True, gc=False, tag_field="type", tag="reachable"):
    """A TCP connection from the node to one of `hosts` succeeds.

    Without hosts nobody said where to look, so the outcome is unknown. Probed only on request.
    """

    label: str
    hosts: tuple[str, ...]
    port: int


class Manual(Struct, frozen=True, gc=False, tag_field="type", tag="manual"):
    """No program can tell; `instruction` says what a person should look at."""

    instruction: str


Probe: TypeAlias = (
    Architecture
    | OperatingSystem
    | KernelVersion
    | KernelCapability
    | Sysctl
    | InterfaceNamesFree
    | IniList
    | Unit
    | FileExists
    | FileContains
    | FileMode
    | FileOwner
    | Mounted
    | Capability
    | OsRelease
    | CommandVersion
    | PackageInstalled
    | BootArgument
    | Processors
    | Memory
    | DiskSpace
    | PortFree
    | Reachable
    | Manual
)
Check: TypeAlias = All | Any | Not | Probe
