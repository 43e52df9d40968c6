"""Security groups for Ansible: played by Ansible itself, with modules that only take notes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reqc.backends.openstack_security_group.backend import TARGET
from reqc.compiler.flows import Flow
from reqc.compiler.lowered import LoweredDocument
from tests.backends.ansible.playing import ansible
from tests.backends.firewall.samples import HOSTS, page, ports, rendered
from tests.deployments import SHIPPED, shipped
from tests.deployments import lowered as deployed
from tests.documents import document, requirement, role

# The arguments of the modules of openstack.cloud 1 and 2, as far as both have them.
ARGUMENTS = {
    "security_group": {
        "name": {"required": True},
        "description": {},
        "state": {"default": "present", "choices": ["absent", "present"]},
        "project": {},
    },
    "security_group_rule": {
        "security_group": {"required": True},
        "direction": {"default": "ingress", "choices": ["egress", "ingress"]},
        "ether_type": {"default": "IPv4", "choices": ["IPv4", "IPv6"], "aliases": ["ethertype"]},
        "protocol": {},
        "port_range_min": {"type": "int"},
        "port_range_max": {"type": "int"},
        "remote_group": {},
        "remote_ip_prefix": {},
        "description": {},
        "state": {"default": "present", "choices": ["absent", "present"]},
        "project": {},
    },
}
MODULE = """#!/usr/bin/python
import json

from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule(
    argument_spec={arguments!r},
    mutually_exclusive=[["remote_ip_prefix", "remote_group"]],
    supports_check_mode=True,
)
with open({notes!r}, "a") as file:
    file.write(json.dumps([{name!r}, module.params]) + chr(10))
module.exit_json(changed=False)
"""


def playbook(asked: LoweredDocument, **chosen: str) -> str:
    (artifact,) = rendered(TARGET, asked, form="ansible", **chosen).artifacts
    return artifact.text


def played(text: str, folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Play it; return each call of a module with its arguments, as Ansible understood them."""
    notes = folder / "notes"
    modules = folder / "ansible_collections" / "openstack" / "cloud" / "plugins" / "modules"
    modules.mkdir(parents=True)
    for name, arguments in ARGUMENTS.items():
        source = MODULE.format(arguments=arguments, notes=str(notes), name=name)
        (modules / f"{name}.py").write_text(source)
    (folder / "play.yml").write_text(text)
    home = folder.parent / f"{folder.name}.home"
    home.mkdir()
    (home / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {folder}\n")
    done = ansible("ansible-playbook", "play.yml", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in notes.read_text().splitlines()]
    return [
        (name, {key: value for key, value in arguments.items() if value is not None})
        for name, arguments in rows
    ]


def test_ansible_understands_what_was_meant(tmp_path: Path) -> None:
    folder = tmp_path / "play"
    folder.mkdir()
    calls = played(playbook(page(host_roles=("host", "etcd"))), folder)
    groups = [call["name"] for name, call in calls if name == "security_group"]
    found = [call for name, call in calls if name == "security_group_rule"]

    assert groups == ["calico-openstack-host", "calico-openstack-etcd"]
    assert [name for name, _ in calls] == [
        *("security_group" for _ in groups),
        *("security_group_rule" for _ in found),
    ]
    assert found[0] == {
        "security_group": "calico-openstack-host",
        "direction": "ingress",
        "ether_type": "IPv4",
        "protocol": "tcp",
        "port_range_min": 179,
        "port_range_max": 179,
        "remote_group": "calico-openstack-host",
        "description": "reqc: network.bgp",
        "state": "present",
    }
    (tunnel,) = (call for call in found if call["protocol"] == "4")
    assert tunnel["ether_type"] == "IPv4"
    assert "port_range_min" not in tunnel


HOSTILE = "{{ lookup('pipe', 'id') }} {% raw %} ' \" : # \\ - & * !"


def test_a_text_of_a_specification_is_no_template(tmp_path: Path) -> None:
    folder = tmp_path / "play"
    folder.mkdir()
    asked = document(
        requirement(HOSTILE, flows=[Flow(1, (), HOSTILE, "host", 8)]),
        roles=[HOSTS, role(HOSTILE, "10.0.0.1")],
        platform="openstack",
    )
    calls = played(playbook(asked), folder)
    (rule,) = (call for name, call in calls if name == "security_group_rule")

    assert rule["description"] == f"reqc: {HOSTILE}".replace('"', "'").replace("\\", "/")
    assert (rule["port_range_min"], rule.get("port_range_max")) == (8, None)


@pytest.mark.parametrize("spec", SHIPPED)
def test_shipped_specifications_have_the_same_rules_in_both_forms(spec: str) -> None:
    found = shipped(spec)
    asked = deployed(found, {"vxlan": True}, *found.roles)
    (artifact,) = rendered(TARGET, asked).artifacts
    module = json.loads(artifact.text)["resource"]
    ((play,),) = yaml.safe_load_all(playbook(asked))
    names = {
        f"${{openstack_networking_secgroup_v2.{key}.id}}": group["name"]
        for key, group in module["openstack_networking_secgroup_v2"].items()
    }
    expected = [
        {
            "ether_type" if key == "ethertype" else key.removesuffix("_id"): names.get(value, value)
            for key, value in rule.items()
        }
        for rule in module["openstack_networking_secgroup_rule_v2"].values()
    ]
    tasks = [task.get("openstack.cloud.security_group_rule") for task in play["tasks"]]

    assert [task for task in tasks if task] == expected


def test_a_rule_for_anyone_says_so() -> None:
    # the module would else take a rule for some group to be the one for everyone
    asked = document(
        requirement("a.b", flows=[Flow(6, ports(1), "any", "host")]),
        roles=[HOSTS],
        platform="openstack",
    )
    ((play,),) = yaml.safe_load_all(playbook(asked))
    rules = [task["openstack.cloud.security_group_rule"] for task in play["tasks"][1:]]

    assert [rule["remote_ip_prefix"] for rule in rules] == ["0.0.0.0/0", "::/0"]
    assert all(task["name"] for task in play["tasks"])
