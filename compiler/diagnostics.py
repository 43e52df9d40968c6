"""What reqc has to say about its input: coded messages, as values that stages collect."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct, field

from reqc.compiler.source import Span


class Severity(StrEnum):
    """How bad it is; only errors keep an artefact from being written."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Code(StrEnum):
    """Every message of the compiler by its stable code; a code is never used for anything else."""

    UNREADABLE = "REQ001"
    NOT_TEXT = "REQ002"
    LANGUAGE_VERSION = "REQ003"
    SYNTAX = "REQ101"
    UNCLOSED_TEXT = "REQ102"
    UNCLOSED_BRACE = "REQ103"
    UNKNOWN_ESCAPE = "REQ104"
    TOO_DEEP = "REQ105"
    TOO_MANY_ERRORS = "REQ106"
    MISSING_STATEMENT = "REQ107"
    MISPLACED_STATEMENT = "REQ108"
    CONTROL_CHARACTER = "REQ109"
    DEFINED_TWICE = "REQ201"
    UNKNOWN_OPTION = "REQ202"
    UNKNOWN_ROLE = "REQ203"
    UNKNOWN_SOURCE = "REQ204"
    CYCLIC_USE = "REQ205"
    USE_OUTSIDE = "REQ206"
    NOT_A_FRAGMENT = "REQ207"
    SAID_TWICE = "REQ208"
    SECTION_TITLE = "REQ209"
    CITATION_LINES = "REQ210"
    RESERVED_NAME = "REQ211"
    NOT_A_SPECIFICATION = "REQ212"
    UNKNOWN_REQUIREMENT = "REQ213"
    UNKNOWN_KIND = "REQ301"
    ARGUMENTS = "REQ302"
    VALUE = "REQ303"
    PROTOCOL_NAME = "REQ304"
    UNKNOWN_NAME = "REQ305"
    NESTED_KIND = "REQ306"
    OPTION_TYPE = "REQ401"
    OPTION_VALUE = "REQ402"
    CONDITION = "REQ403"
    UNSUPPORTED = "REQ501"
    REFUSED_SETTING = "REQ502"
    INVENTORY = "REQ601"
    WAIVER = "REQ602"
    FACTS = "REQ603"
    UNREADABLE_MACHINE = "REQ604"
    USAGE = "REQ901"


class Label(Struct, frozen=True):
    """A second place that matters, with a few words about it."""

    span: Span
    text: str


class Diagnostic(Struct, frozen=True):
    """One message. It stands alone in a log; `span` is the place it is about, if it has one.

    `here` are a few words for the underlined place, `help` says how to mend it. `code` is a `Code`
    or the code of a target's own rule.
    """

    severity: Severity
    code: str
    message: str
    span: Span | None = None
    here: str = ""
    labels: tuple[Label, ...] = ()
    help: str = ""


class Report(Struct):
    """Collects diagnostics while a stage goes on with the rest of its input."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def error(  # noqa: PLR0913  # the parts of a message
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        here: str = "",
        labels: tuple[Label, ...] = (),
        help: str = "",  # noqa: A002  # the word that is printed
    ) -> None:
        """Collect an error."""
        self.diagnostics.append(Diagnostic(Severity.ERROR, code, message, span, here, labels, help))

    def add(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Collect diagnostics that were made elsewhere."""
        self.diagnostics.extend(diagnostics)

    @property
    def failed(self) -> bool:
        """Whether an error was collected."""
        return any(item.severity is Severity.ERROR for item in self.diagnostics)

    def within(self, place: Span) -> bool:
        """Tell whether a diagnostic lies within a place."""
        return any(
            item.span is not None
            and item.span.source is place.source
            and place.start <= item.span.start < place.end
            for item in self.diagnostics
        )

    def sorted(self) -> list[Diagnostic]:
        """Return the diagnostics by file and place, those without a place first."""
        return sorted(self.diagnostics, key=_place)


def _place(item: Diagnostic) -> tuple[str, int, str, str]:
    if item.span is None:
        return "", 0, item.code, item.message
    return item.span.source.path, item.span.start, item.code, item.message


_SHORTEST_NAME = 3


def suggestion(name: str, candidates: Iterable[str]) -> str:
    """Return a sentence that offers the candidate nearest to `name`, or nothing.

    Names shorter than three letters are near to too much to be guessed.
    """
    if len(name) < _SHORTEST_NAME:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415  # most pages have no mistake

    by_lower = {candidate.lower(): candidate for candidate in sorted(candidates, reverse=True)}
    near = get_close_matches(name.lower(), sorted(by_lower), n=1, cutoff=0.7)
    return f"did you mean `{by_lower[near[0]]}`?" if near else ""


def help_for(name: str, candidates: Iterable[str], otherwise: str) -> str:
    """Return a suggestion for a misspelt name, or else all candidates behind `otherwise`."""
    known = sorted(candidates)
    return suggestion(name, known) or (f"{otherwise} {', '.join(known)}" if known else "")
