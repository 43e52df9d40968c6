"""Choices: conditions in the shell against those in Python, and the options of the script."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.compiler.checks import Relation
from reqc.compiler.conditions import (
    Both,
    Chosen,
    Compared,
    Condition,
    Either,
    OneOf,
    Unless,
    Value,
    evaluate,
)
from reqc.compiler.lowered import LoweredDocument, LoweredOption
from reqc.compiler.values import OptionType
from tests.backends.shell.nodes import SHELLS, Node, output, report, run
from tests.backends.shell.samples import GOOD, script
from tests.documents import document, option, requirement, role

VERSIONS: Final = ("1", "1.0", "v1.2", "1.10", "3.10.0", "4.18.0-193", "4.18.0-305", "08.2")
NUMBERS: Final = (0, 1, 9, 10, 5473, 2**31, 10**17)
WORDS: Final = ("etcd", "kubernetes", "no-one", "true")
TEXTS: Final = ("", "a", "a b", "naïve 日本", "a\nb", "*", "'", "\\", "true", "-n", "--set", "$(x)")
VALUES: Final[Mapping[str, tuple[Value, ...]]] = {
    "yes": (True, False),
    "or-no": (True, False),
    "count": NUMBERS,
    "port": (1, 80, 65535),
    "release": VERSIONS,
    "store": WORDS,
    "text": TEXTS,
}
KINDS: Final = {
    "yes": "bool",
    "or-no": "bool",
    "count": "int",
    "port": "port",
    "release": "version",
    "store": "enum",
    "text": "string",
}
EQUAL: Final = st.sampled_from((Relation.EQUAL, Relation.NOT_EQUAL))


def options(choices: Mapping[str, Value | None]) -> tuple[LoweredOption, ...]:
    return tuple(
        option(name, choices[name], KINDS[name], *(WORDS if KINDS[name] == "enum" else ()))
        for name in VALUES
    )


def compared(name: str) -> st.SearchStrategy[Condition]:
    """Return conditions about one option as the compiler makes them."""
    values = st.sampled_from(VALUES[name])
    if KINDS[name] == "bool":
        return st.just(Chosen(name))
    if KINDS[name] == "version":
        relations = st.sampled_from(Relation)
        return st.builds(Compared, st.just(name), relations, values, st.just(value=True))
    relations = st.sampled_from(Relation) if KINDS[name] in {"int", "port"} else EQUAL
    several = st.lists(values, max_size=3).map(tuple)
    return st.builds(Compared, st.just(name), relations, values) | st.builds(
        OneOf, st.just(name), several
    )


def combined(parts: tuple[Condition, ...]) -> st.SearchStrategy[Condition]:
    return st.sampled_from((Both(parts), Either(parts)))


LEAVES: Final = st.sampled_from(tuple(VALUES)).flatmap(compared)
CONDITIONS: Final = st.recursive(
    LEAVES,
    lambda parts: st.lists(parts, max_size=3).map(tuple).flatmap(combined) | parts.map(Unless),
    max_leaves=6,
)
CHOICES: Final = st.fixed_dictionaries(
    {name: st.none() | st.sampled_from(values) for name, values in VALUES.items()}
)


def written(value: Value) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("shell", SHELLS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    conditions=st.lists(CONDITIONS, min_size=12, max_size=12),
    compiled=CHOICES,
    chosen=CHOICES,
)
def test_conditions_hold_in_the_shell_as_they_do_in_python(
    shell: str,
    good: Node,
    conditions: list[Condition],
    compiled: dict[str, Value | None],
    chosen: dict[str, Value | None],
) -> None:
    rows = [
        requirement(f"node.n{number}", check=GOOD, condition=condition)
        for number, condition in enumerate(conditions)
    ]
    made = document(*rows, options=options(compiled))
    changed = {name: value for name, value in chosen.items() if value is not None}
    arguments = [
        word for name, value in changed.items() for word in ("--set", f"{name}={written(value)}")
    ]

    found = report(shell, script(made), good.root.parent, "--root", str(good.root), *arguments)

    words = {True: "pass", False: "n/a", None: "unknown"}
    assert [item["state"] for item in found.values()] == [
        words[evaluate(condition, {**compiled, **changed})] for condition in conditions
    ]


MESH: Final = document(
    requirement("node.mesh", check=GOOD, condition=Chosen("mesh")),
    requirement("node.etcd", check=GOOD, condition=Compared("store", Relation.EQUAL, "etcd")),
    requirement("node.port", check=GOOD, bound_to=("port",)),
    requirement("node.net", check=GOOD, condition=Chosen("unset")),
    requirement("node.agent", check=GOOD, roles=("agent", "edge", "core")),
    options=(
        option("mesh", value=False),
        option("store", "etcd", "enum", "etcd", "kubernetes"),
        option("port", 80, "port"),
        option("count", 3, "int"),
        option("release", "4.18.0-193", "version"),
        option("pods", "10.0.0.0/8", "cidr"),
        option("name", "x", "string"),
        option("unset"),
    ),
    roles=(role("host"), role("agent"), role("edge"), role("core")),
)


def judged(shell: str, good: Node, *arguments: str) -> dict[str, tuple[str, str]]:
    found = report(shell, script(MESH), good.root.parent, "--root", str(good.root), *arguments)
    return {name: (item["state"], item["found"]) for name, item in found.items()}


@pytest.mark.parametrize("shell", SHELLS)
def test_one_script_serves_all_choices(shell: str, good: Node) -> None:
    assert judged(shell, good) == {
        "node.mesh": ("n/a", "not asked for: when mesh"),
        "node.etcd": ("pass", "present"),
        "node.port": ("pass", "present"),
        "node.net": ("unknown", "choose a value with --set unset=VALUE"),
        "node.agent": ("n/a", "binds agent, edge and core hosts"),
    }
    chosen = ("--set", "mesh=true", "--set=store=kubernetes", "--set", "unset=false")
    assert judged(shell, good, *chosen, "--role", "edge") == {
        "node.mesh": ("n/a", "binds host hosts"),
        "node.etcd": ("n/a", "binds host hosts"),
        "node.port": ("n/a", "binds host hosts"),
        "node.net": ("n/a", "binds host hosts"),
        "node.agent": ("pass", "present"),
    }
    both = judged(shell, good, *chosen, "--role=edge", "--role", "host", "--role", "edge")
    assert [state for state, _ in both.values()] == ["pass", "n/a", "pass", "n/a", "pass"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_report_names_the_choices_in_force(shell: str, good: Node) -> None:
    chosen = [
        *("--set", "mesh=true", "--set", "count=007", "--set", 'name=a "b" \\ é'),
        *("--set", "mesh=false", "--set", "mesh=true", "--role", "agent"),
    ]

    found = json.loads(output(shell, good, MESH, "--format", "json", *chosen)[1])

    assert found["host_roles"] == ["agent"]
    assert found["options"] == {
        "mesh": True,
        "store": "etcd",
        "port": 80,
        "count": 7,
        "release": "4.18.0-193",
        "pods": "10.0.0.0/8",
        "name": 'a "b" \\ é',
        "unset": None,
    }


WRONG: Final = {
    "mesh": ("", "yes", "True", "1", "true ", "true\nfalse"),
    "store": ("", "etc", "etcd, kubernetes", "etcd\nkubernetes", "*"),
    "port": ("", "0", "65536", "000080", "80x", "-1", "99999999999999999999", "8 0"),
    "count": ("", "1.0", "-1", "0x1", "1" * 19),
    "release": ("", "x", "4.", ".4", "4..1", "4-", "4-1-2", "4.18-rc1", "1" * 19, "3." + "1" * 19),
}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("name", "text"), [(name, text) for name in WRONG for text in WRONG[name]])
def test_a_value_that_reqc_refuses_is_refused_in_its_words(
    shell: str, tmp_path: Path, name: str, text: str
) -> None:
    (found,) = (option for option in MESH.options if option.name == name)
    with pytest.raises(ValueError, match="expected") as refused:
        OptionType(found.kind, tuple(map(str, found.values))).read(text)

    done = run(shell, script(MESH), tmp_path, "--set", f"{name}={text}")

    assert done.returncode == 2
    assert f"is no value of the option `{name}`: {refused.value}\n" in done.stderr.decode()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("port", text) for text in ("80", "080", "00080")),
        *(("count", text) for text in ("0", "000", "1" * 18)),
        *(("release", text) for text in ("v1", "0", "4.18.0-193.1", "1" * 18, "007.08")),
        ("unset", "true"),
        *(("name", text) for text in ("", "a=b", "a\nb", "日本", "\x1b[31m", "-")),
        ("pods", "10.0.0.0/8"),
    ],
)
def test_a_value_that_reqc_takes_is_taken(shell: str, good: Node, name: str, text: str) -> None:
    (found,) = (option for option in MESH.options if option.name == name)
    value = OptionType(found.kind).read(text)

    told = json.loads(output(shell, good, MESH, "--format=json", "--set", f"{name}={text}")[1])

    assert told["options"][name] == value


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("--set=mehs=true", "the specification has no option `mehs`\noptions: mesh, store, port"),
        ("--set=mesh", "`mesh` is no OPTION=VALUE"),
        ("--set==true", "`=true` is no OPTION=VALUE"),
        (
            "--set=port=81",
            "`port` is fixed in this script (node.port); compile again with --set port=81",
        ),
        ("--set=pods=10.0.0.0/9", "`pods` is fixed in this script (a network); compile again"),
        ("--role=hots", "the specification has no role `hots`\nroles: host, agent, edge, core"),
        ("--role=host\nagent", "the specification has no role `host\\x0aagent`"),
    ],
)
def test_what_cannot_be_chosen(shell: str, tmp_path: Path, argument: str, message: str) -> None:
    done = run(shell, script(MESH), tmp_path, argument)

    assert done.returncode == 2
    assert message in done.stderr.decode()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_text_must_be_text(shell: str, tmp_path: Path) -> None:
    done = run(shell, script(MESH), tmp_path, "--set", "name=a\udcff")

    assert done.returncode == 2
    assert b"is no value of the option `name`: expected text in UTF-8" in done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_the_environment_chooses_nothing(shell: str, good: Node) -> None:
    name = next(line for line in script(MESH).splitlines() if line.startswith("unset choice_"))
    assert name == "unset choice_unset"

    poisoned = script(MESH).replace("#!/bin/sh\n", "#!/bin/sh\nchoice_unset=true\n", 1)
    found = report(shell, poisoned, good.root.parent, "--root", str(good.root))

    assert found["node.net"]["state"] == "unknown"


def test_options_whose_names_look_alike_to_a_shell_stay_apart(good: Node) -> None:
    alike: LoweredDocument = document(
        requirement("node.one", check=GOOD, condition=Chosen("a-b")),
        requirement("node.two", check=GOOD, condition=Chosen("a_b")),
        options=(option("a-b", value=True), option("a_b", value=False)),
    )

    found = report("dash", script(alike), good.root.parent, "--root", str(good.root))

    assert [item["state"] for item in found.values()] == ["pass", "n/a"]


def test_help_names_the_options(tmp_path: Path) -> None:
    text = run("dash", script(MESH), tmp_path, "--help").stdout.decode()

    assert "  mesh=false, true or false: About mesh\n" in text
    assert "  store=etcd, etcd or kubernetes: About store\n" in text
    assert "  port=80, fixed: About port\n" in text
    assert "  unset=(no value), true or false: About unset\n" in text
    assert max(map(len, text.splitlines())) <= 101
