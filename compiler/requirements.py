"""Reads requirements: their predicates, clauses and details, typed and looked up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct, field

from reqc.compiler.conditions import Condition
from reqc.compiler.declared import Declarations, OpenSection
from reqc.compiler.diagnostics import Code, Label, Report, help_for
from reqc.compiler.kinds.base import AllOf, Predicate
from reqc.compiler.lowered import Citation, Level
from reqc.compiler.meaning import Meaning
from reqc.compiler.model import Allowance, Erratum, Places, Requirement, Section
from reqc.compiler.source import Place, Span
from reqc.compiler.syntax import tree

ONCE = ("title", "because", "fix")
"""The remarks that a requirement may have only once."""


class RequirementReader(Struct, frozen=True):
    """Reads the sections of one document; `allowances` are those of what was read so far."""

    meaning: Meaning
    found: Declarations
    default_roles: tuple[str, ...]
    allowances: list[Allowance] = field(default_factory=list)

    def section(self, section: OpenSection) -> Section:
        """Return a section with all of its requirements that could be understood."""
        title = section.title.text if section.title else section.name
        read = (
            self._requirement(section.name, packed.unpacked())
            for packed in section.requirements.values()
        )
        whole = tuple(item for item in read if item is not None)
        return Section(section.name, title, whole, section.span)

    def _requirement(self, section: str, node: tree.Requirement) -> Requirement | None:
        predicate = self.meaning.predicate(node.predicate)
        clauses = self._clauses(node)
        remarks = self._remarks(node)
        guard = self._guard(node)
        erratum = self._erratum(node)
        id_ = f"{section}.{node.id.text}"
        self.allowances.extend(_allowances(node, id_))
        if predicate is None:
            return None
        title = remarks["title"]
        return Requirement(
            id=id_,
            level=Level(node.level),
            predicate=predicate,
            roles=clauses.roles or self.default_roles,
            condition=clauses.condition,
            guard=guard,
            citations=clauses.citations,
            title=title[0] if title else "",
            because=next(iter(remarks["because"]), None),
            notes=tuple(remarks["note"]),
            fix=next(iter(remarks["fix"]), None),
            see=tuple(remarks["see"]),
            erratum=erratum,
            was=tuple(
                word.text
                for detail in node.details
                if isinstance(detail, tree.Was)
                for word in detail.ids
            ),
            deprecated=_deprecated(node),
            places=Places.of(
                node.span,
                node.id.span,
                node.predicate.span,
                clauses.condition_place,
                *clauses.citation_places,
            ),
            moved=self._moved(node),
        )

    def _moved(self, node: tree.Requirement) -> Place | None:
        first: tree.Placed | None = None
        for detail in node.details:
            if isinstance(detail, tree.Placed):
                self._once("at", detail, first)
                first = first or detail
        if first is None:
            return None
        try:
            return Place.read(first.place.text)
        except ValueError as mistake:
            message = f"`{first.place.text}` is no place: {mistake}"
            self.meaning.report.error(Code.VALUE, message, first.place.span)
            return None

    def _clauses(self, node: tree.Requirement) -> _Clauses:
        roles: tree.On | None = None
        when: tree.When | None = None
        citations: list[tuple[Citation, Span]] = []
        for clause in node.clauses:
            match clause:
                case tree.On():
                    self._once("on", clause, roles)
                    roles = roles or clause
                case tree.When():
                    self._once("when", clause, when)
                    when = when or clause
                case tree.Cite():
                    read = read_citation(clause, self.found, self.meaning.report)
                    citations += ((citation, clause.span) for citation in read)
        return _Clauses(
            tuple(self._known_roles(roles)) if roles else (),
            self.meaning.condition(when.condition) if when else None,
            when.span if when else None,
            tuple(citation for citation, _ in citations),
            tuple(place for _, place in citations),
        )

    def _known_roles(self, clause: tree.On) -> Iterator[str]:
        for word in clause.roles:
            if word.text in self.found.roles or self.found.excuses(word.text):
                yield word.text
                continue
            self.meaning.report.error(
                Code.UNKNOWN_ROLE,
                f"there is no role `{word.text}`",
                word.span,
                help=help_for(word.text, self.found.roles, "roles:"),
            )

    def _remarks(self, node: tree.Requirement) -> defaultdict[str, list[str]]:
        remarks: defaultdict[str, list[str]] = defaultdict(list)
        first: dict[str, tree.Remark] = {}
        for detail in node.details:
            if isinstance(detail, tree.Remark):
                if detail.word in ONCE:
                    self._once(detail.word, detail, first.get(detail.word))
                    first.setdefault(detail.word, detail)
                remarks[detail.word].append(detail.text.text.strip())
        return remarks

    def _guard(self, node: tree.Requirement) -> Predicate | None:
        guards = [detail for detail in node.details if isinstance(detail, tree.Where)]
        read = [self.meaning.predicate(guard.predicate, alone=False) for guard in guards]
        whole = tuple(guard for guard in read if guard is not None)
        return AllOf(whole) if len(whole) > 1 else next(iter(whole), None)

    def _erratum(self, node: tree.Requirement) -> Erratum | None:
        first: tree.ErratumDetail | None = None
        for detail in node.details:
            if isinstance(detail, tree.ErratumDetail):
                self._once("erratum", detail, first)
                first = first or detail
        if first is None:
            return None
        intended = self.meaning.predicate(first.intended) if first.intended else None
        condition = self.meaning.condition(first.when.condition) if first.when else None
        return Erratum(first.text.text.strip(), intended, condition)

    def _once(
        self, word: str, node: tree.Clause | tree.Detail, first: tree.Clause | tree.Detail | None
    ) -> None:
        if first is not None:
            self.meaning.report.error(
                Code.SAID_TWICE,
                f"`{word}` is said twice",
                node.span,
                labels=(Label(first.span, "first said here"),),
                help="join the two",
            )


class _Clauses(Struct, frozen=True):
    roles: tuple[str, ...]
    condition: Condition | None
    condition_place: Span | None
    citations: tuple[Citation, ...]
    citation_places: tuple[Span, ...]


def _allowances(node: tree.Requirement, id_: str) -> Iterator[Allowance]:
    for detail in node.details:
        if isinstance(detail, tree.Allow):
            yield Allowance(detail.code.text, detail.reason.text, id_, detail.span)


def _deprecated(node: tree.Requirement) -> str | None:
    for detail in node.details:
        if isinstance(detail, tree.Deprecated):
            return detail.text.text.strip() if detail.text else ""
    return None


def read_citation(cite: tree.Cite, found: Declarations, report: Report) -> Iterator[Citation]:
    """Return the citation if its source is known and its lines can be lines."""
    source = found.sources.get(cite.source)
    if source is None:
        if not found.excuses(cite.source):
            report.error(
                Code.UNKNOWN_SOURCE,
                f"there is no source `{cite.source}`",
                cite.span,
                help=help_for(cite.source, found.sources, "sources:"),
            )
    elif cite.first is not None and not 1 <= cite.first <= (cite.last or 0):
        message = "lines are counted from 1, the smaller one first"
        report.error(Code.CITATION_LINES, message, cite.span)
    else:
        # one number where it is twice the same, for a large document has many
        last = cite.first if cite.last == cite.first else cite.last
        yield Citation(source.name.text, cite.first, last)
