"""The check scripts inside virtual machines whose kernels are as Debian ships them, or damaged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

from reqc.backends.shell.backend import TARGET
from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.lowered import LoweredDocument
from tests.specs.shipped import NAMES, OPENSHIFT, OPENSTACK, lowered
from tests.vm.damage import DAMAGES, damaged
from tests.vm.kernels import SUITES, kernel
from tests.vm.machine import Said, boot, system
from tests.vm.wanted import CHOICES, NEEDS, REGISTERED, RULES, SHOWN

_JSON: Final = "--format json"
_USER: Final = "setpriv --reuid 65534 --regid 65534 --clear-groups"

FACTS: Final = {"root": OPENSHIFT, "blind": OPENSTACK}
"""Whose facts are collected, by the script of which page; it takes longer than to judge."""

DEEP: Final = OPENSHIFT
"""The page that is judged with --deep, which takes longer than all others together."""


def _steps(damage: str) -> dict[str, str]:
    """Return what runs in a machine, in order: commands by name."""
    tried = damage in {"whole", "legacy"}
    return {
        "modules before": "cat /proc/modules",
        # Nothing that a page names is loaded yet.
        **{f"root {page}": f"sh /checks/{page} {_JSON}" for page in NAMES},
        "root facts": f"sh /checks/{FACTS['root']} --facts",
        **{f"user {page}": f"{_USER} dash /checks/{page} {_JSON}" for page in NAMES},
        "close the configuration": "chmod 600 $(find /boot/config-* /lib/modules/*/config)",
        **{f"blind {page}": f"{_USER} sh /checks/{page} {_JSON}" for page in NAMES},
        "blind facts": f"{_USER} dash /checks/{FACTS['blind']} --facts",
        "modules after": "cat /proc/modules",
        # Now the kernel itself loads what each rule asks for, and then kmod all that has a name.
        **({"deep": f"sh /checks/{DEEP} --deep {_JSON}"} if tried else {}),
        "rules": """
            ipset create probe hash:ip
            while read -r rule; do $rule >/dev/null 2>&1 </dev/null; echo "$? $rule"; done </rules
        """,
        "names": "while read -r name; do modprobe -q $name; echo $? $name; done </names",
        "rows": "cd /proc/net; for file in ip*_tables_*; do sed s/^/$file' '/ $file; done",
        "by name": "modprobe xt_set",
        **{f"live {page}": f"sh /checks/{page} {_JSON}" for page in NAMES},
    }


_KERNEL: Final = {item for needs in NEEDS.values() for item in needs}


@dataclass(frozen=True, slots=True)
class Machine:
    """A kernel that was booted: its own truth, and what the steps said in it.

    `modules` are the names that kmod resolves, `options` the lines of the configuration.
    """

    modules: frozenset[str]
    options: frozenset[str]
    said: Mapping[str, Said]

    def states(self, step: str) -> dict[str, str]:
        """Return the states that a script reported in a step, by requirement."""
        said = self.said[step]
        assert said.err == ""
        return {row["id"]: row["state"] for row in json.loads(said.out)["results"]}

    def kernel(self, step: str) -> dict[str, str]:
        """Return those of them that are about the kernel."""
        return {item: state for item, state in self.states(step).items() if item in _KERNEL}


@cache
def document(page: str) -> LoweredDocument:
    """Return a page with all that it can ask of a kernel."""
    return lowered(page, **CHOICES[page])


@cache
def machine(suite: str, name: str) -> Machine:
    """Boot the kernel of a suite under a damage, once for all tests."""
    damage = DAMAGES[name]
    with TemporaryDirectory() as folder:
        there = damaged(kernel(suite), damage, Path(folder))
        made = system(there)
        made.write("etc/modprobe.d/site.conf", damage.modprobe)
        for page in NAMES:
            (artifact,) = TARGET.render(document(page), {}).artifacts
            made.write(f"checks/{page}", artifact.text)
        made.write("names", "".join(f"{name}\n" for name in sorted(_names())))
        made.write("rules", "".join(f"{rule}\n" for rule in _rules(name)))
        said = boot(there, made, _steps(name), Path(folder), *damage.parameters)
        modules = frozenset(filter(there.resolves, _names()))
        return Machine(modules, frozenset(there.options()), said)


def _names() -> set[str]:
    ways = [way for needs in NEEDS.values() for ways in needs.values() for way in ways]
    return {name for way in ways for name in way if not name.startswith("CONFIG_")}


def _rules(damage: str) -> dict[str, tuple[str, ...]]:
    """Return the rules to try, by the legacy tool where the kernel has its base."""
    tool = "nft" if damage == "legacy" else "legacy"
    return {rule.replace("-legacy", f"-{tool}"): ids for rule, ids in RULES.items()}


def truth(there: Machine, page: str, name: str, *, blind: bool = False) -> dict[str, str]:
    """Return the state that each kernel requirement of a page must have while nothing is loaded.

    The blind see no configuration, so they cannot call anything missing.
    """
    damage = DAMAGES[name]
    facts = there.modules | (there.options & SHOWN if blind else there.options)
    found = {}
    for item, ways in NEEDS[page].items():
        met = any(facts.issuperset(way) for way in ways)
        if damage.parameters and item in damage.failing | damage.cautioned:
            found[item] = "fail" if item in damage.failing else "warn"
        elif met:
            found[item] = "pass"
        else:
            found[item] = "unknown" if blind else "fail"
    return found


ANCIENT: Final = {"bullseye", "bookworm"}
"""Suites with kernels before 6.4, which moved the match icmp."""

MOVED: Final = {
    "bullseye": {"xt_icmp": "ip_tables", "xt_icmp6": "ip6_tables"},
    "bookworm": {"xt_icmp": "ip_tables", "xt_icmp6": "ip6_tables"},
    "trixie": {"xt_icmp": "xt_tcpudp", "xt_icmp6": "xt_tcpudp"},
    "sid": {"xt_icmp": "xt_tcpudp", "xt_icmp6": "xt_tcpudp"},
}
PHANTOMS: Final = {
    "xt_rpfilter": "ipt_rpfilter",
    "ipt_set": "xt_set",
    "nf_conntrack_proto_sctp": "CONFIG_NF_CT_PROTO_SCTP=y",
}
"""Names of a page that are modules of no kernel, and what stands for them on each kernel."""


def _machines(*names: str) -> pytest.MarkDecorator:
    """Run a test for each kernel under each damage, next to others of the same machine."""
    return pytest.mark.parametrize(
        ("suite", "name"),
        [
            pytest.param(suite, name, marks=pytest.mark.xdist_group(f"{suite}-{name}"))
            for suite in SUITES
            for name in names
        ],
    )


each_page = pytest.mark.parametrize("page", NAMES)
each_machine = _machines(*DAMAGES)
each_whole_machine = _machines("whole")


@each_page
@each_machine
def test_each_requirement_is_judged_as_the_kernel_is(suite: str, name: str, page: str) -> None:
    there = machine(suite, name)

    expected = truth(there, page, name)
    assert there.kernel(f"root {page}") == expected
    assert (there.said[f"root {page}"].status == 1) == ("fail" in expected.values())


@each_page
@each_machine
def test_a_user_sees_what_root_sees(suite: str, name: str, page: str) -> None:
    there = machine(suite, name)

    assert there.states(f"user {page}") == there.states(f"root {page}")


@each_page
@each_machine
def test_without_the_configuration_nothing_is_called_missing(
    suite: str, name: str, page: str
) -> None:
    there = machine(suite, name)

    assert there.kernel(f"blind {page}") == truth(there, page, name, blind=True)


@each_machine
def test_no_module_is_loaded_by_looking(suite: str, name: str) -> None:
    said = machine(suite, name).said

    assert said["modules after"] == said["modules before"]


@each_page
@each_machine
def test_exactly_what_needs_the_damaged_fails(suite: str, name: str, page: str) -> None:
    damage = DAMAGES[name]
    failing = damage.failing | (damage.failing_before_6_4 if suite in ANCIENT else frozenset())

    found = machine(suite, name).kernel(f"root {page}")

    assert {item for item, state in found.items() if state == "fail"} == failing & found.keys()
    assert {item for item, state in found.items() if state == "warn"} == (
        damage.cautioned & found.keys()
    )


@each_page
@each_machine
def test_the_kernel_takes_the_rules_that_the_script_promises(
    suite: str, name: str, page: str
) -> None:
    there = machine(suite, name)
    found = there.kernel(f"root {page}")
    taken = _statuses(there.said["rules"])

    for rule, ids in _rules(name).items():
        for item in found.keys() & set(ids):
            # Over nf_tables some matches are no module of xtables, so only one direction holds.
            promised = found[item] == "pass"
            if promised or "-legacy" in rule:
                assert (taken[rule] == 0) == promised, (rule, item, found[item])


@each_page
@each_machine
def test_the_modules_load_that_the_script_promises(suite: str, name: str, page: str) -> None:
    there = machine(suite, name)
    loaded = {module for module, status in _statuses(there.said["names"]).items() if status == 0}
    found = there.kernel(f"root {page}")

    for item, ways in NEEDS[page].items():
        if found[item] != "warn":
            loads = any(set(way) <= loaded | there.options for way in ways)
            assert loads == (found[item] == "pass"), item


def _statuses(said: Said) -> dict[str, int]:
    rows = [line.partition(" ") for line in said.out.splitlines()]
    return {name: int(status) for status, _, name in rows}


@each_page
@each_machine
def test_what_is_loaded_in_spite_of_a_blacklist_passes(suite: str, name: str, page: str) -> None:
    there = machine(suite, name)
    before, after = there.kernel(f"root {page}"), there.kernel(f"live {page}")

    assert after == {item: state.replace("warn", "pass") for item, state in before.items()}


@each_whole_machine
def test_all_that_a_page_names_is_registered_on_a_whole_kernel(suite: str, name: str) -> None:
    said = machine(suite, name).said["rows"]

    rows = {tuple(line.split()) for line in said.out.splitlines()}
    assert {(file, row) for file, listed in REGISTERED.items() for row in listed.split()} <= rows


@each_whole_machine
def test_a_name_that_no_module_has_is_found_where_it_is(suite: str, name: str) -> None:
    there = machine(suite, name)
    rows = json.loads(there.said[f"root {OPENSTACK}"].out)["results"]
    found = {row["id"].removeprefix("kernel."): row["found"] for row in rows}

    for phantom, carrier in {**MOVED[suite], **PHANTOMS}.items():
        assert not list(kernel(suite).tree.rglob(f"{phantom}.ko*"))
        assert carrier in found[phantom]


@each_machine
@pytest.mark.parametrize(("who", "page"), FACTS.items(), ids=FACTS)
def test_the_other_judge_agrees(suite: str, name: str, who: str, page: str) -> None:
    there = machine(suite, name)
    collected = there.said[f"{who} facts"]
    assert (collected.status, collected.err) == (0, "")

    results = judge(document(page), read_facts(collected.out))

    assert {result.requirement.origin.id: result.state.value for result in results} == (
        there.states(f"{who} {page}")
    )


@_machines("whole", "legacy")
def test_a_deep_look_believes_the_rules(suite: str, name: str) -> None:
    there = machine(suite, name)
    before, taken = there.kernel(f"root {DEEP}"), _statuses(there.said["rules"])
    proved = {item for rule, ids in _rules(name).items() if taken[rule] == 0 for item in ids}

    expected = {item: "pass" if item in proved else state for item, state in before.items()}
    assert there.kernel("deep") == expected
