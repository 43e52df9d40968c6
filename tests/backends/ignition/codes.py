"""The codes that a module declares."""

from __future__ import annotations

import re
from types import ModuleType


def codes_of(module: ModuleType) -> set[str]:
    """Return the codes that a module gives names to."""
    return {str(value) for value in vars(module).values() if re.fullmatch(r"REQ\d+", str(value))}
