"""The diagram of the traffic in Mermaid's language, which sites draw from a Markdown document."""

from __future__ import annotations

import re

from reqc.backends.document.traffic import Arrow, Diagram
from reqc.backends.markdown.quoting import Markdown, showable


def mermaid(diagram: Diagram) -> Markdown:
    """Return the lines of a flowchart: roles are boxes, dashed arrows are conditional.

    Traffic within a role is drawn to a second box, because of several arrows from a box to itself
    Mermaid draws but one.
    """
    names = {role: f"role{number}" for number, role in enumerate(diagram.roles)}
    among = dict.fromkeys(arrow.source for arrow in diagram.arrows if arrow.both_ways)
    boxes = [f"  {names[role]}[{label(role)}]" for role in diagram.roles]
    peers = [f"  {names[role]}peers[{label(others(role))}]" for role in among]
    arrows = [
        f"  {names[arrow.source]} {_line(arrow)} "
        f"{names[arrow.destination]}{'peers' if arrow.both_ways else ''}"
        for arrow in diagram.arrows
    ]
    return Markdown("\n".join(("flowchart LR", *boxes, *peers, *arrows)))


def others(role: str) -> str:
    """Return what the second box of a role says."""
    return f"other hosts of {role}"


def label(text: str) -> str:
    """Return a label that shows exactly the text, on one line.

    Beside letters, digits and a few signs every character is a number between `#` and `;`, so that
    nothing ends the label or the block of code, begins markup, or is taken for a link.
    """
    one_line = " ".join(showable(text).split()) or " "  # Mermaid takes no empty label
    return '"' + re.sub(r"[^A-Za-z0-9 ,()]", lambda found: f"#{ord(found[0])};", one_line) + '"'


def _line(arrow: Arrow) -> str:
    words = label(f"{arrow.service} ({', '.join(arrow.requirements)})")
    start = "<" if arrow.both_ways else ""
    line, end = ("-.", ".->") if arrow.conditional else ("--", "-->")
    return f"{start}{line} {words} {end}"
