"""Guesses whether a line of a page asks for something.

It is a guess by small signs and errs on the side of asking: a line that is taken for normative by
mistake costs its author one `ignore` with a reason, a requirement that is overlooked costs a host.
What it cannot see is a demand in plain words without any of these signs.
"""

from __future__ import annotations

import re
from typing import Final

_OBLIGATION: Final = (
    r"must|shall|should|ought|has to|have to|requires?|required|needs?|needed|necessary|mandatory"
    r"|prerequisites?|ensure|make sure|recommend(?:s|ed)?|supports?|supported|minimum|maximum"
    r"|at least|at most|or later|or newer|or above|cannot|can't|do not|don't"
    r"|(?:en|dis)abled?|allow(?:s|ed)?"
)

SIGNS: Final = {
    "obligation": re.compile(rf"\b(?:{_OBLIGATION})\b", re.IGNORECASE),
    "number": re.compile(r"\d"),
    # A bullet or a number before words, or words between bars; a rule under a heading is none.
    "list or table": re.compile(r"^\s*(?:[-*+•‣◦·]|\d+[.)])\s+\S*\w|\w.*\||\|.*\w"),
    # ip_set, --secure-port, /etc/hosts, cali*, or one small word alone, as a lost list leaves it.
    "name": re.compile(r"\w_\w|(?<!\S)--?[a-z]|(?<!\S)/\w|\w\*|^\s*[a-z][a-z0-9.*-]*\s*$"),
}
"""What a line that asks for something may show, by the word that reports name it by."""


def signs(line: str) -> tuple[str, ...]:
    """Return the signs that a line shows; without any it is taken for one that asks for nothing."""
    return tuple(name for name, pattern in SIGNS.items() if pattern.search(line))
