"""`reqc verify` makes every artefact again from what its header says, and compares the bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from reqc.backends.registry import TARGETS
from tests.cli.command import SMALL, reqc
from tests.schemas import read_as

ROOT = Path(__file__).parents[2]
SPECS = [ROOT / "specs/v3.16-openstack.req", ROOT / "specs/v3.24-openshift.req"]
HEADERLESS = ("ignition", "ports")
"""The targets whose only file has no room for a header."""

LIST = "hosts: {hosts: {one: {ansible_host: 10.0.0.1}, two: {ansible_host: 10.0.0.2}}}"
INVENTORY = LIST.replace("hosts:", "host:", 1)


def compiled(spec: Path, folder: Path, *arguments: str | Path) -> list[Path]:
    """Compile into a folder and return its files."""
    done = reqc("compile", spec, *arguments, "-o", f"{folder}/")
    assert done.returncode == 0, done.stderr
    return sorted(path for path in folder.rglob("*") if path.is_file())


def judged(*arguments: str | Path) -> dict[str, Any]:
    """Return what is said of each file, by its name, and the exit status as `status`."""
    done = reqc("verify", *arguments, "--format", "json")
    assert done.stderr == ""
    record = read_as("verify", done.stdout)
    assert record["schema"] == "reqc.verify/1"
    return {Path(row["path"]).name: row for row in record["files"]} | {"status": done.returncode}


def states(*arguments: str | Path) -> tuple[int, set[str]]:
    """Return the exit status and the states that files have."""
    found = judged(*arguments)
    status = found.pop("status")
    return status, {row["state"] for row in found.values()}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "page.req"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in HEADERLESS])
@pytest.mark.parametrize("page", SPECS, ids=lambda page: page.stem)
def test_what_was_compiled_is_intact_until_a_byte_changes(
    page: Path, name: str, tmp_path: Path
) -> None:
    files = compiled(page, tmp_path / "out", "--target", name)

    assert states(tmp_path / "out") == (0, {"intact"})

    for path in files:
        raw = path.read_bytes()
        path.write_bytes(raw + b"\n")
        found = judged(tmp_path / "out")
        assert found[path.name]["state"] == "edited"
        assert found["status"] == 1
        path.write_bytes(raw)
        if len(files) > 5:
            break  # a role has dozens of files, all of which are looked up in the same way


@pytest.mark.parametrize("name", [name for name in TARGETS if name not in HEADERLESS])
def test_a_change_of_the_specification_makes_every_file_outdated(
    name: str, spec: Path, tmp_path: Path
) -> None:
    compiled(spec, tmp_path / "out", "--target", name)
    spec.write_text(SMALL.replace("cpu >= 2", "cpu >= 4"), encoding="utf-8")

    assert states(tmp_path / "out", "--spec", spec) == (1, {"outdated"})


def test_lines_that_have_moved_make_it_outdated_as_the_artefact_names_them(
    spec: Path, tmp_path: Path
) -> None:
    compiled(spec, tmp_path / "out", "--target", "shell")
    spec.write_text(SMALL.replace("section", "# a remark\nsection"), encoding="utf-8")

    found = judged(tmp_path / "out", "--spec", spec)

    (row,) = (row for name, row in found.items() if name != "status")
    assert row["state"] == "outdated"
    assert "other lines" in row["reason"]


def test_a_new_version_of_reqc_makes_it_outdated(spec: Path, tmp_path: Path) -> None:
    (path,) = compiled(spec, tmp_path / "out", "--target", "shell")
    path.write_text(
        path.read_text(encoding="utf-8").replace("by reqc 0", "by reqc 9", 1), encoding="utf-8"
    )

    row = judged(path, "--spec", spec)[path.name]

    assert row["state"] == "outdated"
    assert row["reason"].startswith("reqc 9.")


MANY = (
    ("shell", ("--set", "typha=true", "--set", 'release=a "b" \\ c  d -- e%20\u00e9')),
    ("html", ("--set", 'release=</script> "b" \\ c')),
    ("markdown", ("--set", "release=_a_ *b* <c>")),
    ("json", ("--set", "release=\ttab", "--errata", "corrected")),
    ("nftables", ("--role", "typha", "-O", "mode=enforce", "-O", "ssh-port=2222")),
    ("firewalld", ("--set", "release=]]> & -- <", "-O", "form=rich-rules", "--set", "typha=true")),
    ("iptables", ("--set", f"release={'long-' * 60}", "--role", "host", "--role", "typha")),
    ("ports", ("-O", "format=markdown", "--set", "typha=true")),
    ("ports", ("-O", "format=json", "--set", "typha=true")),
    ("openstack-security-group", ("--set", "typha=true", "--role", "typha", "--set", 'release="')),
    ("ansible", ("--set", "proxy=ipvs", "--set", "release=\\_x\\_")),
    ("remedy", ("--set", "proxy=ipvs", "--set", "release=")),
)


@pytest.mark.parametrize(("name", "arguments"), MANY, ids=lambda value: str(value)[:20])
def test_choices_roles_settings_and_errata_are_read_back(
    name: str, arguments: tuple[str, ...], spec: Path, tmp_path: Path
) -> None:
    compiled(spec, tmp_path / "out", "--target", name, *arguments)

    found = judged(tmp_path / "out", "--spec", spec)

    assert found.pop("status") == 0
    made = next(iter(found.values()))["made"]
    for option, value in zip(arguments[::2], arguments[1::2], strict=True):
        read = {"--set": "choices", "-O": "settings", "--role": "hosts", "--errata": "errata"}
        assert value in made[read[option]]


def test_an_inventory_has_to_be_given_and_to_be_the_same(spec: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text(INVENTORY, encoding="utf-8")
    chosen = ("--target", "nftables", "--set", "typha=true", "--role", "typha")
    compiled(spec, tmp_path / "out", *chosen, "--inventory", inventory)
    given = (tmp_path / "out", "--spec", spec)

    assert states(*given) == (3, {"unknown"})
    assert states(*given, "--inventory", inventory) == (0, {"intact"})
    inventory.write_text(INVENTORY.replace("10.0.0.2", "10.0.0.3"), encoding="utf-8")
    assert states(*given, "--inventory", inventory) == (1, {"outdated"})
    inventory.write_text(LIST, encoding="utf-8")
    assert states(*given, "--inventory", inventory) == (3, {"unknown"})
    assert reqc("verify", *given, "--inventory", tmp_path / "none").returncode == 2


def test_an_inventory_says_nothing_of_what_was_made_without_one(spec: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text(INVENTORY, encoding="utf-8")
    compiled(spec, tmp_path / "out", "--target", "nftables")

    assert states(tmp_path / "out", "--spec", spec, "--inventory", inventory) == (0, {"intact"})


@pytest.mark.parametrize("name", HEADERLESS)
def test_a_file_without_a_header_is_unknown(name: str, tmp_path: Path) -> None:
    compiled(SPECS[0], tmp_path / "out", "--target", name)

    assert states(tmp_path / "out") == (3, {"unknown"})


def test_the_explanation_beside_an_ignition_configuration_makes_it_known(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    compiled(SPECS[0], folder, "--target", "ignition", "--explain")
    compiled(SPECS[0], folder, "--target", "ignition")

    assert states(folder) == (0, {"intact"})
    path = folder / "calico-openstack.ign"
    path.write_text(path.read_text(encoding="utf-8").replace("calico", "evil", 1), encoding="utf-8")
    assert judged(folder)[path.name]["state"] == "edited"


def test_files_that_changed_places_are_edited(tmp_path: Path) -> None:
    compiled(SPECS[0], tmp_path / "out", "--target", "iptables")
    shutil.copy(tmp_path / "out/rules.v6", tmp_path / "out/rules.v4")

    assert judged(tmp_path / "out")["rules.v4"]["state"] == "edited"


def test_a_file_that_was_removed_from_a_folder_is_told(tmp_path: Path) -> None:
    compiled(SPECS[0], tmp_path / "out", "--target", "iptables")
    (tmp_path / "out/rules.v6").unlink()

    assert judged(tmp_path / "out")["rules.v6"]["state"] == "edited"
    assert states(tmp_path / "out/rules.v4") == (0, {"intact"})


def test_a_file_of_another_name_is_known_and_so_is_a_stream(tmp_path: Path) -> None:
    (path,) = compiled(SPECS[0], tmp_path / "out", "--target", "nftables")
    renamed = tmp_path / "other"
    path.rename(renamed)
    stream = tmp_path / "stream"
    printed = reqc("compile", SPECS[1], "--target", "machineconfig").stdout
    stream.write_text(printed, encoding="utf-8")

    assert states(renamed, stream) == (0, {"intact"})


def edited(path: Path, pairs: Iterable[tuple[str, str]]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hosts: host", "Hosts: nobody"),
        ("Target: nftables", "Target: none"),
        ("Target: nftables", "Target: nftables\n# Setting: mode = none"),
        ("Target: nftables", "Target: nftables\n# Setting: mode = open"),
        ("Errata: as published", "Errata: as wished"),
        ("Hosts: host", "Hosts: host\n# Option: none = 1 (chosen)"),
        ("accept", "drop"),
    ],
)
def test_a_header_that_was_written_by_hand_is_edited(
    old: str, new: str, spec: Path, tmp_path: Path
) -> None:
    (path,) = compiled(spec, tmp_path / "out", "--target", "nftables")
    edited(path, [(old, new)])

    assert states(path, "--spec", spec) == (1, {"edited"})


def test_a_page_that_nobody_has_is_unknown(spec: Path, tmp_path: Path) -> None:
    (path,) = compiled(spec, tmp_path / "out", "--target", "nftables")

    done = reqc("verify", path)

    assert done.returncode == 3
    assert "reqc brings no specification of demo 1.0 on linux; name it with --spec" in done.stdout


def test_the_text_counts_and_shows_with_v_how_it_was_made_and_what_differs(tmp_path: Path) -> None:
    (path,) = compiled(SPECS[0], tmp_path / "out", "--target", "nftables", "--set", "vxlan=true")
    edited(path, [("jump failsafe", "accept")])

    done = reqc("verify", path, "-v")

    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == f"edited    {path}: it is not what its header says"
    assert "target nftables, hosts host" in done.stdout
    assert "with vxlan=true" in done.stdout
    assert "-\t\tjump failsafe\n" in done.stdout
    assert "+\t\taccept\n" in done.stdout
    assert done.stdout.endswith("1 file: 1 edited\n")


def test_a_file_that_cannot_be_read_and_a_faulty_page_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "page.req").write_text("req 1\nnonsense\n", encoding="utf-8")
    (tmp_path / "file").write_bytes(b"\xff\x00")

    assert reqc("verify", tmp_path / "none").returncode == 2
    assert reqc("verify", tmp_path / "file", "--spec", tmp_path / "page.req").returncode == 2
    assert states(tmp_path / "file") == (3, {"unknown"})


def test_terminal_controls_of_an_edited_file_are_shown_and_not_obeyed(tmp_path: Path) -> None:
    (path,) = compiled(SPECS[0], tmp_path / "out", "--target", "nftables")
    edited(path, [("jump failsafe", "\x1b[2Jaccept")])

    assert "\x1b" not in reqc("verify", path, "-v").stdout
