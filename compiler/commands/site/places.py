"""Where the pages of a site are: names that links can keep, and links from page to page."""

from __future__ import annotations

import os.path
import re
from pathlib import PurePosixPath
from typing import Final

from reqc.compiler.commands.site.library import Chain
from reqc.compiler.model import Document

INDEX: Final = "index.html"
SEARCH: Final = "search.html"


def document_place(document: Document) -> str:
    """Return where the page of a document is; adding other documents does not move it."""
    identity = document.identity
    folder = f"{_spelled(identity.product)}/{_platform(identity.platform)}"
    return f"{folder}/{_spelled(identity.version)}.html"


def matrix_place(chain: Chain) -> str:
    """Return where the versions of a chain are side by side."""
    return f"{_folder(chain)}.html"


def changes_place(chain: Chain, old: Document, new: Document) -> str:
    """Return where two documents of a chain are compared."""
    names = [_spelled(item.identity.version) for item in (old, new)]
    if len(chain.platforms) > 1:
        # Several platforms may have the same version.
        platforms = (_platform(item.identity.platform) for item in (old, new))
        names = [f"{platform}-{name}" for platform, name in zip(platforms, names, strict=True)]
    return f"{_folder(chain)}/changes/{names[0]}-to-{names[1]}.html"


def way(start: str, end: str) -> str:
    """Return the address of a place as a page at another place links to it."""
    return os.path.relpath(end, PurePosixPath(start).parent)


def _folder(chain: Chain) -> str:
    # No name of a platform has a dot, so that this is never the folder of another chain.
    platforms = ".".join(map(_platform, chain.platforms))
    return f"{_spelled(chain.product)}/{platforms}"


def _platform(name: str) -> str:
    # Nor is there one with this sign.
    return _spelled(name) if name else "any~"


def _spelled(name: str) -> str:
    """Return a name for a file that no address and no server has to escape."""
    return re.sub(r"[^A-Za-z0-9_.-]", lambda found: f"~{ord(found[0]):x}~", name)
