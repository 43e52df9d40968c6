"""A comparison as one page that stands alone: HTML with its style in it."""

from __future__ import annotations

from collections.abc import Sequence

from reqc import __version__
from reqc.backends.html.pages import page
from reqc.compiler.commands.site.library import named
from reqc.compiler.commands.site.rendering import CHANGES_STYLE, rendered, resource
from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.outline import outline
from reqc.compiler.comparison.supplement import Supplement


def document(comparison: Comparison, supplement: Supplement, asked: Sequence[str]) -> str:
    """Return the page; `asked` are the arguments that narrowed the comparison."""
    title = f"From {named(comparison.old.identity)} to {named(comparison.new.identity)}"
    body = rendered(
        "diff.html.jinja",
        title=title,
        version=__version__,
        comparison=comparison,
        blocks=outline(comparison),
        supplement=supplement,
        asked=asked,
    )
    return page(title, body, more_style=resource(CHANGES_STYLE))
