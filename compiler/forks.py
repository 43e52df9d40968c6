"""Forks of this process that share a short piece of work; to start a pool would take as long."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from tempfile import TemporaryFile
from typing import Final, NoReturn, TypeVar

from msgspec import msgpack

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_NOTHING: Final = msgpack.encode({})


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    do: Callable[[_Task], _Result], tasks: Sequence[_Task], form: type[_Result]
) -> list[_Result]:
    """Return the results of up to 256 tasks in their order, made on all processors.

    Whoever is free takes the next task. Forks know the tasks already, and send their results as
    values of `form`, which msgspec can write and read. What a fork does not finish, this process
    does again, and so meets the same mistake. No fork outlives the call. Where a system has no
    forks, this process works alone.
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
            found.update(msgpack.decode(fork.outcome() or _NOTHING, type=dict[int, form]))  # type: ignore[valid-type]
    return [found[number] if number in found else do(task) for number, task in enumerate(tasks)]


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

    def __init__(self, work: Callable[[], object]) -> None:
        self._outcome = TemporaryFile()  # noqa: SIM115  # closed by close()
        self._process = os.fork()
        if not self._process:
            self._report(work)

    def outcome(self) -> bytes:
        """Return what the work came to, once the fork has ended; nothing where it failed."""
        process, self._process = self._process, 0
        _, status = os.waitpid(process, 0)
        self._outcome.seek(0)
        return b"" if status else self._outcome.read()

    def close(self) -> None:
        """End the fork if it still works."""
        self._outcome.close()
        if self._process:
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    def _report(self, work: Callable[[], object]) -> NoReturn:
        """In the fork, do the work and end without all that this process would do at its end."""
        status = 1
        try:
            # This process is interrupted too, and ends its forks.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            self._outcome.write(msgpack.encode(work()))
            self._outcome.flush()
            status = 0
        finally:
            os._exit(status)
