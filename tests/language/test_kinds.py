"""Every kind tells about itself, and means what it says."""

from __future__ import annotations

import gc

import pytest

from reqc.compiler import checks, flows, states
from reqc.compiler.checks import Relation, UnitCondition
from reqc.compiler.comparison.formula import of_predicate
from reqc.compiler.comparison.prover import entails
from reqc.compiler.flows import Flow, Ports
from reqc.compiler.kinds.base import Direction, Kind
from reqc.compiler.kinds.forms import Mismatch
from reqc.compiler.kinds.registry import KINDS, kind
from reqc.compiler.knowledge import kernel
from reqc.compiler.prose import plain
from tests.language.reading import document, lowered, mistakes, only, read, section

ROLES = "role host\nrole typha\nrole etcd\n"
OPTIONS = 'option port: port = 5473\noption floor: version = 8.4\noption name: string = "cali*"\n'
ARGUMENTS = checks.All((checks.BootArgument("cali*"), checks.BootArgument("a=b c")))
EXAMPLES = [example for name in KINDS for example in kind(name).examples]


def required(predicate: str) -> Kind:
    """Return what a text requires."""
    (item,) = document(section(f"must it: {predicate}", head=ROLES + OPTIONS)).requirements
    assert isinstance(item.predicate, Kind)
    return item.predicate


def compared(old: Kind, new: Kind) -> Direction:
    """Return what can be proved of hosts that meet the one or the other."""
    before, after = of_predicate(old), of_predicate(new)
    return {
        (True, True): Direction.EQUIVALENT,
        (True, False): Direction.STRICTER,
        (False, True): Direction.LOOSER,
        (False, False): Direction.DIFFERENT,
    }[entails(after, before), entails(before, after)]


def meaning(predicate: str) -> checks.Check:
    return only(lowered(section(f"must it: {predicate}", head=ROLES + OPTIONS))).check


@pytest.mark.parametrize(
    ("written", "value"), [("name", "cali*"), ('"cali*"', "cali*"), ('"name"', "name")]
)
def test_a_parameter_takes_an_option_that_is_a_text(written: str, value: str) -> None:
    assert meaning(f"sysctl a.b = {written}") == checks.Sysctl("a.b", Relation.EQUAL, value)


@pytest.mark.parametrize(("number", "wrong"), [(255, []), (256, ["REQ303"])])
def test_a_number_may_be_the_largest(number: int, wrong: list[str]) -> None:
    _, report = read(section(f"must it: allow ip {number} any -> host"))

    assert [item.code for item in report.sorted()] == wrong


def test_a_form_that_does_not_fit_keeps_nothing_of_what_was_read() -> None:
    gc.collect()
    gc.disable()
    try:
        assert document(section('must a: file "/x" content "y"')).requirements
        assert not [kept for kept in gc.get_objects() if isinstance(kept, Mismatch)]
    finally:
        gc.enable()


def test_a_name_whose_declaration_has_a_mistake_is_not_missing() -> None:
    head = "role host\nrolle typha\noption o1 int = 2\noption port: port\n"

    found = mistakes(
        section("must a: cpu >= o1", "must b: allow tcp port typha -> host", head=head)
    )

    assert [item.code for item in found] == ["REQ101", "REQ101"]


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_tells_what_it_is(name: str) -> None:
    found = kind(name)

    assert found.name == name
    assert found.summary.endswith(".")
    assert found.forms
    assert found.examples
    for example in found.examples:
        assert example.split()[0] == name


@pytest.mark.parametrize("name", KINDS)
def test_the_usage_of_every_form_is_one_line(name: str) -> None:
    for form in kind(name).forms:
        assert "\n" not in form.usage
        assert form.usage.strip()


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_means_something(example: str) -> None:
    item = only(lowered(section(f"must it: {example}", head=ROLES)))

    assert item.applies
    assert isinstance(item.check, checks.Check)
    assert plain(item.statement).strip()
    assert not plain(item.statement).endswith(".")
    assert "Reference" not in repr(item)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_equivalent_to_itself(example: str) -> None:
    one, other = required(example), required(example)

    assert one == other
    assert compared(one, other) is Direction.EQUIVALENT


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_with_more_behind_it_is_wrong_usage(example: str) -> None:
    found = mistakes(section(f"must it: {example}, [x]", head=ROLES))

    assert len(found) == 1
    assert example.split(maxsplit=1)[0] in found[0].message


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_alone_is_wrong_usage(name: str) -> None:
    (found,) = mistakes(section(f"must it: {name}", head=ROLES))

    assert found.code == "REQ302"
    assert f"for example `{kind(name).examples[0]}`" in found.help


