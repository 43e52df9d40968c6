"""The kernel: its release, its capabilities by the ladder of evidence, its settings."""

from __future__ import annotations

from typing import Any

import pytest

from reqc.compiler.checks import (
    KernelCapability,
    KernelOption,
    KernelVersion,
    ProcRow,
    Relation,
    Sysctl,
)
from tests.evaluation.nodes import answer, verdicts

RELEASE = "6.1.0-50-amd64"
TREE = f"/lib/modules/{RELEASE}"
XT_SET = KernelCapability(
    "match set",
    modules=("xt-set",),
    options=(KernelOption("NETFILTER_XT_SET"),),
    rows=(ProcRow("/proc/net/ip_tables_matches", "set"),),
    hint="install kernel-modules-extra",
)
IPT_SET = KernelCapability("match set", modules=("ipt_set",))
BPF = KernelCapability("BPF", options=(KernelOption("BPF_SYSCALL"),), paths=("/sys/fs/bpf",))


def kernel(
    *, modules: dict[str, Any] | None = None, symbols: dict[str, str] | None = None, **more: object
) -> dict[str, Any]:
    """Return the facts of a kernel with a module tree in which there is nothing."""
    configuration = None if symbols is None else {"file": "/boot/config", "symbols": symbols}
    return {
        "release": RELEASE,
        "running": True,
        "modules": {"supported": True, "tree": TREE, **(modules or {})},
        "configuration": configuration,
        **more,
    }


@pytest.mark.parametrize(
    "evidence",
    [
        {"modules": {"loaded": ["xt_set"]}},
        {"modules": {"sysfs": ["xt_set"]}},
        {"modules": {"builtin": ["xt_set"]}},
        {"modules": {"disk": ["xt_set"]}},
        {"modules": {"tree": None, "loaded": ["xt_set"]}},
        {"lists": {"net/ip_tables_matches": ["icmp", "set"]}},
        {"lists": {"net/ip_tables_matches": [" set 0 1"]}},
        {"symbols": {"NETFILTER_XT_SET": "y"}},
        {
            "symbols": {"NETFILTER_XT_SET": "y"},
            "blocks": [{"rule": "all", "module": "", "place": "x"}],
        },
    ],
)
def test_any_one_proof_is_enough(evidence: dict[str, Any]) -> None:
    assert answer(XT_SET, kernel=kernel(**evidence)).verdict == "pass"


@pytest.mark.parametrize(
    "evidence",
    [
        {"symbols": {"OTHER": "y"}},
        {"symbols": {"NETFILTER_XT_SET": "n"}},
        {"symbols": {"NETFILTER_XT_SET": "m"}},
        {"symbols": {"NETFILTER_XT_SET": "n"}, "modules": {"builtin": ["xt_set_2"]}},
        {"symbols": {"NETFILTER_XT_SET": "n"}, "lists": {"net/ip_tables_matches": ["settle"]}},
        {"symbols": {"NETFILTER_XT_SET": "n"}, "lists": {"net/ip6_tables_matches": ["set"]}},
        {"symbols": {"NETFILTER_XT_SET": "n", "MODULES": "n"}, "modules": {"tree": None}},
        {"symbols": {"NETFILTER_XT_SET": "n"}, "modules": {"tree": None, "supported": False}},
    ],
)
def test_a_miss_needs_a_configuration_and_a_place_to_look_for_files(
    evidence: dict[str, Any],
) -> None:
    found = answer(XT_SET, kernel=kernel(**evidence))

    assert found.verdict == "fail"
    assert found.found.endswith("; install kernel-modules-extra")


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        ({}, "does not prove absence"),
        ({"unread": ["/boot/config needs root"]}, "absence; /boot/config needs root"),
        ({"modules": {"tree": None}, "symbols": {}}, "no module tree to look for a file"),
        (
            {"modules": {"tree": None}, "symbols": {"NETFILTER_XT_SET": "m"}},
            "no module tree to look for its file",
        ),
        (
            {"modules": {"tree": None, "other_kernels": ["6.1.0-49-amd64"]}},
            "reboot pending",
        ),
        (
            {
                "modules": {"tree": None, "supported": False},
                "symbols": {"NETFILTER_XT_SET": "n", "MODULES": "y"},
            },
            "no module tree",
        ),
        (
            {"running": False, "modules": {"tree": None, "supported": False}, "symbols": {}},
            "no module tree",
        ),
    ],
)
def test_what_could_not_be_read_is_unknown(evidence: dict[str, Any], reason: str) -> None:
    found = answer(XT_SET, kernel=kernel(**evidence))

    assert found.verdict == "unknown"
    assert reason in found.found


