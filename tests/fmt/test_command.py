"""`reqc fmt` rewrites what is not canonical, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import REQC, in_shell, reqc
from tests.tools import needs_root, require

UNTIDY = b"\xef\xbb\xbfreq 1\r\nspec  a 1 on b # caf\xc3\xa9\r\n"
TIDY = "req 1\n\nspec a 1 on b  # café\n"
BROKEN = b"req 1\nspec a 1 on\n"


@pytest.fixture
def untidy(tmp_path: Path) -> Path:
    path = tmp_path / "untidy.req"
    path.write_bytes(UNTIDY)
    return path


@pytest.fixture
def tidy(tmp_path: Path) -> Path:
    path = tmp_path / "tidy.req"
    path.write_text(TIDY, encoding="utf-8", newline="")
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.req"
    path.write_bytes(BROKEN)
    return path


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_rewritten_in_silence(untidy: Path) -> None:
    done = reqc("fmt", untidy)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert untidy.read_bytes() == TIDY.encode()
    assert listing(untidy.parent) == ["untidy.req"]


def test_a_canonical_file_is_not_touched(tidy: Path) -> None:
    os.utime(tidy, ns=(1, 1))
    before = tidy.stat()

    done = reqc("fmt", "-v", tidy)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    after = tidy.stat()
    assert (after.st_mtime_ns, after.st_ino) == (1, before.st_ino)


def test_a_byte_order_mark_alone_is_a_change(tidy: Path) -> None:
    tidy.write_bytes(b"\xef\xbb\xbf" + TIDY.encode())

    assert reqc("fmt", "--check", tidy).returncode == 1
    assert reqc("fmt", tidy).returncode == 0
    assert tidy.read_bytes() == TIDY.encode()


def test_what_was_rewritten_is_told_on_request(untidy: Path, tidy: Path) -> None:
    done = reqc("fmt", "-v", untidy, tidy)

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"wrote {untidy}\n"


def test_standard_input_is_printed() -> None:
    for given in (UNTIDY, TIDY.encode()):
        done = reqc("fmt", "-", stdin=given)

        assert (done.returncode, done.stdout, done.stderr) == (0, TIDY, "")


def test_standard_input_is_printed_as_it_is_in_every_locale() -> None:
    done = reqc("fmt", "-", stdin=UNTIDY, env={"LC_ALL": "C", "PYTHONUTF8": "0"})

    assert (done.returncode, done.stdout) == (0, TIDY)


def test_a_mistake_on_standard_input_prints_nothing() -> None:
    done = reqc("fmt", "-", stdin=BROKEN)

    assert (done.returncode, done.stdout) == (1, "")
    assert "<stdin>:2:" in done.stderr


def test_check_names_what_would_change(untidy: Path, tidy: Path) -> None:
    done = reqc("fmt", "--check", untidy, tidy)

    assert (done.returncode, done.stdout, done.stderr) == (1, f"{untidy}\n", "")
    assert untidy.read_bytes() == UNTIDY


def test_check_is_fine_with_canonical_files(tidy: Path) -> None:
    done = reqc("fmt", "--check", tidy)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_check_of_standard_input() -> None:
    done = reqc("fmt", "--check", "-", stdin=UNTIDY)

    assert (done.returncode, done.stdout) == (1, "<stdin>\n")
    assert reqc("fmt", "--check", "-", stdin=TIDY).returncode == 0


def test_diff_shows_what_would_change(tidy: Path) -> None:
    tidy.write_text("req 1\n\nspec  a 1 on b\n", encoding="utf-8")

    done = reqc("fmt", "--diff", tidy)

    assert done.returncode == 0
    assert done.stdout == (
        f"--- {tidy}\n+++ {tidy}\n@@ -1,3 +1,3 @@\n req 1\n \n-spec  a 1 on b\n+spec a 1 on b\n"
    )
    assert tidy.read_text(encoding="utf-8") == "req 1\n\nspec  a 1 on b\n"


def test_diff_fails_only_together_with_check(untidy: Path, tidy: Path) -> None:
    both = reqc("fmt", "--diff", "--check", untidy)

    assert both.returncode == 1
    assert both.stdout == reqc("fmt", "--diff", untidy).stdout
    assert reqc("fmt", "--diff", "--check", tidy).returncode == 0
    assert reqc("fmt", "--diff", tidy).stdout == ""


@pytest.mark.parametrize("given", [UNTIDY, b"req 1", b'req 1\nuse """\n a\n\n  b"""\n\n\n'])
def test_git_can_apply_the_diff(given: bytes, tmp_path: Path) -> None:
    git = require("git")
    path = tmp_path / "a file.req"
    path.write_bytes(given)
    patch = reqc("fmt", "--diff", path.name, cwd=tmp_path).stdout

    subprocess.run([git, "apply", "-p0", "-"], input=patch.encode(), cwd=tmp_path, check=True)

    assert reqc("fmt", "--check", path).returncode == 0


def test_diff_is_coloured_on_request(untidy: Path) -> None:
    plain = reqc("fmt", "--diff", untidy).stdout
    coloured = reqc("fmt", "--diff", "--color=always", untidy).stdout
    forced = reqc("fmt", "--diff", untidy, env={"FORCE_COLOR": "1"}).stdout

    assert "\x1b" not in plain
    assert "\x1b[32m+req 1\x1b[0m\n" in coloured
    assert forced == coloured


def test_a_file_with_mistakes_is_left_alone_and_others_are_not(
    untidy: Path, tidy: Path, broken: Path
) -> None:
    done = reqc("fmt", broken, untidy, tidy)

    assert (done.returncode, done.stdout) == (1, "")
    assert f"{broken}:2:" in done.stderr
    assert broken.read_bytes() == BROKEN
    assert untidy.read_bytes() == TIDY.encode()


def test_only_the_syntax_counts(tmp_path: Path) -> None:
    path = tmp_path / "nonsense.req"
    path.write_text("section s { must a : no_such_kind }\n", encoding="utf-8")

    assert reqc("fmt", path).returncode == 0
    assert path.read_text(encoding="utf-8") == "section s {\n  must a: no_such_kind\n}\n"


def test_what_cannot_be_read_is_told(untidy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    noise = tmp_path / "noise.req"
    noise.write_bytes(b"req 1\n\xff\n")

    done = reqc("fmt", tmp_path / "nowhere.req", folder, noise, untidy)

    assert done.returncode == 1
    assert done.stderr.count("error[REQ001]") == 2
    assert done.stderr.count("error[REQ002]") == 1
    assert noise.read_bytes() == b"req 1\n\xff\n"
    assert untidy.read_bytes() == TIDY.encode()


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_is_kept(mode: int, untidy: Path) -> None:
    untidy.chmod(mode)

    reqc("fmt", untidy)

    assert untidy.stat().st_mode & 0o7777 == mode
    assert untidy.read_bytes() == TIDY.encode()


def test_the_owner_is_kept(untidy: Path) -> None:
    needs_root()
    os.chown(untidy, 12345, 23456)

    reqc("fmt", untidy)

    assert (untidy.stat().st_uid, untidy.stat().st_gid) == (12345, 23456)
    assert untidy.read_bytes() == TIDY.encode()


def test_a_link_stays_and_its_file_is_rewritten(untidy: Path, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.req"
    link.symlink_to("../untidy.req")

    done = reqc("fmt", "-v", link)

    assert done.stderr == f"wrote {link}\n"
    assert link.is_symlink()
    assert untidy.read_bytes() == TIDY.encode()


@pytest.fixture
def sealed(untidy: Path) -> Iterator[Path]:
    """Return an untidy file in a folder that takes no new files."""
    untidy.parent.chmod(0o555)
    yield untidy
    untidy.parent.chmod(0o755)


def test_what_cannot_be_written_is_told(sealed: Path) -> None:
    # Root keeps to the modes of folders only without the capability not to.
    tied = ["--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search"]
    command = [require("setpriv"), *tied] if os.geteuid() == 0 else []

    done = subprocess.run(
        [*command, str(REQC), "fmt", str(sealed)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr == f"reqc: error: cannot write {sealed}: Permission denied\n"
    assert sealed.read_bytes() == UNTIDY


def test_a_pipe_cannot_be_rewritten_but_checked(untidy: Path) -> None:
    rewritten = in_shell(f'fmt <(cat "{untidy}")')
    checked = in_shell(f'fmt --check <(cat "{untidy}")')

    assert rewritten.returncode == 1
    assert "reqc: error: cannot write /dev/fd/" in rewritten.stderr
    assert checked.returncode == 1
    assert checked.stdout.startswith("/dev/fd/")


def test_a_name_that_is_no_text_is_shown_escaped(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9\x1b[31m.req")
    (tmp_path / name).write_bytes(UNTIDY)

    checked = reqc("fmt", "--check", name, cwd=tmp_path)
    shown = reqc("fmt", "--diff", name, cwd=tmp_path)
    written = reqc("fmt", "-v", name, cwd=tmp_path)

    assert checked.stdout == "caf\\u{dce9}\\u{1b}[31m.req\n"
    assert shown.stdout.startswith("--- caf\\u{dce9}\\u{1b}[31m.req\n")
    assert written.stderr == "wrote caf\\u{dce9}\\u{1b}[31m.req\n"


def test_files_are_needed() -> None:
    assert reqc("fmt").returncode == 2


def test_a_closed_output_is_told(untidy: Path) -> None:
    done = in_shell(f'fmt --check "{untidy}" >&-')

    assert done.returncode == 1
    assert "standard output is closed" in done.stderr


def test_formatting_loads_nothing_that_it_does_not_need(tidy: Path) -> None:
    program = (
        "import sys; from reqc.compiler.cli import main; "
        f"main(['fmt', {str(tidy)!r}]); print(*sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    modules = set(done.stdout.split())
    assert "reqc.compiler.syntax.printer" in modules
    assert modules.isdisjoint({"yaml", "jinja2", "pydantic", "reqc.compiler.kinds"})
