"""A translator of Butane's language, as much of it as is written here.

It knows nothing of the targets: contents go through the standard library, and what it does not
know is an error.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import yaml

FCOS = dict(
    zip(
        ("1.0.0", "1.1.0", "1.2.0", "1.4.0", "1.5.0", "1.6.0"),
        ("3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0"),
        strict=True,
    )
)
"""What Butane's own specifications say that each version becomes."""


def translated(text: str) -> dict[str, Any]:
    """Return the MachineConfig, or the Ignition configuration, that a document means."""
    document = yaml.safe_load(text)
    match document.pop("variant"):
        case "openshift":
            return _machine_config(document)
        case "fcos":
            return _ignition(document, FCOS[document.pop("version")])
        case variant:
            raise ValueError(variant)


def _machine_config(document: dict[str, Any]) -> dict[str, Any]:
    major, minor, _ = map(int, document.pop("version").split("."))
    assert major == 4
    writes = "3.2.0" if minor <= 13 else "3.4.0" if minor <= 18 else "3.5.0"
    own = document.pop("openshift", {})
    names = {"kernel_arguments": "kernelArguments", "extensions": "extensions"}
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": document.pop("metadata"),
        "spec": {
            "config": _ignition(document, writes),
            **{names[key]: value for key, value in own.items()},
        },
    }


def _ignition(document: dict[str, Any], version: str) -> dict[str, Any]:
    config: dict[str, Any] = {"ignition": {"version": version}}
    for key, value in document.items():
        if key == "storage":
            (files,) = value.values()
            config[key] = {"files": [_file(file) for file in files]}
        elif key == "kernel_arguments":
            config["kernelArguments"] = {"shouldExist": value["should_exist"]}
        elif key == "systemd":
            config[key] = value
        else:
            raise ValueError(key)
    return config


def _file(file: dict[str, Any]) -> dict[str, Any]:
    contents = {"compression": "", "source": f"data:,{quote(file['contents'].pop('inline'))}"}
    assert file.pop("contents") == {}
    assert file.keys() <= {"path", "mode", "overwrite", "user", "group"}
    return {**file, "contents": contents}
