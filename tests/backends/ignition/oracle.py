"""What judges a configuration: Ignition's own validator, and for 2.2.0 the shape of its schema."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from urllib.request import urlopen

from tests.tools import require

NEWEST = "3.3.0"
"""The newest version that the packaged validator knows."""


def complaints(config: Mapping[str, object]) -> str:
    """Return all that the validator prints; its warnings count, whatever its exit status.

    Versions it does not know yet are judged as the newest it knows, which for the keys written
    here has the same form.
    """
    version = str(config["ignition"]["version"])  # type: ignore[index]
    known = {**config, "ignition": {"version": min(version, NEWEST)}}
    done = subprocess.run(
        [require("ignition-validate"), "-"],
        input=json.dumps(known, indent=1),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr + (f"exit status {done.returncode}" * bool(done.returncode))


def decoded(url: str) -> bytes:
    """Return the bytes of a data URL, decoded by the standard library."""
    assert url.startswith("data:")
    assert url.isascii()
    with urlopen(url) as response:  # noqa: S310  # a data URL opens nothing
        body = response.read()
    assert isinstance(body, bytes)
    return body


ACCOUNT = {"id": int, "name": str}
SHAPE = {
    "ignition": {"version": str},
    "storage": {
        "files": [
            {
                "filesystem": str,
                "path": str,
                "mode": int,
                "overwrite": bool,
                "user": ACCOUNT,
                "group": ACCOUNT,
                "contents": {"source": str},
            }
        ]
    },
    "systemd": {"units": [{"name": str, "enabled": bool, "mask": bool, "contents": str}]},
}
"""The part of the 2.2.0 schema that a node needs; everything else is a fault here."""


def faults(data: object, shape: object = SHAPE, at: str = "$") -> Iterator[str]:
    """Yield where data of version 2.2.0 has an unknown key or a wrong type."""
    match shape:
        case dict():
            if not isinstance(data, dict):
                yield f"{at} is no object"
                return
            for key, value in data.items():
                if key in shape:
                    yield from faults(value, shape[key], f"{at}.{key}")
                else:
                    yield f"{at}.{key} is unknown"
        case [inner]:
            if not isinstance(data, list):
                yield f"{at} is no list"
                return
            for number, value in enumerate(data):
                yield from faults(value, inner, f"{at}.{number}")
        case type():
            if type(data) is not shape:
                yield f"{at} is {data!r}"


def missing(config: Mapping[str, object]) -> Iterator[str]:
    """Yield what every file of version 2.2.0 must say and one does not."""
    storage = config.get("storage", {"files": []})
    for file in storage["files"]:  # type: ignore[index]
        for key in ("filesystem", "path", "mode", "overwrite", "contents"):
            if key not in file:
                yield f"{file.get('path')} has no {key}"
        if file.get("filesystem") != "root":
            yield f"{file.get('path')} is not on the root file system"
