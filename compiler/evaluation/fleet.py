"""Judges the facts of many nodes, in several processes where that is worth it."""

from __future__ import annotations

import gc
import io
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from reqc.compiler.evaluation.collected import (
    Collection,
    MalformedError,
    Unreadable,
    collections,
    documents,
)
from reqc.compiler.evaluation.facts import Facts, read_facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.evaluation.results import Result, State, status
from reqc.compiler.evaluation.waivers import Waiver
from reqc.compiler.forks import processors
from reqc.compiler.lowered import LoweredDocument, LoweredRequirement
from reqc.compiler.workers import follow_parent

FEW: Final = 16
"""So many collections are judged sooner than a second process has started."""

_CHUNK: Final = 8
_CHUNKS_AHEAD: Final = 4


class Finding(NamedTuple):
    """What was found of a requirement on a node; requirements are told by their order."""

    state: State
    found: str = ""
    looked: str = ""


class Judgement(Struct, frozen=True):
    """What judging a node by one document gave: the exit status, and the findings.

    There is one finding for each of the requirements that `judged` returns, in their order.
    """

    exit: int
    findings: tuple[Finding, ...]


class JudgedNode(Struct, frozen=True):
    """A node with a judgement by each document.

    `release` is the judged kernel, `running` whether it runs, `container` how a container was
    recognised, `root` whether the facts were collected with the rights of root.
    """

    name: str
    file: str
    release: str
    running: bool
    container: str | None
    root: bool
    judgements: tuple[Judgement, ...]


class Question(Struct, frozen=True):
    """What nodes are judged by.

    `skipped` are the ids of requirements that are not judged. Waivers are in force up to their
    day, seen from `today`.
    """

    documents: tuple[LoweredDocument, ...]
    today: date
    strict: bool = False
    waivers: Mapping[str, Waiver] = field(default_factory=dict)
    skipped: frozenset[str] = frozenset()


Judged: TypeAlias = JudgedNode | Unreadable
_Collected: TypeAlias = Collection | Unreadable


def judged(document: LoweredDocument) -> tuple[LoweredRequirement, ...]:
    """Return the requirements that nodes are judged by, in the order of their findings."""
    return tuple(item for item in document.requirements if item.complete)


def judge_all(question: Question, files: Sequence[str]) -> Iterator[Judged]:
    """Yield every node in the order of the files, and what could not be read where it stands.

    The caller keeps what it needs: nothing is held here but the nodes that are being judged.
    """
    collected = collections(files)
    first = list(islice(collected, FEW))
    everything = chain(first, collected)
    workers = processors()
    found: Iterator[Judged]
    if len(first) < FEW or workers == 1:
        found = (node for item in everything for node in _judge(question, item))
    else:
        found = _judge_in_pool(question, everything, workers)
    # Most nodes of a fleet are alike, so what was found is held once.
    known: dict[Finding, Finding] = {}
    for node in found:
        yield _shared(node, known) if isinstance(node, JudgedNode) else node


def _shared(node: JudgedNode, known: dict[Finding, Finding]) -> JudgedNode:
    judgements = tuple(
        Judgement(item.exit, tuple(known.setdefault(one, one) for one in item.findings))
        for item in node.judgements
    )
    return replace(node, judgements=judgements)


# --- one collection of facts --------------------------------------------------------------------


def _judge(question: Question, item: _Collected) -> Iterator[Judged]:
    """Yield the nodes whose facts are in one collection."""
    if isinstance(item, Unreadable):
        yield item
        return
    try:
        text = Path(item.file).read_bytes() if item.text is None else item.text.encode()
    except OSError as problem:
        yield Unreadable(item.name, item.file, problem.strerror or str(problem))
        return
    try:
        facts = read_facts(text)
    except ValueError as problem:
        yield from _several(question, item, text, str(problem))
        return
    yield _judged(question, item, facts)


def _several(question: Question, item: Collection, text: bytes, reason: str) -> Iterator[Judged]:
    """Judge what is not one document, but may be several; `reason` tells why it is not one."""
    texts: list[Collection] = []
    malformed: list[Unreadable] = []
    try:
        for document in documents(io.BytesIO(text)):
            texts.append(Collection(f"{item.name}:{len(texts) + 1}", item.file, document))
    except MalformedError as problem:
        name = f"{item.name}:{len(texts) + 1}" if texts else item.name
        malformed.append(Unreadable(name, item.file, str(problem)))
    if len(texts) <= 1 and not malformed:
        yield Unreadable(item.name, item.file, reason)
        return
    for one in texts:
        yield from _judge(question, one)
    yield from malformed


def _judged(question: Question, item: Collection, facts: Facts) -> JudgedNode:
    return JudgedNode(
        name=item.name,
        file=item.file,
        release=facts.kernel.release,
        running=facts.kernel.running,
        container=facts.container,
        root=facts.root,
        judgements=tuple(_judgement(question, document, facts) for document in question.documents),
    )


def _judgement(question: Question, document: LoweredDocument, facts: Facts) -> Judgement:
    results = [
        Result(result.requirement, State.SKIPPED)
        if result.requirement.origin.id in question.skipped
        else result
        for result in judge(
            document,
            facts,
            strict=question.strict,
            waivers=question.waivers,
            today=question.today,
        )
    ]
    findings = tuple(Finding(result.state, result.found, result.looked) for result in results)
    return Judgement(status(results, strict=question.strict), findings)


# --- many collections ---------------------------------------------------------------------------

_Answers: TypeAlias = list[Judged]
_question: Question | None = None  # of a worker


def _judge_in_pool(
    question: Question, everything: Iterable[_Collected], workers: int
) -> Iterator[Judged]:
    pool = ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(question,))
    try:
        waiting: deque[Future[_Answers]] = deque()
        for chunk in _chunks(everything):
            waiting.append(pool.submit(_judge_chunk, chunk))
            if len(waiting) > workers * _CHUNKS_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _chunks(everything: Iterable[_Collected]) -> Iterator[list[_Collected]]:
    rest = iter(everything)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _start_worker(question: Question) -> None:
    """Learn what to judge by, once, and leave the end to the parent."""
    global _question  # noqa: PLW0603  # the one place that a pool offers for what its workers know
    _question = question
    follow_parent()
    # Facts hold no cycles, so that looking for them among so many objects only takes time.
    gc.disable()


def _judge_chunk(chunk: list[_Collected]) -> _Answers:
    assert _question is not None  # noqa: S101  # the initializer ran
    return [node for item in chunk for node in _judge(_question, item)]