@pytest.mark.parametrize(
    ("predicate", "check"),
    [
        ("arch amd64, arm64", checks.Architecture(("x86_64", "aarch64"))),
        ("os rhel", checks.OperatingSystem("rhel")),
        ("os rhel >= floor", checks.OperatingSystem("rhel", Relation.AT_LEAST, "8.4")),
        (
            "os rhel 7, rhcos",
            checks.Any(
                (
                    checks.OperatingSystem("rhel", Relation.EQUAL, "7"),
                    checks.OperatingSystem("rhcos"),
                )
            ),
        ),
        ("kernel >= 3.10", checks.KernelVersion(Relation.AT_LEAST, "3.10")),
        ("kernel == 3.10", checks.KernelVersion(Relation.EQUAL, "3.10")),
        ('command "nft"', checks.CommandVersion("nft")),
        (
            'command "nft" >= 1.0.1',
            checks.CommandVersion("nft", relation=Relation.AT_LEAST, version="1.0.1"),
        ),
        ("cpu >= 2", checks.Processors(Relation.AT_LEAST, 2)),
        ("memory >= 2GiB", checks.Memory(Relation.AT_LEAST, 2 << 20)),
        ('disk "/var" > 10GB', checks.DiskSpace("/var", Relation.GREATER, 9765625)),
        (
            "sysctl net.ipv4.ip_forward = 1",
            checks.Sysctl("net.ipv4.ip_forward", Relation.EQUAL, "1"),
        ),
        ("interface name", checks.InterfaceNamesFree(("cali*",))),
        ("service firewalld disabled", checks.Unit("firewalld.service", UnitCondition.DISABLED)),
        ("service a.socket running", checks.Unit("a.socket", UnitCondition.RUNNING)),
        ('file "/x" exists', checks.FileExists("/x")),
        ('file "/x" absent', checks.Not(checks.FileExists("/x"))),
        ('file "/x" contains "a\\nb"', checks.FileContains("/x", ("a", "b"))),
        ('file "/x" content "a\\nb"', checks.FileContains("/x", ("a", "b"))),
        ('file "/x" mode 0640', checks.FileMode("/x", 0o640)),
        ('file "/x" owner "root"', checks.FileOwner("/x", "root")),
        ('mount "/sys/fs/bpf" bpf', checks.Mounted("/sys/fs/bpf", "bpf")),
        ("package ipset", checks.PackageInstalled("ipset")),
        (
            "package libstdc++, g++, libstdc++",
            checks.All((checks.PackageInstalled("libstdc++"), checks.PackageInstalled("g++"))),
        ),
        ('argument "quiet"', checks.BootArgument("quiet")),
        ('argument name, "a=\\"b c\\""', ARGUMENTS),
        ("capability CAP_BPF", checks.Capability("CAP_BPF", 39)),
        ("free udp port", checks.PortFree("udp", 5473)),
        ('endpoint tcp 443 "h"', checks.Reachable("h", ("h",), 443)),
        ('manual "Ask."', checks.Manual("Ask.")),
        ("module ip_set", kernel.module("ip_set").check),
        ("match set, set", kernel.xtables_match("set", "ipv4").check),
        (
            "target LOG, LOG ipv6",
            checks.All(
                (
                    kernel.xtables_target("LOG", "ipv4").check,
                    kernel.xtables_target("LOG", "ipv6").check,
                )
            ),
        ),
        (
            "software openshift >= 4.3",
            checks.OsRelease("OPENSHIFT_VERSION", Relation.AT_LEAST, "4.3"),
        ),
        (
            "software docker < 25",
            checks.CommandVersion("docker", relation=Relation.LESS, version="25"),
        ),
        (
            "software docker",
            checks.Manual("confirm that Docker Engine is there: docker version"),
        ),
        (
            "software openstack >= train",
            checks.Manual("confirm OpenStack >= train: openstack versions show"),
        ),
        (
            "kconfig CONFIG_NF_CONNTRACK",
            checks.KernelCapability(
                "CONFIG_NF_CONNTRACK", options=(checks.KernelOption("NF_CONNTRACK", ("y", "m")),)
            ),
        ),
        (
            "kconfig BPF_SYSCALL = y",
            checks.KernelCapability(
                "CONFIG_BPF_SYSCALL", options=(checks.KernelOption("BPF_SYSCALL", ("y",)),)
            ),
        ),
        (
            'unmanaged "cali*"',
            checks.IniList(
                "/etc/NetworkManager/NetworkManager.conf",
                (
                    "/etc/NetworkManager/conf.d",
                    "/run/NetworkManager/conf.d",
                    "/usr/lib/NetworkManager/conf.d",
                ),
                "keyfile",
                "unmanaged-devices",
                ("interface-name:cali*",),
            ),
        ),
        (
            "all { cpu >= 2; cpu < 9 }",
            checks.All(
                (
                    checks.Processors(Relation.AT_LEAST, 2),
                    checks.Processors(Relation.LESS, 9),
                )
            ),
        ),
        (
            "any { cpu >= 2; not cpu < 4 }",
            checks.Any(
                (
                    checks.Processors(Relation.AT_LEAST, 2),
                    checks.Not(checks.Processors(Relation.LESS, 4)),
                )
            ),
        ),
    ],
)
def test_a_kind_means_a_check(predicate: str, check: checks.Check) -> None:
    assert meaning(predicate) == check


