"""Work that forks share: every task once, results in order, mistakes told, nothing left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reqc.compiler import forks
from reqc.compiler.forks import spread
from tests.tools import wait_until

TASKS = tuple(range(40))


@pytest.fixture(params=[1, 2, 5])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """As many processors as this, whatever the machine has."""
    number: int = request.param
    monkeypatch.setattr(forks, "processors", lambda: number)
    return number


@pytest.fixture(autouse=True)
def _none_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """See to it that no fork is a child of this process any more, running or ended."""
    fork, forked = os.fork, []

    def noted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", noted)
    yield
    for process in forked:
        with pytest.raises(ChildProcessError):
            os.waitpid(process, os.WNOHANG)


def test_results_are_in_the_order_of_the_tasks(processes: int) -> None:
    assert spread(lambda task: f"{processes} x {task}", TASKS, str) == [
        f"{processes} x {task}" for task in TASKS
    ]


def test_every_task_is_done_once(processes: int, tmp_path: Path) -> None:
    workers = tmp_path / "workers"
    workers.mkdir()

    def note(task: int) -> int:
        (workers / str(os.getpid())).touch()
        wait_until(lambda: len(list(workers.iterdir())) == processes)
        with (tmp_path / str(task)).open("x"):
            return os.getpid()

    done_by = spread(note, TASKS, int)

    assert len(list(tmp_path.iterdir())) == len(TASKS) + 1
    assert len(set(done_by)) == processes


def test_no_tasks_have_no_results(processes: int) -> None:
    assert processes
    assert spread(str, (), str) == []


def as_fork(work: Callable[[], object], tmp_path: Path) -> Callable[[int], int]:
    """Return what does some work where it is a fork, and awaits such a one where it is not."""
    here = os.getpid()

    def do(task: int) -> int:
        if os.getpid() != here:
            (tmp_path / "forked").touch()
            work()
        wait_until((tmp_path / "forked").exists)
        return task

    return do


@pytest.fixture
def _two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "processors", lambda: 2)


def refuse() -> None:
    raise LookupError


def test_a_mistake_of_this_process_is_raised(processes: int) -> None:
    assert processes
    with pytest.raises(LookupError):
        spread(lambda _: refuse(), TASKS, type(None))


@pytest.mark.usefixtures("_two")
@pytest.mark.parametrize("end", [refuse, lambda: os._exit(7), lambda: os.kill(os.getpid(), 9)])
def test_what_a_fork_does_not_finish_is_done_again(
    end: Callable[[], object], tmp_path: Path
) -> None:
    assert spread(as_fork(end, tmp_path), TASKS, int) == list(TASKS)


@pytest.mark.usefixtures("_two")
def test_forks_end_where_this_process_fails(tmp_path: Path) -> None:
    wait = as_fork(signal.pause, tmp_path)

    def fail(task: int) -> None:
        wait(task)
        refuse()

    with pytest.raises(LookupError):
        spread(fail, TASKS, type(None))


def test_more_tasks_than_can_wait_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="range"):
        spread(str, range(257), str)
