"""Names that targets make of what a document is called: names, whatever it is called."""

from __future__ import annotations

import json
import re

import pytest
from msgspec.structs import replace

from reqc.backends.ansible.yaml_text import label, shorten, task_list, yaml_text
from reqc.backends.base import Target
from reqc.backends.ignition.units import escaped_path
from reqc.backends.machineconfig.header import commented
from reqc.backends.openstack_security_group.backend import TARGET as TERRAFORM
from reqc.backends.openstack_security_group.terraform import literal
from reqc.backends.remedy.backend import TARGET as REMEDY
from reqc.backends.shell.backend import TARGET as SHELL
from reqc.compiler.checks import FileExists
from reqc.compiler.flows import Flow
from reqc.compiler.folding.text import comment, fits_one_line, one_line
from reqc.compiler.lowered import LoweredDocument, LoweredRole
from reqc.compiler.states import FileContent
from tests.documents import document, requirement


def called(product: str, version: str = "3.24", platform: str = "openshift") -> LoweredDocument:
    """Return a document of a product, with something to check and to change."""
    item = requirement("a.b", check=FileExists("/x"), states=[FileContent("/x", "y")])
    made = document(item, platform=platform)
    return replace(made, identity=replace(made.identity, product=product, version=version))


def script(target: Target, made: LoweredDocument) -> tuple[str, str]:
    (artifact,) = target.render(made, {}).artifacts
    assert isinstance(artifact.text, str)
    return artifact.name, artifact.text


@pytest.mark.parametrize(("target", "verb"), [(SHELL, "check"), (REMEDY, "remedy")])
@pytest.mark.parametrize(
    ("product", "version", "name"),
    [
        ("calico", "3.24", "calico-3.24-openshift"),
        ("Open vSwitch", "v2_1", "Open-vSwitch-v2_1-openshift"),
        ("../../etc", "1", "----etc-1-openshift"),
        ("a/b", "$(id)", "a-b--id--openshift"),
        ("é", "1\n2", "--1-2-openshift"),
    ],
)
def test_a_script_has_a_name_of_one_file(
    target: Target, verb: str, product: str, version: str, name: str
) -> None:
    found, _ = script(target, called(product, version))

    assert found == f"{verb}-{name}.sh"
    assert re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", found)
    assert ".." not in found


def folder(product: str, platform: str = "openshift") -> str:
    """Return the folder in which the script of a product keeps what it replaces."""
    _, text = script(REMEDY, called(product, platform=platform))
    (path,) = re.findall(r"^state_path=(.*)$", text, re.MULTILINE)
    return str(path)


def test_a_script_keeps_what_it_replaces_in_a_folder_of_its_own() -> None:
    assert folder("calico") == "/var/lib/reqc/calico-openshift"
    assert folder("AZ_az09") == "/var/lib/reqc/AZ_az09-openshift"


@pytest.mark.parametrize(
    ("product", "platform", "start"),
    [
        ("AZ az", "b", "AZ-az-b-"),
        ("X a", "b", "X-a-b-"),
        ("\u00e9", "b", "b-"),
        ("\u00e9", "\u00e9", "node-"),
        ("a" * 101, "b", "a" * 100 + "-"),
    ],
)
def test_what_can_be_read_of_a_name_is_kept(product: str, platform: str, start: str) -> None:
    assert re.fullmatch(f"/var/lib/reqc/{start}[0-9a-f]{{8}}", folder(product, platform))


@pytest.mark.parametrize("product", ["a b", "a/b", "../b", "-b", "é", "a" * 200, "$(id)", "a\nb"])
def test_a_folder_of_another_name_has_a_digest(product: str) -> None:
    path = folder(product)

    assert re.fullmatch(r"/var/lib/reqc/[A-Za-z0-9_][A-Za-z0-9_-]*-[0-9a-f]{8}", path)
    assert len(path) <= len("/var/lib/reqc/") + 100 + len("-12345678")
    assert path != folder(f"{product}b")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("plain é", "plain é"),
        ("a\nb\tc", r"a\x0ab\x09c"),
        ("\x00\x7f\xff", r"\x00\x7f" + "\xff"),
        ("\u0100\u202e\u2028", "\u0100" + r"\u202e\u2028"),
        ("\U000e0001", r"\ue0001"),
        ("", ""),
    ],
)
def test_what_ends_a_line_is_escaped(text: str, line: str) -> None:
    assert one_line(text) == line
    assert comment(text) == f"# {line}".rstrip()
    assert commented(iter([text, "b"])) == f"{comment(text)}\n# b\n"


