"""Every name a page prints leads to the thing it means, on the kernels where that thing is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.knowledge.nodes import NEW, OLD, Node, outcome
from tests.knowledge.pages import PAGE_FEATURES, PAGE_MATCHES, PAGE_MODULES, PAGE_TARGETS

from reqc.compiler.checks import (
    All,
    Any,
    Check,
    KernelCapability,
    KernelVersion,
    ProcRow,
    Relation,
)
from reqc.compiler.knowledge import kernel
from reqc.compiler.knowledge.kernel import KernelNeed, Status

PHANTOMS = {
    "ipt_set": Status.ALIAS,
    "xt_icmp": Status.NEVER,
    "xt_icmp6": Status.NEVER,
    "xt_rpfilter": Status.NEVER,
    "nf_conntrack_proto_sctp": Status.GONE,
}


def every_need() -> list[KernelNeed]:
    return [
        *map(kernel.module, kernel.known_names("module")),
        *map(kernel.xtables_match, kernel.known_names("match")),
        *map(kernel.xtables_target, kernel.known_names("target")),
        *map(feature, kernel.known_names("feature")),
    ]


def feature(name: str) -> KernelNeed:
    need = kernel.feature(name)
    assert need is not None
    return need


def capabilities(check: Check) -> list[KernelCapability]:
    match check:
        case All(parts) | Any(parts):
            return [found for part in parts for found in capabilities(part)]
        case KernelCapability():
            return [check]
        case _:
            return []


@pytest.mark.parametrize("name", PAGE_MODULES)
def test_a_module_of_the_page_stands_for_its_thing(name: str) -> None:
    need = kernel.module(name)

    assert (need.key, need.boot_modules) == PAGE_MODULES[name]
    assert need.status is PHANTOMS.get(name, Status.REAL)
    assert bool(need.remark) == (name in PHANTOMS)
    assert not need.remark or name in need.remark


@pytest.mark.parametrize("node", [OLD, NEW], ids=["6.1", "6.12"])
@pytest.mark.parametrize("name", PAGE_MODULES)
def test_a_good_host_has_every_module_of_the_page(name: str, node: Node) -> None:
    assert outcome(kernel.module(name).check, node) is True


@pytest.mark.parametrize("node", [OLD, NEW], ids=["6.1", "6.12"])
def test_a_good_host_has_all_that_the_newer_page_names(node: Node) -> None:
    needs = [
        *map(kernel.xtables_match, PAGE_MATCHES),
        *map(kernel.xtables_target, PAGE_TARGETS),
        *map(feature, PAGE_FEATURES),
    ]

    assert [need.key for need in needs if outcome(need.check, node) is not True] == []


def test_a_bare_host_has_none_of_it() -> None:
    bare = Node("6.12.0", {"NET": "y"})
    needs = [
        *map(kernel.module, PAGE_MODULES),
        *map(kernel.xtables_match, PAGE_MATCHES),
        *map(kernel.xtables_target, PAGE_TARGETS),
        *map(feature, PAGE_FEATURES),
    ]

    assert [need.key for need in needs if outcome(need.check, bare) is not False] == []


@pytest.mark.parametrize("name", PAGE_MATCHES)
def test_a_match_names_its_modules(name: str) -> None:
    need = kernel.xtables_match(name)

    assert (need.key, need.boot_modules) == (f"match:{name}", PAGE_MATCHES[name])


@pytest.mark.parametrize("name", PAGE_TARGETS)
def test_a_target_names_its_modules(name: str) -> None:
    need = kernel.xtables_target(name)

    assert (need.key, need.boot_modules) == (f"target:{name}", PAGE_TARGETS[name])


def test_modules_for_boot_are_never_aliases_or_phantoms() -> None:
    booted = {name for need in every_need() for name in need.boot_modules}
    real = {
        name for name in kernel.known_names("module") if kernel.module(name).status is Status.REAL
    }

    assert booted <= real
    assert not booted & set(PHANTOMS)


def test_every_known_name_has_a_status_and_words() -> None:
    for need in every_need():
        assert need.status is not Status.UNKNOWN, need.key
        assert need.summary, need.key
        assert (need.status is Status.REAL) == (need.remark == ""), need


def test_every_capability_can_be_proved_and_disproved() -> None:
    for need in every_need():
        for capability in capabilities(need.check):
            assert capability.options, capability.name
            assert all("-" not in name for name in capability.modules), capability.name
            assert len(set(capability.modules)) == len(capability.modules), capability.name


def test_names_of_one_thing_are_the_same() -> None:
    assert kernel.same_thing(kernel.module("xt_set"), kernel.xtables_match("set"))
    assert kernel.same_thing(kernel.module("ipt_set"), kernel.module("xt_set"))
    assert kernel.same_thing(
        kernel.module("ipt_rpfilter"), kernel.xtables_match("rpfilter", "ipv4")
    )
    assert kernel.same_thing(kernel.module("xt_icmp6"), kernel.xtables_match("icmp6"))
    assert kernel.same_thing(kernel.module("ip_set"), feature("ipset"))
    assert not kernel.same_thing(kernel.module("ipt_rpfilter"), kernel.module("ip6t_rpfilter"))
    assert not kernel.same_thing(kernel.module("sctp"), kernel.module("xt_sctp"))


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("module", "ipt_set", "match:set"),
        ("module", "vfio-pci", "feature:vfio-pci"),
        ("module", "no_such", "module:no_such"),
        ("match", "icmp6", "match:icmpv6"),
        ("match", "nosuch", "match:nosuch"),
        ("target", "REJECT", "target:REJECT"),
        ("feature", "ip-sets", "feature:ipset"),
    ],
)
def test_a_canonical_key(kind: kernel.NameKind, name: str, key: str) -> None:
    assert kernel.canonical_key(kind, name) == key


def test_the_canonical_key_is_the_key_of_the_need() -> None:
    for name in kernel.known_names("match"):
        assert kernel.canonical_key("match", name) == kernel.xtables_match(name).key
    for name in kernel.known_names("feature"):
        assert kernel.canonical_key("feature", name) == feature(name).key


def test_the_case_of_a_module_name_counts() -> None:
    assert kernel.module("xt_LOG").status is Status.REAL
    assert kernel.module("xt_log").status is Status.UNKNOWN
    assert kernel.module("xt_MARK").status is Status.UNKNOWN


@given(st.text(min_size=1))
def test_any_other_name_is_taken_as_it_is(name: str) -> None:
    name = f"not_known_{name}"
    need = kernel.module(name)

    assert need.status is Status.UNKNOWN
    assert need.check == KernelCapability(need.check.name, modules=need.boot_modules)  # type: ignore[union-attr]
    assert need == kernel.module(name.replace("_", "-"))


def test_an_unknown_extension_is_looked_for_as_the_kernel_does() -> None:
    need = kernel.xtables_match("nosuch", "ipv6")

    assert need.status is Status.UNKNOWN
    assert need.boot_modules == ()
    assert need.check == KernelCapability(
        "match nosuch",
        modules=("xt_nosuch", "ip6t_nosuch"),
        rows=(ProcRow("/proc/net/ip6_tables_matches", "nosuch"),),
    )
    assert outcome(need.check, OLD) is None


def test_no_feature_has_an_unknown_name() -> None:
    assert kernel.feature("no-such") is None


def test_the_families_of_a_split_match_are_checked_one_by_one() -> None:
    one = Node("6.1.0", {"IP_NF_MATCH_RPFILTER": "m", "IP6_NF_MATCH_RPFILTER": "n"})
    outcomes = [
        outcome(kernel.xtables_match("rpfilter", family).check, one)
        for family in ("ipv4", "ipv6", "both")
    ]

    assert outcomes == [True, False, False]


def test_a_match_of_one_family_is_asked_in_that_family() -> None:
    assert kernel.xtables_match("icmp", "both").families == ("ipv4",)
    assert kernel.xtables_match("icmpv6", "both").families == ("ipv6",)
    assert kernel.xtables_match("icmpv6") == kernel.xtables_match("icmp6", "ipv6")


def test_only_the_rows_of_the_family_asked_are_signs() -> None:
    (capability,) = capabilities(kernel.xtables_match("set", "ipv4").check)

    assert capability.rows == (ProcRow("/proc/net/ip_tables_matches", "set"),)
    assert capability.modules == ("xt_set", "ipt_set")


@pytest.mark.parametrize(
    ("release", "config", "expected"),
    [
        ("5.10.0-30-amd64", {"IP_NF_IPTABLES": "m", "NETFILTER_XTABLES": "m"}, True),
        ("6.1.0", {"NETFILTER_XTABLES": "m"}, False),
        ("6.3.9", {"IP_NF_IPTABLES": "n", "NETFILTER_XTABLES": "y"}, False),
        ("6.4.0", {"NETFILTER_XTABLES": "y"}, True),
        ("6.8.0-31-generic", {"IP_NF_IPTABLES": "m", "NETFILTER_XTABLES": "m"}, True),
        ("6.12.0", {"IP_NF_IPTABLES_LEGACY": "n", "NETFILTER_XTABLES": "m"}, True),
        ("7.2.13", {"NETFILTER_XTABLES": "y"}, True),
        # A long-term kernel that took over the split without the move of icmp.
        ("6.1.180", {"IP_NF_IPTABLES": "m", "IP_NF_IPTABLES_LEGACY": "n"}, False),
        ("6.1.180", {"IP_NF_IPTABLES": "m", "IP_NF_IPTABLES_LEGACY": "m"}, True),
    ],
)
def test_icmp_moved_from_one_module_to_another(
    release: str, config: dict[str, str], *, expected: bool
) -> None:
    check = kernel.xtables_match("icmp").check
    six = {symbol.replace("IP_", "IP6_"): value for symbol, value in config.items()}

    assert outcome(check, Node(release, config)) is expected
    assert outcome(kernel.xtables_match("icmpv6").check, Node(release, six)) is expected


@pytest.mark.parametrize(
    ("release", "config", "expected"),
    [
        ("6.1.0", {"IP_NF_IPTABLES": "m"}, True),
        ("6.12.107", {"IP_NF_IPTABLES": "m", "IP_NF_IPTABLES_LEGACY": "m"}, True),
        ("6.12.107", {"IP_NF_IPTABLES": "m", "IP_NF_IPTABLES_LEGACY": "n"}, False),
        # Without NETFILTER_XTABLES_LEGACY the configuration does not even mention the symbol.
        ("7.2.13", {"IP_NF_IPTABLES": "m", "NETFILTER_XTABLES_LEGACY": "n"}, False),
        ("5.15.210", {"IP_NF_IPTABLES": "m", "IP_NF_IPTABLES_LEGACY": "n"}, False),
    ],
)
def test_the_legacy_base_is_told_from_its_extensions(
    release: str, config: dict[str, str], *, expected: bool
) -> None:
    assert outcome(feature("iptables-legacy").check, Node(release, config)) is expected


def test_either_base_satisfies_a_page_that_asks_for_iptables() -> None:
    nft_only = Node("6.12.0-211.el10", {"NF_TABLES": "m", "NFT_COMPAT": "m"})
    legacy_only = Node("3.10.0", {"IP_NF_IPTABLES": "m", "NF_TABLES": "n"})
    no_bridge = Node("6.12.0", {"NF_TABLES": "m", "NFT_COMPAT": "n"})

    for check in (feature("iptables").check, kernel.xtables_target("ACCEPT", "ipv4").check):
        assert outcome(check, nft_only) is True
        assert outcome(check, legacy_only) is True
        assert outcome(check, no_bridge) is False
    assert outcome(kernel.module("ip_tables").check, nft_only) is False


def test_conntrack_sctp_is_not_proved_by_conntrack() -> None:
    check = feature("conntrack-sctp").check
    loaded = frozenset({"nf_conntrack"})

    assert outcome(check, Node("6.1.0", None, loaded)) is None
    assert outcome(check, Node("6.1.0", {"NF_CT_PROTO_SCTP": "n"}, loaded)) is False
    assert outcome(check, Node("6.1.0", {"NF_CT_PROTO_SCTP": "y"}, loaded)) is True
    assert outcome(check, Node("3.10.0", None, loaded | {"nf_conntrack_proto_sctp"})) is True


def test_conntrack_sctp_is_not_proved_by_its_option_alone() -> None:
    check = feature("conntrack-sctp").check
    config = {"NF_CT_PROTO_SCTP": "y", "NF_CONNTRACK": "n"}

    assert outcome(check, Node("6.1.0", config)) is False


def test_a_bool_is_not_proved_by_the_word_for_a_module() -> None:
    assert outcome(feature("net-cls-act").check, Node("6.1.0", {"NET_CLS_ACT": "m"})) is False


def test_the_tc_hook_needs_all_its_parts() -> None:
    full = {"NET_CLS_BPF": "m", "NET_SCH_INGRESS": "m", "NET_CLS_ACT": "y"}

    assert outcome(feature("tc-bpf").check, Node("6.1.0", full)) is True
    for symbol in full:
        part = full | {symbol: "n"}
        assert outcome(feature("tc-bpf").check, Node("6.1.0", part)) is False


def test_a_version_is_asked_only_where_nothing_else_can_tell() -> None:
    asked = [
        name
        for name in kernel.feature_names()
        if any(
            isinstance(part, KernelVersion) for part in getattr(feature(name).check, "parts", ())
        )
    ]

    assert asked == ["xdp"]
    assert KernelVersion(Relation.AT_LEAST, "4.8") in feature("xdp").check.parts  # type: ignore[union-attr]
    assert feature("wireguard").since == "5.6"


def test_sctp_says_what_vendors_block() -> None:
    assert kernel.module("sctp").blocked_by == ("/etc/modprobe.d/sctp-blacklist.conf",)


def test_the_names_are_sorted_and_hold_their_spellings() -> None:
    for kind, member in (
        ("module", "ipt_set"),
        ("match", "icmp6"),
        ("target", "LOG"),
        ("feature", "br_netfilter"),
    ):
        names = kernel.known_names(kind)  # type: ignore[arg-type]
        assert member in names
        assert list(names) == sorted(set(names))
    assert set(kernel.feature_names()) < set(kernel.known_names("feature"))


def test_the_answers_do_not_depend_on_the_order_of_hashing() -> None:
    program = (
        "from reqc.compiler.knowledge import kernel as k;"
        "print([k.module(n) for n in k.known_names('module')],"
        "[k.feature(n) for n in k.feature_names()])"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(texts) == 1


def test_what_is_known_needs_no_yaml() -> None:
    program = (
        "import sys; from reqc.compiler.knowledge import kernel; kernel.module('xt_set');"
        "print('yaml' in sys.modules, 'pydantic' in sys.modules)"
    )

    said = subprocess.check_output([sys.executable, "-c", program], text=True)

    assert said == "False False\n"


def test_the_fallbacks_of_peers_that_prove_nothing_are_in_no_row() -> None:
    wrong = {
        "IP_NF_TARGET_MARK",  # in no configuration seen
        "IP_NF_MATCH_MULTIPORT",
        "NETFILTER_XT_TARGET_REJECT",
        "NETFILTER_XT_MATCH_RPFILTER",
        "NET_EMATCH_IPSET",  # a match of traffic control
        "NFT_REJECT",  # the verdict of native nft rules
        "VFIO",  # not VFIO_PCI
        "BPF",  # always set
        "XDP_SOCKETS",  # AF_XDP, and only that
    }
    used = {
        (need.key, option.symbol)
        for need in every_need()
        for capability in capabilities(need.check)
        for option in capability.options
    }

    assert {key for key, symbol in used if symbol in wrong} == {"feature:af-xdp"}


def test_a_rule_to_try_asks_for_the_extension_that_it_proves() -> None:
    for kind, ask in (("match", kernel.xtables_match), ("target", kernel.xtables_target)):
        for name in kernel.known_needs(kind):  # type: ignore[arg-type]  # a kind
            (capability, *_) = capabilities(ask(name).check)
            words = capability.trial
            asked = words[words.index("-m" if kind == "match" else "-j") + 1 :] if words else ()
            rows = {row.row for row in capability.rows}
            assert not words or rows & {asked[0], *words} or words.count("-m") > 1, name


def test_every_vocabulary_is_listed_with_what_it_needs() -> None:
    assert kernel.known_needs("feature")["wireguard"].since == "5.6"
    assert "kernel-modules-extra" in kernel.known_needs("match")["set"].hint
    assert kernel.known_needs("module")["xt_icmp"].status is Status.NEVER
    assert kernel.known_needs("target")["ACCEPT"].boot_modules == ()
    assert set(kernel.known_needs("match")) <= set(kernel.known_names("match"))
