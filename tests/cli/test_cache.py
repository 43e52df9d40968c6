"""An answer is kept, found again while nothing has changed, and never trusted from others."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from reqc import __path__ as package
from reqc.compiler.commands.cache import cache_for
from tests.threats.test_compiling import watched
from tests.tools import needs_root

PAGE: Final = """\
req 1
spec demo 1 on hosts "A page with parts"
use "part.req"
option fast: bool = true "Fast"
role node "Nodes"
section node "Nodes" {
  must kernel: kernel >= 5.10
}
"""
PART: Final = """\
req 1
fragment demo "What pages of demo have in common"
section more "More" {
  must talk: allow tcp 443 node -> node
  must off: service firewalld disabled
}
"""
INVENTORY: Final = "node:\n  hosts:\n    one:\n      ansible_host: 192.0.2.1\n"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a specification, and beside it `cache` for the cache."""
    work = tmp_path / "work"
    (work / "parts").mkdir(parents=True)
    (work / "page.req").write_text(PAGE, encoding="utf-8")
    (work / "part.req").write_text(PART, encoding="utf-8")
    (work / "hosts.yaml").write_text(INVENTORY, encoding="utf-8")
    return work


@pytest.fixture
def run(folder: Path) -> Run:
    """Return a function that compiles the page in a process of its own."""

    def compiled(
        *arguments: str, env: Mapping[str, str] | None = None, cwd: Path = folder
    ) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-P",  # as the command: what is written into this folder is no code
            "-m",
            "reqc",
            "compile",
            "page.req",
            "-t",
            "ports",
            "-O",
            "format=markdown",
        ]
        told = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache"), **(env or {})}
        return subprocess.run(
            [*command, *arguments],
            cwd=cwd,
            env=told,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return compiled


def entries(folder: Path) -> list[Path]:
    """Return what is in the cache."""
    return sorted((folder.parent / "cache").glob("reqc/*"))


def poison(entry: Path) -> None:
    """Change the text of an answer, so that it shows where the answer comes from."""
    kept = json.loads(entry.read_bytes())
    kept["answer"][2] = "from the cache\n"
    entry.write_text(json.dumps(kept), encoding="utf-8")


def poison_file(entry: Path) -> None:
    """Change the text of an answer's one file."""
    kept = json.loads(entry.read_bytes())
    kept["answer"][1][0][1] = "from the cache\n"
    entry.write_text(json.dumps(kept), encoding="utf-8")


def kept(run: Run, folder: Path, *arguments: str) -> str:
    """Compile, see that the second time comes from the cache, and return what the first said."""
    first = run(*arguments)
    assert first.returncode == 0, first.stderr
    (entry,) = entries(folder)
    honest = run(*arguments)
    assert (honest.stdout, honest.stderr) == (first.stdout, first.stderr)
    poison(entry)
    assert run(*arguments).stdout == "from the cache\n"
    return first.stdout


def test_the_second_time_comes_from_the_cache_and_says_the_same(run: Run, folder: Path) -> None:
    assert kept(run, folder, "--inventory", "hosts.yaml").strip()


def test_warnings_are_told_again(run: Run, folder: Path) -> None:
    flags = ("-t", "firewalld", "-o", "out/")
    first = run(*flags)
    assert entries(folder)

    assert "warning" in first.stderr
    assert run(*flags).stderr == first.stderr


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("page.req", PAGE.replace("5.10", "6.1")),
        ("part.req", PART.replace("443", "444")),
        ("hosts.yaml", INVENTORY.replace("192.0.2.1", "192.0.2.2")),
    ],
)
def test_a_file_that_changed_is_noticed(run: Run, folder: Path, path: str, text: str) -> None:
    kept(run, folder, "--inventory", "hosts.yaml")
    found = (folder / path).stat()
    (folder / path).write_text(text, encoding="utf-8")
    os.utime(folder / path, ns=(found.st_atime_ns, found.st_mtime_ns))

    assert run("--inventory", "hosts.yaml").stdout != "from the cache\n"


def test_a_file_that_is_gone_is_missed(run: Run, folder: Path) -> None:
    kept(run, folder)
    (folder / "part.req").unlink()

    assert run().returncode == 1


def test_a_file_that_would_now_be_found_first_is_noticed(run: Run, folder: Path) -> None:
    (folder / "part.req").rename(folder / "parts" / "part.req")
    kept(run, folder, "--include-dir", "parts")
    (folder / "part.req").write_text(PART, encoding="utf-8")

    assert run("--include-dir", "parts").stdout != "from the cache\n"


