"""Specifications and inventories that mean harm end in a plain error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import SMALL, reqc

HEAD = "req 1\nspec demo 1 on linux\nrole host\nsection node {\n"

HOSTILE = {
    "deep negations": HEAD + "must a: " + "not " * 10_000 + "cpu >= 2\n}\n",
    "deep parentheses": HEAD + "must a: cpu >= 2 when " + "(" * 10_000 + "\n}\n",
    "deep groups": HEAD + "must a: " + "all {\n" * 10_000 + "\n}\n",
    "a name to the terminal": HEAD + 'must a: manual "\x1b]0;title\x07"\n}\n',
    "braces": "{" * 100_000,
    "quotes": '"' * 99_999,
    "a path with a zero": 'req 1\nspec a 1 on b\nuse "a\\u{0}b"\n',
    "a path to everything": 'req 1\nspec a 1 on b\nuse "' + "../" * 5_000 + 'etc/passwd"\n',
    "a path that is too long": 'req 1\nspec a 1 on b\nuse "' + "x" * 100_000 + '"\n',
    "a huge number": HEAD + "must a: cpu >= " + "9" * 100_000 + "\n}\n",
    "a huge version": HEAD + "must a: kernel >= " + "9" * 10_000 + "\n}\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_specification_is_refused(text: str, tmp_path: Path) -> None:
    spec = tmp_path / "hostile.req"
    spec.write_text(text, encoding="utf-8")

    done = reqc("compile", spec, "-t", "json")

    assert done.returncode == 1
    assert "error[" in done.stderr
    assert "\x1b" not in done.stderr


def test_files_that_link_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.req").symlink_to("loop.req")
    spec = tmp_path / "a.req"
    spec.write_text('req 1\nspec a 1 on b\nuse "loop.req"\n', encoding="utf-8")

    assert reqc("check", spec).returncode == 1
    assert reqc("check", tmp_path / "loop.req").returncode == 1


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    (tmp_path / "secret.req").write_text("req 1\nfragment secret\n", encoding="utf-8")
    (folder / "innocent.req").symlink_to("../secret.req")
    spec = folder / "a.req"
    spec.write_text('req 1\nspec a 1 on b\nuse "innocent.req"\n', encoding="utf-8")

    done = reqc("check", spec)

    assert done.returncode == 1
    assert "error[REQ206]" in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "{" * 5_000,
        "host: {hosts: {a: {ansible_host: !!python/object/apply:os.system ['true']}}}",
        "host: &a {children: {b: *a}}",
        "\x00",
        "host: {hosts: {? [a] : 1}}",
        "- host",
        "host: 3",
    ],
)
def test_a_hostile_inventory_is_refused(text: str, spec: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text(text, encoding="utf-8")

    done = reqc("compile", spec, "-t", "json", "--inventory", inventory)

    assert done.returncode == 2
    assert "error[REQ601]" in done.stderr


def test_a_specification_with_every_byte_in_a_text_stays_quoted(tmp_path: Path) -> None:
    spec = tmp_path / "bytes.req"
    text = "".join(f"\\u{{{code:x}}}" for code in range(1, 256))
    spec.write_text(SMALL.replace("Look at the node", text), encoding="utf-8")

    done = reqc("compile", spec, "-t", "markdown")

    assert done.returncode == 0
    assert "\x1b" not in done.stdout
