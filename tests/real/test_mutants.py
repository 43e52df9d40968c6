"""The gate of the packet tests: nearly every fault in a rule set is one that packets notice."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from msgspec.structs import replace

from reqc.backends.iptables.backend import TARGET as IPTABLES
from reqc.backends.nftables.backend import TARGET as NFTABLES
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import rendered
from tests.real.firewalls import expectation, laboratory
from tests.real.mutants import Mutant, mutants
from tests.real.oracle import Mode
from tests.real.packet_lab import Lab
from tests.real.probes import Probe
from tests.real.test_packets import mixed

LEAST: Final = 0.95
"""The part of the mutants which packets have to notice."""

RETIRED: Final = {4: "10.97.0.0/20", 6: "2001:db8:97::/64"}
"""The networks of a role that no requirement speaks of any more."""

FILES: Final = ("nft", "rules.v4", "rules.v6", "rules.ipset")


KINDS: Final = (
    [*product(Mode, FILES)]
    if "REQC_EXAMPLES" in os.environ
    else [
        *product(Mode, ["nft"]),
        # the rules of both versions and modes come from the same lines of a template
        *((Mode.GUARD, "rules.v4"), (Mode.ENFORCE, "rules.v6"), (Mode.ENFORCE, "rules.ipset")),
    ]
)
"""Which rule sets are tried; all of them by `make fuzz-firewalls`."""

SHARES: Final = 4
"""How many hosts are at work at once."""


PARTS: Final = 10
"""Into how many parts the probes fall, of which the first that tells is the last to be sent."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why packets cannot notice some mutants; the patterns are for a line before and after."""

    reason: str
    operator: str
    was: str
    became: str = ""
    modes: tuple[Mode, ...] = tuple(Mode)
    files: tuple[str, ...] = ("nft",)

    def covers(self, mutant: Mutant) -> bool:
        """Tell whether this excuses a mutant."""
        return bool(
            self.operator == mutant.operator
            and re.search(self.was, mutant.was)
            and re.search(self.became, mutant.became)
        )


RULES: Final = ("rules.v4", "rules.v6")
GUARD: Final = (Mode.GUARD,)
ENFORCE: Final = (Mode.ENFORCE,)
SSH_TWICE: Final = "no denial names the port of ssh, which a rule accepts first"
NOT_KEPT: Final = "guard keeps nobody from a port that no requirement names"
ONLY_A_LOG: Final = "the rule only writes a log"
ALL_ARMED: Final = "the switch is on for all packets"
EXCUSES: Final = (
    Excuse(SSH_TWICE, "without the line", "failsafe: ssh", "", GUARD, ("nft", *RULES)),
    Excuse(SSH_TWICE, "another word", "failsafe: ssh", "udp|sport", GUARD, ("nft", *RULES)),
    Excuse(SSH_TWICE, "another port", "-21 .*drop", "-22 ", GUARD),
    Excuse(SSH_TWICE, "another port", " 23-.*drop", " 22-", GUARD),
    Excuse(SSH_TWICE, "another port", "21,23.*DROP", "21,22|22,23", GUARD, RULES),
    Excuse(NOT_KEPT, "another port", "(90-95|-20000) .*accept", "96|20001", GUARD),
    Excuse(NOT_KEPT, "another port", "(90:95|:20000) .*RETURN", "96|20001", GUARD, RULES),
    Excuse(
        "guard keeps nobody from protocol 58 over IPv4",
        *("one match less", "ipv6 meta l4proto 58 .*accept", "^meta l4proto", GUARD),
    ),
    Excuse(
        "all errors of ICMPv6 are in the failsafe",
        *("without related", "RELATED", "", tuple(Mode), ("rules.v6",)),
    ),
    Excuse("no rule asks the switch", "without the line", "^add .* armed", "", GUARD),
    Excuse("no rule asks the switch", "another word", "^add .* armed", "", GUARD),
    Excuse("what is left in the switch is on as well", "without the line", "^flush set .* armed"),
    Excuse("no rule looks into the set", "without the line", "^flush set .*(old_v6|new_v4)"),
    Excuse("nothing follows the jump", "another word", "^jump guarded", "^goto", GUARD),
    Excuse(ALL_ARMED, "another word", "policy accept", "policy drop", ENFORCE),
    Excuse(ALL_ARMED, "one match less", "@armed counter drop", "", ENFORCE),
    Excuse(ALL_ARMED, "another word", "armed.* -j DROP", " dst ", ENFORCE, RULES),
    Excuse(ALL_ARMED, "one match less", "armed.* -j DROP", "", ENFORCE, RULES),
    Excuse(ONLY_A_LOG, "without the line", "log prefix", "", ENFORCE),
    Excuse(ONLY_A_LOG, "one match less", "log prefix", "", ENFORCE),
    Excuse(ONLY_A_LOG, "without the line", "-j LOG", "", ENFORCE, RULES),
    Excuse(ONLY_A_LOG, "another word", "-j LOG", "", ENFORCE, RULES),
    Excuse(ONLY_A_LOG, "one match less", "-j LOG", "", ENFORCE, RULES),
    Excuse(ONLY_A_LOG, "another name", "-j LOG", "", ENFORCE, RULES),
)


