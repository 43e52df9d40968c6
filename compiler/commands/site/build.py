"""Makes the pages of a site, on several processors where there are many."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Final, TypeAlias

from msgspec import Struct

from reqc.backends.base import Artifact
from reqc.compiler.commands.site.library import Library, arranged
from reqc.compiler.commands.site.pages import (
    changes_page,
    document_page,
    index_page,
    matrix_page,
    search_page,
)
from reqc.compiler.commands.site.places import document_place
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.forks import processors
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.lowered import LoweredDocument, Reading
from reqc.compiler.model import Document
from reqc.compiler.workers import follow_parent

FEW: Final = 12
"""Up to so many documents one process is the quicker way."""

Tell: TypeAlias = Callable[[str], None]


class _Work(Struct, frozen=True):
    """What all processes know."""

    library: Library
    lowered: Mapping[str, LoweredDocument]
    reading: Reading

    def document(self, number: int) -> list[Artifact]:
        """Return the page of one document."""
        document = self.library.documents[number]
        return [document_page(document, self._lowered(document), self.library)]

    def chain(self, number: int) -> list[Artifact]:
        """Return the pages that compare the documents of one chain."""
        chain = self.library.compared[number]
        steps = [compare(old, new, reading=self.reading) for old, new in chain.pairs]
        documents = [self._lowered(item) for item in chain.documents]
        return [matrix_page(chain, documents, steps), *(changes_page(chain, one) for one in steps)]

    def search(self) -> Artifact:
        """Return the page that searches all documents."""
        return search_page((item, self._lowered(item)) for item in self.library.documents)

    def _lowered(self, document: Document) -> LoweredDocument:
        return self.lowered[document_place(document)]


def site(documents: Sequence[Document], reading: Reading, tell: Tell) -> list[Artifact]:
    """Return all pages of a site by name; `tell` hears what is being made."""
    library = arranged(documents)
    deployment = Deployment(reading=reading)
    lowered = {document_place(item): lower(item, deployment) for item in documents}
    work = _Work(library, lowered, reading)
    tasks = [(_CHAIN, number) for number in range(len(library.compared))]
    tasks += [(_DOCUMENT, number) for number in range(len(library.documents))]
    pages = [index_page(library), work.search()]
    for done, made in enumerate(_made(work, tasks)):
        tell(f"{done + 1} of {len(tasks)}: {made[0].name}")
        pages += made
    return sorted(pages, key=lambda page: page.name)


_CHAIN: Final = "chain"
_DOCUMENT: Final = "document"
_Task: TypeAlias = tuple[str, int]


def _made(work: _Work, tasks: Sequence[_Task]) -> Iterator[list[Artifact]]:
    """Yield the pages of each task, in any order."""
    workers = processors()
    forks = "fork" in multiprocessing.get_all_start_methods()
    if len(work.library.documents) <= FEW or workers == 1 or not forks:
        yield from (_do(work, task) for task in tasks)
        return
    # A fork has the documents without a copy of them being sent.
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(work,))
    try:
        for done in as_completed([pool.submit(_do_known, task) for task in tasks]):
            yield done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _do(work: _Work, task: _Task) -> list[Artifact]:
    kind, number = task
    return work.chain(number) if kind == _CHAIN else work.document(number)


_known: list[_Work] = []
"""In a process of the pool, what it works on."""


def _begin(work: _Work) -> None:
    follow_parent()
    _known.append(work)


def _do_known(task: _Task) -> list[Artifact]:
    return _do(_known[0], task)
