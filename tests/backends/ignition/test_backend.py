"""The target `ignition` as a whole, judged by the real validator."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.base import Output, Reason, SettingError
from reqc.backends.ignition.backend import TARGET, VERSIONS
from reqc.backends.ignition.rules import TEXT
from reqc.backends.ignition.units import MOUNTED_BY_SYSTEMD, escaped_path
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileAbsent,
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
from tests.backends.ignition.oracle import complaints, decoded, faults, missing
from tests.backends.ignition.test_data_url import HOSTILE
from tests.documents import document, requirement
from tests.tools import require

EVERYTHING: tuple[State, ...] = (
    ModuleAtBoot("xt_set"),
    IniListItems("/etc/NetworkManager/conf.d/calico.conf", "keyfile", "a", ("cali*", "tunl*")),
    SysctlValue("net.ipv4.ip_forward", "1"),
    FileContent("/etc/empty.conf", ""),
    FileContent("/var/lib/x/own", "Grüße 🐈\n", 0o600, "1000", "core"),
    UnitState("firewalld.service", "masked"),
    UnitState("chronyd.service", "enabled"),
    UnitState("iptables.service", "disabled"),
    MountPoint("/var/lib/huge", "hugetlbfs"),
)


def spec(*states: State) -> LoweredDocument:
    return document(*(requirement(f"a.{at}", states=[item]) for at, item in enumerate(states)))


def render(*states: State, version: str = "3.2.0") -> Output:
    return TARGET.render(spec(*states), {"ignition-version": version})


def config(*states: State, version: str = "3.2.0") -> dict[str, Any]:
    output = render(*states, version=version)
    assert output.refusals == ()
    (artifact,) = output.artifacts
    loaded = json.loads(artifact.text)
    assert isinstance(loaded, dict)
    return loaded


def test_the_settings_have_defaults_that_are_allowed() -> None:
    for setting in TARGET.settings:
        assert setting.default in setting.values


@pytest.mark.parametrize("version", [version for version in VERSIONS if version != "2.2.0"])
def test_the_validator_has_nothing_to_say(version: str) -> None:
    found = config(*EVERYTHING, version=version)

    assert found["ignition"] == {"version": version}
    assert complaints(found) == ""


def test_the_validator_would_complain_about_an_unknown_key() -> None:
    found = config(*EVERYTHING)
    found["storage"]["files"][0]["filesystem"] = "root"

    assert "Unused key filesystem" in complaints(found)


def test_the_oldest_form_has_the_shape_of_its_schema() -> None:
    found = config(*EVERYTHING, version="2.2.0")

    assert [*faults(found), *missing(found)] == []


def test_the_oldest_form_says_the_same_as_a_validated_one() -> None:
    old, new = config(*EVERYTHING, version="2.2.0"), config(*EVERYTHING)

    for file in old["storage"]["files"]:
        assert file.pop("filesystem") == "root"
        file["contents"]["compression"] = ""
    assert old | {"ignition": {"version": "3.2.0"}} == new
    assert complaints(new) == ""


def test_the_shape_test_can_fail() -> None:
    found = config(*EVERYTHING)
    found["systemd"]["units"][0]["mask"] = "yes"

    assert "$.systemd.units.0.mask is 'yes'" in [*faults(found)]
    assert "$.storage.files.0.contents.compression is unknown" in [*faults(found)]
    assert "/etc/modules-load.d/calico.conf has no filesystem" in [*missing(found)]


def test_files_say_mode_overwrite_and_only_foreign_owners() -> None:
    files = {file["path"]: file for file in config(*EVERYTHING)["storage"]["files"]}

    empty, own = files["/etc/empty.conf"], files["/var/lib/x/own"]
    assert empty == {
        "path": "/etc/empty.conf",
        "mode": 420,
        "overwrite": True,
        "contents": {"compression": "", "source": "data:,"},
    }
    assert (own["mode"], own["user"], own["group"]) == (0o600, {"id": 1000}, {"name": "core"})
    assert decoded(own["contents"]["source"]).decode() == "Grüße 🐈\n"


def test_units_say_their_state_and_nothing_else() -> None:
    units = {unit.pop("name"): unit for unit in config(*EVERYTHING)["systemd"]["units"]}

    mount = units.pop("var-lib-huge.mount")
    assert units == {
        "firewalld.service": {"mask": True},
        "chronyd.service": {"enabled": True},
        "iptables.service": {"enabled": False},
    }
    assert mount["enabled"] is True
    assert "\nWhere=/var/lib/huge\n" in mount["contents"]
    assert mount["contents"].endswith("[Install]\nWantedBy=local-fs.target\n")


def test_the_unit_of_a_mount_takes_in_the_wish_to_enable_it() -> None:
    states = MountPoint("/run/calico", "bpf"), UnitState("run-calico.mount", "enabled")

    (unit,) = config(*states)["systemd"]["units"]

    assert unit["enabled"] is True
    assert "Type=bpf" in unit["contents"]


@pytest.mark.parametrize("path", ["/run/bpf", "/mnt/a-b", "/.hidden/.x@", "/a_b:c.d/e"])
def test_mount_units_are_named_as_systemd_names_them(path: str) -> None:
    command = [require("systemd-escape"), "--path", "--suffix=mount", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    (unit,) = config(MountPoint(path, "tmpfs"))["systemd"]["units"]

    assert unit["name"] == done.stdout.strip()


@pytest.mark.parametrize("path", ["/var/lib/huge", "/sys/kernel/debug", "/mnt/a-b"])
def test_systemd_takes_the_unit_of_a_mount(path: str, tmp_path: Path) -> None:
    (unit,) = config(MountPoint(path, "tmpfs"))["systemd"]["units"]

    assert verified(unit["name"], unit["contents"], tmp_path)


@pytest.mark.parametrize("path", sorted(MOUNTED_BY_SYSTEMD | {"/sys/fs/cgroup/x"}))
def test_systemd_takes_no_unit_for_what_it_mounts(path: str, tmp_path: Path) -> None:
    name = f"{escaped_path(path)}.mount"

    assert not verified(name, f"[Mount]\nWhat=tmpfs\nWhere={path}\nType=tmpfs\n", tmp_path)
    (row,) = render(MountPoint(path, "tmpfs")).unsupported
    assert row.reason is Reason.IGNORED


def verified(name: str, contents: str, folder: Path) -> bool:
    """Tell whether systemd would load a unit."""
    (folder / name).write_text(contents, "utf-8")
    command = [require("systemd-analyze"), "verify", str(folder / name)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8")))
def test_a_content_arrives_as_it_is_or_is_refused(content: str) -> None:
    output = render(FileContent("/etc/x", content))

    if output.refusals:
        assert [refusal.code for refusal in output.refusals] == [TEXT]
        assert output.artifacts == ()
        assert "\r" in content or not content.endswith("\n") or content.endswith("\n\n")
    else:
        (file,) = json.loads(output.artifacts[0].text)["storage"]["files"]
        assert decoded(file["contents"]["source"]) == content.encode()


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_a_content_of_whole_lines_arrives_as_it_is(text: str) -> None:
    content = text.rstrip("\n") + "\n"

    (file,) = config(FileContent("/etc/x", content))["storage"]["files"]

    assert decoded(file["contents"]["source"]) == content.encode()


def test_the_validator_takes_hostile_contents() -> None:
    contents = [text for text in HOSTILE if "\r" not in text and text.endswith("\n")]

    found = config(*(FileContent(f"/etc/{at}", text) for at, text in enumerate(contents)))

    assert complaints(found) == ""
    sources = [file["contents"]["source"] for file in found["storage"]["files"]]
    assert [decoded(source).decode() for source in sources] == contents


def test_kernel_arguments_are_said_where_the_version_has_words_for_them() -> None:
    found = config(KernelArgument("a=b"), KernelArgument("quiet"), version="3.3.0")

    assert found["kernelArguments"] == {"shouldExist": ["a=b", "quiet"]}
    assert complaints(found) == ""


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (KernelArgument("a=b"), Reason.INEXPRESSIBLE, "3.3.0 or newer"),
        (FileAbsent("/etc/x"), Reason.INEXPRESSIBLE, "cannot delete"),
        (PackageInstalled("usbguard"), Reason.INEXPRESSIBLE, "no package: `usbguard`"),
        (MountPoint("/data", "ext4"), Reason.INEXPRESSIBLE, "device"),
        (MountPoint("/da ta", "tmpfs"), Reason.INEXPRESSIBLE, "plain path"),
        (MountPoint("/sys/fs/bpf", "bpf"), Reason.IGNORED, "systemd mounts"),
    ],
)
def test_what_cannot_be_said_is_named(state: State, reason: Reason, words: str) -> None:
    output = render(state)

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("a.0", reason)
    assert words in row.detail
    assert json.loads(output.artifacts[0].text) == {"ignition": {"version": "3.2.0"}}


def test_every_requirement_is_carried_or_named() -> None:
    page = document(
        requirement("a.said", states=[ModuleAtBoot("m")]),
        requirement("a.check"),
        requirement("a.undecided", states=[ModuleAtBoot("n")], applies=None),
        requirement("a.other", states=[ModuleAtBoot("o")], roles=("etcd",)),
        requirement("a.off", states=[ModuleAtBoot("p")], applies=False),
        requirement("a.gone", states=[FileAbsent("/etc/x")]),
    )

    output = TARGET.render(page, {"ignition-version": "3.2.0"})

    assert [row.requirement for row in output.unsupported] == [
        "a.check",
        "a.undecided",
        "a.other",
        "a.gone",
    ]
    (file,) = json.loads(output.artifacts[0].text)["storage"]["files"]
    assert decoded(file["contents"]["source"]).endswith(b"\nm\n")


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render(*EVERYTHING) == render(*EVERYTHING)
    text = render(*EVERYTHING).artifacts[0].text
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), indent=2) + "\n"


@pytest.mark.parametrize("version", ["2.3.0", "3.6.0", "3.2", ""])
def test_a_version_that_nobody_reads_is_refused(version: str) -> None:
    with pytest.raises(SettingError, match=r"ignition-version .*3\.2\.0"):
        render(version=version)


# --- what is told of a configuration ----------------------------------------------------------


def explained(*states: State, version: str = "3.3.0") -> str:
    assert TARGET.explain is not None
    return TARGET.explain(spec(*states), {"ignition-version": version})


def test_the_side_table_names_each_part_by_its_path() -> None:
    states = (*EVERYTHING, KernelArgument("a=b"))
    found, told = config(*states, version="3.3.0"), explained(*states).splitlines()

    parts = [line.split(maxsplit=2) for line in told if line.startswith("  $.")]
    named = {at.rstrip(":"): name.rstrip(":") for at, name, *_ in parts}
    assert named == {
        **{
            f"$.storage.files.{n}": file["path"] for n, file in enumerate(found["storage"]["files"])
        },
        **{
            f"$.systemd.units.{n}": unit["name"] for n, unit in enumerate(found["systemd"]["units"])
        },
        "$.kernelArguments.shouldExist.0": "a=b",
    }


def test_the_side_table_names_requirements_and_lines() -> None:
    page = document(
        requirement("a.one", states=[ModuleAtBoot("m")], title="One module", line=7),
        requirement("a.two", states=[ModuleAtBoot("n")], title="Another", line=9),
        requirement("a.gone", states=[FileAbsent("/etc/x")]),
    )

    assert TARGET.explain is not None
    told = TARGET.explain(page, TARGET.defaults)

    assert (
        "  $.storage.files.0  /etc/modules-load.d/calico.conf\n"
        "    a.one (example.req:7): One module\n"
        "    a.two (example.req:9): Another\n"
    ) in told
    assert "\nNot in this configuration:\n  cannot say: a.gone: Ignition cannot delete" in told
    assert "ignition-validate calico-openshift.ign\n" in told


def test_nothing_is_told_as_nothing() -> None:
    assert "It carries nothing: " in explained(FileAbsent("/etc/x"))


@settings(deadline=None)
@given(st.text())
def test_a_title_cannot_break_the_side_table(title: str) -> None:
    page = document(requirement("a.one", states=[ModuleAtBoot("m")], title=title))
    plain = document(requirement("a.one", states=[ModuleAtBoot("m")], title="plain"))

    assert TARGET.explain is not None
    told, expected = (TARGET.explain(one, TARGET.defaults) for one in (page, plain))

    assert len(told.split("\n")) == len(expected.split("\n"))
    assert all(line.isprintable() for line in told.split("\n"))
