"""Reads waivers: requirements that a node may miss until a day, each with a reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from msgspec import Struct

from reqc.compiler.diagnostics import Code, Label, Report, help_for
from reqc.compiler.loader import read
from reqc.compiler.source import Source, Span

# The script splits lines as every shell does, so that other blanks belong to the words.
_LINE = re.compile(
    r"(?P<id>[^ \t]+)(?:[ \t]+(?P<until>[^ \t]+)(?:[ \t]+(?P<reason>.*[^ \t]))?)?[ \t]*"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FORM = "write ID YYYY-MM-DD and the reason, on one line"


class Waiver(Struct, frozen=True):
    """A requirement that may be missed; `until` is the last day, in UTC, on which it may."""

    requirement: str
    until: date
    reason: str

    def expired(self, today: date) -> bool:
        """Tell whether the waiver is no longer in force on a day."""
        return today > self.until


def read_waivers(path: str, known: Collection[str], report: Report) -> Mapping[str, Waiver]:
    """Return the waivers of a file by requirement; every mistake in it is reported.

    Each line is `ID YYYY-MM-DD reason`; empty lines and those that begin with `#` say nothing.
    `known` are the ids of the requirements that can be waived.
    """
    found = read(path, report)
    if found is None:
        return {}
    reader = _Reader(found[1], known, report)
    for number, line in enumerate(found[1].text.split("\n"), start=1):
        reader.learn(number, line.removesuffix("\r"))
    return reader.waivers


class _Reader:
    def __init__(self, source: Source, known: Collection[str], report: Report) -> None:
        self.source = source
        self.known = known
        self.report = report
        self.waivers: dict[str, Waiver] = {}
        self.first: dict[str, Span] = {}

    def learn(self, number: int, line: str) -> None:
        """Take in one line."""
        written = line.strip(" \t")
        said = _LINE.fullmatch(written)
        if said is None or written.startswith("#"):
            return
        at = self.source.line_start(number) + line.index(written)
        self._check_id(said, at)
        day = self._day(said, at)
        if said["until"] and not said["reason"]:
            message = f"the waiver of `{said['id']}` has no reason"
            self._wrong(message, self._span(said, 0, at), help=_FORM)
        elif day is not None:
            self.waivers[said["id"]] = Waiver(said["id"], day, said["reason"])

    def _check_id(self, said: re.Match[str], at: int) -> None:
        name, span = said["id"], self._span(said, "id", at)
        if name not in self.known:
            message = f"there is no requirement `{name}` to waive"
            self._wrong(message, span, help=help_for(name, self.known, "requirements:"))
        elif name in self.first:
            label = Label(self.first[name], "waived here already")
            self._wrong(f"`{name}` is waived twice", span, labels=(label,))
        self.first.setdefault(name, span)

    def _day(self, said: re.Match[str], at: int) -> date | None:
        """Return the last valid day, or None after a report."""
        written = said["until"]
        if written is None:
            message = f"the waiver of `{said['id']}` has no date"
            self._wrong(message, self._span(said, 0, at), help=_FORM)
            return None
        try:
            return day(written)
        except ValueError as mistake:
            self._wrong(f"`{written}` {mistake}", self._span(said, "until", at), help=_FORM)
            return None

    def _span(self, said: re.Match[str], group: str | int, at: int) -> Span:
        return Span(self.source, at + said.start(group), at + said.end(group))

    def _wrong(
        self,
        message: str,
        span: Span,
        *,
        help: str = "",  # noqa: A002  # the word that is printed
        labels: tuple[Label, ...] = (),
    ) -> None:
        self.report.error(Code.WAIVER, message, span, labels=labels, help=help)


def day(written: str) -> date:
    """Return a day that is written as YYYY-MM-DD; raise ValueError with the rest of a sentence."""
    if not _DAY.fullmatch(written):
        message = "is no date such as 2027-12-31"
        raise ValueError(message)
    try:
        return date.fromisoformat(written)
    except ValueError:
        message = "is no day of the calendar"
        raise ValueError(message) from None
