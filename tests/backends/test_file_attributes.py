"""A mode and an owner of a file: with the file where one is written, and alone where none is."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from reqc.backends.base import Output, Reason
from reqc.backends.ignition import rules
from reqc.backends.node_changes import node_changes
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
from tests.deployments import rendered
from tests.documents import document, requirement
from tests.language.reading import lowered, section

NODES = ("ansible", "remedy")
FIRST_BOOTS = ("butane", "ignition", "machineconfig")
CONTENT = 'file "/etc/x" content "y\\n"'
TOGETHER = {
    "one": f'must a: all {{ {CONTENT}; file "/etc/x" mode 0600; file "/etc/x" owner "core" }}',
    "several": (
        f'must m: file "/etc/x" mode 0600\nmust a: {CONTENT}\nmust o: file "/etc/x" owner "core"\n'
    ),
}


def made(*predicates: str) -> LoweredDocument:
    return lowered(section("\n".join(predicates), head="role host\n"))


def asking(*states: State) -> LoweredDocument:
    return document(*(requirement(f"a.{at}", states=[item]) for at, item in enumerate(states)))


def loaded(output: Output, suffix: str) -> Any:  # noqa: ANN401  # whatever the file holds
    text, *_ = (item.text for item in output.artifacts if item.name.endswith(suffix))
    return json.loads(text) if suffix == ".ign" else yaml.safe_load(text)


def written(target: str, output: Output) -> tuple[str, str]:
    """Return the mode and the owner with which a target writes the only file."""
    if target == "remedy":
        lines = output.artifacts[0].text.splitlines()
        (words,) = (line.split() for line in lines if line.startswith("  want_file /etc/x "))
        return words[3], words[4]
    if target == "ansible":
        tasks = [item for item in loaded(output, "present.yml") if "Write" in item["name"]]
        (variables,) = (item["vars"] for item in tasks)
        found = {name.rpartition("_")[2]: value for name, value in variables.items()}
        return found["mode"], found["owner"]
    suffix = {"ignition": ".ign", "butane": ".bu"}.get(target, ".yaml")
    whole = loaded(output, suffix)
    config = whole["spec"]["config"] if target == "machineconfig" else whole
    (file,) = config["storage"]["files"]
    return f"{file['mode']:04o}", file["user"]["name"]


@pytest.mark.parametrize("target", [*FIRST_BOOTS, *NODES])
@pytest.mark.parametrize("spelling", TOGETHER)
def test_a_file_is_written_with_the_mode_and_owner_asked_for(target: str, spelling: str) -> None:
    output = rendered(target, made(TOGETHER[spelling]))

    assert (output.refusals, output.unsupported) == ((), ())
    assert written(target, output) == ("0600", "core")


@pytest.mark.parametrize("target", FIRST_BOOTS)
def test_what_writes_files_changes_no_other_one(target: str) -> None:
    asked = 'must m: file "/etc/x" mode 0600', 'must o: file "/etc/x" owner "core"'

    output = rendered(target, made(*asked))

    assert output.refusals == ()
    assert [(row.requirement, row.reason) for row in output.unsupported] == [
        ("s.m", Reason.INEXPRESSIBLE),
        ("s.o", Reason.INEXPRESSIBLE),
    ]
    assert all("/etc/x" in row.detail for row in output.unsupported)


@pytest.mark.parametrize("target", [*FIRST_BOOTS, *NODES])
@pytest.mark.parametrize(
    "states",
    [
        (FileMode("/etc/x", 0o600), FileMode("/etc/x", 0o640)),
        (FileOwner("/etc/x", "core"), FileOwner("/etc/x", "root")),
    ],
)
@pytest.mark.parametrize("content", [(), (FileContent("/etc/x", ""),)])
def test_two_that_differ_are_refused(
    target: str, states: tuple[State, ...], content: tuple[State, ...]
) -> None:
    output = rendered(target, asking(*content, *states))

    (refusal,) = output.refusals
    assert refusal.code == rules.DUPLICATE_PATH
    assert (refusal.other, refusal.requirement) == (f"a.{len(content)}", f"a.{len(content) + 1}")
    assert output.artifacts == ()


@pytest.mark.parametrize("target", [*FIRST_BOOTS, *NODES])
def test_a_mode_of_no_file_is_refused(target: str) -> None:
    output = rendered(target, asking(FileAbsent("/etc/x"), FileMode("/etc/x", 0o600)))

    (refusal,) = output.refusals
    assert refusal.code == rules.FILE_AND_NO_FILE
    assert {refusal.requirement, refusal.other} == {"a.0", "a.1"}


@pytest.mark.parametrize("target", [*FIRST_BOOTS, *NODES])
def test_a_file_is_written_without_the_bits_that_a_program_needs(target: str) -> None:
    (refusal,) = rendered(
        target, asking(FileContent("/etc/x", ""), FileMode("/etc/x", 0o4755))
    ).refusals

    assert refusal.code == rules.MODE


def test_every_file_that_a_node_gets_has_the_mode_asked_for() -> None:
    """Not only whole ones, but collected ones, and the unit of a mount."""
    states: dict[str, State] = {
        "/etc/modules-load.d/calico.conf": ModuleAtBoot("xt_set"),
        "/etc/sysctl.d/90-calico.conf": SysctlValue("a.b", "1"),
        "/etc/sysctl.d/90-calico-a.c.conf": SysctlValue("a.c", "1", ">="),
        "/etc/NetworkManager/conf.d/x.conf": IniListItems(
            "/etc/NetworkManager/conf.d/x.conf", "keyfile", "unmanaged-devices", ("a",)
        ),
        "/etc/systemd/system/srv-x.mount": MountPoint("/srv/x", "tmpfs"),
    }
    modes = [FileMode(path, 0o600) for path in states]

    found = node_changes(asking(*modes, *states.values()))

    assert (found.refusals, found.unsupported, found.attributes) == ((), (), ())
    assert {file.path: file.mode for file in found.files} == dict.fromkeys(states, 0o600)


@pytest.mark.parametrize(
    ("path", "reason", "why"),
    [
        ("/run/x", Reason.IGNORED, "every boot"),
        (f"/etc/{'/'.join(['a' * 60] * 5)}", Reason.INEXPRESSIBLE, "long a name"),
    ],
)
def test_what_does_not_last_is_named(path: str, reason: Reason, why: str) -> None:
    found = node_changes(asking(FileMode(path, 0o600)))

    assert found.attributes == ()
    assert [(row.requirement, row.reason) for row in found.unsupported] == [("a.0", reason)]
    assert why in found.unsupported[0].detail


def test_the_mode_of_a_boot_menu_or_a_mask_is_not_asked_for_behind_its_back() -> None:
    menu = FileMode("/etc/default/grub.d/90-calico.cfg", 0o600)
    mask = FileMode("/etc/systemd/system/x.service", 0o600)

    found = node_changes(asking(KernelArgument("a"), menu, UnitState("x.service", "masked"), mask))

    assert found.attributes == ()
    assert [row.requirement for row in found.unsupported] == ["a.1", "a.3"]


def test_a_path_that_means_another_one_is_refused() -> None:
    (refusal,) = node_changes(asking(FileMode("/etc/../x", 0o600))).refusals

    assert refusal.code == rules.PATH
