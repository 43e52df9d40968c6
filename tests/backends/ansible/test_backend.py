"""The role as text: what it holds, what it names, and what nobody's text can make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from reqc.backends.ansible.backend import TARGET, role_name
from reqc.backends.ansible.steps import tags
from reqc.backends.ansible.yaml_text import yaml_text
from reqc.backends.base import Output, Reason
from reqc.backends.ignition import rules
from reqc.compiler.checks import Unit, UnitCondition
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import (
    FileAbsent,
    FileContent,
    KernelArgument,
    PackageInstalled,
    State,
    SysctlValue,
    UnitState,
)
from tests.backends.ansible.pages import ARGUMENTS, FILES, ODD_PATH, RUNNING, UNITS, page
from tests.backends.strategies import HOSTILE, documents
from tests.documents import document, requirement

EVERYTHING = page(FILES, UNITS, RUNNING, ARGUMENTS)
ROLE = "roles/calico_requirements"


class _Unsafe(str):
    __slots__ = ()


class _Loader(yaml.SafeLoader):
    pass


_Loader.add_constructor("!unsafe", lambda loader, node: _Unsafe(loader.construct_scalar(node)))


def read(text: str) -> Any:  # noqa: ANN401  # whatever YAML holds
    return yaml.load(text, _Loader)  # noqa: S506  # a safe loader with one more tag


def render(*states: State) -> Output:
    rows = [requirement(f"a.{at}", states=[item]) for at, item in enumerate(states)]
    return TARGET.render(document(*rows), TARGET.defaults)


def texts(made: LoweredDocument) -> dict[str, str]:
    output = TARGET.render(made, TARGET.defaults)
    assert output.refusals == ()
    return {artifact.name: artifact.text for artifact in output.artifacts}


def tasks(made: LoweredDocument, name: str = "present") -> list[dict[str, Any]]:
    found = read(texts(made)[f"{ROLE}/tasks/{name}.yml"])
    assert isinstance(found, list)
    return found


def test_files_are_as_they_were_folded() -> None:
    found = texts(EVERYTHING)

    assert found[f"{ROLE}/files/etc/sysctl.d/90-calico.conf"].splitlines()[1:] == [
        "net.ipv4.ip_forward = 1",
        "net.ipv4.tcp_rmem = 4096 131072 6291456",
    ]
    assert found[f"{ROLE}/files/etc/default/grub.d/90-calico.cfg"].splitlines()[1:] == [
        'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX hugepages=16"',
    ]
    assert "{{ lookup" in found[f"{ROLE}/files/etc/replaced.conf"]


def test_every_task_names_and_is_tagged_with_what_asks_for_it() -> None:
    (step,) = (item for item in tasks(EVERYTHING) if item["name"].startswith("Mask local.service"))

    assert step["tags"] == ["unit.masked", "now.masked"]
    assert "for unit.masked (page:" in step["name"]
    for item in (*tasks(EVERYTHING), *tasks(EVERYTHING, "absent")):
        assert item["tags"]
        assert item["name"][0].isupper()


def test_undoing_goes_backwards() -> None:
    def touched(name: str) -> list[str]:
        variables = (item.get("vars", {}) for item in tasks(EVERYTHING, name))
        found = (item.get("_calico_requirements_path") for item in variables)
        return [path for path in found if path and path.startswith("/etc/N")]

    assert touched("present") == [*reversed(touched("absent"))]
    assert len(touched("present")) == 3


def test_the_role_holds_only_the_mechanics_that_it_uses() -> None:
    found = texts(document(requirement("a.a", states=[FileAbsent("/etc/x")])))

    assert {name.rpartition("/")[2] for name in found if "/tasks/" in name} == {
        *("main.yml", "present.yml", "absent.yml", "record.yml", "forget.yml"),
        *("gone.yml", "path.yml", "undo_path.yml"),
    }
    assert f"{ROLE}/handlers/main.yml" not in found


def test_every_file_of_tasks_is_there() -> None:
    found = texts(EVERYTHING)

    imported = {
        task["ansible.builtin.import_tasks"]
        for name, text in found.items()
        if "/tasks/" in name
        for task in read(text)
        if "ansible.builtin.import_tasks" in task
    }
    assert {f"{ROLE}/tasks/{name}" for name in imported} <= set(found)


def test_only_built_in_modules_are_used() -> None:
    known = {"name", "vars", "tags", "when", "register", "notify", "listen", "loop", "diff"}
    known |= {"check_mode", "changed_when", "failed_when"}
    for name, text in texts(EVERYTHING).items():
        if "/tasks/" in name or "/handlers/" in name:
            for task in read(text):
                (module,) = set(task) - known
                assert module.startswith("ansible.builtin.")


def test_a_text_is_a_template_for_nobody() -> None:
    (step,) = (item for item in tasks(EVERYTHING) if item["name"].startswith("Write /etc/odd"))

    path = step["vars"]["_calico_requirements_path"]
    assert path == ODD_PATH
    assert isinstance(path, _Unsafe)
    assert "{" not in step["name"]


def _strings(data: object) -> Iterator[str]:
    match data:
        case dict():
            for key, value in data.items():
                yield from (*_strings(key), *_strings(value))
        case list():
            for value in data:
                yield from _strings(value)
        case str():
            yield data


def _with_roles(made: LoweredDocument) -> LoweredDocument:
    """Return a document as the compiler makes them: every requirement binds some hosts."""
    sections = tuple(
        replace(
            section,
            requirements=tuple(
                replace(item, roles=item.roles or ("host",), applies=True, states=item.states[:1])
                for item in section.requirements
            ),
        )
        for section in made.sections
    )
    return replace(made, sections=sections, host_roles=("host", *made.host_roles))


@settings(max_examples=60)
@given(documents(HOSTILE).map(_with_roles))
def test_no_document_brings_a_template_in(made: LoweredDocument) -> None:
    named = replace(made, identity=replace(made.identity, product="calico"))
    output = TARGET.render(named, TARGET.defaults)

    written = {"present.yml", "absent.yml", "calico_requirements.yml", "argument_specs.yml"}
    for artifact in output.artifacts:
        if artifact.name.rpartition("/")[2] in written and "/files/" not in artifact.name:
            for text in _strings(read(artifact.text)):
                assert isinstance(text, _Unsafe) or not any(
                    opening in text for opening in ("{{", "{%", "{#")
                )


@settings(max_examples=60)
@given(documents(HOSTILE).map(_with_roles))
def test_every_requirement_is_carried_or_named(made: LoweredDocument) -> None:
    output = TARGET.render(made, TARGET.defaults)
    named = {row.requirement for row in output.unsupported}
    tagged = {
        tag
        for artifact in output.artifacts
        if artifact.name.endswith("/tasks/present.yml")
        for task in read(artifact.text)
        for tag in task["tags"]
    }

    for item in made.here:
        carried = set(tags([item.origin.id])) <= tagged
        assert output.refusals or carried or item.origin.id in named


@given(st.text())
def test_yaml_reads_back_to_the_same(text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    assert read(yaml_text({"a": [text, {"b": text}]})) == {"a": [text, {"b": text}]}


def test_yaml_quotes_what_could_be_more_than_a_word() -> None:
    written = yaml_text({"a": ["x", "b c", "no", {"k": "{{ x }}"}]})

    assert written == '---\na:\n  - x\n  - "b c"\n  - "no"\n  - k: !unsafe "{{ x }}"\n'


def test_the_same_document_gives_the_same_bytes() -> None:
    assert texts(EVERYTHING) == texts(EVERYTHING)


@pytest.mark.parametrize(
    ("product", "role"),
    [
        ("calico", "calico_requirements"),
        ("Open vSwitch", "open_vswitch_requirements"),
        ("3scale", "product_3scale_requirements"),
        ("{{ x }}", "x_requirements"),
    ],
)
def test_a_role_has_a_name_that_ansible_takes(product: str, role: str) -> None:
    made = document(requirement("a.a"))

    assert role_name(replace(made, identity=replace(made.identity, product=product))) == role


def test_a_tag_is_one_word() -> None:
    assert tags(["a.b", "always", "a,b", "{{ x }}", "a.b"]) == ["a.b", "always_", "a_b", "___x___"]


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        (KernelArgument('a="$(id)"'), Reason.INEXPRESSIBLE, "boot loader"),
        (FileContent("/run/x", ""), Reason.IGNORED, "every boot"),
        (FileAbsent("/proc/x"), Reason.IGNORED, "every boot"),
        (FileContent(f"/etc/{'/'.join(['a' * 60] * 5)}", ""), Reason.INEXPRESSIBLE, "long a name"),
        (PackageInstalled("--now"), Reason.INEXPRESSIBLE, "no name of a package"),
        (SysctlValue("net.ipv4.conf.*.rp_filter", "1"), Reason.INEXPRESSIBLE, "next boot"),
    ],
)
def test_what_cannot_be_said_is_named(state: State, reason: Reason, words: str) -> None:
    (row,) = render(state).unsupported

    assert (row.requirement, row.reason) == ("a.0", reason)
    assert words in row.detail


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([FileContent("/etc/../x", "")], rules.PATH),
        ([FileAbsent("etc/x")], rules.PATH),
        ([FileContent("/etc/x", "", 644)], rules.MODE),
        ([FileContent("/etc/x", "\ud800")], rules.TEXT),
        ([UnitState("x' ; id", "masked")], rules.UNIT_NAME),
        ([KernelArgument("a b")], rules.ARGUMENT),
        ([SysctlValue("net/../../../etc/x", "1")], rules.UNWRITABLE),
        (
            [
                FileContent("/etc/systemd/system/x.service", ""),
                UnitState("x.service", "masked"),
            ],
            rules.UNIT_STATES,
        ),
        ([FileContent("/etc/x", ""), FileAbsent("/etc/x")], rules.FILE_AND_NO_FILE),
    ],
)
def test_what_would_do_harm_is_refused(states: list[State], code: str) -> None:
    output = render(*states)

    assert {row.code for row in output.refusals} == {code}
    assert output.artifacts == ()


def test_the_page_of_a_role_tells_what_it_costs_and_leaves_out() -> None:
    guard = Unit("NetworkManager.service", UnitCondition.PRESENT)
    guarded = requirement("a.nm", states=[KernelArgument("quiet")], guard=guard)
    found = texts(document(guarded, requirement("a.check")))[f"{ROLE}/README.md"]

    assert "need a reboot" in found
    assert "Only for nodes of a certain sort" in found
    assert "before it changes something: a.nm." in found
    assert "said elsewhere: a.check" in found
    assert "No reboot is needed" not in found
