"""The mistakes that Butane and the operator miss: each an error with a code where it was made.

What a page asks for is told at the requirement, what somebody else wrote at the value.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from reqc.backends.ignition import rules
from reqc.backends.ignition.validation.findings import COMPRESSION
from reqc.compiler.states import FileContent, KernelArgument
from tests.backends.machineconfig.example import render, spec
from tests.cli.command import reqc

PAGE: Final = """\
req 1
spec example 1.0 on openshift
role host

section node {
  must parent:  file "/etc/example" content "a\\n"
  must below:   file "/etc/example/x.conf" content "a\\n"        # FILE_AS_PARENT
  must usr:     file "/usr/lib/sysctl.d/x.conf" content "a\\n"   # READ_ONLY_PATH
  must boot:    file "/boot/x.conf" content "a\\n"               # READ_ONLY_PATH
  must tables:  file "/etc/modules-load.d/iptables.conf" content "a\\n"  # OWNED_PATH
  must images:  file "/etc/containers/registries.conf" content "a\\n"    # OWNED_PATH
  must on:      service one enabled
  must off:     service one masked                             # UNIT_STATES
  must unit:    file "/etc/systemd/system/two.service" content "[Service]\\nExecStart=/opt/a\\n"
  must no_unit: service two masked                             # UNIT_STATES
}
"""
SMALL: Final = PAGE.partition("  must")[0] + "  must off: service one masked\n}\n"


def errors(text: str) -> list[tuple[str, int]]:
    """Return the errors that reqc showed, each with its line, or 0 for one without a place."""
    shown = re.findall(
        r"^error\[(REQ\d+)\][^\n]*(?:\n *--> [^\n]*?:(\d+):\d+$)?", text, re.MULTILINE
    )
    return [(code, int(line or 0)) for code, line in shown]


def test_what_a_page_asks_for_is_refused_at_the_requirement(tmp_path: Path) -> None:
    path = tmp_path / "page.req"
    path.write_text(PAGE, "utf-8")

    done = reqc("compile", path, "-t", "machineconfig", "-O", "openshift=4.20")

    marked = ((at, re.search(r"# (\w+)$", line)) for at, line in enumerate(PAGE.split("\n"), 1))
    expected = [(getattr(rules, found[1]), at) for at, found in marked if found]
    assert len(expected) == len(re.findall("#", PAGE))
    assert (done.returncode, done.stdout) == (1, "")
    assert sorted(errors(done.stderr), key=lambda row: row[1]) == expected


@pytest.mark.parametrize(
    ("code", "settings"),
    [
        (rules.POOL, ["pools=wroker"]),
        (rules.OTHER_POOL, ["pools=master", "prefix=99-worker"]),
        (rules.VERSION, ["openshift=4.10-4.14", "ignition-version=3.4.0"]),
    ],
)
def test_what_settings_ask_for_is_refused(code: str, settings: list[str], tmp_path: Path) -> None:
    path = tmp_path / "page.req"
    path.write_text(SMALL, "utf-8")

    done = reqc("compile", path, "-t", "machineconfig", *(f"-O{item}" for item in settings))

    assert (done.returncode, done.stdout, errors(done.stderr)) == (1, "", [(code, 0)])


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (rules.MODE, FileContent("/etc/a", "a\n", mode=644)),
        (rules.ARGUMENT, KernelArgument("quiet debug")),
    ],
)
def test_what_the_language_has_no_words_for_is_refused(
    code: str, state: FileContent | KernelArgument
) -> None:
    (refusal,) = render(spec(state)).refusals

    assert (refusal.code, refusal.requirement) == (code, "a.0")


def machine_config(**changes: Any) -> dict[str, Any]:  # noqa: ANN401  # any part of an object
    """Return an object without a mistake, apart from the changes to it."""
    config = {"ignition": {"version": changes.get("version", "3.2.0")}}
    files, units = changes.get("files", []), changes.get("units", [])
    labels = {"machineconfiguration.openshift.io/role": changes.get("role", "worker")}
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": {
            "name": changes.get("name", "99-worker-a"),
            "labels": labels if changes.get("role") != "" else {},
        },
        "spec": {
            "config": {**config, "storage": {"files": files}, "systemd": {"units": units}},
            "kernelArguments": changes.get("arguments", []),
        },
    }


def file(path: str, mode: int = 420, **contents: str) -> dict[str, Any]:
    return {
        "path": path,
        "mode": mode,
        "overwrite": True,
        "contents": {"source": "data:,", **contents},
    }


EMPTY: Final = "data:;base64,H4sIAAAAAAAAAwMAAAAAAAAAAAA="
"""Nothing, by gzip."""

UNIT: Final = "[Service]\nExecStart=/opt/a\n"
OBJECTS: Final[list[tuple[str, str, dict[str, Any]]]] = [
    (rules.FILE_AS_PARENT, "/etc/a/b", {"files": [file("/etc/a"), file("/etc/a/b")]}),
    *((rules.READ_ONLY_PATH, f"{at}/a", {"files": [file(f"{at}/a")]}) for at in ("/usr", "/boot")),
    (rules.OWNED_PATH, "arp.conf", {"files": [file("/etc/sysctl.d/arp.conf")]}),
    (rules.MODE, "644", {"files": [file("/etc/a", 644)]}),
    (COMPRESSION, "gzip", {"files": [file("/etc/a", source=EMPTY, compression="gzip")]}),
    (rules.UNIT_STATES, "true", {"units": [{"name": "a.service", "mask": True, "enabled": True}]}),
    (rules.UNIT_STATES, "true", {"units": [{"name": "a.service", "mask": True, "contents": UNIT}]}),
    (rules.POOL, "wroker", {"role": "wroker"}),
    (rules.POOL, "{}", {"role": ""}),
    (rules.OTHER_POOL, "99-worker-a", {"role": "master"}),
    (rules.ARGUMENT, "quiet debug", {"arguments": ["quiet debug"]}),
    (rules.VERSION, "3.4.0", {"version": "3.4.0"}),
]


def test_the_object_that_is_changed_has_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "object.json"
    path.write_text(json.dumps(machine_config(), indent=1), "utf-8")

    done = reqc("validate", path, "--openshift", "4.9-4.12", "--strict")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("code", "at", "changes"), OBJECTS)
def test_what_others_wrote_is_refused_at_the_value(
    code: str, at: str, changes: dict[str, Any], tmp_path: Path
) -> None:
    text = json.dumps(machine_config(**changes), indent=1)
    path = tmp_path / "object.json"
    path.write_text(text, "utf-8")

    done = reqc("validate", path, "--openshift", "4.9-4.12", "--strict")

    ((found, line),) = errors(done.stderr)
    assert (done.returncode, found) == (1, code)
    assert at in text.split("\n")[line - 1]