def test_an_alias_stands_for_its_modules() -> None:
    aliases = {"aliases": [["ipt_set", "xt_set"], ["ipt_set", "xt_other"]]}
    built_in = {"builtin_aliases": [["ipt_set", "xt_set"]]}

    assert answer(IPT_SET, kernel=kernel(modules={**aliases, "disk": ["xt_other"]})).found == (
        "match set: on disk as xt_other, not loaded"
    )
    assert answer(IPT_SET, kernel=kernel(modules=built_in)).found == "match set: built in as xt_set"
    assert answer(IPT_SET, kernel=kernel(modules=aliases)).verdict == "unknown"


@pytest.mark.parametrize("rule", ["install", "refused"])
def test_a_blocked_module_is_no_module(rule: str) -> None:
    blocks = [
        {"rule": rule, "module": "xt_set", "place": "first:1"},
        {"rule": rule, "module": "xt_set", "place": "second:2"},
        {"rule": "blacklist", "module": "xt_set", "place": "third:3"},
    ]
    modules = {"disk": ["xt_set"]}

    found = answer(XT_SET, kernel=kernel(modules=modules, blocks=blocks))

    assert found.verdict == "fail"
    assert found.found == "match set: on disk, not loaded, but blocked (first:1)"
    loaded = {"loaded": ["xt_set"], "disk": ["xt_set"]}
    assert answer(XT_SET, kernel=kernel(modules=loaded, blocks=blocks)).verdict == "pass"
    image = answer(XT_SET, kernel=kernel(modules=modules, blocks=blocks), container="docker")
    assert image.verdict == "unknown"


def test_a_kernel_that_loads_nothing_more_blocks_every_file() -> None:
    blocks = [{"rule": "all", "module": "", "place": "/proc/sys/kernel/modules_disabled"}]

    found = answer(XT_SET, kernel=kernel(modules={"disk": ["xt_set"]}, blocks=blocks))

    assert found.verdict == "fail"
    assert "modules_disabled" in found.found


def test_a_blacklist_stops_aliases_but_not_the_name_itself() -> None:
    blocks = [{"rule": "blacklist", "module": "xt_set", "place": "/etc/modprobe.d/a.conf:1"}]
    modules = {"disk": ["xt_set"], "aliases": [["ipt_set", "xt_set"]]}
    here = kernel(modules=modules, blocks=blocks)

    by_name, by_alias = answer(XT_SET, kernel=here), answer(IPT_SET, kernel=here)

    assert (by_name.verdict, by_alias.verdict) == ("pass", "fail")
    assert by_name.caution == (
        "xt_set is on disk but blacklisted (/etc/modprobe.d/a.conf:1): only an explicit load works"
    )
    image = answer(XT_SET, kernel=here, container="docker")
    assert (image.verdict, image.caution) == ("pass", "")
    live = kernel(modules={**modules, "sysfs": ["xt_set"]}, blocks=blocks)
    assert answer(XT_SET, kernel=live).caution == ""


def test_a_module_that_only_some_carrier_blocks_is_found_by_the_other() -> None:
    blocks = [{"rule": "install", "module": "xt_set", "place": "x"}]
    modules = {
        "disk": ["xt_set", "xt_more"],
        "aliases": [["ipt_set", "xt_set"], ["ipt_set", "xt_more"]],
    }

    assert answer(IPT_SET, kernel=kernel(modules=modules, blocks=blocks)).verdict == "pass"


def test_another_kernel_is_not_judged_by_the_one_that_runs() -> None:
    modules = {"loaded": ["xt_set"], "sysfs": ["xt_set"]}
    lists = {"net/ip_tables_matches": ["set"]}

    assert (
        answer(XT_SET, kernel=kernel(running=False, modules=modules, lists=lists)).verdict
        == "unknown"
    )


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        ({"symbols": {"BPF_SYSCALL": "m"}}, "pass"),
        ({"symbols": {"BPF_SYSCALL": "n"}}, "fail"),
        ({"symbols": {}}, "fail"),
        ({"paths": ["/sys/fs/bpf"]}, "pass"),
        ({}, "unknown"),
    ],
)
def test_a_property_of_the_kernel_itself_needs_no_module(
    evidence: dict[str, Any], verdict: str
) -> None:
    assert answer(BPF, kernel=kernel(modules={"tree": None}, **evidence)).verdict == verdict


