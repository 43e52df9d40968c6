"""The target `node-disruption-policy`, judged by the rules of the API server."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from reqc.backends.base import Output, Reason, SettingError
from reqc.backends.ignition import rules
from reqc.backends.node_disruption_policy.backend import TARGET
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileContent,
    KernelArgument,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.machineconfig.example import NETWORK_MANAGER, calico, spec
from tests.backends.node_disruption_policy.crd import complaints

OWN_UNIT = "[Service]\nExecStart=/opt/x\n\n[Install]\nWantedBy=multi-user.target\n"
DROP_IN = "/etc/systemd/system/a.service.d/x.conf"
DAEMON_RELOAD = {"type": "DaemonReload"}


def render(page: LoweredDocument, openshift: str = "4.17") -> Output:
    return TARGET.render(page, {"openshift": openshift})


def policy(output: Output) -> dict[str, Any]:
    """Return the policy, which an API server would take."""
    assert output.refusals == ()
    (artifact,) = output.artifacts
    patch = yaml.safe_load(artifact.text)
    assert complaints(patch) == []
    found = patch["spec"]["nodeDisruptionPolicy"]
    assert isinstance(found, dict)
    return found


def restart(unit: str) -> dict[str, Any]:
    return {"type": "Restart", "restart": {"serviceName": unit}}


def test_calico_reboots_no_node() -> None:
    output = render(calico())

    assert policy(output) == {
        "files": [
            {
                "path": "/etc/modules-load.d/calico.conf",
                "actions": [restart("systemd-modules-load.service")],
            },
            {
                "path": NETWORK_MANAGER,
                "actions": [
                    {"type": "Reload", "reload": {"serviceName": "NetworkManager.service"}}
                ],
            },
        ],
        "units": [{"name": "firewalld.service", "actions": [DAEMON_RELOAD]}],
    }
    assert {row.reason for row in output.unsupported} == {Reason.ELSEWHERE}


@pytest.mark.parametrize(
    ("states", "actions"),
    [
        ((UnitState("a.service", "masked"),), [DAEMON_RELOAD]),
        ((UnitState("a.service", "disabled"),), [DAEMON_RELOAD]),
        ((UnitState("a.service", "enabled"),), [DAEMON_RELOAD, restart("a.service")]),
        (
            (UnitState("a.service", "enabled"), FileContent(DROP_IN, OWN_UNIT)),
            [DAEMON_RELOAD, restart("a.service")],
        ),
    ],
)
def test_units_are_reloaded_and_what_is_enabled_started(
    states: tuple[State, ...], actions: list[dict[str, Any]]
) -> None:
    found = policy(render(spec(*states), "4.20"))

    assert found == {"units": [{"name": "a.service", "actions": actions}]}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (FileContent("/etc/x", "x\n"), "a change of `/etc/x` reboots a node"),
        (FileContent("/etc/modprobe.d/x.conf", ""), "a change of `/etc/modprobe.d/x.conf`"),
        (FileContent(DROP_IN, OWN_UNIT), "the text of `a.service`"),
        (FileContent("/etc/systemd/system/a.service", OWN_UNIT), "the text of `a.service`"),
        (
            UnitState("getty@tty1.service", "masked"),
            "`getty@tty1.service`, which no policy can name",
        ),
        (KernelArgument("a=b"), "the kernel argument a=b"),
        (PackageInstalled("usbguard"), "the extension usbguard"),
    ],
)
def test_what_needs_a_reboot_is_named_and_unsafe(state: State, words: str) -> None:
    output = render(spec(SysctlValue("a.b", "1"), state))

    (row,) = output.unsupported
    assert (row.requirement, row.reason) == ("a.1", Reason.UNSAFE)
    assert words in row.detail
    assert policy(output) == {
        "files": [
            {
                "path": "/etc/sysctl.d/90-calico.conf",
                "actions": [restart("systemd-sysctl.service")],
            }
        ]
    }
    assert "holds such changes" in output.artifacts[0].text


def test_a_policy_without_an_entry_is_a_comment() -> None:
    output = render(spec(KernelArgument("a=b")))

    (artifact,) = output.artifacts
    assert yaml.safe_load(artifact.text) is None
    assert "No policy: " in artifact.text
    assert "oc patch" not in artifact.text


def test_a_drop_in_of_an_enabled_unit_that_is_left_out_reboots() -> None:
    states = FileContent(DROP_IN, OWN_UNIT), UnitState("a.service", "enabled")

    rows = render(spec(*states), "4.17").unsupported

    assert [(row.requirement, row.reason) for row in rows] == [
        ("a.0", Reason.UNSAFE),
        ("a.1", Reason.UNSAFE),
    ]


@pytest.mark.parametrize(
    ("openshift", "without"),
    [("4.3", "4.3 to 4.15"), ("4.15-4.20", "4.15"), ("4.12-4.12", "4.12")],
)
def test_a_release_without_policies_is_refused(openshift: str, without: str) -> None:
    output = render(calico(), openshift)

    (refusal,) = output.refusals
    assert (refusal.code, refusal.requirement) == (rules.NO_POLICY, None)
    assert refusal.message == f"OpenShift {without} has no node disruption policies"
    assert output.artifacts == ()


@pytest.mark.parametrize(("openshift", "preview"), [("4.16", True), ("4.17", False)])
def test_a_preview_is_told_as_one(openshift: str, *, preview: bool) -> None:
    (artifact,) = render(calico(), openshift).artifacts

    assert ("TechPreviewNoUpgrade" in artifact.text) == preview


def test_what_the_machineconfig_refuses_is_refused_here() -> None:
    (refusal,) = render(spec(FileContent("/etc/containers/x", "x\n"))).refusals

    assert refusal.code == rules.OWNED_PATH


@pytest.mark.parametrize(("count", "fits"), [(50, True), (51, False)])
def test_lists_have_an_end(count: int, *, fits: bool) -> None:
    files = [FileContent(f"/etc/sysctl.d/{at}.conf", "a = 1\n") for at in range(count)]
    units = [UnitState(f"{at}.service", "masked") for at in range(count)]

    for states in (files, units):
        output = render(spec(*states))
        if fits:
            assert policy(output)
        else:
            (refusal,) = output.refusals
            assert (refusal.code, refusal.requirement) == (rules.POLICY_ENTRIES, "a.50")


def test_the_comment_tells_how_to_use_it() -> None:
    (artifact,) = render(calico()).artifacts

    for words in (
        "kernel.ip_tables (example.req:40): Module ip_tables",
        "A merge patch replaces the lists that are there",
        "--type=merge --patch-file=node-disruption-policy.yaml",
        """-p '[{"op": "remove", "path": "/spec/nodeDisruptionPolicy"}]'""",
        "one change that is not listed reboots it",
    ):
        assert words in artifact.text


def test_the_explanation_is_the_comment() -> None:
    (artifact,) = render(calico()).artifacts

    assert TARGET.explain is not None
    told = TARGET.explain(calico(), TARGET.defaults)

    comment = artifact.text.partition("---\n")[0]
    assert told == "".join(f"{line[2:]}\n" for line in comment.splitlines())


def test_a_setting_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(SettingError, match="openshift"):
        render(calico(), "4.99")


def test_the_judge_finds_mistakes() -> None:
    patch = yaml.safe_load(render(calico()).artifacts[0].text)
    lists = patch["spec"]["nodeDisruptionPolicy"]
    lists["files"][0]["actions"] = [{"type": "None"}, {"type": "Restart"}, {"type": "Boot"}]
    lists["units"] *= 51
    lists["units"][0] = {"name": "x@1.service", "actions": [DAEMON_RELOAD] * 11}

    found = complaints(patch)

    assert found == [
        "{'None'} is not alone",
        "keys: ['type']",
        "unknown action Boot",
        "51 entries",
        "one name twice",
        "'x@1.service' is no name of a service",
        "11 actions",
    ]
