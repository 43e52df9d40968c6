"""Facts: what a node is, as one JSON document that no specification shapes.

The check script collects them (`check.sh --facts`), the Python evaluator judges them. They hold
what was seen, not what follows from it: a list that could not be read is null, never empty, so that
the evaluator can tell absence from blindness. Paths are those of the node, without the folder it is
mounted at. What a node was not asked (a file that no specification of the script names) is missing.
Bytes of a text that are not UTF-8 are U+FFFD, one for each.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SCHEMA: Final = "reqc.facts/1"

Natural: TypeAlias = Annotated[int, Field(ge=0)]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Modules(_Fact):
    """What the kernel has as modules. Names are spelled with underscores.

    `supported` tells whether /proc/modules exists; null where /proc is not to be seen. `loaded` and
    `sysfs` name modules that are live, the latter also built-in ones. `tree` is the folder of the
    modules of the judged release, null where none can be read; without it `builtin`, `disk` and the
    aliases are empty. `disk` names modules whose file exists. An alias is a pair of the alias and
    the module, from modules.alias and modules.builtin.modinfo, only where the alias could be asked
    for: letters, digits and underscores, or a type of sets such as `ip_set_hash:net`.
    `aliases` are null where modules.alias cannot be read: then a module that is missing under its
    own name may be there under another. `other_kernels` are the releases of other trees.
    """

    supported: bool | None
    tree: str | None
    loaded: list[str] = []
    sysfs: list[str] = []
    builtin: list[str] = []
    disk: list[str] = []
    aliases: list[tuple[str, str]] | None = []
    builtin_aliases: list[tuple[str, str]] = []
    other_kernels: list[str] = []


class Block(_Fact):
    """What keeps modules from being loaded, and the file and line that says so.

    `install` is an install rule of modprobe.d that does nothing, `refused` the kernel's own
    module_blacklist=, `all` kernel.modules_disabled, for which `module` is empty.
    """

    rule: Literal["install", "blacklist", "refused", "all"]
    module: str
    place: str


class Configuration(_Fact):
    """The configuration of the judged kernel: symbols without CONFIG_; `n` for one not set."""

    file: str
    symbols: dict[str, str]


class Kernel(_Fact):
    """The kernel that is judged; `running` is false where another release was asked for.

    `banner` is the first line of /proc/version, `signature` that of /proc/version_signature; both
    are those of the running kernel. `lists` are the lines of the lists below /proc that are
    evidence, by name relative to /proc, each once, without blanks at its ends and with one behind
    its first word; null for one that needs root. `paths` are the existing ones of the paths that
    are evidence. Both are empty where the kernel does not run. Where something could not be read,
    `unread` says what.
    """

    release: str
    running: bool
    banner: str = ""
    signature: str = ""
    modules: Modules
    blocks: list[Block] = []
    configuration: Configuration | None
    lists: dict[str, list[str] | None] = {}
    paths: list[str] = []
    unread: list[str] = []


class Setting(_Fact):
    """A line of sysctl.d(5): the key as a path below /proc/sys, or a pattern of such paths.

    A line that only keeps patterns from a key has a dash before the key and no value.
    """

    key: str
    value: str
    place: str


class Settings(_Fact):
    """The settings of the kernel by path below /proc/sys; null for one that cannot be read.

    A value is the first line of its file; an empty file is null, and so are the keys that the
    kernel keeps secret for TCP and IPv6. A folder that was not searched is null as well:
    fs/binfmt_misc never is, because to look into it would mount it.
    `visible` tells whether /proc/sys can be seen at all: only then does absence mean anything.
    `persistent` are the lines of sysctl.d in the order in which the next boot applies them.
    """

    visible: bool
    values: dict[str, str | None] = {}
    persistent: list[Setting] = []


class Interface(_Fact):
    """A network interface; `hardware` where a device is behind it."""

    name: str
    hardware: bool


class UnitFile(_Fact):
    """A systemd unit: its file and its mask, null where there is none, and a link that wants it.

    The name of a template is that of its file, such as `getty@.service`. An instance that has no
    file of its own is listed when something wants or masks it. The file of an alias is the one it
    leads to, so it is called as the unit that the alias stands for.
    """

    file: str | None = None
    mask: str | None = None
    wanted_by: str | None = None


class Units(_Fact):
    """The units of systemd.

    `files` is null where the folders cannot be searched, and `unseen` says why. `running` are the
    units with processes, from their control groups, and the services that are active without any;
    null where control groups do not tell. It says nothing about timers, sockets and the like.
    `first_process` is the command of process 1, empty where it cannot be seen.
    """

    files: dict[str, UnitFile] | None
    unseen: str = ""
    running: list[str] | None
    first_process: str = ""


class File(_Fact):
    """A path that some specification asks about.

    `kind` is that behind symbolic links: unknown where a folder on the way cannot be searched,
    device for a character device such as /dev/null, other for a socket and the like. `mode` is
    octal with four digits. `lines` are null for what is no file, cannot be read or has more than
    64 KiB, and where no specification of the script asks for them, because files hold secrets.
    """

    kind: Literal["file", "directory", "device", "other", "absent", "unknown"]
    mode: str | None = None
    owner: Natural | None = None
    lines: list[str] | None = None


class Mount(_Fact):
    """A mounted file system; a later one covers an earlier one at the same path.

    `path` is as the node names it, without the escapes of /proc/mounts.
    """

    path: str
    filesystem: str


class Command(_Fact):
    """A command: where it is, null for nowhere, and the first dotted number `--version` prints.

    `version` is null where it was not asked or printed none.
    """

    path: str | None
    version: str | None = None


class Package(_Fact):
    """A package that some specification asks about, as the manager of packages tells.

    `database` is the file that shows which manager the node has, null where there is none that is
    known. `state` is installed, absent, or what dpkg calls it, such as config-files; null where
    nobody tells, and then `unseen` says why. `version` is that of an installed package.
    """

    state: str | None
    version: str | None = None
    database: str | None = None
    unseen: str = ""


class Listeners(_Fact):
    """The ports on which sockets listen; null where the tables cannot be read."""

    tcp: list[Natural] | None
    udp: list[Natural] | None


class Connection(_Fact):
    """A connection that was tried; `connected` is null where no tool could try."""

    host: str
    port: Natural
    connected: bool | None


class Facts(_Fact):
    """What a node is.

    `container` is how a container was recognised, null outside. `root` tells whether the facts were
    collected with the rights of root. `machine` is what `uname -m` prints, `bounding_set` the
    hexadecimal set of capabilities of the collector, `memory` and `disk_space` are in KiB, the
    latter by path. `directories` are the names of the `.conf` files in the folders of drop-ins, in
    `files` by their paths; null for a folder that cannot be listed, empty for one that does not
    exist. `users` are the names of /etc/passwd with their numbers, null where the file cannot be
    read. Everything is null that cannot be told.
    """

    schema_: Literal["reqc.facts/1"] = Field(alias="schema")
    collector: str
    root: bool
    container: str | None
    machine: str | None
    os_release: dict[str, str] | None
    kernel: Kernel
    settings: Settings
    interfaces: list[Interface] | None
    units: Units
    files: dict[str, File] = {}
    directories: dict[str, list[str] | None] = {}
    users: dict[str, Natural] | None = None
    mounts: list[Mount] | None
    bounding_set: str | None
    commands: dict[str, Command] = {}
    packages: dict[str, Package] = {}
    processors: Natural | None
    memory: Natural | None
    disk_space: dict[str, Natural | None] = {}
    listeners: Listeners
    connections: list[Connection] = []


class FactsError(ValueError):
    """A text holds no facts; the message says why, and is to stand behind the name of a file."""


def read_facts(text: bytes | str) -> Facts:
    """Return the facts that a JSON document holds; raise `FactsError`."""
    try:
        return Facts.model_validate_json(text)
    except ValidationError as problem:
        raise FactsError(_reason(problem, text)) from None


class _Named(BaseModel):
    schema_: Any = Field(alias="schema", default=None)


def _reason(problem: ValidationError, text: bytes | str) -> str:
    """Return the first mistake; a document of another kind or version has only that one."""
    first = problem.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"not JSON: {first['ctx']['error']}"
    if not first["loc"]:
        return f"not facts: {_lowered(first['msg'])}"
    name = _Named.model_validate_json(text).schema_
    if name == SCHEMA:
        return f"not in the form {SCHEMA}: {_path(first['loc'])}: {_lowered(first['msg'])}"
    if isinstance(name, str) and re.fullmatch(r"reqc\.facts/[0-9]+", name):
        return f"their form is {name}, and this reqc knows only {SCHEMA}"
    return f"not facts: the member schema should be {SCHEMA}"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _path(location: tuple[int | str, ...]) -> str:
    """Return where something stands in a JSON document: `kernel.modules.loaded[3]`."""
    parts = (
        f".{part}" if isinstance(part, str) and _WORD.fullmatch(part) else f"[{json.dumps(part)}]"
        for part in location
    )
    return "".join(parts).removeprefix(".")


_WORD: Final = re.compile("[A-Za-z_]+")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of facts."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Facts.model_json_schema(by_alias=True),
    }
