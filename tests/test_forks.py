"""Work that forks share: every task once, results in order, mistakes told, nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from reqc.compiler import forks
from reqc.compiler.forks import spread

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
    assert spread(lambda task: f"{processes} x {task}", TASKS) == [
        f"{processes} x {task}" for task in TASKS
    ]


def test_every_task_is_done_once(processes: int, tmp_path: Path) -> None:
    def note(task: int) -> int:
        with (tmp_path / str(task)).open("x"):
            sleep(0.005)
        return os.getpid()

    done_by = spread(note, TASKS)

    assert len(list(tmp_path.iterdir())) == len(TASKS)
    assert len(set(done_by)) == processes


def test_no_tasks_have_no_results(processes: int) -> None:
    assert processes
    assert spread(str, ()) == []


@pytest.mark.usefixtures("processes")
def test_a_mistake_is_raised_whoever_made_it() -> None:
    def refuse(task: int) -> int:
        if task == TASKS[-1] or os.getpid() != here:
            raise LookupError(task)
        sleep(0.005)
        return task

    here = os.getpid()

    with pytest.raises(LookupError):
        spread(refuse, TASKS)


def test_a_fork_that_ends_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "processors", lambda: 2)

    def end(task: int) -> int:
        if os.getpid() != here:
            os._exit(7)
        sleep(0.005)
        return task

    here = os.getpid()

    with pytest.raises(ChildProcessError, match="shared the work"):
        spread(end, TASKS)


def test_forks_end_where_this_process_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "processors", lambda: 2)

    def fail(task: int) -> int:
        if os.getpid() != here:
            sleep(60)
        raise LookupError(task)

    here = os.getpid()

    with pytest.raises(LookupError):
        spread(fail, TASKS)


def test_more_tasks_than_can_wait_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="range"):
        spread(str, range(257))
