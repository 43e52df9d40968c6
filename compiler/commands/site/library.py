"""A library in its order: which documents are versions of one page, and which are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cmp_to_key
from itertools import groupby, pairwise

from msgspec import Struct

from reqc.compiler.lowered import Identity
from reqc.compiler.model import Document
from reqc.compiler.versions import order_versions


class Chain(Struct, frozen=True):
    """Documents of one product, the oldest first, of which neighbours are compared.

    They are all versions of one platform, or of several platforms the only version of each.
    """

    documents: tuple[Document, ...]

    @property
    def product(self) -> str:
        """The product, which all documents have in common."""
        return self.documents[0].identity.product

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms, each once, in the order of the documents."""
        return tuple(dict.fromkeys(item.identity.platform for item in self.documents))

    @property
    def pairs(self) -> tuple[tuple[Document, Document], ...]:
        """The neighbours, an older document and a newer one."""
        return tuple(pairwise(self.documents))

    @property
    def title(self) -> str:
        """What the documents are of."""
        named = [item for item in self.platforms if item]
        return f"{self.product} on {', '.join(named)}" if named else self.product


class Library(Struct, frozen=True):
    """All documents: by product and platform, each platform with the newest version first."""

    platforms: tuple[Chain, ...]
    compared: tuple[Chain, ...]

    @property
    def products(self) -> tuple[str, ...]:
        """The products, by name."""
        return tuple(dict.fromkeys(chain.product for chain in self.platforms))

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents as the index lists them."""
        return tuple(item for chain in self.platforms for item in reversed(chain.documents))


def arranged(documents: Iterable[Document]) -> Library:
    """Return the library of the documents, in an order that is not that of the arguments."""
    ordered = sorted(documents, key=cmp_to_key(_order))
    platforms = tuple(
        Chain(tuple(group))
        for _, group in groupby(ordered, lambda item: (item.identity.product, _platform(item)))
    )
    return Library(platforms, tuple(_compared(platforms)))


def named(identity: Identity) -> str:
    """Return what a document is of, in a few words."""
    version = f"{identity.product} {identity.version}"
    return f"{version} on {identity.platform}" if identity.platform else version


def _compared(platforms: Iterable[Chain]) -> Iterator[Chain]:
    """Yield each platform with several versions, then the others of a product together."""
    for _, group in groupby(platforms, lambda chain: chain.product):
        chains = list(group)
        yield from (chain for chain in chains if len(chain.documents) > 1)
        alone = [chain.documents[0] for chain in chains if len(chain.documents) == 1]
        if len(alone) > 1:
            yield Chain(tuple(sorted(alone, key=cmp_to_key(_by_version))))


def _platform(item: Document) -> str:
    return item.identity.platform


def _order(one: Document, other: Document) -> int:
    names = [(item.identity.product, item.identity.platform) for item in (one, other)]
    if names[0] != names[1]:
        return -1 if names[0] < names[1] else 1
    return _by_version(one, other)


def _by_version(one: Document, other: Document) -> int:
    """Compare versions; what does not begin with a number, such as `master`, is the newest."""
    left, right = one.identity.version, other.identity.version
    numbered = [_is_numbered(left), _is_numbered(right)]
    if numbered[0] != numbered[1]:
        return -1 if numbered[0] else 1
    order = order_versions(left, right) if all(numbered) else 0
    keys = [(item.identity.version, _platform(item)) for item in (one, other)]
    return order or (keys[0] > keys[1]) - (keys[0] < keys[1])


def _is_numbered(version: str) -> bool:
    try:
        order_versions(version, "0")
    except ValueError:
        return False
    return True
