"""The Ignition configuration as data, in the form that one version of it has."""

from __future__ import annotations

from typing import Final, TypeAlias

from reqc.backends.ignition.composition import Composition
from reqc.backends.ignition.data_url import data_url
from reqc.backends.ignition.units import UnitEntry
from reqc.compiler.folding.files import NodeFile
from reqc.compiler.knowledge.ignition import Form

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool"

_ROOT: Final = "root"


def configuration(composition: Composition, form: Form) -> dict[str, Json]:
    """Return files and units as one configuration; keys are in the order they are written in.

    Kernel arguments are not in it: who embeds a configuration has its own place for them.
    """
    config: dict[str, Json] = {"ignition": {"version": form.version}}
    if composition.files:
        config["storage"] = {"files": [_file(file, form) for file in composition.files]}
    if composition.units:
        config["systemd"] = {"units": [unit(entry) for entry in composition.units]}
    return config


def _file(file: NodeFile, form: Form) -> dict[str, Json]:
    entry: dict[str, Json] = {"filesystem": "root"} if form.names_filesystem else {}
    # mode and overwrite have other defaults in other versions and on the node, so both are said
    entry |= {"path": file.path, "mode": file.mode, "overwrite": True}
    entry |= owners(file)
    contents: dict[str, Json] = {"compression": ""} if form.empty_compression else {}
    entry["contents"] = contents | {"source": data_url(file.content.encode())}
    return entry


def owners(file: NodeFile) -> dict[str, Json]:
    """Return who a file belongs to, as far as that is not root."""
    given = {"user": file.user, "group": file.group}
    return {key: _account(name) for key, name in given.items() if name != _ROOT}


def _account(name: str) -> dict[str, Json]:
    return {"id": int(name)} if is_number(name) else {"name": name}


def is_number(name: str) -> bool:
    """Tell whether a user or group is given by its number."""
    return name.isascii() and name.isdecimal()


def unit(entry: UnitEntry) -> dict[str, Json]:
    """Return a unit; all versions have the same form for it, and so has Butane."""
    said: dict[str, Json] = {}
    if entry.enabled is not None:
        said["enabled"] = entry.enabled
    if entry.mask:
        said["mask"] = True
    said["name"] = entry.name
    if entry.contents is not None:
        said["contents"] = entry.contents
    if entry.drop_ins:
        said["dropins"] = [
            {"name": item.name, "contents": item.contents} for item in entry.drop_ins
        ]
    return said