@pytest.mark.parametrize(
    ("predicate", "asked"),
    [
        ("sysctl a.b = 1", (states.SysctlValue("a.b", "1"),)),
        ("sysctl a.b >= 1", (states.SysctlValue("a.b", "1", ">="),)),
        ("sysctl a.b <= 1", (states.SysctlValue("a.b", "1", "<="),)),
        ("sysctl a.b > 1", ()),
        ("service x enabled", (states.UnitState("x.service", "enabled"),)),
        ("service x present", ()),
        ('file "/x" absent', (states.FileAbsent("/x"),)),
        ('file "/x" content "y"', (states.FileContent("/x", "y"),)),
        ('file "/x" mode 0640', (states.FileMode("/x", 0o640),)),
        ('file "/x" owner "y"', (states.FileOwner("/x", "y"),)),
        ('file "/x" contains "y"', ()),
        ('mount "/m" bpf', (states.MountPoint("/m", "bpf"),)),
        ("package a, b, a", (states.PackageInstalled("a"), states.PackageInstalled("b"))),
        ('argument "a=\\"b c\\""', (states.KernelArgument('a="b c"'),)),
        (
            "module sctp, ip_set, sctp",
            (
                states.FileContent("/etc/modprobe.d/sctp-blacklist.conf", ""),
                states.ModuleAtBoot("sctp"),
                states.ModuleAtBoot("ip_set"),
            ),
        ),
        ("not package a", ()),
        (
            'all { unmanaged "a" }',
            (
                states.IniListItems(
                    "/etc/NetworkManager/conf.d/demo.conf",
                    "keyfile",
                    "unmanaged-devices",
                    ("interface-name:a",),
                    ";",
                ),
            ),
        ),
        ("all { service x masked; cpu >= 2 }", (states.UnitState("x.service", "masked"),)),
        ("any { service x masked; cpu >= 2 }", ()),
        ("not service x masked", ()),
        ("kernel >= 3.10", ()),
    ],
)
def test_a_kind_asks_for_states(predicate: str, asked: tuple[states.State, ...]) -> None:
    assert only(lowered(section(f"must it: {predicate}"))).states == asked


GLOB = "expected a name of at most 15 characters without blanks or / : ; ,"
PATH = "expected a clean absolute path such as /etc/example.conf"


