"""Commands of the shell without comments and margins, for where a script must be one argument."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(
    r"""(?P<kept> '[^']*' | "(?:\\.|[^"\\])*" | \\. )
    | (?: (?<=\n) | [ ]+ ) \#[^\n]*
    | (?P<break> \s*\n\s* )""",
    re.VERBOSE | re.DOTALL,
)


def compact(commands: str) -> str:
    """Return commands that mean the same; what stands between quotes is kept as it is.

    They may hold no here-document, and no sign of a comment behind a blank that begins none.
    """
    return _PART.sub(lambda part: part["kept"] or ("\n" if part["break"] else ""), commands)
