"""Specifications full of hostile texts, another one in every field, and what they mean."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from reqc.backends.base import Output
from reqc.backends.registry import target
from reqc.compiler.diagnostics import Diagnostic, Report
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, LoweredHost
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve
from tests.injection.documents import AMENDING, FIELDS, PAGE, Shape, files_with, write
from tests.injection.texts import FAMILIES, NAMES, WORDS, hostile_texts

EXAMPLES: Final = int(os.environ.get("REQC_EXAMPLES", "0"))
"""How many documents a test tries beyond the usual ones."""

SETTINGS: Final = settings(
    max_examples=EXAMPLES or 2,
    derandomize=not EXAMPLES,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""A failure is not made smaller: that takes minutes for so many texts, each of which is named."""

TURNS: Final = range(len(FAMILIES))
"""Enough documents for a text of every family to stand in every field."""

_HELD: Final = tuple(field for field in FIELDS if field.file == PAGE and not field.refuses)


def read(files: Mapping[str, str], main: str = PAGE) -> tuple[Document | None, list[Diagnostic]]:
    """Return what a specification means, if it is sound, and what reqc says about it."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), files)
        report = Report()
        return resolve(str(Path(folder, main)), report), report.sorted()


def meant(texts: Mapping[str, str], main: str = PAGE) -> Document:
    """Return the document with these texts in its fields, which takes them all."""
    document, said = read(files_with(texts), main)
    assert document is not None, render(said)
    return document


def amended(texts: Mapping[str, str]) -> Document:
    """Return the document that amends the page, with these texts in the fields of either."""
    return meant(texts, AMENDING)


def deployed(document: Document, host: str = "node") -> LoweredDocument:
    """Return a document for hosts with addresses, one of them with that name."""
    first, second, *_ = document.roles
    hosts = (LoweredHost(host, ("192.0.2.1",)), LoweredHost("other", ("192.0.2.2",)))
    addresses = {first: ("192.0.2.1", "192.0.2.2"), second: ("192.0.2.3",)}
    return lower(document, Deployment(addresses=addresses, hosts={first: hosts}))


def rendered(name: str, document: LoweredDocument, **settings: str) -> Output:
    """Return what a target makes of a document."""
    found = target(name)
    return found.render(document, {**found.defaults, **settings})


def mixed(turn: int) -> dict[str, str]:
    """Return a text for every field; in all turns together each has one of every family."""
    families = list(FAMILIES.values())
    texts = {}
    for number, field in enumerate(_HELD):
        if field.shape is Shape.TEXT:
            family = families[(number + turn) % len(families)]
            text = family[(number + turn * 3) % len(family)]
        else:
            words = NAMES if field.shape is Shape.NAME else WORDS
            text = words[(number + turn * 5) % len(words)]
        texts[field.name] = field.fit(text)
    return texts


def of_family(family: str, turn: int = 0, longest: int | None = None) -> dict[str, str]:
    """Return a text of one family for every field, each of them in some, cut after so much."""
    texts = FAMILIES[family]
    found = mixed(turn)
    for number, field in enumerate(_HELD):
        if field.shape is Shape.TEXT:
            text = texts[(number + turn) % len(texts)]
            found[field.name] = field.fit(text[:longest])
    return found


def mixtures(longest: int | None = None) -> st.SearchStrategy[dict[str, str]]:
    """Return a hostile text for every field, cut after so much."""
    word, name = st.sampled_from(WORDS), st.sampled_from(NAMES)
    texts = hostile_texts().map(lambda text: text[:longest])
    by_shape = {Shape.TEXT: texts, Shape.WORD: word, Shape.NAME: name}
    return st.fixed_dictionaries(
        {field.name: by_shape[field.shape].map(field.fit) for field in _HELD}
    ).map(_apart)


def _apart(texts: dict[str, str]) -> dict[str, str]:
    """Return the texts with names that differ where two may not be the same."""
    return {
        name: f"{text}_{number}" if name.startswith(("Section.name", "Requirement.id")) else text
        for number, (name, text) in enumerate(texts.items())
    }
