"""The pages of a site, each as an artefact: what it shows, within the navigation of the site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from reqc import __version__
from reqc.backends.base import Artifact
from reqc.backends.document.choices import is_withdrawn
from reqc.backends.html.pages import document_body, document_title, page
from reqc.backends.html.quoting import identifier, island
from reqc.compiler.commands.site.library import Chain, Library, named
from reqc.compiler.commands.site.matrix import MEANING, counts, matrix
from reqc.compiler.commands.site.places import (
    INDEX,
    SEARCH,
    changes_place,
    document_place,
    matrix_place,
)
from reqc.compiler.commands.site.rendering import CHANGES_STYLE, rendered, resource
from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.outline import outline
from reqc.compiler.comparison.supplement import Supplement
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.model import Document
from reqc.compiler.prose import plain


class Door(Struct, frozen=True):
    """A link of the navigation."""

    place: str
    words: str


def site_title(library: Library) -> str:
    """Return what the site is called."""
    return f"Requirements of {', '.join(library.products)}"


def index_page(library: Library) -> Artifact:
    """Return the page that lists all documents, the newest first."""
    products = [
        (
            product,
            [chain for chain in library.platforms if chain.product == product],
            [chain for chain in library.compared if chain.product == product],
        )
        for product in library.products
    ]
    return _artifact(INDEX, site_title(library), "index.html.jinja", products=products)


def document_page(document: Document, lowered: LoweredDocument, library: Library) -> Artifact:
    """Return the page of the html target for a document, with ways to its versions."""
    place = document_place(document)
    doors = [*_everywhere(), *_nearby(document, library)]
    around = rendered("navigation.html.jinja", place=place, doors=doors)
    text = page(
        _with_identity(lowered),
        Markup("{}{}").format(around, document_body(lowered)),
        more_style=_style(),
    )
    return Artifact(place, text)


def matrix_page(
    chain: Chain, documents: Sequence[LoweredDocument], steps: Sequence[Comparison]
) -> Artifact:
    """Return the page with the versions of a chain side by side, the oldest first."""
    parts = matrix(documents, steps)
    places = [changes_place(chain, old, new) for old, new in chain.pairs]
    columns = [
        {
            "name": _short(chain, document),
            "document": document_place(document),
            "changes": changes,
            "counts": [f"{count} {word}" for word, count in counts(parts, number).items()],
        }
        for number, (document, changes) in enumerate(
            zip(chain.documents, ["", *places], strict=True)
        )
    ]
    return _artifact(
        matrix_place(chain),
        f"Versions of the requirements of {chain.title}",
        "matrix.html.jinja",
        parts=parts,
        columns=columns,
        meaning=MEANING,
        script=True,
    )


def changes_page(chain: Chain, comparison: Comparison) -> Artifact:
    """Return the page about what changed between two documents, and what to do about it."""
    old, new = comparison.old, comparison.new
    doors = [Door(matrix_place(chain), "Versions side by side")]
    for one, other in chain.pairs:
        if other is old or one is new:
            words = f"From {_short(chain, one)} to {_short(chain, other)}"
            doors.append(Door(changes_place(chain, one, other), words))
    return _artifact(
        changes_place(chain, old, new),
        f"From {named(old.identity)} to {named(new.identity)}",
        "changes.html.jinja",
        doors=doors,
        comparison=comparison,
        blocks=outline(comparison),
        supplement=Supplement(),
        places=(document_place(old), document_place(new)),
    )


def search_page(documents: Iterable[tuple[Document, LoweredDocument]]) -> Artifact:
    """Return the page that searches all documents, with all that it searches in it."""
    data = island(json.dumps(_searched(documents), separators=(",", ":")))
    return _artifact(SEARCH, "Search all requirements", "search.html.jinja", data=data, script=True)


def _searched(documents: Iterable[tuple[Document, LoweredDocument]]) -> dict[str, Any]:
    """Return the documents, and each requirement once with the numbers of those that say it."""
    pages = []
    found: dict[tuple[str, str, str, str], list[int]] = {}
    for number, (document, lowered) in enumerate(documents):
        pages.append([named(document.identity), document_place(document)])
        for item in lowered.requirements:
            if is_withdrawn(lowered, item):
                continue
            words = plain(item.statement)
            title = item.origin.title if item.origin.title != words else ""
            key = (identifier(item.origin.id), item.origin.level.upper(), words, title)
            found.setdefault(key, []).append(number)
    return {"pages": pages, "requirements": [[*key, where] for key, where in found.items()]}


def _everywhere() -> list[Door]:
    return [Door(INDEX, "All documents"), Door(SEARCH, "Search")]


def _nearby(document: Document, library: Library) -> list[Door]:
    """Return the ways from a document to what it is compared with."""
    doors = []
    for chain in library.compared:
        if not any(item is document for item in chain.documents):
            continue
        doors.append(Door(matrix_place(chain), "Versions side by side"))
        for old, new in chain.pairs:
            place = changes_place(chain, old, new)
            if new is document:
                doors.append(Door(place, f"Changes since {_short(chain, old)}"))
            if old is document:
                doors.append(Door(place, f"Changes to {_short(chain, new)}"))
    return doors


def _short(chain: Chain, document: Document) -> str:
    """Return what tells a document from the others of its chain."""
    identity = document.identity
    both = len(chain.platforms) > 1 and identity.platform
    return f"{identity.version} on {identity.platform}" if both else identity.version


def _with_identity(document: LoweredDocument) -> str:
    title, own = document_title(document), named(document.identity)
    return title if own in title else f"{title} ({own})"


def _artifact(
    place: str,
    title: str,
    template: str,
    doors: Sequence[Door] = (),
    *,
    script: bool = False,
    **values: Any,  # noqa: ANN401  # what the template asks for
) -> Artifact:
    doors = [door for door in (*_everywhere(), *doors) if door.place != place]
    around = rendered("navigation.html.jinja", place=place, doors=doors)
    body = rendered(template, place=place, title=title, version=__version__, **values)
    text = page(
        title,
        Markup("{}{}").format(around, body),
        more_style=_style(),
        more_script=resource("site.js") if script else "",
    )
    return Artifact(place, text)


def _style() -> str:
    return resource(CHANGES_STYLE) + resource("site.css")
