"""The target `machineconfig` as a whole, its configurations judged by the real validator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.backends.base import Output, Reason, SettingError
from reqc.backends.machineconfig.backend import TARGET
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    KernelArgument,
    MountPoint,
    PackageInstalled,
    State,
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
def test_the_whole_stream_is_as_it_was(openshift: str, golden: Callable[[Path, str], None]) -> None:
    stream = render(calico(), openshift=openshift).stream

    assert stream is not None
    golden(GOLDEN / f"calico-{openshift}.yaml", stream)


@pytest.mark.parametrize("version", ["2.2.0", "3.2.0"])
def test_the_object_is_what_the_operators_of_all_releases_took(version: str) -> None:
    known = yaml.safe_load((GOLDEN / f"99-worker-calico.{version}.yaml").read_text("utf-8"))

    worker, master = objects(render(calico(), ignition_version=version, openshift="4.7"))

    assert worker == known
    known["metadata"] = {"labels": {ROLE: "master"}, "name": "99-master-calico"}
    assert master == known


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


FOLDER = "/etc/systemd/system"
OWN_UNIT = "[Service]\nExecStart=/opt/x\n\n[Install]\nWantedBy=multi-user.target\n"


@pytest.mark.parametrize("openshift", ["4.3", "4.20"])
def test_a_unit_that_the_object_brings_takes_any_state(openshift: str) -> None:
    states = (
        *(FileContent(f"{FOLDER}/{name}.service", OWN_UNIT) for name in "abc"),
        UnitState("a.service", "enabled"),
        UnitState("b.service", "disabled"),
    )

    for item in objects(render(spec(*states), openshift=openshift)):
        assert "storage" not in item["spec"]["config"]
        assert item["spec"]["config"]["systemd"]["units"] == [
            {"enabled": True, "name": "a.service", "contents": OWN_UNIT},
            {"enabled": False, "name": "b.service", "contents": OWN_UNIT},
            {"name": "c.service", "contents": OWN_UNIT},
        ]


def test_a_drop_in_does_not_bring_its_unit() -> None:
    drop_in = FileContent(f"{FOLDER}/a.service.d/x.conf", OWN_UNIT)
    output = render(spec(drop_in, UnitState("a.service", "enabled")), openshift="4.19")

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("a.1", Reason.UNSAFE)
    for item in objects(output):
        (unit,) = item["spec"]["config"]["systemd"]["units"]
        assert unit == {
            "name": "a.service",
            "dropins": [{"name": "x.conf", "contents": OWN_UNIT}],
        }


@pytest.mark.parametrize(
    ("package", "openshift", "extension"),
    [
        ("usbguard", "4.6", "usbguard"),
        ("krb5-workstation", "4.11", "kerberos"),
        ("libkadm5", "4.11-4.22", "kerberos"),
        ("sysstat", "4.18+", "sysstat"),
        ("pcs", "4.19", "two-node-ha"),
        ("crun-wasm", "4.14-4.21", "wasm"),
    ],
)
def test_a_package_becomes_the_extension_that_brings_it(
    package: str, openshift: str, extension: str
) -> None:
    output = render(spec(PackageInstalled(package)), openshift=openshift)

    assert output.unsupported == ()
    for item in objects(output):
        assert item["spec"]["extensions"] == [extension]


def test_packages_of_one_extension_are_one_extension() -> None:
    page = spec(*map(PackageInstalled, ("kernel-headers", "usbguard", "kernel-devel")))

    output = render(page, openshift="4.6")

    for item in objects(output):
        assert item["spec"] == {
            "config": {"ignition": {"version": "3.1.0"}},
            "extensions": ["kernel-devel", "usbguard"],
        }
    assert output.stream is not None
    carriers = output.stream.partition("# Each of")[2].partition("\n#\n")[0]
    assert carriers.count("a.0 (example.req:1): a.0") == 1
    assert "#   extension kernel-devel\n#     a.0 (example.req:1): a.0\n#     a.2" in carriers


@pytest.mark.parametrize(
    ("package", "openshift", "words"),
    [
        ("usbguard", "4.5", "from OpenShift 4.6 on, not in 4.5 and later"),
        ("crun-wasm", "4.14", "from OpenShift 4.14 to 4.21, not in 4.14 and later"),
        ("crun-wasm", "4.22-4.22", "not in 4.22"),
        ("ipset", "4.22", "no extension of OpenShift brings `ipset`"),
        ("usb\nguard", "4.22", "brings `usb\\x0aguard`"),
    ],
)
def test_a_package_that_no_extension_brings_everywhere_is_left_out(
    package: str, openshift: str, words: str
) -> None:
    output = render(spec(PackageInstalled(package)), openshift=openshift)

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("a.0", Reason.INEXPRESSIBLE)
    assert words in row.detail
    assert output.artifacts == ()


@pytest.mark.parametrize("argument", ["fips=1", "fips=0", "fips"])
def test_fips_is_never_changed(argument: str) -> None:
    output = render(spec(KernelArgument(argument), KernelArgument("fipsy=1")))

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("a.0", Reason.UNSAFE)
    for item in objects(output):
        assert item["spec"]["kernelArguments"] == ["fipsy=1"]


def test_objects_have_no_other_keys() -> None:
    everything = (
        *(FileContent("/etc/x", "x\n"), UnitState("a.service", "masked")),
        *(KernelArgument("a=b"), PackageInstalled("usbguard"), MountPoint("/mnt/x", "tmpfs")),
    )

    for item in objects(render(spec(*everything), openshift="4.6")):
        assert item.keys() == {"apiVersion", "kind", "metadata", "spec"}
        assert item["metadata"].keys() == {"labels", "name"}
        # no kernelType, no fips, no osImageURL, no baseOSExtensionsContainerImage
        assert item["spec"].keys() == {"config", "kernelArguments", "extensions"}
        assert item["spec"]["config"].keys() == {"ignition", "storage", "systemd"}


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

    output = render(replace(page, identity=identity))

    assert [item["kind"] for item in objects(output)] == ["MachineConfig", "MachineConfig"]
    (file, _) = objects(output)[0]["spec"]["config"]["storage"]["files"]
    assert decoded(file["contents"]["source"]).decode().splitlines()[1] == "ip_tables"


def test_the_comment_tells_cost_and_use() -> None:
    (worker, _) = render(calico()).artifacts
    comment, _, _ = worker.text.partition("---\n")

    for words in (
        "drains and reboots every node of its pool, one node at a time",
        "What is for worker also reaches every custom pool",
        "99-worker-calico over all names before it. From OpenShift 4.15 on,",
        "see the target node-disruption-policy",
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
        *(("openshift", value) for value in ("4.99", "4.12-4.99", "+", "4.12++", "4.12-4.13+")),
        *(("ignition-version", value) for value in ("3.2", "2.3.0", "3.6.0", "x")),
        *(("pools", value) for value in ("", ",", "worker,worker")),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        render(calico(), **{name.replace("-", "_"): value})


def test_the_defaults_can_be_read() -> None:
    assert {item.name for item in TARGET.settings if item.many} == {"pools", "custom-pools"}
    assert len(objects(render(calico()))) == 2


@pytest.mark.parametrize(
    ("openshift", "words"),
    [
        ("4.12", "4.12 and later (known: up to 4.22)"),
        ("4.12+", "4.12 and later (known: up to 4.22)"),
        ("4.12 - 4.18", "4.12 to 4.18"),
        ("4.12-4.12", "4.12"),
    ],
)
def test_releases_are_told_in_words(openshift: str, words: str) -> None:
    stream = render(calico(), openshift=openshift).stream

    assert stream is not None
    assert stream.splitlines()[0].endswith(f"node configuration for OpenShift {words}")


@pytest.mark.parametrize(
    ("openshift", "state", "words"),
    [
        ("4.3-4.15", SysctlValue("a.b", "1"), ""),
        ("4.3-4.16", SysctlValue("a.b", "1"), "(4.16: as a"),
        ("4.17", SysctlValue("a.b", "1"), "from OpenShift 4.17 on"),
        ("4.3-4.15", FileContent("/etc/x", "x\n"), ""),
        ("4.17", FileContent("/etc/x", "x\n"), "Nothing avoids that"),
        ("4.17", KernelArgument("a=b"), "Nothing avoids that"),
    ],
)
def test_what_avoids_a_reboot_is_told_where_something_does(
    openshift: str, state: State, words: str
) -> None:
    stream = render(spec(state), openshift=openshift).stream

    assert stream is not None
    avoided = stream.partition("nodes then reboot as well.")[2].partition("Pause the pools")[0]
    assert words in avoided if words else avoided == "\n# "


def test_the_explanation_is_the_comment() -> None:
    given = {item.name: item.default for item in TARGET.settings}
    output = render(calico())

    assert TARGET.explain is not None
    told = TARGET.explain(calico(), given)

    assert output.stream is not None
    comment = output.stream.partition("---\n")[0]
    assert told == "".join(f"{line[2:]}\n" for line in comment.splitlines())


# --- for hosted control planes ----------------------------------------------------------------


def test_a_hosted_cluster_gets_the_object_in_a_config_map() -> None:
    output = render(calico(), form="hosted", openshift="4.14")

    (held,) = objects(output)
    assert held.keys() == {"apiVersion", "kind", "metadata", "data"}
    assert (held["apiVersion"], held["kind"]) == ("v1", "ConfigMap")
    assert held["metadata"] == {"name": "99-worker-calico"}
    (inner,) = held["data"].items()
    worker, _ = objects(render(calico(), openshift="4.14"))
    del worker["metadata"]["labels"]
    assert inner[0] == "config"
    assert yaml.safe_load(inner[1]) == worker


def test_a_hosted_cluster_is_told_how_to_name_it() -> None:
    (artifact,) = render(calico(), form="hosted").artifacts

    for words in ("#          - name: 99-worker-calico\n", "nodepool NODEPOOL", "upgradeType"):
        assert words in artifact.text
    assert "machineconfigpool" not in artifact.text


def test_a_hosted_cluster_has_no_pools() -> None:
    with pytest.raises(SettingError, match="pools has no meaning with form=hosted"):
        render(calico(), form="hosted", pools="infra")
