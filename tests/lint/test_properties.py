"""Laws of the lints, over documents that are made up."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.conditions import Value, evaluate
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.lint.linter import lint
from reqc.compiler.lint.overlap import Overlap
from reqc.compiler.lint.table import allowable_codes
from reqc.compiler.render import render
from tests.language.reading import HEAD, document, section

OPTIONS = """\
option six: bool = false
option proxy: iptables | ipvs | ebpf = iptables
option port: port = 4789
option free: port
option release: version = 3.10
option dummy: string = "cali*"
"""
ROLES = "role host\nrole agent when six\n"
SOURCES = 'source page "page.txt"\nsource other\n'

EXAMPLES = [example for name in KINDS for example in kind(name).examples]
MORE = [
    "module xt_icmp, ipt_set",
    "module ip6t_rpfilter",
    "match icmp ipv6",
    "target TTL ipv6",
    "feature vxlan, wireguard",
    "allow udp port agent -> host",
    "allow udp free any -> host",
    "kernel < 4",
    "kernel >= release",
    "os rhel 8, debian >= 10, rhcos",
    'interface dummy, "tap*"',
    'unmanaged "tap*", dummy',
    "service firewalld running",
    "service firewalld absent",
    'file "/etc/example.conf" absent',
    "sysctl net.ipv4.ip_forward = off",
    "kconfig NF_CONNTRACK = m",
    "software openstack < train",
]
LEAVES = st.sampled_from([*EXAMPLES, *MORE])


def _combined(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(parts, min_size=1, max_size=3).map("; ".join)
    return st.one_of(
        several.map(lambda inner: f"all {{ {inner} }}"),
        several.map(lambda inner: f"any {{ {inner} }}"),
        parts.map(lambda inner: f"not {inner}"),
    )


PREDICATES = st.recursive(LEAVES, _combined, max_leaves=4).filter(
    # `allow` may stand alone or in `all` only.
    lambda text: "allow" not in text or not {"any", "not"} & set(text.split())
)
TESTS = st.sampled_from(
    [
        "six",
        "proxy == ipvs",
        "proxy in [iptables, ebpf]",
        "port > 100",
        "port <= 100",
        "release >= 4.18.0-193",
        "release < 5",
        'dummy != "a"',
    ]
)
CONDITIONS = st.recursive(
    TESTS,
    lambda parts: st.one_of(
        parts.map(lambda part: f"not ({part})"),
        st.tuples(parts, st.sampled_from(["and", "or"]), parts).map(
            lambda three: "({} {} {})".format(*three)
        ),
    ),
    max_leaves=4,
)
CLAUSES = st.tuples(
    st.sampled_from(["", " on agent", " on host, agent"]),
    st.one_of(st.just(""), CONDITIONS.map(lambda text: f" when {text}")),
    st.sampled_from(["", " @page", " @page:3-7", " @other:1 @page:9"]),
).map("".join)
ALLOWED = st.sampled_from([*sorted(allowable_codes()), "REQ714", "REQ999"])
DETAILS = st.lists(
    st.one_of(
        LEAVES.filter(lambda text: "allow" not in text).map(lambda text: f"where {text}"),
        LEAVES.map(lambda text: f'erratum "A slip." intended {text}'),
        st.tuples(ALLOWED, st.sampled_from(["", "So it is."])).map(
            lambda pair: f'allow {pair[0]} "{pair[1]}"'
        ),
    ),
    max_size=2,
    unique_by=lambda text: text.split()[0],
)
LEVELS = st.sampled_from(["must", "must not", "should", "should not", "may"])
ROWS = st.lists(st.tuples(LEVELS, PREDICATES, CLAUSES, DETAILS), max_size=8)
TOPS = st.lists(
    st.sampled_from(
        [
            'allow REQ702 "It is."',
            'allow REQ710 ""',
            'ignore @page:2-4, @page:9 "Headings."',
            'ignore @other ""',
        ]
    ),
    max_size=3,
    unique=True,
)


def _row(number: int, row: tuple[str, str, str, list[str]]) -> str:
    level, predicate, clauses, details = row
    body = f" {{ {'; '.join(details)} }}" if details else ""
    return f"  {level} r{number}: {predicate}{clauses}{body}\n"


@st.composite
def texts(draw: st.DrawFn) -> str:
    rows = "".join(_row(number, row) for number, row in enumerate(draw(ROWS)))
    tops = "".join(f"{top}\n" for top in draw(TOPS))
    return f"{HEAD}{SOURCES}{OPTIONS}{ROLES}{tops}section s {{\n{rows}}}\n"


@settings(max_examples=150)
@given(texts())
def test_the_lints_judge_every_document(text: str) -> None:
    found = document(text)
    warnings = lint(found)

    assert lint(found) == warnings
    assert len(set(warnings)) == len(warnings)
    assert all(item.span is not None and item.span.end > item.span.start for item in warnings)
    assert render(warnings).count("warning[") == len(warnings)


@settings(max_examples=100)
@given(texts())
def test_what_is_allowed_is_not_said(text: str) -> None:
    found = document(text)
    everywhere = {item.code for item in found.allowances if item.requirement is None}

    assert everywhere & allowable_codes() & {item.code for item in lint(found)} == set()


SMALL = """\
option a: bool = false
option b: bool = false
option c: x | y | z = x
"""
SMALL_CONDITIONS = st.recursive(
    st.sampled_from(["a", "b", "c == x", "c != y", "c in [x, z]"]),
    lambda parts: st.one_of(
        parts.map(lambda part: f"not ({part})"),
        st.tuples(parts, st.sampled_from(["and", "or"]), parts).map(
            lambda three: "({} {} {})".format(*three)
        ),
    ),
    max_leaves=5,
)


def _all_choices() -> list[Mapping[str, Value]]:
    return [{"a": a, "b": b, "c": c} for a, b, c in product((False, True), (False, True), "xyz")]


@settings(max_examples=100)
@given(SMALL_CONDITIONS, SMALL_CONDITIONS)
def test_conditions_meet_as_they_do_over_all_choices(one: str, other: str) -> None:
    rows_of_text = (f"must r: cpu >= 1 when {one}", f"must q: cpu >= 1 when {other}")
    found = document(section(*rows_of_text, head=SMALL))
    first, second = (item.condition for item in found.requirements)
    assert first is not None
    overlap = Overlap(found.options)
    rows = [(evaluate(first, case), evaluate(second, case)) for case in _all_choices()]

    assert overlap.together(first, second) is any(all(row) for row in rows)
    assert overlap.possible(first) is any(row[0] for row in rows)
    assert overlap.avoidable(first) is not all(row[0] for row in rows)
    gap = overlap.uncovered(first, [second])
    assert (gap is not None) is any(row[0] and not row[1] for row in rows)