@pytest.mark.parametrize(
    ("predicate", "said"),
    [
        ('interface "eXt-12345678901"', ""),
        ('interface "a*b?1234567890123"', ""),
        ('interface "1234567890123456"', GLOB),
        ('interface "123456789012345*6"', GLOB),
        ('interface "123456789012345?6"', GLOB),
        *(
            (f'interface "a{sign}b"', GLOB)
            for sign in ["/", " ", ":", ";", ",", r"\t", r"\n", r"\""]
        ),
        ('interface ""', GLOB),
        ('file "/aXX/.b/..c/d.e" exists', ""),
        *(
            (f'file "{path}" exists', PATH)
            for path in [
                "",
                "a",
                "/",
                "/a/",
                "//a",
                "/a//b",
                "/.",
                "/./a",
                "/..",
                "/a/../b",
                r"/\n",
            ]
        ),
        (
            "software openstack >= zzzz",
            "`zzzz` is no version of OpenStack; its releases are austin, bexar, ",
        ),
        (
            "software openshift >= zzzz",
            "`zzzz` is no version of OpenShift Container Platform; versions are dotted numbers",
        ),
        ('disk "var" >= 1GB', "`var` cannot stand here: expected a clean absolute path"),
        ('disk "/a/" >= 1GB', "`/a/` cannot stand here: expected a clean absolute path"),
        ('disk "/" >= 1GB', ""),
        ('file "/x" contains " "', "`contains` needs a text"),
        ('file "/x" owner " "', "`owner` needs a text"),
        ('file "/x" contains "y"', ""),
        ('file "/x" owner "y"', ""),
        ('file "/x" mode 0644', ""),
        ('file "/x" mode 64x', "`64x` is no mode of a file; modes are octal, such as 0644"),
    ],
)
def test_a_value_that_cannot_be_is_refused(predicate: str, said: str) -> None:
    text = section(f"must it: {predicate}")

    if said:
        (found,) = mistakes(text)
        assert (found.code, said in found.message) == ("REQ303", True)
    else:
        assert document(text)


def test_all_names_of_one_thing_have_one_key() -> None:
    one, other = required("match set"), required("module xt_set, ip_set")

    assert one.things() <= other.things()
    assert len(one.things()) == 1
    assert required("cpu >= 2").things() == frozenset()


@pytest.mark.parametrize(
    ("predicate", "words"),
    [
        ("arch amd64, arm64", "a processor of type x86_64 or aarch64"),
        ("os rhel", "rhel"),
        ("os rhel 7, ubuntu >= 20.04", "rhel 7 or ubuntu 20.04 or later"),
        ("kernel >= 3.10", "Linux kernel 3.10 or later"),
        ("kernel > 3.10", "Linux kernel later than 3.10"),
        ("kernel <= 3.10", "Linux kernel at most 3.10"),
        ("kernel < 3.10", "Linux kernel before 3.10"),
        ("kernel == 3.10", "Linux kernel 3.10"),
        ("kernel != 3.10", "Linux kernel not 3.10"),
        ("software openstack >= train", "OpenStack train or later"),
        ("software openstack", "OpenStack"),
        ('command "nft"', "the command nft"),
        ('command "nft" >= 1.0.1', "the command nft 1.0.1 or later"),
        ("cpu >= 2", "at least 2 processors"),
        ("cpu > 2", "more than 2 processors"),
        ("cpu <= 2", "at most 2 processors"),
        ("cpu < 2", "less than 2 processors"),
        ("cpu == 2", "exactly 2 processors"),
        ("cpu != 2", "other than 2 processors"),
        ("memory >= 2GiB", "at least 2GiB of memory"),
        ('disk "/var" >= 1GB', "at least 976563KiB of disk at /var"),
        ("module ip_set", "kernel module ip_set"),
        ("module a, b, c", "kernel modules a, b and c"),
        ("match set", "iptables match set"),
        ("match set, rpfilter ipv6", "iptables matches set and rpfilter for IPv6"),
        ("target LOG", "iptables target LOG"),
        ("target LOG, REJECT ipv6", "iptables targets LOG and REJECT for IPv6"),
        ("feature ipset", "kernel feature ipset"),
        ("feature conntrack, vxlan", "kernel features conntrack and vxlan"),
        ("kconfig NF_CONNTRACK", "kernel option CONFIG_NF_CONNTRACK as y or m"),
        ("kconfig CONFIG_BPF_SYSCALL = y", "kernel option CONFIG_BPF_SYSCALL as y"),
        ("sysctl a.b >= 1", "kernel parameter a.b >= 1"),
        ('interface "a"', "network interfaces a belong to the product"),
        ('unmanaged "a", "b"', "NetworkManager leaves the interfaces a and b alone"),
        ("service x absent", "service x is absent"),
        ('file "/x" exists', "file /x exists"),
        ('file "/x" absent', "file /x is absent"),
        ('file "/x" contains "y"', "file /x contains y"),
        ('file "/x" content "y"', "file /x has the content given"),
        ('file "/x" mode 0640', "file /x has mode 0640"),
        ('file "/x" owner "root"', "file /x has owner root"),
        ('mount "/m" bpf', "a bpf file system at /m"),
        ("package a", "the package a is installed"),
        ("package a, b", "the packages a and b are installed"),
        ('argument "a"', "kernel argument a"),
        ('argument "a", "b"', "kernel arguments a and b"),
        ("capability CAP_BPF", "the capability CAP_BPF"),
        ("allow tcp 179 host <-> host", "TCP 179 from host both ways with host"),
        ("allow udp 1-9 any -> host", "UDP 1-9 from any to host"),
        ("allow icmp any -> host", "ICMP from any to host"),
        ("allow icmpv6 128 any -> host", "ICMPv6 type 128 from any to host"),
        ("allow ip 4 host -> host", "IP protocol 4 from host to host"),
        ("free tcp 1", "TCP port 1 is free on the node"),
        ('endpoint tcp 443 "h"', "h is reachable on TCP 443"),
        ("datastore etcd", "an etcd v3 cluster, reachable from all components"),
        (
            "datastore kubernetes",
            "the Kubernetes API as datastore, reachable from all components",
        ),
        ("not cpu >= 2", "not at least 2 processors"),
        ("any { cpu >= 2; cpu == 1 }", "at least 2 processors or exactly 1 processors"),
        ("all { cpu > 2; cpu < 8 }", "more than 2 processors and less than 8 processors"),
    ],
)
def test_a_kind_is_said_in_words(predicate: str, words: str) -> None:
    (item,) = document(section(f"must it: {predicate}", head=ROLES)).requirements

    assert plain(item.predicate.words()) == words


