"""Forks of this process that share a short piece of work; to start a pool would take as long."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from tempfile import TemporaryFile
from typing import Any, NoReturn, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(do: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> list[_Result]:
    """Return the results of up to 256 tasks in their order, made on all processors.

    Whoever is free takes the next task. Forks know the tasks already, and their results must be
    such as pickle can write. What `do` raises in a fork is raised here, and no fork outlives the
    call. Where a system has no forks, this process works alone.
    """
    helpers = min(processors(), len(tasks)) - 1 if hasattr(os, "fork") else 0
    found: dict[int, _Result] = {}
    with ExitStack() as stack:
        waiting = _waiting(len(tasks))
        stack.callback(os.close, waiting)
        forks = [
            stack.enter_context(closing(_Fork(lambda: dict(_done(do, tasks, waiting)))))
            for _ in range(helpers)
        ]
        found.update(_done(do, tasks, waiting))
        for fork in forks:
            found.update(fork.result())
    return [found[number] for number in range(len(tasks))]


def _waiting(count: int) -> int:
    """Return a pipe that holds the number of each task in a byte; each is read by one process."""
    numbers = bytes(range(count))
    waiting, filling = os.pipe()
    with open(filling, "wb") as stream:  # noqa: PTH123  # of a handle
        stream.write(numbers)
    return waiting


def _done(
    do: Callable[[_Task], _Result], tasks: Sequence[_Task], waiting: int
) -> Iterator[tuple[int, _Result]]:
    """Yield the results of the tasks that this process came to take, behind their numbers."""
    while number := os.read(waiting, 1):
        yield number[0], do(tasks[number[0]])


class _Fork:
    """A fork that does some work, and what came of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._outcome = TemporaryFile()  # noqa: SIM115  # closed by close()
        self._process = os.fork()
        if not self._process:
            self._report(work)

    def result(self) -> Any:  # noqa: ANN401  # what the work returns
        """Return what the work returned, or raise what it raised, once it has ended."""
        process, self._process = self._process, 0
        _, status = os.waitpid(process, 0)
        if status:
            message = f"a process that shared the work ended with {status}"
            raise ChildProcessError(message)
        self._outcome.seek(0)
        outcome = pickle.load(self._outcome)  # noqa: S301  # written by a fork of this process
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self) -> None:
        """End the fork if it still works."""
        self._outcome.close()
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    def _report(self, work: Callable[[], Any]) -> NoReturn:
        """In the fork, do the work and end without all that this process would do at its end."""
        status = 1
        try:
            # This process is interrupted too, and ends its forks.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            try:
                outcome = work()
            except Exception as problem:  # noqa: BLE001  # raised again by the other process
                outcome = problem
            pickle.dump(outcome, self._outcome)
            self._outcome.flush()
            status = 0
        finally:
            os._exit(status)
