"""Processes that share one command's work, and end when it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from threading import Thread
from typing import Any, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(do: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> Iterator[_Result]:
    """Yield the result of each task in their order; all processors work on them.

    Tasks may be large: they are not sent to other processes, which are forks of this one. Where
    that cannot be, or there is one processor, this process does them all.
    """
    workers = min(processors(), len(tasks))
    if workers < 2 or "fork" not in multiprocessing.get_all_start_methods():  # noqa: PLR2004
        yield from map(do, tasks)
        return
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(do, tasks))
    try:
        for waiting in [pool.submit(_do, number) for number in range(len(tasks))]:
            yield waiting.result()
    finally:
        pool.shutdown(cancel_futures=True)


def follow_parent() -> None:
    """Leave the end of this worker to its parent, whether that is interrupted or killed."""
    # The parent is interrupted too, and tells us to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End when the parent was ended, which could not tell us any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


_work: list[tuple[Callable[[Any], Any], Sequence[Any]]] = []
"""In a process of `spread`, what it works on."""


def _begin(do: Callable[[Any], Any], tasks: Sequence[Any]) -> None:
    follow_parent()
    _work.append((do, tasks))


def _do(number: int) -> Any:  # noqa: ANN401  # what the caller's function returns
    do, tasks = _work[0]
    return do(tasks[number])
