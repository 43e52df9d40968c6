"""Unit text: whether a text is a unit of systemd to Ignition, and says what enabling it does."""

from __future__ import annotations

from typing import Final

from reqc.backends.ignition.validation.unit_text import BadUnitError, parse_unit

_INSTALL: Final = "Install"


def unit_fault(text: str) -> str | None:
    """Return what is wrong with the text of a unit, or None.

    A text in which no section assigns anything is wrong, too: systemd ignores all of it.
    """
    try:
        found = parse_unit(text)
    except BadUnitError as error:
        return f"is no unit: {error} (line {error.line})"
    return None if found else "is no unit: it assigns nothing in a section"


def can_be_enabled(text: str) -> bool:
    """Tell whether a unit without a fault says by what it is started when it is enabled."""
    return any(directive.section == _INSTALL for directive in parse_unit(text))
