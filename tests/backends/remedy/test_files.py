"""Files and folders: what a remedy writes, what it keeps, and what it gives back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from reqc.compiler.states import FileAbsent, FileContent, IniListItems, SysctlValue
from tests.backends.remedy.trees import SHELLS, Entry, asking, play, remedy, traces, tree
from tests.backends.shell.nodes import SHELLS as PROGRAMS
from tests.backends.shell.nodes import Node
from tests.tools import needs_root, require

NEW = FileContent("/etc/new/deep/er.conf", "new\n", 0o600, "daemon", "9")
STATE = "var/lib/reqc"


def content(node: Node, path: str) -> Entry:
    return tree(node.root)[path]


def names(node: Node, path: str) -> list[str]:
    return sorted(file.name for file in (node.root / path).iterdir())


@pytest.mark.parametrize("shell", SHELLS)
def test_a_file_gets_its_folders_mode_and_owners_and_leaves_nothing(shell: str, node: Node) -> None:
    text, before = remedy(asking(NEW)), tree(node.root)

    assert play(shell, node, text).status == 0
    assert content(node, "etc/new/deep/er.conf") == Entry("-rw-------", 7, 9, b"new\n")
    assert content(node, "etc/new/deep") == Entry("drwxr-xr-x", 0, 0, b"")
    assert content(node, f"{STATE}/calico-openshift").mode == "drwx------"
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("former", [b"old", b"new\n", b""])
def test_what_was_there_comes_back(shell: str, node: Node, former: bytes) -> None:
    node.write("etc/new/deep/er.conf", former, 0o4751)
    os.chown(node.root / "etc/new/deep/er.conf", 3, 4)
    (node.root / "etc/new/deep/er.conf").chmod(0o4751)
    os.utime(node.root / "etc/new/deep/er.conf", (1, 1))
    text, before = remedy(asking(NEW)), tree(node.root)

    play(shell, node, text)
    assert content(node, "etc/new/deep/er.conf") == Entry("-rw-------", 7, 9, b"new\n")
    play(shell, node, text, "--undo")

    assert tree(node.root) == before
    assert (node.root / "etc/new/deep/er.conf").stat().st_mtime == 1


@pytest.mark.parametrize("shell", SHELLS)
def test_a_link_is_replaced_and_what_it_leads_to_is_not(shell: str, node: Node) -> None:
    node.write("etc/target", "target\n")
    node.write("etc/folder/in", "in\n")
    node.link("etc/a", "target")
    node.link("etc/b", "folder")
    node.link("etc/c", "/nowhere at all")
    states = [FileContent(f"/etc/{name}", f"{name}\n") for name in "abc"]
    text, before = remedy(asking(*states)), tree(node.root)

    assert play(shell, node, text).status == 0
    assert [content(node, f"etc/{name}").content for name in "abc"] == [b"a\n", b"b\n", b"c\n"]
    assert content(node, "etc/target").content == b"target\n"
    assert names(node, "etc/folder") == ["in"]
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_folders_that_are_links_lead_to_places_below_the_root(shell: str, node: Node) -> None:
    (node.root / "elsewhere").mkdir()
    node.link("etc/linked", "/elsewhere")
    node.link("etc/up", "../../../../../elsewhere")
    (node.root / "data").mkdir()
    (node.root / "var/lib").rmdir()
    node.link("var/lib", "/data")
    states = FileContent("/etc/linked/a", "a"), FileContent("/etc/up/b", "b")
    text, before = remedy(asking(*states)), tree(node.root)

    assert play(shell, node, text).status == 0
    assert content(node, "elsewhere/a").content == b"a"
    assert content(node, "elsewhere/b").content == b"b"
    assert (node.root / "data/reqc/calico-openshift/journal").exists()
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_absent_goes_and_comes_back(shell: str, node: Node) -> None:
    node.write("etc/file", b"\0\xff", 0o640)
    node.link("etc/link", "nowhere")
    (node.root / "etc/folder").mkdir()
    names = "file", "link", "folder", "none", "none/below"
    text = remedy(asking(*(FileAbsent(f"/etc/{name}") for name in names)))
    before = tree(node.root)

    assert play(shell, node, text).status == 0
    assert {name for name in names if f"etc/{name}" in tree(node.root)} == {"folder"}
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_what_cannot_be_kept_is_not_touched(shell: str, node: Node) -> None:
    (node.root / "etc/a").mkdir()
    os.mkfifo(node.root / "etc/b")
    os.mkfifo(node.root / "etc/c")
    states = FileContent("/etc/a", ""), FileContent("/etc/b", ""), FileAbsent("/etc/c")
    unknown = FileContent("/etc/d", "", user="nobody-here"), FileContent("/etc/e", "", group="no")
    text, before = remedy(asking(*states, *unknown)), tree(node.root)

    told = play(shell, node, text)

    assert told.status == 1
    assert [line.split(":")[0] for line in told.lines("cannot")] == [
        *("write /etc/a", "write /etc/b", "write /etc/d", "write /etc/e", "remove /etc/c")
    ]
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_one_failure_does_not_keep_the_rest_from_being_done(shell: str, node: Node) -> None:
    node.write("etc/file")
    text = remedy(asking(FileContent("/etc/file/below", ""), FileContent("/etc/ok", "")))

    told = play(shell, node, text)

    assert told.status == 1
    assert told.lines("cannot")[0].startswith("write /etc/file/below")
    assert (node.root / "etc/ok").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_second_run_writes_nothing(shell: str, node: Node) -> None:
    node.write("etc/gone")
    text = remedy(asking(NEW, FileAbsent("/etc/gone"), SysctlValue("a.b", "1")))
    play(shell, node, text)
    before = traces(node.root)

    told = play(shell, node, text)

    assert told.status == 0
    assert told.said.endswith("0 changed, 3 as they should be, 0 left alone, 0 impossible\n")
    assert traces(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_undoing_twice_or_first_does_nothing(shell: str, node: Node) -> None:
    text = remedy(asking(NEW))
    before = traces(node.root)

    told = play(shell, node, text, "--undo")

    assert (told.status, told.complaint) == (0, "")
    assert "there is nothing to take back" in told.said
    assert traces(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_what_somebody_changed_since_is_not_undone(shell: str, node: Node) -> None:
    node.write("etc/a", "former\n")
    states = FileContent("/etc/a", "ours\n"), FileContent("/etc/b", "ours\n")
    text = remedy(asking(*states))
    play(shell, node, text)
    node.write("etc/a", "theirs\n")

    told = play(shell, node, text, "--undo")

    assert told.status == 1
    assert "changed since by somebody else; what was there before is" in told.said
    assert content(node, "etc/a").content == b"theirs\n"
    assert not (node.root / "etc/b").exists()
    # Once they take theirs away, what was there before comes back.
    (node.root / "etc/a").unlink()
    node.write("etc/a", "ours\n")
    assert play(shell, node, text, "--undo").status == 0
    assert content(node, "etc/a").content == b"former\n"
    assert not (node.root / STATE).exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_what_somebody_changed_since_is_kept_before_it_is_replaced(shell: str, node: Node) -> None:
    node.write("etc/a", "former\n")
    before = tree(node.root)
    text = remedy(asking(FileContent("/etc/a", "ours\n")))
    play(shell, node, text)
    node.write("etc/a", "theirs\n")

    play(shell, node, text)

    kept = {file.read_text() for file in (node.root / STATE / "calico-openshift").glob("saved-*")}
    assert kept == {"former\n", "theirs\n"}
    assert play(shell, node, text, "--undo").status == 0
    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_newer_page_goes_on_where_the_older_one_was(shell: str, node: Node) -> None:
    node.write("etc/a", "former\n")
    before = tree(node.root)
    older = remedy(asking(FileContent("/etc/a", "older\n"), FileContent("/etc/b", "older\n")))
    newer = remedy(asking(FileContent("/etc/a", "newer\n"), FileContent("/etc/c", "newer\n")))

    for text in (older, newer, newer):
        assert play(shell, node, text).status == 0
    assert content(node, "etc/a").content == b"newer\n"
    assert len(list((node.root / STATE / "calico-openshift").glob("saved-*"))) == 1
    assert play(shell, node, newer, "--undo").status == 0

    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_folders_that_others_use_stay(shell: str, node: Node) -> None:
    text = remedy(asking(NEW))
    play(shell, node, text)
    node.write("etc/new/theirs", "")

    assert play(shell, node, text, "--undo").status == 0

    assert names(node, "etc/new") == ["theirs"]


@pytest.mark.parametrize("shell", SHELLS)
def test_missing_folders_of_the_state_go_as_well(shell: str, node: Node) -> None:
    (node.root / "var/lib").rmdir()
    (node.root / "var").rmdir()
    text, before = remedy(asking(NEW)), tree(node.root)

    assert play(shell, node, text).status == 0
    assert play(shell, node, text, "--undo").status == 0

    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_state_that_others_can_write_is_not_believed(shell: str, node: Node) -> None:
    folder = node.root / STATE / "calico-openshift"
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    (folder / "journal").write_text("path\t1\tabsent\t/etc/passwd\nwrote\t1\tabsent\n")
    text, before = remedy(asking(NEW)), tree(node.root)

    for arguments in ([], ["--undo"]):
        told = play(shell, node, text, *arguments)
        assert told.status == 1
        assert "is not a folder that only root can write; nothing was changed" in told.complaint

    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_list_is_written_as_folded(shell: str, node: Node) -> None:
    path = "/etc/NetworkManager/conf.d/calico.conf"
    items = "interface-name:cali*", "interface-name:tunl*"
    text = remedy(asking(IniListItems(path, "keyfile", "unmanaged-devices", items)))

    play(shell, node, text)

    assert content(node, path[1:]).content == (
        b"[keyfile]\nunmanaged-devices=interface-name:cali*;interface-name:tunl*\n"
    )


def test_many_files(node: Node) -> None:
    states = [FileContent(f"/etc/many/{number:04d}", f"{number}\n") for number in range(300)]
    text, before = remedy(asking(*states)), tree(node.root)

    assert play("dash", node, text, "-q").status == 0
    assert len(names(node, "etc/many")) == 300
    assert play("dash", node, text, "--undo", "-q").status == 0

    assert tree(node.root) == before


@pytest.mark.parametrize("shell", SHELLS)
def test_a_full_disk_spoils_no_file(shell: str, node: Node, tmp_path: Path) -> None:
    needs_root()
    node.write("etc/kept/a", "former\n")
    file = tmp_path / "remedy.sh"
    file.write_text(remedy(asking(FileContent("/etc/kept/a", "x" * 500_000))))
    program = PROGRAMS[shell]
    # A small disk is mounted at the folder of the file, in a mount namespace of its own.
    steps = (
        'cd "$1/etc/kept" && mount -t tmpfs -o size=64k tmpfs . && cd . && echo former >a && '
        'cd / && shift && { "$@"; echo "status $?"; }; '
        'cat "$root/etc/kept/a"; ls -A "$root/etc/kept"'
    )

    done = subprocess.run(
        [
            *(require("unshare"), "--mount", "dash", "-c", steps, "dash", str(node.root)),
            *(require(program[0]), *program[1:], str(file), "--root", str(node.root)),
        ],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "root": str(node.root)},
    )

    said = done.stdout.decode()
    assert said.endswith("status 1\nformer\na\n"), said + done.stderr.decode()
    assert "cannot  write /etc/kept/a" in said
