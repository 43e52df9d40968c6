"""The target `machineconfig` as a whole, its configurations judged by the real validator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.backends.base import Output, Reason, SettingError
from reqc.backends.machineconfig.backend import TARGET
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    KernelArgument,
    MountPoint,
    SysctlValue,
    UnitState,
)
from tests.backends.ignition.oracle import complaints, decoded, faults, missing
from tests.backends.machineconfig.example import (
    MODULES,
    NETWORK_MANAGER,
    UNMANAGED,
    calico,
    hostile,
    render,
    spec,
)
from tests.documents import document

GOLDEN = Path(__file__).with_name("golden")
ROLE = "machineconfiguration.openshift.io/role"


def objects(output: Output) -> list[dict[str, Any]]:
    """Return the objects of the stream, which is the same as the files together."""
    assert output.refusals == ()
    assert output.stream is not None
    found = [*yaml.safe_load_all(output.stream)]
    assert found == [yaml.safe_load(artifact.text) for artifact in output.artifacts]
    return found


def expected(pool: str, version: str) -> dict[str, Any]:
    """Return the object for Calico v3.24 as data, with its contents as text."""
    modules = "\n".join(("# Kernel modules for Calico v3.24 on OpenShift.", *MODULES, ""))
    names = ";".join(f"interface-name:{name}" for name in UNMANAGED)
    files = {
        "/etc/modules-load.d/calico.conf": modules,
        NETWORK_MANAGER: f"[keyfile]\nunmanaged-devices={names}\n",
    }
    old = version == "2.2.0"
    return {
        "apiVersion": "machineconfiguration.openshift.io/v1",
        "kind": "MachineConfig",
        "metadata": {"labels": {ROLE: pool}, "name": f"99-{pool}-calico"},
        "spec": {
            "config": {
                "ignition": {"version": version},
                "storage": {
                    "files": [
                        ({"filesystem": "root"} if old else {})
                        | {"path": path, "mode": 420, "overwrite": True}
                        | {"contents": ({} if old else {"compression": ""}) | {"source": content}}
                        for path, content in files.items()
                    ]
                },
                "systemd": {"units": [{"mask": True, "name": "firewalld.service"}]},
            }
        },
    }


def with_decoded_sources(item: dict[str, Any]) -> dict[str, Any]:
    """Replace every data URL by the text that it holds."""
    for file in item["spec"]["config"]["storage"]["files"]:
        file["contents"]["source"] = decoded(file["contents"]["source"]).decode()
    return item


@pytest.mark.parametrize(
    ("openshift", "version"),
    [("4.3", "2.2.0"), ("4.6", "3.1.0"), ("4.7", "3.2.0"), ("4.12-4.18", "3.2.0")],
)
def test_calico_becomes_one_object_for_each_pool(openshift: str, version: str) -> None:
    output = render(calico(), openshift=openshift)

    found = [with_decoded_sources(item) for item in objects(output)]
    assert found == [expected("worker", version), expected("master", version)]
    assert [artifact.name for artifact in output.artifacts] == [
        "99-worker-calico.yaml",
        "99-master-calico.yaml",
    ]


@pytest.mark.parametrize("openshift", ["4.3", "4.7"])
def test_the_whole_stream_is_as_it_was(openshift: str) -> None:
    golden = (GOLDEN / f"calico-{openshift}.yaml").read_text("utf-8")

    assert render(calico(), openshift=openshift).stream == golden


@pytest.mark.parametrize("release", [release.release for release in knowledge().releases])
def test_every_release_gets_a_configuration_that_is_valid(release: str) -> None:
    (reads,) = (known.reads for known in knowledge().releases if known.release == release)
    for item in objects(render(calico(), openshift=release)):
        config = item["spec"]["config"]
        assert config["ignition"]["version"] in reads
        if config["ignition"]["version"] == "2.2.0":
            assert [*faults(config), *missing(config)] == []
        else:
            assert complaints(config) == ""


def test_keys_stand_in_one_order() -> None:
    (item, _) = objects(render(calico()))

    assert [*item] == ["apiVersion", "kind", "metadata", "spec"]
    (file, _) = item["spec"]["config"]["storage"]["files"]
    assert [*file] == ["filesystem", "path", "mode", "overwrite", "contents"]


def test_kernel_arguments_are_the_operators_and_not_ignitions() -> None:
    for item in objects(render(spec(KernelArgument("a=b"), KernelArgument("on")))):
        assert item["spec"] == {
            "config": {"ignition": {"version": "2.2.0"}},
            "kernelArguments": ["a=b", "on"],
        }


def test_a_disabled_unit_is_masked_and_nothing_else() -> None:
    for openshift in ("4.3", "4.20"):
        page = spec(UnitState("a.service", "disabled"), UnitState("b.service", "masked"))
        for item in objects(render(page, openshift=openshift)):
            assert item["spec"]["config"]["systemd"]["units"] == [
                {"mask": True, "name": "a.service"},
                {"mask": True, "name": "b.service"},
            ]


def test_a_unit_is_enabled_where_every_release_can() -> None:
    page = spec(UnitState("chronyd.service", "enabled"), SysctlValue("a.b", "1"))

    for item in objects(render(page, openshift="4.20")):
        units = item["spec"]["config"]["systemd"]["units"]
        assert units == [{"enabled": True, "name": "chronyd.service"}]
    (row,) = render(page, openshift="4.19").unsupported
    assert (row.requirement, row.reason) == ("a.0", Reason.UNSAFE)


def test_the_unit_of_a_mount_brings_its_contents() -> None:
    for item in objects(render(spec(MountPoint("/var/lib/huge", "hugetlbfs")), openshift="4.7")):
        (unit,) = item["spec"]["config"]["systemd"]["units"]
        assert unit["contents"].splitlines()[-1] == "WantedBy=local-fs.target"
        assert complaints(item["spec"]["config"]) == ""


@pytest.mark.parametrize(("user", "group"), [("bob", "root"), ("root", "bob"), ("", "root")])
def test_an_owner_that_may_be_missing_is_unsafe(user: str, group: str) -> None:
    output = render(spec(FileContent("/etc/x", "x\n", 0o644, user, group)))

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("a.0", Reason.UNSAFE)
    assert output.artifacts == ()


def test_an_owner_that_every_node_has_is_said() -> None:
    for item in objects(render(spec(FileContent("/etc/x", "x\n", 0o640, "core", "1000")))):
        (file,) = item["spec"]["config"]["storage"]["files"]
        assert (file["user"], file["group"]) == ({"name": "core"}, {"id": 1000})


def test_what_is_left_out_is_named_in_the_output_and_in_the_comment() -> None:
    output = render(calico())

    assert [row.requirement for row in output.unsupported] == ["node.cpu", "network.bgp"]
    for artifact in output.artifacts:
        comment = artifact.text.partition("# Not in these objects:")[2]
        words = " ".join(comment.replace("#", "").split())
        for row in output.unsupported:
            assert row.requirement in words
            assert row.detail in words


def test_nothing_to_say_is_no_object() -> None:
    output = render(spec(FileAbsent("/etc/x")))

    assert output.artifacts == ()
    assert output.stream is not None
    assert [*yaml.safe_load_all(output.stream)] == []
    assert "cannot delete" in output.stream


@settings(deadline=None)
@given(st.text())
def test_a_title_never_ends_its_comment(title: str) -> None:
    page = document(hostile(title))
    plain = objects(render(document(hostile("plain"))))

    output = render(page)

    assert objects(output) == plain
    assert output.stream is not None
    before, _, _ = output.stream.partition("---\napiVersion")
    assert all(line.startswith("#") for line in before.splitlines())


def test_a_hostile_identity_stays_in_its_comments() -> None:
    title = "x\n---\nkind: Pod\r\n\u2028y"
    page = calico()
    identity = page.identity.__class__("calico", "3\n", "open\nshift", title, "re\nvision")

    output = render(page.__class__(identity, *(getattr(page, n) for n in page.__slots__[1:])))

    assert [item["kind"] for item in objects(output)] == ["MachineConfig", "MachineConfig"]
    (file, _) = objects(output)[0]["spec"]["config"]["storage"]["files"]
    assert decoded(file["contents"]["source"]).decode().splitlines()[1] == "ip_tables"


def test_the_comment_tells_cost_and_use() -> None:
    (worker, _) = render(calico()).artifacts
    comment, _, _ = worker.text.partition("---\n")

    for words in (
        "drains and reboots every node of its pool, one node at a time",
        "oc apply -f FILE",
        "oc get machineconfigpool worker",
        "oc delete machineconfig 99-worker-calico\n",
        "kernel.ip_tables (example.req:40): Module ip_tables",
        "Option: ipv6 = true (chosen)",
        "sha256 " + "0" * 64,
    ):
        assert words in comment
    assert "master" not in comment


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render(calico()) == render(calico())


def test_pools_prefix_and_name_can_be_chosen() -> None:
    output = render(
        calico(), pools="worker, infra", custom_pools="infra", prefix="50", name="calico-net"
    )

    names = [item["metadata"] for item in objects(output)]
    assert names == [
        {"labels": {ROLE: pool}, "name": f"50-{pool}-calico-net"} for pool in ("worker", "infra")
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("openshift", value) for value in ("4.2", "5", "4.18-4.12", "4.3-", "", "x", "4.3.1")),
        *(("pools", value) for value in ("", ",", "worker,worker")),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        render(calico(), **{name: value})


def test_the_defaults_can_be_read() -> None:
    assert {item.name for item in TARGET.settings if item.many} == {"pools", "custom-pools"}
    assert len(objects(render(calico()))) == 2