@pytest.mark.parametrize(
    ("text", "fits"),
    [("a", True), ("a b", True), ("", False), (" a", False), ("a ", False), ("a\nb", False)],
)
def test_a_line_begins_and_ends_with_a_sign(text: str, fits: bool) -> None:  # noqa: FBT001  # a case
    assert fits_one_line(text) is fits


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("${a}", "$${a}"),
        ("%{a}", "%%{a}"),
        ("$a {b} %", "$a {b} %"),
        ("$${a}", "$$${a}"),
        ("${${", "$${$${"),
    ],
)
def test_terraform_evaluates_no_text(text: str, written: str) -> None:
    assert literal(text) == written


def test_names_of_terraform_begin_with_a_letter_or_an_underscore() -> None:
    roles = [LoweredRole(name, "", None, applies=True, addresses=()) for name in ("a1", "1a", "1")]
    items = [requirement(f"a.{role.name}", flows=[Flow(4, (), "any", role.name)]) for role in roles]
    made = document(*items, roles=roles, host_roles=("a1", "1a", "1"), platform="openstack")

    settings = {item.name: item.default for item in TERRAFORM.settings}
    (artifact,) = TERRAFORM.render(made, settings).artifacts

    found = json.loads(str(artifact.text))["resource"]["openstack_networking_secgroup_v2"]
    assert sorted(found) == ["_1", "_1a", "a1"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("two words", '"two words"'),
        ("yes", '"yes"'),
        ("Off", '"Off"'),
        ("null", '"null"'),
        ("0x10", '"0x10"'),
        ("-a", '"-a"'),
        ("", '""'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("{{ a }}", '!unsafe "{{ a }}"'),
        ("{% a %}", '!unsafe "{% a %}"'),
        ("{# a #}", '!unsafe "{# a #}"'),
        ("{a}", '"{a}"'),
    ],
)
def test_ansible_evaluates_no_text(text: str, written: str) -> None:
    assert yaml_text({"a": text}) == f"---\na: {written}\n"


def test_ansible_gets_keys_in_their_order_and_lines_as_they_are() -> None:
    data = {"b": "x " * 99, "a": [], "c": {"e": 1, "d": [True, None]}}

    assert yaml_text(data) == (
        f'---\nb: "{"x " * 99}"\na: []\nc:\n  e: 1\n  d:\n    - true\n    - null\n'
    )


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/sys/fs/bpf", "sys-fs-bpf"),
        ("/AZ_az:09", "AZ_az:09"),
        ("/X/", "X"),
        ("/.a/.b/c.d", r"\x2ea-.b-c.d"),
        ("/a.b", "a.b"),
        ("/a-b c", r"a\x2db\x20c"),
    ],
)
def test_systemd_names_a_unit_after_its_path(path: str, name: str) -> None:
    assert escaped_path(path) == name


def test_tasks_are_a_list_with_blank_lines_between_them() -> None:
    same = {"name": "x", "loop": ["y" * 200, {"z": 1}]}

    assert task_list([same, {"block": [same, same]}]) == (
        f"---\n- name: x\n  loop:\n    - {'y' * 200}\n    - z: 1\n"
        "\n- block:\n"
        f"    - name: x\n      loop:\n        - {'y' * 200}\n        - z: 1\n"
        f"    - name: x\n      loop:\n        - {'y' * 200}\n        - z: 1\n"
    )


def test_the_label_of_a_task_is_no_template() -> None:
    assert label("a {{ b }} {%") == r"a \x7b\x7b b }} \x7b%"


@pytest.mark.parametrize(("text", "short"), [("abcde", "abcde"), ("abcdef", "ab..."), ("", "")])
def test_a_long_label_ends_in_dots(text: str, short: str) -> None:
    assert shorten(text, 5) == short