def test_a_link_that_leads_elsewhere_is_noticed(run: Run, folder: Path) -> None:
    (folder / "part.req").rename(folder / "old.req")
    (folder / "new.req").write_text((folder / "old.req").read_text("utf-8"), encoding="utf-8")
    (folder / "part.req").symlink_to("old.req")
    kept(run, folder)
    (folder / "part.req").unlink()
    (folder / "part.req").symlink_to("new.req")

    assert run().stdout != "from the cache\n"


@pytest.mark.parametrize(
    "flags",
    [
        ("--set", "fast=false"),
        ("-O", "rows=all"),
        ("--role", "node"),
        ("--errata", "corrected"),
        ("--strict",),
        ("--verbose",),
        ("--explain",),
        ("--color", "always"),
        ("--include-dir", "parts"),
    ],
    ids=lambda flags: flags[0],
)
def test_another_question_has_another_answer(
    run: Run, folder: Path, flags: tuple[str, ...]
) -> None:
    kept(run, folder)

    assert run(*flags).stdout != "from the cache\n"


def test_each_command_line_delivers_its_answer_in_its_own_way(run: Run, folder: Path) -> None:
    expected = kept(run, folder)

    for _ in range(2):
        assert run("--list").stdout == "demo-1-hosts-ports.md\n"
    for _ in range(2):
        (folder / "out.md").unlink(missing_ok=True)
        done = run("-v", "-o", "./out.md")
        assert done.stdout == ""
        assert done.stderr.startswith("wrote out.md\n")
        assert (folder / "out.md").read_text("utf-8") == expected
    assert len(entries(folder)) == 3


def test_what_is_kept_is_written_as_it_is_when_made(run: Run, folder: Path) -> None:
    run("-o", "out")
    poison_file(next(iter(entries(folder))))
    (folder / "out").unlink()
    (folder / "other").write_text("", encoding="utf-8")
    (folder / "out").symlink_to("other")

    assert run("-o", "out").returncode == 0

    assert (folder / "out").is_symlink()
    assert (folder / "other").read_text("utf-8") == "from the cache\n"
    assert {path.name for path in folder.glob("*o*")} == {"hosts.yaml", "other", "out"}


def test_several_files_are_refused_for_one_stream_each_time(run: Run, folder: Path) -> None:
    flags = ("-t", "markdown")
    first = run(*flags)

    assert first.returncode == 2
    assert "these targets write 2 files" in first.stderr
    assert len(entries(folder)) == 1
    again = run(*flags)
    assert (again.returncode, again.stdout, again.stderr) == (2, "", first.stderr)


def test_another_folder_has_another_answer(run: Run, folder: Path) -> None:
    kept(run, folder)
    shutil.copytree(folder, folder.parent / "copy")
    folder.rename(folder.parent / "moved")
    (folder.parent / "copy").rename(folder)
    assert run().stdout == "from the cache\n"

    elsewhere = run(cwd=folder.parent / "moved")

    assert elsewhere.returncode == 0
    assert elsewhere.stdout != "from the cache\n"


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "NO_COLOR"])
def test_variables_for_colour_are_part_of_the_question(run: Run, variable: str) -> None:
    flags = ("-t", "firewalld", "-o", "out/")
    run(*flags)

    told = run(*flags, env={variable: "1"})

    assert ("\x1b[" in told.stderr) == (variable == "FORCE_COLOR")
    assert run(*flags, env={variable: "1"}).stderr == told.stderr


def test_wrong_usage_is_told_each_time(run: Run, folder: Path) -> None:
    for _ in range(2):
        assert run("--nonsense").returncode == 2
        assert run("-O", "nonsense=1").returncode == 2

    assert entries(folder) == []


