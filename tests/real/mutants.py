"""Mutants: rule sets with one fault each, made from the text by systematic operators."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

Change: TypeAlias = Callable[[re.Match[str]], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule set with one changed line: what it `was` and `became`, empty where it is gone."""

    operator: str
    was: str
    became: str
    text: str

    def __str__(self) -> str:
        return f"{self.operator}: {self.was} => {self.became or 'nothing'}"


@dataclass(frozen=True, slots=True)
class Operator:
    """A fault: each match of the pattern, outside of quotes, becomes each thing `change` yields."""

    name: str
    pattern: re.Pattern[str]
    change: Change


WORDS: Final = {
    "accept": "drop",
    "drop": "accept",
    "ACCEPT": "DROP",
    "DROP": "RETURN",
    "RETURN": "DROP",
    "tcp": "udp",
    "udp": "tcp",
    "-p tcp -m tcp": "-p udp -m udp",
    "-p udp -m udp": "-p tcp -m tcp",
    "icmp": "icmpv6",
    "icmpv6": "icmp",
    "saddr": "daddr",
    "dport": "sport",
    "sport": "dport",
    "--dport": "--sport",
    "--sport": "--dport",
    "--dports": "--sports",
    "src": "dst",
    "-s": "-d",
    "input": "forward",
    "jump": "goto",
    "established,related": "established",
    "RELATED,ESTABLISHED": "RELATED",
    "ipv4, ipv6": "ipv4",
}
"""What is taken for what; the longest word at a place is taken first."""


def _gone(_: re.Match[str]) -> Iterator[str]:
    yield ""


def _other_word(match: re.Match[str]) -> Iterator[str]:
    yield WORDS[match[0]]


def _other_number(match: re.Match[str]) -> Iterator[str]:
    """Yield the numbers next to each one in a list or range."""
    for found in re.finditer(r"\d+", match[0]):
        for near in (int(found[0]) - 1, int(found[0]) + 1):
            if 0 <= near <= HIGHEST_PORT:
                yield f"{match[0][: found.start()]}{near}{match[0][found.end() :]}"


def _other_protocol(match: re.Match[str]) -> Iterator[str]:
    yield {"4": "94"}.get(match[0], str(int(match[0]) + 1))


def _other_network(match: re.Match[str]) -> Iterator[str]:
    full = 128 if ":" in match["address"] else 32
    length = int(match["length"] or full)
    yield f"{match['address']}/{length - 1}"
    if length < full:
        yield f"{match['address']}/{length + 1}"


HIGHEST_PORT: Final = 65535
ADDRESS: Final = r"\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*"
OPERATORS: Final = tuple(
    Operator(name, re.compile(pattern, re.VERBOSE), change)
    for name, pattern, change in (
        # the brackets around several lines stay, or nothing could be loaded
        ("without the line", r"^ [^{}]+ $ | ^ .*[^{\s] $", _gone),
        (
            "another word",
            r"(?<![\w@-]) (?:"
            + "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
            + r") (?![\w-])",
            _other_word,
        ),
        ("without established", r"established, (?=related) | ,ESTABLISHED", _gone),
        ("without related", r"RELATED, (?=ESTABLISHED)", _gone),
        ("another port", r"(?<=port[ ]) [\d-]+ | (?<=ports[ ]) [\d:,]+", _other_number),
        ("another type", r"(?<=type[ ]) \d+", _other_number),
        ("another element", r"(?<=^\t) \d+ (?=,|[ ]comment)", _other_number),
        (
            "another protocol",
            r"(?:(?<=protocol[ ])|(?<=l4proto[ ])|(?<=-p[ ])) \d+",
            _other_protocol,
        ),
        (
            "another network",
            rf"(?<![\w.:]) (?P<address>{ADDRESS}) (?:/(?P<length>\d+))? (?![\w.:/-])",
            _other_network,
        ),
        (
            "one match less",
            r"""iif[ ]"lo"[ ] | -i[ ]lo[ ] | meta[ ]nfproto[ ]\S+[ ] | ip6?[ ]saddr[ ]\S+[ ]
            | -s[ ]\S+[ ] | udp[ ]sport[ ]\S+[ ] | -m[ ]set[ ]--match-set[ ]\S+[ ]src[ ]
            | --sport[ ]\S+[ ] | --dport[ ]\S+[ ] | -m[ ]multiport[ ]--dports[ ]\S+[ ]
            | -m[ ]icmp6?[ ]--icmp(?:v6)?-type[ ]\d+[ ]""",
            _gone,
        ),
    )
)
IDLE: Final = re.compile(
    r"""\s*(\#.*|(return[ ])?comment[ ]".*"
    |-A[ ]\S+[ ]-m[ ]comment[ ]--comment[ ]"[^"]*"|chain[ ]\w+[ ]\{[ ]\})?$""",
    re.VERBOSE,
)
"""A line that decides nothing: a comment, a rule that is one, a chain before it is filled."""

GROUP: Final = re.compile(r"@[\w-]+|(?<=--match-set )[\w-]+|(?<=jump )[\w-]+")
FIRST: Final = re.compile(r"-j DROP$|jump guarded$|@armed .*drop comment")


def mutants(text: str) -> Iterator[Mutant]:
    """Yield every mutant of a rule set for nft, iptables-restore or ipset, each text once."""
    lines = text.splitlines()
    seen = {text}
    for one in (*_changed(lines), *_moved(lines)):
        if one.text not in seen:
            seen.add(one.text)
            yield one


def _changed(lines: list[str]) -> Iterator[Mutant]:
    names = sorted({found[0] for line in lines for found in GROUP.finditer(line)})
    for number, line in enumerate(lines):
        if not IDLE.match(line):
            for operator, became in (*_faults(line), *_other_names(line, names)):
                rest = [became] if became.strip() else []
                text = "\n".join([*lines[:number], *rest, *lines[number + 1 :], ""])
                yield Mutant(operator, line.strip(), became.strip(), text)


def _faults(line: str) -> Iterator[tuple[str, str]]:
    shown = re.sub(r'(?:(?<=comment )|(?<=prefix ))".*"', lambda item: '"' * len(item[0]), line)
    for operator in OPERATORS:
        for match in operator.pattern.finditer(shown):
            for word in operator.change(match):
                yield operator.name, line[: match.start()] + word + line[match.end() :]


def _other_names(line: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield a line with the next set or chain of the rule set in place of its own."""
    for found in GROUP.finditer(line):
        alike = [name for name in names if _alike(name, found[0])]
        other = alike[(alike.index(found[0]) + 1) % len(alike)]
        yield "another name", line[: found.start()] + other + line[found.end() :]


def _alike(name: str, other: str) -> bool:
    """Tell whether two names could stand for each other: sets of one version, or chains."""
    return (name[0] == "@", *re.findall("v[46]$", name)) == (
        other[0] == "@",
        *re.findall("v[46]$", other),
    )


def _moved(lines: list[str]) -> Iterator[Mutant]:
    """Yield rule sets in which a denial comes before all else that its chain says."""
    for number, line in enumerate(lines):
        if FIRST.search(line):
            before = lines[:number]
            start = max(
                place
                for place, other in enumerate(before, 1)
                if other.strip() == "chain input {" or other.startswith(":")
            )
            text = "\n".join([*before[:start], line, *before[start:], *lines[number + 1 :], ""])
            yield Mutant("a denial first", line.strip(), line.strip(), text)
