"""Comparing: what a machine has against what a rule set says, both as the same tool lists them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from tempfile import TemporaryFile
from typing import Final

from msgspec import Struct

from reqc.backends.base import Deviation, Sign, UnreadableMachineError
from reqc.compiler.lowered import LoweredDocument

SEARCH_PATH: Final = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where the tools are that a user's search path may lack."""

_COMMENT: Final = re.compile(r'(?: -m comment --comment| comment) (?:"([^"]*)"|(\S+))')


class Line(Struct, frozen=True):
    """A rule or a member as its tool lists it, without its comment, which names requirements."""

    text: str
    comment: str = ""

    @classmethod
    def of(cls, listed: str) -> Line:
        """Return a listed line with its comment apart."""
        found = _COMMENT.search(listed)
        comment = (found[1] or found[2]) if found else ""
        return cls(_COMMENT.sub("", listed).strip(), comment)


class Listing(Struct, frozen=True):
    """A rule set by its objects: `rules` in an order that counts, `members` in none."""

    rules: Mapping[str, Sequence[Line]]
    members: Mapping[str, frozenset[Line]]


def compare(document: LoweredDocument, wanted: Listing, found: Listing) -> tuple[Deviation, ...]:
    """Return what differs, object by object in the order of the rule set."""
    ids = frozenset(item.origin.id for item in document.requirements)
    rows: list[Deviation] = []
    for where in dict.fromkeys((*wanted.rules, *found.rules)):
        rows.extend(_rules(where, wanted.rules.get(where, ()), found.rules.get(where, ()), ids))
        rows.extend(_presence(where, wanted.rules, found.rules))
    for where in dict.fromkeys((*wanted.members, *found.members)):
        mine, theirs = (side.members.get(where, frozenset()) for side in (wanted, found))
        rows.extend(_members(where, mine, theirs, ids))
        rows.extend(_presence(where, wanted.members, found.members))
    return tuple(rows)


def _presence(
    where: str, wanted: Mapping[str, object], found: Mapping[str, object]
) -> Iterator[Deviation]:
    """Tell of an object that only one side has, and that holds nothing which would say so."""
    if where not in found and not wanted[where]:
        yield Deviation(Sign.MISSING, where, "the object itself")
    if where not in wanted and not found[where]:
        yield Deviation(Sign.UNEXPECTED, where, "an empty object")


def _rules(
    where: str, wanted: Sequence[Line], found: Sequence[Line], ids: frozenset[str]
) -> Iterator[Deviation]:
    matcher = SequenceMatcher(
        None, [line.text for line in wanted], [line.text for line in found], autojunk=False
    )
    for action, first, last, start, end in matcher.get_opcodes():
        if action != "equal":
            yield from (_deviation(Sign.MISSING, where, line, ids) for line in wanted[first:last])
            yield from (_deviation(Sign.UNEXPECTED, where, line, ids) for line in found[start:end])


def _members(
    where: str, wanted: frozenset[Line], found: frozenset[Line], ids: frozenset[str]
) -> Iterator[Deviation]:
    known, there = ({line.text: line for line in side} for side in (wanted, found))
    for text in sorted(known.keys() - there.keys()):
        yield _deviation(Sign.MISSING, where, known[text], ids)
    for text in sorted(there.keys() - known.keys()):
        yield _deviation(Sign.UNEXPECTED, where, there[text], ids)


def _deviation(sign: Sign, where: str, line: Line, ids: frozenset[str]) -> Deviation:
    words = re.split(r"[\s,()]+", line.comment)
    return Deviation(sign, where, line.text, tuple(word for word in words if word in ids))


def _search_path() -> str:
    return os.pathsep.join([os.environ.get("PATH", ""), *SEARCH_PATH])


def has_tool(name: str) -> bool:
    """Tell whether a tool is on this machine."""
    return shutil.which(name, path=_search_path()) is not None


def tool(name: str) -> str:
    """Return the path of a tool; raise UnreadableMachineError where there is none."""
    path = shutil.which(name, path=_search_path())
    if path is None:
        message = f"there is no {name} on this machine"
        raise UnreadableMachineError(message)
    return path


def apart(*command: str) -> tuple[str, ...]:
    """Return a command that runs in a network of its own, where it changes nothing of this one."""
    return (tool("unshare"), "--net", *command)


def told(
    command: Iterable[str], text: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command on a text, with messages in English, and return what came of it."""
    # A file, not a pipe: a command that ends before it has read one would end us as well.
    with TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        return subprocess.run(  # noqa: S603  # the firewall's own tools, no text of a specification
            list(command),
            stdin=file,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"LC_ALL": "C", "PATH": _search_path()} | environment,
        )


def required(done: subprocess.CompletedProcess[str], what: str) -> str:
    """Return what a command printed; raise UnreadableMachineError where it failed at `what`."""
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[0]
        message = f"cannot {what}: {reason}"
        raise UnreadableMachineError(message)
    return done.stdout


def require_root() -> None:
    """Raise UnreadableMachineError for a user whom no firewall tells its rules."""
    if os.geteuid() != 0:
        message = "only root may read the rules of this machine"
        raise UnreadableMachineError(message, "run it with sudo")
