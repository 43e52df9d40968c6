"""Write the page as one self-contained HTML document, with switches for its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reqc.backends.base import Artifact, Language, Output, Target
from reqc.backends.html.pages import document_body, document_title, page
from reqc.compiler.lowered import LoweredDocument


def render(document: LoweredDocument, settings: Mapping[str, str]) -> Output:
    """Write every requirement with its conditions; choices are where the switches begin."""
    del settings  # the target has none
    identity = document.identity
    name = f"{identity.product}-{identity.version}-{identity.platform}.html".replace("/", "-")
    return Output((Artifact(name, page(document_title(document), document_body(document))),))


TARGET: Final = Target(
    name="html",
    summary="The page as one HTML document with switches for the options, complete in itself.",
    reads=Language.PROSE,
    render=render,
)
