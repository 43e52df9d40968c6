"""All codes of reqc's own messages."""

from __future__ import annotations

from reqc.compiler import trace
from reqc.compiler.diagnostics import Code
from reqc.compiler.lint.table import rules


def all_codes() -> tuple[str, ...]:
    """Return every code of the compiler, its lints and its traces, sorted; targets have their own.

    Each has a page of explanation.
    """
    return tuple(sorted([*map(str, Code), *(rule.code for rule in rules()), *trace.CODES]))
