"""What the shipped specifications compile to, fed to the real tools that will read it."""

from __future__ import annotations

import json
import shutil
import subprocess
from itertools import product
from pathlib import Path

import pytest
import yaml

from reqc.backends.base import Output
from reqc.compiler.lower import Deployment, lower
from tests.backends.firewall.daemon import daemon
from tests.deployments import SHIPPED, rendered, shipped
from tests.tools import require

SHELLS = ("dash", "bash", "busybox", "mksh")
COMMANDS = {"busybox": ["busybox", "ash"], "bash": ["bash", "--posix"]}
ROLES = {
    "v3.16-openstack": ("host", "etcd"),
    "v3.24-openshift": ("host", "typha", "apiserver"),
}
ADDRESSES = {
    "host": ("10.98.0.0/24", "10.98.7.7/32", "fd00:98::/120"),
    "typha": ("10.98.1.1/32",),
    "etcd": ("10.98.2.0/30", "fd00:98:2::/64"),
}


def run(*command: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool in a network namespace of its own and return what it said."""
    return subprocess.run(
        [require("unshare"), "--net", *command],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def compiled(spec: str, target: str, *roles: str, **settings: str) -> Output:
    """Return what a target makes of a shipped specification for hosts of the roles."""
    deployment = Deployment(host_roles=roles, addresses=ADDRESSES)
    return rendered(target, lower(shipped(spec), deployment), **settings)


@pytest.mark.parametrize("spec", SHIPPED)
@pytest.mark.parametrize("version", ["3.0.0", "3.1.0", "3.2.0", "3.3.0"])
def test_ignition_is_valid_without_a_warning(spec: str, version: str) -> None:
    (artifact,) = compiled(spec, "ignition", **{"ignition-version": version}).artifacts

    said = run(require("ignition-validate"), "-", stdin=artifact.text)

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("spec", SHIPPED)
def test_the_machineconfig_of_each_pool_is_valid(spec: str) -> None:
    output = compiled(spec, "machineconfig", openshift="4.7")
    assert output.stream is not None
    objects = list(yaml.safe_load_all(output.stream))

    assert [item["metadata"]["name"] for item in objects] == [
        "99-worker-calico",
        "99-master-calico",
    ]
    for item in objects:
        config = json.dumps(item["spec"]["config"], indent=2)
        said = run(require("ignition-validate"), "-", stdin=config)
        assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("spec", SHIPPED)
def test_shellcheck_has_nothing_to_say(spec: str, tmp_path: Path) -> None:
    (artifact,) = compiled(spec, "shell").artifacts
    script = tmp_path / "check.sh"
    script.write_text(artifact.text, encoding="utf-8")

    said = run(require("shellcheck"), "-s", "sh", str(script))

    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.parametrize("spec", SHIPPED)
def test_all_shells_agree_about_this_machine(spec: str) -> None:
    (artifact,) = compiled(spec, "shell").artifacts
    answers = {}
    for shell in SHELLS:
        command = [require(shell), *COMMANDS.get(shell, [shell])[1:]]
        said = run(*command, "-s", "--", "--format", "json", stdin=artifact.text)
        assert said.stderr == ""
        assert said.returncode in {0, 1, 3}
        answers[shell] = (said.returncode, json.loads(said.stdout))

    assert all(answer == answers["dash"] for answer in answers.values())


@pytest.mark.parametrize(("spec", "mode"), [*product(SHIPPED, ("guard", "enforce"))], ids="-".join)
@pytest.mark.parametrize("family", [4, 6])
def test_iptables_restore_accepts_the_rules(
    spec: str, mode: str, family: int, tmp_path: Path
) -> None:
    output = compiled(spec, "iptables", *ROLES[spec], mode=mode)
    texts = {artifact.name: artifact.text for artifact in output.artifacts}
    tool = require("iptables-nft-restore" if family == 4 else "ip6tables-nft-restore")
    (tmp_path / "rules").write_text(texts[f"rules.v{family}"], encoding="utf-8")
    (tmp_path / "sets").write_text(texts["rules.ipset"], encoding="utf-8")
    load = f"{require('ipset')} restore <sets && {tool} --noflush --test <rules"

    said = run("sh", "-ec", f"cd '{tmp_path}' && {load}")

    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize(("spec", "mode"), [*product(SHIPPED, ("guard", "enforce"))], ids="-".join)
def test_nft_accepts_the_rules(spec: str, mode: str) -> None:
    (artifact,) = compiled(spec, "nftables", *ROLES[spec], mode=mode).artifacts

    said = run(require("nft"), "--check", "--file", "-", stdin=artifact.text)

    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


@pytest.mark.parametrize("spec", SHIPPED)
def test_firewalld_accepts_the_files(spec: str, tmp_path: Path) -> None:
    tool = require("firewall-offline-cmd")
    for artifact in compiled(spec, "firewalld", *ROLES[spec]).artifacts:
        path = tmp_path / artifact.name
        path.parent.mkdir(exist_ok=True)
        path.write_text(artifact.text, encoding="utf-8")
        linter = ("xmllint", "--noout") if path.suffix == ".xml" else ("shellcheck", "--shell=sh")
        assert run(require(linter[0]), linter[1], str(path)).returncode == 0

    shutil.copy("/etc/firewalld/firewalld.conf", tmp_path)

    said = run(tool, "--system-config", str(tmp_path), "--check-config")

    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("spec", SHIPPED)
def test_a_real_firewalld_takes_the_files(spec: str, tmp_path: Path) -> None:
    found = daemon(compiled(spec, "firewalld", *ROLES[spec]), tmp_path)

    assert (found.state, found.complaints) == ("running", [])
    assert "policy_reqc-" in found.ruleset
