"""Write the page as one self-contained HTML document, with switches for its options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from reqc.backends.base import Artifact, Language, Output, Target
from reqc.backends.html.pages import body_pieces, document_title, page_pieces
from reqc.compiler.lowered import LoweredDocument


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Write every requirement with its conditions; choices are where the switches begin."""
    del settings  # the target has none
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}.html".replace("/", "-")
    return Output((Artifact(name, partial(_pieces, document)),))


def _pieces(document: LoweredDocument) -> Iterator[str]:
    return page_pieces(document_title(document), body_pieces(document))


TARGET: Final = Target(
    name="html",
    summary="The page as one HTML document with switches for the options, complete in itself.",
    reads=Language.PROSE,
    render=render,
)
