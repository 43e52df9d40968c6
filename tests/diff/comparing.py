"""Documents with one section, and what changed between two of them."""

from __future__ import annotations

from reqc.compiler.comparison.changes import Change, Difference
from reqc.compiler.comparison.comparing import compare
from tests.language.reading import document, section

DECLARED = """\
role host
role typha
option yes: bool = false
option also: bool = true
option word: a | b | c = a
option number: int = 1
option port: port = 179
option release: version = 3.10
option text: string = "x"
"""

LARGE = " and ".join(f"o{number}" for number in range(15))
"""A condition of more choices than can be tried."""

MANY = DECLARED + "".join(f"option {name}: bool = false\n" for name in LARGE.split(" and "))


def changes(old: str, new: str, head: str = DECLARED) -> tuple[Difference, ...]:
    """Return the changes between two bodies of a section."""
    return compare(document(section(old, head=head)), document(section(new, head=head))).differences


def change(old: str, new: str) -> Change | None:
    """Return the one change, or None where there is none."""
    found = changes(old, new)
    assert len(found) <= 1
    return found[0].change if found else None