def texts(document: LoweredDocument, mode: Mode) -> dict[str, str]:
    """Return the rule sets of a document by the names of `FILES`."""
    (table,) = rendered(NFTABLES, document, mode=mode, trial="0").artifacts
    others = rendered(IPTABLES, document, mode=mode, trial="0").artifacts
    return {"nft": table.text} | {one.name: one.text for one in others}


def asked(mode: Mode) -> LoweredDocument:
    """Return a document with which every rule of a mode makes a difference to some packet."""
    return mixed(typed=mode is Mode.ENFORCE)


def older(document: LoweredDocument) -> LoweredDocument:
    """Return a document before its last change: more that applies, more hosts in each role."""
    more = tuple(RETIRED.values())
    return replace(
        document,
        roles=tuple(replace(one, addresses=(*one.addresses, *more)) for one in document.roles),
        sections=tuple(
            replace(
                section,
                requirements=tuple(replace(item, applies=True) for item in section.requirements),
            )
            for section in document.sections
        ),
    )


@dataclass
class Bench:
    """A host of a lab on which one rule set is wrong and the others are right."""

    lab: Lab
    folder: Path
    right: dict[str, str]
    before: dict[str, str]
    expected: dict[Probe, bool]
    telling: dict[Probe, None]

    def prepare(self) -> None:
        """Write what all mutants are loaded with, and load the sets of sources."""
        (table,) = set(re.findall(r"^table (inet \S+)", self.right["nft"], re.MULTILINE))
        (chain,) = re.findall(r"^:(\S+)", self.right["rules.v4"], re.MULTILINE)
        files = {
            "gone": f"table {table}\ndelete table {table}\n",
            "hook": f"*filter\n:INPUT ACCEPT\n:{chain} -\n-A INPUT -j {chain}\nCOMMIT\n",
            "empty": "*filter\nCOMMIT\n",
            "halfway": _halfway(self.right["rules.ipset"]),
            **self.right,
            **{f"before.{name}": text for name, text in self.before.items()},
        }
        for name, text in files.items():
            (self.folder / name).write_text(text)
        self.run("ipset restore <before.rules.ipset; ipset restore <rules.ipset")

    def run(self, script: str) -> None:
        """Run commands in the host."""
        self.lab.host.run(f"cd {self.folder}; {script}", XTABLES_LOCKFILE=str(self.folder / "lock"))

    def load(self, name: str, text: str, *, over: bool) -> None:
        """Load a rule set in the place of one of `FILES`, over the older one or over none."""
        (self.folder / "mutant").write_text(text)
        if name == "nft":
            older = "cat gone before.nft | nft -f -; exec nft -f mutant"
            self.run(older if over else "cat gone mutant | nft -f -")
        elif name == "rules.ipset":
            self.run(_sets(over=over))
        else:
            self.run(_rules(name, "mutant", over=over))

    def surprised(self) -> bool:
        """Tell whether a packet fares otherwise than the oracle says."""
        every = list(self.expected)
        # first what told other mutants, then the rest in parts that hold something of everything
        for probes in (list(self.telling), *(every[part::PARTS] for part in range(PARTS))):
            verdicts = self.lab.verdicts(probes)
            for probe, verdict in zip(probes, verdicts, strict=True):
                if (verdict == "accept") != self.expected[probe]:
                    self.telling[probe] = None
                    return True
        return False


