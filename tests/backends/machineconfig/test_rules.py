"""Refusals that only OpenShift has."""

from __future__ import annotations

import pytest

from reqc.backends.ignition import rules
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.states import FileContent, ModuleAtBoot, UnitState
from tests.backends.ignition.test_rules import OPENSHIFT_ONLY
from tests.backends.machineconfig.example import render, spec

OWNED = [f"{path}registries.conf" if path.endswith("/") else path for path in knowledge().owned]
PATHS = [
    (rules.FORCE_FILE, "/run/machine-config-daemon-force"),
    *((rules.OWNED_PATH, path) for path in (*OWNED, "/etc/containers/registries.d/x.yaml")),
]
SETTINGS = [
    *((rules.POOL, {"pools": pool}) for pool in ("wroker", "worker,infra", "a\nb")),
    *((rules.OTHER_POOL, {"pools": "master", "prefix": at}) for at in ("worker", "99-arbiter")),
    (rules.OTHER_POOL, {"pools": "worker", "custom_pools": "worker-gpu", "name": "gpu-x"}),
    *((rules.VERSION, {"ignition_version": at}) for at in ("3.0.0", "3.1.0", "3.5.0")),
    (rules.VERSION, {"ignition_version": "3.4.0", "openshift": "4.12-4.13"}),
    *(
        (rules.OBJECT_NAME, {"prefix": prefix})
        for prefix in ("00", "01", "rendered", "", "X", "a b")
    ),
    *(
        (rules.OBJECT_NAME, {"name": name})
        for name in ("ssh", "generated-kubelet", "Calico", "a_b")
    ),
    *((rules.OBJECT_NAME, {"name": name}) for name in ("a.", "a..b", "x" * 250, "../x", "a\n")),
]


@pytest.mark.parametrize(("code", "path"), PATHS)
def test_files_of_the_operator_are_refused(code: str, path: str) -> None:
    output = render(spec(FileContent(path, "x\n")))

    (refusal,) = output.refusals
    assert (refusal.code, refusal.requirement) == (code, "a.0")
    assert output.artifacts == ()
    assert output.stream is None


@pytest.mark.parametrize(("code", "settings"), SETTINGS)
def test_names_and_pools_are_checked(code: str, settings: dict[str, str]) -> None:
    output = render(spec(ModuleAtBoot("m")), **settings)

    assert {refusal.code for refusal in output.refusals} == {code}
    assert all(refusal.requirement is None for refusal in output.refusals)
    assert all(refusal.message.isprintable() for refusal in output.refusals)
    assert output.artifacts == ()


@pytest.mark.parametrize("name", ["calico-ssh", "my-generated-x", "a.b-c.9"])
def test_names_that_only_look_like_the_operators_are_fine(name: str) -> None:
    assert render(spec(ModuleAtBoot("m")), name=name).refusals == ()


@pytest.mark.parametrize("path", ["/etc/containersx/y", "/etc/modules-load.d/iptables2.conf"])
def test_neighbours_of_the_operators_files_are_fine(path: str) -> None:
    assert render(spec(FileContent(path, "x\n"))).refusals == ()


def test_the_rules_of_ignition_hold_here_too() -> None:
    output = render(spec(FileContent("/usr/x", "x\n"), UnitState("x", "masked")), prefix="00")

    assert [refusal.code for refusal in output.refusals] == [
        rules.OBJECT_NAME,
        rules.OBJECT_NAME,
        rules.READ_ONLY_PATH,
        rules.UNIT_NAME,
    ]


def test_every_code_of_openshift_is_tested() -> None:
    assert {rules.SIZE, *(code for code, _ in (*PATHS, *SETTINGS))} == OPENSHIFT_ONLY


@pytest.mark.parametrize(
    ("pool", "close"),
    [("wroker", "worker"), ("Master", "master"), ("arbitr", "arbiter"), ("infa", "infra")],
)
def test_a_misspelt_pool_gets_a_suggestion(pool: str, close: str) -> None:
    (refusal,) = render(spec(ModuleAtBoot("m")), pools=pool, custom_pools="infra").refusals

    assert refusal.help.startswith(f"did you mean {close}?")


def test_a_pool_unlike_all_others_gets_their_names() -> None:
    (refusal,) = render(spec(ModuleAtBoot("m")), pools="storage").refusals

    assert refusal.help.startswith("use worker, master, arbiter, or declare it")


def test_a_version_that_a_release_does_not_read_is_told_with_the_releases() -> None:
    found = render(spec(ModuleAtBoot("m")), openshift="4.6-4.20", ignition_version="3.4.0")

    (refusal,) = found.refusals
    assert refusal.message == "OpenShift 4.6 to 4.12 does not read Ignition 3.4.0"
    assert refusal.help == "use 3.1.0, which all of 4.6 to 4.20 read"


@pytest.mark.parametrize("path", [path for path in OWNED if "/systemd/system/" in path])
def test_units_of_the_operator_are_refused_before_they_are_read(path: str) -> None:
    (refusal,) = render(spec(FileContent(path, "no unit\n"))).refusals

    assert refusal.code == rules.OWNED_PATH