def test_what_is_kept_is_found_without_what_takes_long_to_import(
    folder: Path, tmp_path: Path
) -> None:
    program = (
        "import sys; from reqc.compiler.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    )
    words = ["compile", "page.req", "-t", "ports", "-o", "out.md"]
    packages = (str(Path(next(iter(package))).parent), sysconfig.get_path("purelib"))
    env = {"PYTHONPATH": os.pathsep.join(packages), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    # without the hooks of an environment for development, which import much themselves
    command = [sys.executable, "-P", "-S", "-c", program, *words]

    first, again = (
        subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True)
        for _ in range(2)
    )

    heavy = {"argparse", "pathlib", "typing", "contextlib", "importlib"}
    assert heavy <= set(first.stdout.split())
    assert (heavy | {"tempfile"}).isdisjoint(again.stdout.split())


def test_no_cache_neither_reads_nor_writes(run: Run, folder: Path) -> None:
    assert run("--no-cache").returncode == 0
    assert entries(folder) == []
    kept(run, folder)

    for words in ("--no-cache", "--no-c"):
        assert run(words).stdout != "from the cache\n"


def test_an_error_is_not_kept(run: Run, folder: Path) -> None:
    (folder / "page.req").write_text(PAGE + "nonsense\n", encoding="utf-8")

    assert run().returncode == 1
    assert entries(folder) == []


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"null", b'{"inputs": [], "answer": []}', b"\xff", b"[" * 100_000]
)
def test_a_damaged_entry_is_made_anew(run: Run, folder: Path, damage: bytes) -> None:
    expected = run().stdout
    (entry,) = entries(folder)
    entry.write_bytes(damage)

    again = run()

    assert (again.returncode, again.stdout, again.stderr) == (0, expected, "")
    assert json.loads(entry.read_bytes())["answer"][2] == expected


def test_only_the_user_reads_it(run: Run, folder: Path) -> None:
    run()
    (entry,) = entries(folder)

    assert entry.parent.stat().st_mode & 0o777 == 0o700
    assert entry.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_others_write_to_is_not_trusted(run: Run, folder: Path) -> None:
    kept(run, folder)
    entries(folder)[0].parent.chmod(0o777)

    assert run().stdout != "from the cache\n"


def test_a_folder_of_somebody_else_is_not_trusted(run: Run, folder: Path) -> None:
    needs_root()
    kept(run, folder)
    os.chown(entries(folder)[0].parent, 12345, 12345)

    assert run().stdout != "from the cache\n"


def test_where_nothing_can_be_kept_that_is_told_on_request_only(run: Run, folder: Path) -> None:
    env = {"XDG_CACHE_HOME": os.devnull}

    assert run(env=env).stderr == ""
    assert "the answer is not kept" in run("-v", env=env).stderr
    assert entries(folder) == []


def test_without_a_home_nothing_is_kept(run: Run, folder: Path) -> None:
    assert run(env={"XDG_CACHE_HOME": "", "HOME": ""}).returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        "hosts.yaml",
        "page.req",
        "part.req",
        "parts",
    ]


def test_in_a_folder_that_is_gone_nothing_is_kept(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(run, folder)

    def gone() -> str:
        raise FileNotFoundError

    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / "cache"))
    assert cache_for(["compile"]) is not None
    monkeypatch.setattr(os, "getcwd", gone)
    assert cache_for(["compile"]) is None


def test_a_pipe_is_read_once_and_not_kept(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    write = partial((folder / "pipe").write_text, INVENTORY, encoding="utf-8")
    threading.Thread(target=write, daemon=True).start()

    done = run("--inventory", "pipe")

    assert done.returncode == 0, done.stderr
    assert "192.0.2.1" in done.stdout


def test_the_cache_holds_so_many_answers_and_no_more(run: Run, folder: Path) -> None:
    cache = folder.parent / "cache" / "reqc"
    cache.mkdir(parents=True, mode=0o700)
    for number in range(250):
        old = cache / f"{number}.json"
        old.write_text("{}", encoding="utf-8")
        os.utime(old, ns=(number, number))

    assert run().returncode == 0

    assert len(entries(folder)) == 200
    assert not (cache / "50.json").exists()
    assert (cache / "51.json").exists()


def test_other_code_makes_another_answer(run: Run, folder: Path, tmp_path: Path) -> None:
    kept(run, folder)
    other = tmp_path / "other" / "reqc"
    other.mkdir(parents=True)
    for item in Path(next(iter(package))).iterdir():
        if item.name != "__pycache__":
            (other / item.name).symlink_to(item.resolve())
    changed = other / "__init__.py"
    text = changed.read_text("utf-8")
    changed.unlink()
    changed.write_text(text, encoding="utf-8")

    assert run(env={"PYTHONPATH": str(other.parent)}).stdout != "from the cache\n"


def test_nothing_is_written_but_what_o_names_and_the_cache(folder: Path, tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(tmp_path / "cache")}

    for _ in range(2):
        done = watched(tmp_path, "compile", folder / "page.req", "-t", "ports", env=env)
        assert done.returncode == 0, done.stderr

    assert {path.name for path in tmp_path.iterdir()} == {"cache", "work"}
    assert len(entries(folder)) == 1