def _rules(name: str, file: str, *, over: bool = False) -> str:
    """Return the command that loads the rules of a version, over the older ones or over none."""
    tool = {"rules.v4": "iptables", "rules.v6": "ip6tables"}[name] + "-legacy-restore"
    older = f"{tool} --noflush <before.{name};" if over else ""
    return f"{tool} <hook; {older} {tool} --noflush <{file};"


def _sets(*, over: bool) -> str:
    """Return the command that loads sets, and fails where one is left that nothing needs.

    The older state is that of a host where a load was cut off.
    """
    rules = "".join(_rules(name, name) for name in ("rules.v4", "rules.v6"))
    nothing = "iptables-legacy-restore <empty; ip6tables-legacy-restore <empty; ipset destroy;"
    older = "ipset restore <before.rules.ipset; ipset restore <halfway;" if over else ""
    tidy = "! ipset list -name | grep -q '[.]n$'"
    return f"{nothing} {older} ipset restore <mutant; {rules} {tidy}"


def _halfway(text: str) -> str:
    """Return what a load of sets leaves when it is cut off, after other hosts were added."""
    created = [line for line in text.splitlines() if re.match(r"create .*\.n ", line)]
    added = [f"add {line.split()[2]} {RETIRED[6 if 'inet6' in line else 4]}" for line in created]
    return "\n".join([*created, *added, ""])


@contextmanager
def bench(mode: Mode, name: str, folder: Path, telling: dict[Probe, None]) -> Iterator[Bench]:
    """Yield a bench for rule sets of one kind, with the packets that these see."""
    versions = {"rules.v4": {4}, "rules.v6": {6}}.get(name, {4, 6})
    expected = {
        probe: arrives
        for probe, arrives in expectation(asked(mode), mode).items()
        if probe.version in versions
    }
    with laboratory() as lab:
        before = texts(older(asked(mode)), mode)
        # a release of reqc before this one may have let in more of ICMP
        before["nft"] = re.sub(r"(failsafe_icmp(?:v6)? \{\n)", r"\1\t255,\n", before["nft"])
        built = Bench(lab, folder, texts(asked(mode), mode), before, expected, telling)
        built.prepare()
        yield built


def outcome(on: Bench, name: str, mutant: Mutant) -> str:
    """Return whether a mutant is `refused` by the firewall, `noticed` by packets, or `unseen`."""
    for over in (False, True):
        try:
            on.load(name, mutant.text, over=over)
        except RuntimeError:
            return "refused"
        if on.surprised():
            return "noticed"
    return "unseen"


def outcomes(mode: Mode, name: str, folder: Path) -> list[tuple[Mutant, str]]:
    """Return the outcome of every mutant of a rule set."""
    telling: dict[Probe, None] = {}

    def share(number: int) -> list[tuple[Mutant, str]]:
        place = folder / str(number)
        place.mkdir()
        with bench(mode, name, place, telling) as on:
            for over in (False, True):
                on.load(name, on.right[name], over=over)
                assert not on.surprised()
            mine = [*mutants(on.right[name])][number::SHARES]
            return [(one, outcome(on, name, one)) for one in mine]

    # most of the time a load waits for the kernel, which several hosts can do at once
    with ThreadPoolExecutor(SHARES) as threads:
        return [row for rows in threads.map(share, range(SHARES)) for row in rows]


@pytest.mark.parametrize(("mode", "name"), KINDS)
def test_packets_notice_nearly_every_fault(mode: Mode, name: str, tmp_path: Path) -> None:
    found = outcomes(mode, name, tmp_path)

    unseen = {str(one) for one, how in found if how == "unseen"}
    excuses = [item for item in EXCUSES if mode in item.modes and name in item.files]
    excused = {item: {str(one) for one, _ in found if item.covers(one)} for item in excuses}
    assert unseen == set().union(*excused.values())
    assert all(excused.values())
    assert len(unseen) <= (1 - LEAST) * len(found)
    assert sum(how == "noticed" for _, how in found) > len(found) / 2