@pytest.mark.parametrize(
    ("option", "verdict"),
    [
        (KernelOption("X", since="6.1"), "pass"),
        (KernelOption("X", since="6.2"), "unknown"),
        (KernelOption("X", before="6.2"), "pass"),
        (KernelOption("X", before="6.1"), "unknown"),
        (KernelOption("X", unless="Y"), "unknown"),
        (KernelOption("X", unless="Z"), "pass"),
        (KernelOption("X", values=("m",)), "fail"),
        (KernelOption("M", values=("y",)), "fail"),
        (KernelOption("M"), "pass"),
    ],
)
def test_an_option_counts_on_its_kernels_and_with_its_values(
    option: KernelOption, verdict: str
) -> None:
    check = KernelCapability("something", options=(option,))

    assert answer(check, kernel=kernel(symbols={"X": "y", "Y": "n", "M": "m"})).verdict == verdict


def test_an_option_with_limits_says_nothing_of_a_kernel_without_release() -> None:
    check = KernelCapability("x", options=(KernelOption("X", since="4.0"),))

    assert answer(check, kernel=kernel(symbols={"X": "y"}, release="")).verdict == "unknown"


@pytest.mark.parametrize(
    ("release", "relation", "wanted", "verdict"),
    [
        ("6.1.0-50-amd64", ">=", "3.10", "pass"),
        ("2.6.32", ">=", "3.10", "fail"),
        ("4.18.0-193.el8.x86_64", ">=", "4.18.0-305", "fail"),
        ("4.18.0-372.el8.x86_64", ">=", "4.18.0-305", "pass"),
        ("5.15.90-generic", ">=", "5.15.90", "pass"),
        ("6.1.0-50-amd64", ">=", "6.1.90", "unknown"),
        ("6.1.0-50-amd64", "<", "6.0.90", "fail"),
        ("6.1.0", ">=", "6.1.90", "fail"),
        ("6.1.0-50-amd64", ">=", "6.1.0", "pass"),
        ("custom", ">=", "3.10", "unknown"),
        ("", ">=", "3.10", "unknown"),
    ],
)
def test_releases_compare_by_number(release: str, relation: str, wanted: str, verdict: str) -> None:
    check = KernelVersion(Relation(relation), wanted)

    assert answer(check, kernel=kernel(release=release)).verdict == verdict


DEBIAN = (
    "Linux version 6.1.0-50-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14)) "
    "#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-01-01)"
)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"banner": DEBIAN}, "pass"),
        ({"signature": "Ubuntu 6.1.0-94.104-generic 6.1.136"}, "pass"),
        ({"signature": "Ubuntu 6.1.0-94.104-generic 6.1.36"}, "fail"),
        ({"signature": "Ubuntu something"}, "unknown"),
        ({"banner": DEBIAN, "running": False}, "unknown"),
        ({"banner": "Linux version 6.1.0-50-amd64 (Debian 12)"}, "unknown"),
    ],
)
def test_a_hidden_point_release_stands_in_other_files(more: dict[str, Any], verdict: str) -> None:
    check = KernelVersion(Relation.AT_LEAST, "6.1.90")

    assert answer(check, kernel=kernel(**more)).verdict == verdict


def settings(**values: str | None) -> dict[str, Any]:
    return {"visible": True, "values": {name.replace("__", "/"): v for name, v in values.items()}}


@pytest.mark.parametrize(
    ("value", "relation", "wanted", "verdict"),
    [
        ("1", "=", "1", "pass"),
        ("01", "=", "1", "pass"),
        ("2", "=", "1", "fail"),
        ("32768\t60999", "=", "32768  60999", "pass"),
        ("1\r", ">=", "1", "unknown"),
        ("a\u00a0b", "=", "a b", "fail"),
        (" 1\n2", "=", "1", "pass"),
        ("bbr", "=", "bbr", "pass"),
        ("bbr", "!=", "cubic", "pass"),
        ("bbr", ">=", "1", "unknown"),
        ("-5", "<", "-4", "pass"),
        ("-5", ">", "4", "fail"),
        ("5", ">", "-4", "pass"),
        ("-0", "=", "0", "pass"),
        ("9" * 5000, ">", "9" * 4999, "pass"),
        (None, "=", "1", "unknown"),
        ("", "=", "1", "fail"),
    ],
)
def test_settings_compare_as_integers_or_words(
    value: str | None, relation: str, wanted: str, verdict: str
) -> None:
    check = Sysctl("net.ipv4.ip_forward", Relation(relation), wanted)

    assert answer(check, settings=settings(net__ipv4__ip_forward=value)).verdict == verdict


