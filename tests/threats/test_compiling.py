"""To compile runs nothing, reaches nothing, writes only where it was told, and tells no secret."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reqc.backends.registry import TARGETS
from tests.cli.command import SMALL
from tests.tools import require

ROOT = Path(__file__).parents[2]
WATCHED = Path(__file__).with_name("watched.py")
CANARY = "canary_that_sings"
HOSTILE = SMALL.replace("A small page", f"{{{{ {CANARY}() }}}} $({CANARY})").replace(
    "Look at the node", f"__import__('os').{CANARY} {{% {CANARY} %}}"
)
PAGES = {
    "openstack": ROOT / "specs/v3.16-openstack.req",
    "openshift": ROOT / "specs/v3.24-openshift.req",
}


def watched(
    folder: Path, *arguments: str | Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run reqc under the hook; only `folder` may be written to."""
    told = dict(os.environ if env is None else env)
    told.pop("COVERAGE_PROCESS_CONFIG", None)  # who measures writes files too
    return subprocess.run(
        [sys.executable, "-B", str(WATCHED), str(folder), CANARY, *map(str, arguments)],
        cwd=folder,
        env=told,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "page.req"
    path.write_text(HOSTILE, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("page", [*PAGES, "hostile"])
def test_a_target_runs_nothing_reaches_nothing_and_writes_only_its_folder(
    page: str, name: str, hostile: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    page_of = PAGES.get(page, hostile)
    done = watched(folder, "compile", "--no-cache", page_of, "-t", name, "-o", f"{folder}/")

    assert done.returncode == 0, done.stderr
    assert any(folder.rglob("*"))


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "PAGE"),
        ("show", "PAGE"),
        ("trace", "PAGE"),
        ("fmt", "--check", "PAGE"),
        ("diff", "PAGE", "PAGE", "--format", "html"),
        ("changelog", "PAGE", "PAGE"),
        ("docs", "PAGE", "-o", "site"),
        ("verify", "PAGE"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_so_does_every_command_that_reads_pages(
    arguments: tuple[str, ...], hostile: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    done = watched(folder, *(str(hostile) if one == "PAGE" else one for one in arguments))

    assert done.returncode in {0, 1, 3}, done.stderr


@pytest.mark.parametrize(
    "deed",
    [
        "import socket; socket.socket()",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "open('../outside', 'w')",
        "import os; os.mkdir('../outside')",
        "import os; os.rename('inside', '../outside')",
        "import pickle; pickle.loads(pickle.dumps(print))",
        f"eval('{CANARY}')",
        f"exec('{CANARY} = 1')",
    ],
)
def test_the_hook_sees_what_it_has_to_see(deed: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    # the deed is compiled before the hook is there, and done afterwards
    script = (
        "import pathlib, sys\n"
        f"sys.path.insert(0, {str(WATCHED.parent)!r})\n"
        "import watched\n"
        f"deed = compile({deed!r}, 'deed', 'exec')\n"
        f"watched.watch(pathlib.Path({str(folder)!r}), {CANARY!r})\n"
        "exec(deed)\n"
    )

    done = subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 99, done.stderr
    assert "forbidden" in done.stderr
    assert not (tmp_path / "outside").exists()


def test_all_targets_compile_where_there_is_no_network(tmp_path: Path) -> None:
    names = [part for name in TARGETS for part in ("--target", name)]

    done = subprocess.run(
        [
            require("unshare"),
            "--net",
            "--map-root-user",
            sys.executable,
            "-m",
            "reqc",
            "compile",
            PAGES["openshift"],
            *names,
            "-o",
            tmp_path / "out",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(TARGETS)


def test_nothing_of_who_compiles_and_where_is_in_an_artefact(hostile: Path, tmp_path: Path) -> None:
    names = [part for name in TARGETS for part in ("--target", name)]
    texts: list[list[tuple[str, bytes]]] = []
    for home in ("xyzzy-first", "xyzzy-other"):
        folder = tmp_path / home
        folder.mkdir()
        page = folder / "page.req"
        page.write_bytes(hostile.read_bytes())
        env = {
            "PATH": os.environ["PATH"],
            "HOME": f"/{home}",
            "USER": home,
            "LOGNAME": home,
            "HOSTNAME": home,
            "TZ": "Asia/Tokyo" if home == "xyzzy-first" else "America/Lima",
            "API_TOKEN": home,
            "PYTHONHASHSEED": str(len(texts)),
        }
        done = watched(folder, "compile", "--no-cache", page, *names, "-o", "out", env=env)
        assert done.returncode == 0, done.stderr
        files = sorted(path for path in (folder / "out").rglob("*") if path.is_file())
        texts.append([(str(path.relative_to(folder)), path.read_bytes()) for path in files])
        assert not any(b"xyzzy" in raw for _, raw in texts[-1])

    assert texts[0] == texts[1]
