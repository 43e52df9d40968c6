"""What a lint is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from reqc.compiler.diagnostics import Label
from reqc.compiler.model import Allowance, Document
from reqc.compiler.source import Span


class Finding(Struct, frozen=True):
    """One place that a rule objects to, in the words of a diagnostic.

    `requirements` are the ids it is about: an allowance at any one of them silences it. A finding
    about an `allowance` is made in advance, and dropped when that allowance silences something.
    """

    span: Span
    message: str
    here: str = ""
    labels: tuple[Label, ...] = ()
    help: str = ""
    requirements: tuple[str, ...] = ()
    allowance: Allowance | None = None


class Rule(Struct, frozen=True):
    """A lint by its stable code; `find` looks at a document and never fails.

    `name` is that of its module with dashes, `summary` the title of its explanation. What a rule
    says about allowances is not `allowable`: no allowance can silence it.
    """

    code: str
    name: str
    summary: str
    find: Callable[[Document], Iterator[Finding]]
    allowable: bool = True
