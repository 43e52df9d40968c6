"""What a direction says of hosts is so on every host that could be.

A host meets a requirement that it passes and one that does not apply to it, because of a condition
or a guard. It misses one that it fails. Where something is unknown, or only a person can tell, it
does neither, and no direction says anything about that: a requirement that could be verified and
cannot any more is a matter of evidence, and not of what is asked.
"""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.comparison.changes import Change
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.comparison.formula import negated, of_predicate
from reqc.compiler.comparison.prover import entails
from reqc.compiler.conditions import Value
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.evaluation.outcome import Verdict
from reqc.compiler.evaluation.probes import evaluate
from reqc.compiler.evaluation.results import State
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.model import Document
from tests.diff.kernels import PREDICATES as OF_KERNELS
from tests.diff.nodes import VERSIONS, pool
from tests.language.reading import document, section

HEAD = """\
role host
option yes: bool = false
option word: a | b | c = a
option number: int = 2
"""
RELATIONS = ["<", "<=", "==", "!=", ">=", ">"]
NUMBERS = ["1", "2", "3", "4", "8"]
SYSTEMS = ["rhel", "rhel 7", "rhel 8", "rhel 8.0", "rhel != 8.0", "rhel >= 8", "rhel < 8.2"]
SYSTEMS += ["rhel != 7", "rhel <= 7", "rhel 7, ubuntu", "ubuntu 20.04", "ubuntu >= 20.04"]
SYSTEMS += ["ubuntu 20.04.6, rhel 8", "debian", "rhel >= 8.0", "rhel > 8.0"]
UNITS = ["present", "absent", "enabled", "disabled", "masked", "running", "stopped"]
GLOBS = ['"cali*"', '"tunl0"', '"cali*", "tunl*"', '"c*"', '"cali1"', '"tunl0", "cali1"', '"*0"']


def compared(text: str, values: list[str]) -> list[str]:
    return [text.format(relation, value) for relation, value in product(RELATIONS, values)]


FAMILIES = {
    "kernel": compared("kernel {} {}", VERSIONS),
    "cpu": compared("cpu {} {}", [*NUMBERS, "number"]),
    "memory": compared("memory {} {}GiB", NUMBERS),
    "sysctl": [
        *compared("sysctl net.a {} {}", NUMBERS),
        *compared("sysctl net.a {} {}", ["word", '"4 8"'])[4:8],
        *("sysctl net.a = word", "sysctl net.a = other", 'sysctl net.a = "4 8"'),
    ],
    "os": [*(f"os {system}" for system in SYSTEMS), "all { os rhel >= 8; os rhel < 8.1 }"],
    "arch": [f"arch {names}" for names in ("x86_64", "x86_64, arm64", "arm64", "s390x, x86_64")],
    "service": [f"service {name} {state}" for name, state in product("ab", UNITS)],
    "interface": [f"interface {globs}" for globs in GLOBS],
    "unmanaged": [f"unmanaged {globs}" for globs in GLOBS],
    "package": ["package p", "package q", "package p, q"],
    "file": [
        *(f'file "/f" {aspect}' for aspect in ("exists", "absent", "mode 0644", "mode 0600")),
        *(f'file "/f" contains "{line}"' for line in "xy"),
        'file "/f" content "x\\ny"',
    ],
    "mount": ['mount "/m" bpf', 'mount "/m" tmpfs'],
    "command": ['command "c"', *compared('command "c" {} {}', VERSIONS)],
    "capability": ["capability CAP_SYS_ADMIN", "free tcp 80", "free tcp 81", 'manual "Look."'],
    "software": compared("software openstack {} {}", ["train", "ussuri", "yoga"]),
    "kernels": OF_KERNELS,
}
"""Predicates that have to do with each other."""

UNORDERED = {"capability", "mount", "software"}
"""Families in which nothing that a node tells follows from anything else."""


@pytest.mark.parametrize("family", sorted(FAMILIES.keys() - UNORDERED))
def test_what_follows_from_what_does_so_on_every_node(family: str) -> None:
    """All pairs, with what they deny: no node passes the one and fails what follows from it."""
    text = section(*(f"must a{n}: {one}" for n, one in enumerate(FAMILIES[family])), head=HEAD)
    bound = [item.predicate.bound({"number": 2}) for item in document(text).requirements]
    asked = [of_predicate(one) for one in bound]
    literals = [(one, True) for one in asked] + [(negated(one), False) for one in asked]
    seen = [[evaluate(one.check(), node).verdict for node in pool(200)] for one in bound]
    passing = [{n for n, said in enumerate(row) if said is Verdict.PASS} for row in seen]
    failing = [{n for n, said in enumerate(row) if said is Verdict.FAIL} for row in seen]
    met, missed = passing + failing, failing + passing

    proved = 0
    for one, other in product(range(len(literals)), repeat=2):
        if entails(literals[one][0], literals[other][0]):
            proved += 1
            assert not met[one] & missed[other], (one, other)
    assert proved > len(literals), "more than what follows from itself"
    assert any(passing)
    assert any(failing)


SIMPLE = st.sampled_from(sorted(FAMILIES)).flatmap(lambda name: st.sampled_from(FAMILIES[name]))


def grouped(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("not {}".format, parts),
        st.builds("any {{ {}; {} }}".format, parts, parts),
        st.builds("all {{ {}; {} }}".format, parts, parts),
    )


CONDITIONS = st.sampled_from(
    ["", "", " when yes", " when not yes", " when word == a", " when word in [a, b] or yes"]
)
LEVELS = st.sampled_from(["must", "must", "must not"])


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Return two requirements about the same things, alike but for one part."""
    family = draw(st.sampled_from(sorted(FAMILIES)))
    near = st.sampled_from(FAMILIES[family])
    predicates = st.recursive(near, grouped, max_leaves=3)
    guards = st.one_of(st.just(""), st.builds(" {{ where {} }}".format, near))
    parts = [draw(LEVELS), draw(predicates), draw(CONDITIONS), draw(guards)]
    other = list(parts)
    changed = draw(st.sampled_from([0, 1, 1, 1, 2, 3]))
    other[changed] = draw((LEVELS, predicates, CONDITIONS, guards)[changed])
    if changed == 1 and draw(st.booleans()):
        more = draw(st.sampled_from(["any {{ {}; {} }}", "all {{ {}; {} }}"]))
        other[1] = more.format(parts[1], other[1])
    one, two = ("{} a: {}{}{}".format(*texts) for texts in (parts, other))
    return draw(st.sampled_from([(one, two), (two, one)]))


CHOICES = st.fixed_dictionaries({"yes": st.booleans(), "word": st.sampled_from("abc")})

MET = {State.PASS, State.NOT_APPLICABLE, State.WARN}  # what must be, with a caution, is met


def states(read: Document, choices: dict[str, Value]) -> list[State]:
    lowered = lower(read, Deployment(choices))
    return [result.state for node in pool(40) for result in judge(lowered, node.facts)]


@settings(max_examples=200, deadline=None)
@given(pairs(), CHOICES)
def test_a_direction_is_what_hosts_see(texts: tuple[str, str], choices: dict[str, Value]) -> None:
    old, new = (document(section(text, head=HEAD)) for text in texts)
    found = compare(old, new).differences
    change = found[0].change if found else Change.EQUIVALENT

    for before, after in zip(states(old, choices), states(new, choices), strict=True):
        if change in {Change.STRICTER, Change.EQUIVALENT}:
            assert not (before is State.FAIL and after in MET)
        if change in {Change.LOOSER, Change.EQUIVALENT}:
            assert not (before in MET and after is State.FAIL)
