"""Waivers in the script: what they excuse, until when, and files that are wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.compiler.evaluation.waivers import day
from reqc.compiler.lowered import Level
from tests.backends.shell.nodes import SHELLS, Node, output, report, run
from tests.backends.shell.samples import BAD, DARK, EVERY_STATE, GOOD, script
from tests.documents import document, requirement

MADE: Final = document(
    requirement("node.good", check=GOOD),
    requirement("node.bad", check=BAD),
    requirement("node.wish", check=BAD, level=Level.SHOULD),
    requirement("node.may", check=BAD, level=Level.MAY),
    requirement("node.dark", check=DARK),
    requirement("node.other", check=BAD, roles=("other",)),
)
IDS: Final = tuple(item.origin.id for item in MADE.requirements)


def waivers(node: Node, text: str | bytes) -> str:
    """Write a file of waivers and return its path."""
    file = node.root.parent / "waivers"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(file)


def states(shell: str, node: Node, *arguments: str) -> dict[str, tuple[str, str]]:
    found = report(shell, script(MADE), node.root.parent, "--root", str(node.root), *arguments)
    return {name: (item["state"], item["found"]) for name, item in found.items()}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_waiver_in_force_excuses_a_miss(shell: str, good: Node) -> None:
    lines = "".join(f"{name} 2026-12-31 on purpose\n" for name in IDS)
    file = waivers(good, f"# agreed with everyone\n\n  \t\n{lines}")

    found = states(shell, good, "--waive", file, "--date", "2026-12-31")

    assert found == {
        "node.good": ("pass", "present; the waiver until 2026-12-31 is stale"),
        "node.bad": ("waived", "no such file; waived until 2026-12-31: on purpose"),
        "node.wish": ("waived", "no such file; waived until 2026-12-31: on purpose"),
        "node.may": ("waived", "no such file; waived until 2026-12-31: on purpose"),
        "node.dark": (
            "waived",
            "the settings of the kernel cannot be seen; waived until 2026-12-31: on purpose",
        ),
        "node.other": ("n/a", "binds other hosts"),
    }
    status, text = output(shell, good, MADE, "--waive", file, "--date=2026-12-31")
    assert status == 0
    assert "WAIVED  node.bad  node.bad\n" in text
    assert "note: the waiver until 2026-12-31 is stale\n" in text
    assert "0 skipped, 4 waived" in text


@pytest.mark.parametrize("shell", SHELLS)
def test_a_waiver_that_expired_is_a_failure(shell: str, good: Node) -> None:
    file = waivers(good, "".join(f"{name} 2026-12-31 on purpose\n" for name in IDS))

    found = states(shell, good, "--waive", file, "--date", "2027-01-01")

    assert [state for state, _ in found.values()] == ["pass", *["fail"] * 4, "n/a"]
    assert found["node.may"][1] == "no such file; waiver expired on 2026-12-31"
    assert output(shell, good, MADE, "--waive", file, "--date", "2027-01-01")[0] == 1


@pytest.mark.parametrize("shell", SHELLS)
def test_the_day_is_today_in_utc_unless_told(shell: str, good: Node) -> None:
    today = datetime.now(UTC).date()
    later, earlier = today + timedelta(days=2), today - timedelta(days=2)
    file = waivers(good, f"node.bad {later} x\nnode.wish {earlier} y\n")

    found = states(shell, good, "--waive", file)

    assert [found[name][0] for name in ("node.bad", "node.wish")] == ["waived", "fail"]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_reason_says_is_printed_and_never_run(shell: str, good: Node) -> None:
    reason = "$(touch canary) `touch canary` * \\n  'x' \"y\" %s # é \x1b[31m | <b>"
    file = waivers(good, f"\tnode.bad  2026-12-31\t {reason} \t\r\nnode.dark 2026-12-31 last")
    arguments = ("--waive", file, "--date", "2026-01-01")

    found = states(shell, good, *arguments)

    assert found["node.bad"][1] == f"no such file; waived until 2026-12-31: {reason}"
    assert found["node.dark"][0] == "waived"
    assert "\\x1b[31m" in output(shell, good, MADE, *arguments)[1]
    assert not list(good.root.parent.rglob("canary"))


@pytest.mark.parametrize("shell", SHELLS)
def test_several_files_are_one_list(shell: str, good: Node) -> None:
    one = waivers(good, "node.bad 2026-12-31 x\n")
    other = good.root.parent / "other"
    other.write_text("node.dark 2026-12-31 x\n")
    again = good.root.parent / "again"
    again.write_text("\n\nnode.bad 2027-12-31 x\n")
    day_of = ("--date", "2026-12-01")

    found = states(shell, good, "--waive", one, f"--waive={other}", *day_of)
    twice = run(shell, script(MADE), good.root.parent, "--waive", one, "--waive", str(again))

    assert [found[name][0] for name in ("node.bad", "node.dark")] == ["waived", "waived"]
    assert twice.returncode == 2
    assert f"{again}:3: `node.bad` is waived twice\n" in twice.stderr.decode()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("node.goo 2026-12-31 x", "there is no requirement `node.goo` to waive"),
        ("node 2026-12-31 x", "there is no requirement `node` to waive"),
        ("* 2026-12-31 x", "there is no requirement `*` to waive"),
        ("node.bad", "the waiver of `node.bad` has no date"),
        ("node.bad\r", "the waiver of `node.bad` has no date"),
        ("node.bad tomorrow x", "`tomorrow` is no date such as 2027-12-31"),
        ("node.bad 2026-1-1 x", "`2026-1-1` is no date such as 2027-12-31"),
        ("node.bad 2026-02-30 x", "`2026-02-30` is no day of the calendar"),
        ("node.bad 2026-12-31", "the waiver of `node.bad` has no reason"),
        ("node.bad 2026-12-31 \t\r", "the waiver of `node.bad` has no reason"),
        ("node.good 2026-12-31 x", "`node.good` is waived twice"),
    ],
)
def test_a_wrong_line_is_wrong_usage(shell: str, good: Node, line: str, message: str) -> None:
    file = waivers(good, f"node.good 2026-12-31 x\n# {line}\n{line}\nnode.dark 2026-12-31 x\n")

    done = run(shell, script(MADE), good.root.parent, "--waive", file)

    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{file}:3: {message}\n" in done.stderr.decode()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_file_that_cannot_be_read_is_wrong_usage(shell: str, tmp_path: Path) -> None:
    for name in ("missing", "."):
        done = run(shell, script(MADE), tmp_path, "--waive", str(tmp_path / name))

        assert (done.returncode, done.stdout) == (2, b"")
        assert b"cannot be read" in done.stderr


DAYS: Final = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(str) | st.from_regex(
    r"[0-9]{3}[0-9]-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-9])", fullmatch=True
).filter(str.isascii)


def is_day(text: str) -> bool:
    try:
        day(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("shell", SHELLS)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(DAYS, min_size=30, max_size=30))
def test_days_of_the_calendar_are_those_of_python(
    shell: str, tmp_path: Path, texts: list[str]
) -> None:
    head, _, _ = script(MADE).rpartition("{ main")
    text = f"""{head}
usage_error() {{ bad=yes; }}
prepare
for text in {" ".join((*texts, "2000-02-29", "1900-02-29", "2024-02-29", "2023-02-29"))}; do
  bad=no
  check_day "$text" ''
  printf '%s\\n' "$bad"
done
"""
    done = run(shell, text, tmp_path)

    expected = [is_day(text) for text in texts] + [True, False, True, False]
    assert done.stdout.decode().split() == [("yes", "no")[valid] for valid in expected]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("text", ["", "today", "2026-02-29", "2026-12-31 ", "2026-12-31\n"])
def test_a_wrong_date_is_wrong_usage(shell: str, tmp_path: Path, text: str) -> None:
    done = run(shell, script(EVERY_STATE), tmp_path, "--date", text)

    assert (done.returncode, done.stdout) == (2, b"")
