"""Roles judged by ansible-lint, at its strictest, and by Ansible's own syntax check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from reqc.compiler.checks import FileContains
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileContent, PackageInstalled, State, SysctlValue
from tests.backends.ansible.pages import ARGUMENTS, FILES, RUNNING, UNITS, page
from tests.backends.ansible.playing import ansible, written
from tests.deployments import SHIPPED, lowered, shipped
from tests.documents import document, requirement

HOSTILE: Final = "' \" \\ : # & * ! | > % - [a] ,"
TEMPLATES: Final = "{{ 1 / 0 }} {% x %} {#"


def _hostile(text: str) -> LoweredDocument:
    states: tuple[State, ...] = (
        PackageInstalled("calico-node"),
        FileContent(f"/etc/{text}", text),
        FileContent("/etc/owned", "", 0o600, text, text),
        SysctlValue("kernel.core_pattern", text),
    )
    rows = (
        requirement(f"node.at{at} {text},", states=[state], title=text)
        for at, state in enumerate(states)
    )
    return document(*rows, requirement("always", states=states[:1]))


def _asking() -> LoweredDocument:
    """Return a document of which a node is asked before it is changed."""
    guard = FileContains("/etc/os-release", (HOSTILE, TEMPLATES))
    bound = SysctlValue("net.core.somaxconn", "4096", ">=")
    states: tuple[State, ...] = (bound, FileContent("/etc/x", "x\n"))
    rows = (requirement(f"node.at{at}", states=[state]) for at, state in enumerate(states))
    return document(*rows, requirement("node.guarded", states=states, guard=guard))


PAGES: Final = {
    "asking": _asking(),
    "everything": page(FILES, UNITS, RUNNING, ARGUMENTS),
    "hostile": _hostile(HOSTILE),
    "nothing": document(requirement("node.nothing")),
    **{spec: lowered(shipped(spec), {}) for spec in SHIPPED},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one folder for each page, and none of git's above it."""
    folder = tmp_path_factory.mktemp("lint") / "site"
    for name, item in PAGES.items():
        written(folder / name, item)
    return folder


def test_the_linter_has_nothing_to_say(folder: Path) -> None:
    done = ansible("ansible-lint", "--offline", "--profile", "production", folder=folder)

    assert (done.returncode, done.stdout) == (0, ""), done.stdout
    assert "Passed" in done.stderr


def test_the_linter_would_say_so(folder: Path) -> None:
    tasks = folder / "nothing" / "roles" / "calico_requirements" / "tasks" / "record.yml"
    kept = tasks.read_text()
    tasks.write_text(kept.replace("ansible.builtin.file", "file"))
    try:
        done = ansible(
            *("ansible-lint", "--offline", "--profile", "production", str(tasks)), folder=folder
        )
    finally:
        tasks.write_text(kept)

    assert done.returncode == 2
    assert "fqcn" in done.stdout


@pytest.mark.parametrize("name", PAGES)
def test_ansible_reads_it(folder: Path, name: str) -> None:
    (playbook,) = (folder / name).glob("*.yml")

    done = ansible(
        *("ansible-playbook", "--syntax-check", "--inventory", "localhost,", playbook.name),
        folder=folder / name,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("text", [HOSTILE, TEMPLATES])
def test_ansible_reads_every_task(tmp_path: Path, text: str) -> None:
    playbook = written(tmp_path / "site", _hostile(text))
    # The role chooses one of these when it is played; imported, both are read before that.
    roles = [
        {"ansible.builtin.import_role": {"name": playbook.stem, "tasks_from": name}}
        for name in ("present", "absent")
    ]
    playbook.write_text(json.dumps([{"hosts": "localhost", "tasks": roles}]))

    done = ansible(
        *("ansible-playbook", "--list-tasks", "--inventory", "localhost,", playbook.name),
        folder=playbook.parent,
    )

    assert done.returncode == 0, done.stderr
    # The two files and the file of the setting, whose names stay templates until they are played.
    assert done.stdout.count("Write {{ _calico_requirements_label }}") == 3
    assert done.stdout.count("Bring back {{ _calico_requirements_label }}") == 3