TYPHA = (Ports(5473, 5473),)


@pytest.mark.parametrize(
    ("predicate", "allowed"),
    [
        ("allow tcp 179 host <-> host", (Flow(6, (Ports(179, 179),), "host", "host"),)),
        (
            "allow tcp port host <-> typha",
            (Flow(6, TYPHA, "host", "typha"), Flow(6, TYPHA, "typha", "host")),
        ),
        ("allow udp 1-9 any -> host", (Flow(17, (Ports(1, 9),), "any", "host"),)),
        ("allow sctp 5 external -> host", (Flow(132, (Ports(5, 5),), "external", "host"),)),
        ("allow icmp any -> host", (Flow(1, (), "any", "host"),)),
        ("allow icmp 0 any -> host", (Flow(1, (), "any", "host", 0),)),
        ("allow icmpv6 128 any -> host", (Flow(58, (), "any", "host", 128),)),
        (
            "allow icmp 8 host <-> typha",
            (Flow(1, (), "host", "typha", 8), Flow(1, (), "typha", "host", 8)),
        ),
        ("allow ip 4 host <-> host", (Flow(4, (), "host", "host"),)),
        ("allow ip 0 host -> host", (Flow(0, (), "host", "host"),)),
        ("cpu >= 2", ()),
    ],
)
def test_a_kind_allows_flows(predicate: str, allowed: tuple[flows.Flow, ...]) -> None:
    text = section(f"must it: {predicate}", head=ROLES + OPTIONS)

    assert only(lowered(text)).flows == allowed


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        ("kernel >= 3.10", "kernel >= 3.10.0", Direction.EQUIVALENT),
        ("kernel >= 3.9", "kernel >= 3.10", Direction.STRICTER),
        ("kernel >= 4.18.0", "kernel >= 4.18.0-193", Direction.STRICTER),
        ("kernel > 5", "kernel >= 5", Direction.LOOSER),
        ("kernel >= 5", "kernel > 5", Direction.STRICTER),
        ("kernel < 5", "kernel <= 5", Direction.LOOSER),
        ("kernel <= 5", "kernel <= 4", Direction.STRICTER),
        ("kernel <= 4.18.0", "kernel <= 4.18.0-193", Direction.STRICTER),
        ("kernel > 4.18.0", "kernel > 4.18.0-193", Direction.LOOSER),
        ("kernel >= 5", "kernel <= 5", Direction.DIFFERENT),
        ("kernel == 5", "kernel == 6", Direction.DIFFERENT),
        ("cpu >= 2", "cpu >= 4", Direction.STRICTER),
        ("memory >= 1GiB", "memory >= 1024MiB", Direction.EQUIVALENT),
        ("memory >= 2GiB", "memory >= 2GB", Direction.LOOSER),
        ('disk "/" >= 2GiB', 'disk "/" >= 3GiB', Direction.STRICTER),
        ('disk "/" >= 2GiB', 'disk "/var" >= 2GiB', Direction.DIFFERENT),
        ("arch amd64", "arch x86_64", Direction.EQUIVALENT),
        ("arch amd64", "arch amd64, arm64", Direction.LOOSER),
        ("os rhel 7, rhel 8", "os rhel 8", Direction.STRICTER),
        ("os rhel 7", "os rhel 8", Direction.DIFFERENT),
        ('interface "a"', 'interface "a", "b"', Direction.STRICTER),
        ('unmanaged "a", "b"', 'unmanaged "b", "a"', Direction.EQUIVALENT),
        ("package a", "package b, a", Direction.STRICTER),
        ("package a, b", "package c, b", Direction.DIFFERENT),
        ('argument "a"', 'argument "a", "b"', Direction.STRICTER),
        ('argument "a-b=\\"c-d\\""', 'argument "a_b=c-d"', Direction.EQUIVALENT),
        ('argument "a=b-c"', 'argument "a=b_c"', Direction.DIFFERENT),
        ("software openstack >= train", "software openstack >= ussuri", Direction.STRICTER),
        ("software openshift >= 4.10", "software openshift >= 4.9", Direction.LOOSER),
        ('command "nft"', 'command "nft" >= 1.0', Direction.STRICTER),
        ('command "nft" >= 1.0', 'command "nft"', Direction.LOOSER),
        ('command "nft" >= 1.0', 'command "nft" >= 1.1', Direction.STRICTER),
        ('command "nft"', 'command "ipset"', Direction.DIFFERENT),
        ("module xt_set", "module ip_vs, xt_set", Direction.STRICTER),
        ("module xt_set", "module ip_set, xt_set", Direction.EQUIVALENT),
        ("match set", "match set, addrtype", Direction.STRICTER),
        ("allow tcp 179 host -> host", "allow tcp 179 host <-> host", Direction.EQUIVALENT),
        ("allow tcp 179 host -> typha", "allow tcp 180 host -> typha", Direction.DIFFERENT),
        ("service x disabled", "service x masked", Direction.STRICTER),
        ("service x masked", "service x disabled", Direction.LOOSER),
        ('manual "a"', 'manual "b"', Direction.DIFFERENT),
        ("datastore etcd", "datastore kubernetes", Direction.DIFFERENT),
        ("software openstack", "software openstack >= train", Direction.DIFFERENT),
        ("software openstack >= train", "software openshift >= 4.9", Direction.DIFFERENT),
        ("software openstack >= train", "software openstack > train", Direction.STRICTER),
        ("software openstack > train", "software openstack >= train", Direction.LOOSER),
        ("software openstack <= train", "software openstack < train", Direction.STRICTER),
        ("software openstack < train", "software openstack <= train", Direction.LOOSER),
        ("software openstack <= train", "software openstack <= ussuri", Direction.LOOSER),
        ("software openstack <= ussuri", "software openstack <= train", Direction.STRICTER),
        ("software openstack == train", "software openstack == ussuri", Direction.DIFFERENT),
        ("software openstack >= train", "software openstack <= train", Direction.DIFFERENT),
    ],
)
def test_a_change_has_a_direction(old: str, new: str, direction: Direction) -> None:
    assert compared(required(old), required(new)) is direction


@pytest.mark.parametrize(
    ("old", "new", "direction"),
    [
        ('manual "a"', 'manual "a"', Direction.EQUIVALENT),
        ('manual "a"', 'manual "b"', Direction.DIFFERENT),
        ("software openstack", "software openstack", Direction.EQUIVALENT),
        ("software openstack", "software openstack >= train", Direction.DIFFERENT),
        ("software openstack >= train", "software openstack >= train", Direction.EQUIVALENT),
        ("software openstack >= train", "software openstack >= ussuri", Direction.STRICTER),
    ],
)
def test_a_kind_compares_itself_where_no_check_can(
    old: str, new: str, direction: Direction
) -> None:
    assert required(old).compare(required(new)) is direction


MIRRORED = {
    Direction.STRICTER: Direction.LOOSER,
    Direction.LOOSER: Direction.STRICTER,
    Direction.EQUIVALENT: Direction.EQUIVALENT,
    Direction.DIFFERENT: Direction.DIFFERENT,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_change_back_has_the_other_direction(name: str) -> None:
    examples = [required(example) for example in EXAMPLES if example.split()[0] == name]

    for old in examples:
        for new in examples:
            assert compared(new, old) is MIRRORED[compared(old, new)]
