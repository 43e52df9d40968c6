"""What a target is, what it returns, and how it says what it cannot express."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from reqc.compiler.lowered import LoweredDocument, LoweredRequirement


class Language(StrEnum):
    """The small language a target reads."""

    CHECKS = "checks"
    STATES = "states"
    FLOWS = "flows"
    PROSE = "prose"
    ALL = "all"


class Reason(StrEnum):
    """Why a requirement is not, or not wholly, in an artefact.

    `ELSEWHERE`: it says nothing in this target's language and another target carries it.
    `INEXPRESSIBLE`: the target has no words for it. `IGNORED`: whoever reads the artefact would
    ignore it. `UNSAFE`: saying it would do harm.
    """

    ELSEWHERE = "said elsewhere"
    INEXPRESSIBLE = "cannot say"
    IGNORED = "would be ignored"
    UNSAFE = "unsafe"


class Unsupported(Struct, frozen=True, gc=False):
    """A requirement, by id, that an artefact leaves out; `detail` is a sentence without a stop."""

    requirement: str
    reason: Reason
    detail: str


class Refusal(Struct, frozen=True):
    """Something so wrong that no artefact is written.

    `code` is the diagnostic's code and `message` one line that stands alone. `requirement` is the
    id of the requirement at fault, None where a setting or the document as a whole is, and `other`
    the id of the requirement it contradicts. `help` says what to do instead.
    """

    requirement: str | None
    code: str
    message: str
    help: str = ""
    other: str | None = None


class Caution(Struct, frozen=True):
    """Something an artefact says in full, and that does harm or nothing where it is to be used.

    `requirement` is the id of the requirement that shows it, None where the document's platform
    does. `message` stands alone, `help` says what to do instead; both are parts of a sentence.
    """

    requirement: str | None
    code: str
    message: str
    help: str


Content: TypeAlias = str | Callable[[], Iterable[str]]
"""A text, or what makes its pieces, the same ones each time."""


class Artifact(Struct, frozen=True, eq=False):
    """One file. `name` is relative, with `/` between folders and never `..`.

    A large one is better made in pieces, so that it is never in memory as a whole.
    """

    name: str
    content: Content
    executable: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Artifact) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.pieces)

    @property
    def pieces(self) -> Iterable[str]:
        """The text in the order of its pieces."""
        return (self.content,) if isinstance(self.content, str) else self.content()

    def _said(self) -> tuple[str, str, bool]:
        return self.name, self.text, self.executable


class Output(Struct, frozen=True):
    """What a target made of a document.

    `stream` is the form for standard output where several files can be one stream, such as the
    documents of a YAML stream; None when only a folder can hold them. One file is its own stream.
    Where there are `refusals`, nothing is written; `cautions` are warnings.
    """

    artifacts: tuple[Artifact, ...]
    unsupported: tuple[Unsupported, ...] = ()
    stream: str | None = None
    refusals: tuple[Refusal, ...] = ()
    cautions: tuple[Caution, ...] = ()


class Setting(Struct, frozen=True):
    """A choice about the artefact, not about the deployment; empty `values` take any text.

    `many` allows several values, separated by commas.
    """

    name: str
    default: str
    help: str
    values: tuple[str, ...] = ()
    many: bool = False


class SettingError(ValueError):
    """A setting has a value that the target refuses; the message says which and why."""


Render: TypeAlias = Callable[[LoweredDocument, Mapping[str, str]], Output]


class Sign(StrEnum):
    """Whether a machine lacks what an artefact says, or has what it does not say."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"


class Deviation(Struct, frozen=True):
    """One thing in which a machine is not what an artefact says.

    `where` is the object that holds it and `what` the thing itself, both in the words of the tool
    that rules the machine. `requirements` are the ids of those it is there for, as far as is known.
    """

    sign: Sign
    where: str
    what: str
    requirements: tuple[str, ...] = ()


class Drift(Struct, frozen=True):
    """What a machine has become; `notes` are sentences about what is no deviation."""

    deviations: tuple[Deviation, ...]
    notes: tuple[str, ...] = ()


class UnreadableMachineError(Exception):
    """A machine does not say what its rules are; the message says why, `help` what to do."""

    def __init__(self, message: str, help: str = "") -> None:  # noqa: A002  # the word that is printed
        super().__init__(message)
        self.help = help


Compare: TypeAlias = Callable[[LoweredDocument, Mapping[str, str]], Drift]

Explain: TypeAlias = Callable[[LoweredDocument, Mapping[str, str]], str]


class Target(Struct, frozen=True):
    """A target by name. `render` gets every setting, with its default where none was given.

    `explain` gets the same and says in text for a person what the artefact costs, how to use it,
    and which requirement each part of it is for. It is only asked where `render` refused nothing.
    `drift` compares this machine with the artefact, changes nothing, and raises
    `UnreadableMachineError`. Where nobody names roles, an artefact is for the hosts of the
    document's first role, or of every role where the target says so.
    """

    name: str
    summary: str
    reads: Language
    render: Render
    settings: tuple[Setting, ...] = ()
    explain: Explain | None = None
    drift: Compare | None = None
    every_role: bool = False

    @property
    def defaults(self) -> dict[str, str]:
        """Every setting with its default, as `render` wants them."""
        return {setting.name: setting.default for setting in self.settings}


def left_out(
    document: LoweredDocument,
    carried: Callable[[LoweredRequirement], bool],
    where: str,
    binds: Callable[[LoweredRequirement], bool] | None = None,
) -> tuple[Unsupported, ...]:
    """Name every requirement that applies but says nothing in the target's language.

    `carried` tells whether a requirement says something there; `where` is a sentence that names
    what carries the others. `binds` tells whether a requirement speaks to these hosts, which it
    does when it binds one of their roles unless told otherwise. Requirements that do not apply
    under the choices made are not named: leaving them out is what the choices asked for.
    """
    speaks = binds or document.binds
    rows = []
    for item in document.requirements:
        if item.applies is None:
            detail = "an option that decides whether it applies has no value; choose one with --set"
            rows.append(Unsupported(item.origin.id, Reason.INEXPRESSIBLE, detail))
        elif item.applies and not speaks(item):
            detail = f"it binds other hosts; compile with --role {item.roles[0]}"
            rows.append(Unsupported(item.origin.id, Reason.ELSEWHERE, detail))
        elif item.applies and not carried(item):
            rows.append(Unsupported(item.origin.id, Reason.ELSEWHERE, where))
    return tuple(rows)
