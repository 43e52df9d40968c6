"""Many nodes: judged by several processes, in order, with nothing left behind."""

from __future__ import annotations

import io
import json
import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.commands import judging
from reqc.compiler.diagnostics import Report
from reqc.compiler.evaluation import collected
from reqc.compiler.evaluation.collected import MalformedError, documents
from reqc.compiler.evaluation.fleet import FEW, Question
from reqc.compiler.evaluation.waivers import day
from reqc.compiler.forks import processors
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.resolve import resolve
from tests.cli.command import REQC, environment, reqc
from tests.evaluation.collected import CHOSEN, blind, node, small, written
from tests.tools import not_promised

JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
OBJECTS = st.dictionaries(st.text(), JSON)


def test_many_nodes_get_what_few_get(page: Path, tmp_path: Path) -> None:
    facts = {
        f"n{number:02}": (node, small, blind)[number % 3](processors=number)
        for number in range(2 * FEW)
    }
    folder = written(tmp_path / "facts", facts)
    (folder / "n07.json").write_text("{")
    files = sorted(folder.glob("*.json"))
    arguments = (*CHOSEN, "--format", "jsonl")

    together = reqc("evaluate", page, "--facts", folder, *arguments)
    parts = [
        reqc("evaluate", page, "--facts", *files[at : at + 8], *arguments)
        for at in range(0, len(files), 8)
    ]

    assert together.returncode == 2
    assert together.stdout == "".join(part.stdout for part in parts)
    assert together.stderr == "".join(part.stderr for part in parts)
    names = [json.loads(line)["node"] for line in together.stdout.splitlines()]
    assert names == [name for name in sorted(facts) if name != "n07"]


def test_a_stream_of_many_is_judged_in_order(page: Path) -> None:
    stream = "\n".join(json.dumps(node(processors=number)) for number in range(3 * FEW))

    done = reqc("evaluate", page, "--facts", "-", *CHOSEN, "--format", "jsonl", stdin=stream)

    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [item["node"] for item in found] == [f"stdin:{number + 1}" for number in range(3 * FEW)]
    assert [_cpu(item) for item in found] == ["warn"] * 4 + ["pass"] * (3 * FEW - 4)


def _cpu(item: dict[str, list[dict[str, str]]]) -> str:
    return next(found["state"] for found in item["results"] if found["id"] == "node.cpu")


# --- documents in a stream ----------------------------------------------------------------------


@given(
    st.lists(st.tuples(OBJECTS, st.sampled_from(["", " ", "\n", "\r\n\t"])), max_size=5),
    st.integers(1, 9),
    st.sampled_from([None, 1]),
)
@settings(max_examples=20)
def test_documents_are_told_apart_wherever_blocks_end(
    items: list[tuple[object, str]], block: int, indent: int | None
) -> None:
    text = "".join(json.dumps(item, indent=indent) + blank for item, blank in items)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collected, "_BLOCK", block)
        found = [json.loads(item) for item in documents(io.BytesIO(text.encode()))]

    assert found == [item for item, _ in items]


@given(OBJECTS, st.sampled_from(["}", "{", "nonsense", '{"a"', '{"a": "']), st.integers(1, 9))
@settings(max_examples=20)
def test_what_is_no_document_is_told_after_those_before_it(
    item: object, broken: str, block: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collected, "_BLOCK", block)
        stream = documents(io.BytesIO((json.dumps(item) + broken).encode()))
        found = json.loads(next(stream))
        with pytest.raises(MalformedError, match="not JSON: "):
            next(stream)

    assert found == item


def test_too_deep_a_document_is_told() -> None:
    with pytest.raises(MalformedError, match="nested too deep"):
        list(documents(io.BytesIO(b"[" * 200_000)))


def test_a_large_file_is_read_as_a_stream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "all.json"
    path.write_text(json.dumps(node()) + json.dumps(node()))
    monkeypatch.setattr(collected, "_ONE_DOCUMENT", 100)

    found = list(collected.collections([str(path)]))

    assert [item.name for item in found] == ["all:1", "all:2"]


# --- interruptions ------------------------------------------------------------------------------


def heed_interruptions() -> None:
    """Undo what a shell does to the commands that it runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def waiting(page: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a run whose worker waits for facts from a pipe, and the pipe's other end."""
    written(folder, {f"n{number:02}": node() for number in range(2 * FEW)})
    pipe = folder / "n05.json"
    pipe.unlink()
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [str(REQC), "evaluate", str(page), "--facts", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
        preexec_fn=heed_interruptions,  # noqa: PLW1509  # no thread runs here
    )
    end = os.open(pipe, os.O_WRONLY)  # once somebody reads
    try:
        yield process, end
    finally:
        process.kill()
        process.communicate()


def needs_several_processors() -> None:
    if processors() < 2:
        not_promised("second processor")


def test_an_interruption_is_quiet(page: Path, tmp_path: Path) -> None:
    needs_several_processors()
    with waiting(page, tmp_path / "facts") as (process, end):
        os.killpg(process.pid, signal.SIGINT)
        os.close(end)
        stdout, stderr = process.communicate(timeout=60)

    assert (process.returncode, stdout, stderr) == (130, "", "")


def test_workers_end_with_the_one_who_asks(page: Path, tmp_path: Path) -> None:
    needs_several_processors()
    with waiting(page, tmp_path / "facts") as (process, end):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        workers = [os.pidfd_open(int(child)) for child in children]
        process.kill()
        ended = [bool(select.select([worker], [], [], 60)[0]) for worker in workers]
        os.close(end)
    for worker in workers:
        os.close(worker)

    assert ended == [True] * len(workers)
    assert workers


# --- progress -----------------------------------------------------------------------------------


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_is_for_terminals(
    terminal: bool,  # noqa: FBT001  # a case
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = written(tmp_path / "facts", {name: node() for name in "abcd"})
    document = resolve(str(page), Report())
    assert document is not None
    question = Question((lower(document, Deployment()),), day("2027-01-01"))
    shown = _Terminal() if terminal else io.StringIO()
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setattr(judging, "_PAUSE", 0)
    monkeypatch.setenv("TERM", "xterm")

    nodes, _ = judging.judge_files(question, [str(path) for path in sorted(folder.iterdir())])

    told = shown.getvalue().split("\r")
    assert len(nodes) == 4
    if terminal:
        bar = "[###############---------------] 2 of 4 files"
        assert (told[2], told[-2].strip(), told[-1]) == (bar, "", "")
    else:
        assert told == [""]