def test_a_setting_that_is_not_there_is_a_miss_only_where_settings_can_be_seen() -> None:
    check = Sysctl("net.bridge.call", Relation.EQUAL, "1")

    assert [
        answer(check, settings=shown).verdict.value
        for shown in (
            settings(kernel__ostype="Linux"),
            {**settings(), "visible": False},
            settings(net__bridge=None),
            settings(net__bridge__call__more="1"),
        )
    ] == ["fail", "unknown", "unknown", "unknown"]


@pytest.mark.parametrize(
    "key", ["net.ipv4.conf.eth0/7.forwarding", "net/ipv4/conf/eth0.7/forwarding"]
)
def test_the_separators_of_a_key_change_places_unless_a_slash_comes_first(key: str) -> None:
    check = Sysctl(key, Relation.EQUAL, "1")
    values = {"visible": True, "values": {"net/ipv4/conf/eth0.7/forwarding": "1"}}

    assert answer(check, settings=values).verdict == "pass"


def boots(*lines: tuple[str, str]) -> dict[str, Any]:
    """Return the facts of a node that forwards now, with the lines of its sysctl.d."""
    known = settings(net__ipv4__conf__eth0__forwarding="1")
    known["persistent"] = [
        {"key": key, "value": value, "place": f"/etc/sysctl.d/a.conf:{number}"}
        for number, (key, value) in enumerate(lines, start=1)
    ]
    return known


KEY = "net/ipv4/conf/eth0/forwarding"
ANY = "net/ipv4/conf/*/forwarding"


@pytest.mark.parametrize(
    ("lines", "next_value"),
    [
        ([], None),
        ([(KEY, "0")], "0"),
        ([(KEY, "0"), (KEY, "1")], "1"),
        ([(ANY, "0")], "0"),
        ([(ANY, "0"), (KEY, "1")], "1"),
        ([(KEY, "1"), (ANY, "0")], "1"),
        ([(ANY, "1"), (ANY, "0")], "0"),
        ([(ANY, "0"), (f"-{KEY}", "")], None),
        ([(f"-{KEY}", ""), (ANY, "0")], None),
        ([(f"-{KEY}", ""), (KEY, "0")], "0"),
        ([(f"-{ANY}", ""), (ANY, "0")], "0"),
        ([("net/ipv4/*/forwarding", "0"), ("net/ipv4/conf?eth0/forwarding", "0")], None),
        ([("net/ipv4/conf[!a]eth0/forwarding", "0")], None),
        ([("net/ipv4/conf/eth[0-9]/forwarding", "0")], "0"),
    ],
)
def test_the_last_line_for_a_key_decides_the_next_boot(
    lines: list[tuple[str, str]], next_value: str | None
) -> None:
    on, off = (Sysctl("net.ipv4.conf.eth0.forwarding", Relation.EQUAL, to) for to in ("1", "0"))

    holds, misses = (answer(check, settings=boots(*lines)) for check in (on, off))

    assert (holds.verdict, misses.verdict) == ("pass", "fail")
    assert bool(holds.caution) is (next_value == "0")
    assert ("although" in misses.found) is (next_value == "0")


def test_the_next_boot_is_told_by_file_and_line() -> None:
    check = Sysctl("net.ipv4.conf.eth0.forwarding", Relation.AT_LEAST, "1")

    assert answer(check, settings=boots((KEY, "0"))).caution == (
        "1 holds now, but /etc/sysctl.d/a.conf:1 sets 0 at the next boot"
    )
    assert answer(check, settings=boots((KEY, "none"))).caution
    assert not answer(check, settings=boots((KEY, "2"))).caution


def test_what_the_image_of_a_container_sets_at_boot_is_not_its_hosts() -> None:
    known = settings(kernel__pid_max="9")
    known["persistent"] = [{"key": "kernel/pid_max", "value": "1", "place": "a:1"}]
    check = Sysctl("kernel.pid_max", Relation.EQUAL, "9")

    assert answer(check, settings=known).caution
    assert not answer(check, settings=known, container="docker").caution


def test_a_container_has_a_network_of_its_own_but_the_kernel_of_its_host() -> None:
    values = settings(net__ipv4__ip_forward="1", kernel__pid_max="9")
    checks = (
        Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1"),
        Sysctl("kernel.pid_max", Relation.EQUAL, "9"),
    )

    assert verdicts(*checks, settings=values) == ["pass", "pass"]
    assert verdicts(*checks, settings=values, container="docker") == ["unknown", "pass"]
