"""Names that the collector of facts looks for besides what every node has."""

from __future__ import annotations

from collections.abc import Sequence

from reqc.compiler.checks import Probe


def collection(asked: Sequence[Probe]) -> tuple[tuple[str, str], ...]:
    """Return the variables that the collector reads, each with its value, in order."""
    del asked
    return ()
