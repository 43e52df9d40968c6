"""`reqc compile`: what is written, what is refused, and what is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import SMALL, in_shell, reqc


def test_an_artefact_goes_to_standard_output(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["document"]["identity"]["product"] == "demo"


def test_choices_decide_what_applies(spec: Path) -> None:
    without = applying(reqc("compile", spec, "-t", "json").stdout)
    chosen = applying(
        reqc("compile", spec, "-t", "json", "--set", "typha=true", "--set", "proxy=ipvs").stdout
    )

    assert without == {"node.cpu", "node.off", "node.look"}
    assert chosen == without | {"node.ipvs", "node.typha"}


def test_of_two_choices_of_an_option_the_last_counts(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json", "--set", "typha=true", "--set", "typha=false")

    assert "node.typha" not in applying(done.stdout)


def applying(written: str) -> set[str]:
    document = json.loads(written)["document"]
    return {
        item["origin"]["id"]
        for section in document["sections"]
        for item in section["requirements"]
        if item["applies"]
    }


def test_an_unknown_target_is_wrong_usage(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "markdwon")

    assert done.returncode == 2
    assert "error[REQ901]: there is no target `markdwon`" in done.stderr
    assert "help: did you mean `markdown`?" in done.stderr


@pytest.mark.parametrize(
    ("choice", "code", "said"),
    [
        ("tpyha=true", "REQ202", "did you mean `typha`?"),
        ("typha=yes", "REQ402", "expected true or false"),
        ("typha_port=0", "REQ402", "expected a port from 1 to 65535"),
        ("proxy=ipv", "REQ402", "did you mean `ipvs`?"),
        ("typha", "REQ901", "`typha` is no OPTION=VALUE"),
        ("=true", "REQ901", "`=true` is no OPTION=VALUE"),
    ],
)
def test_a_wrong_choice_is_wrong_usage(choice: str, code: str, said: str, spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json", "--set", choice)

    assert done.returncode == 2
    assert done.stdout == ""
    assert f"error[{code}]" in done.stderr
    assert said in done.stderr


def test_all_wrong_arguments_are_told_at_once(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json", "--set", "x=1", "--set", "typha=1", "--role", "hots")

    assert done.returncode == 2
    assert done.stderr.count("error[") == 3


def test_a_choice_that_is_no_text_is_wrong_usage(spec: Path) -> None:
    done = in_shell(f"compile {spec} -t json --set $'release=\\xff'")

    assert done.returncode == 2
    assert "expected text in UTF-8" in done.stderr


def test_an_unknown_role_is_wrong_usage(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json", "--role", "typa")

    assert done.returncode == 2
    assert "error[REQ203]" in done.stderr
    assert "did you mean `typha`?" in done.stderr


def test_settings_that_do_not_go_together_are_wrong_usage(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    done = reqc("compile", spec, "-t", "json", "-t", "nftables", "-O", "mode=open", "-o", f"{out}/")

    assert (done.returncode, done.stdout) == (2, "")
    assert "error[REQ502]: mode must be guard or enforce" in done.stderr
    assert "help: see reqc targets nftables" in done.stderr
    assert not out.exists()


def test_a_wrong_setting_is_wrong_usage(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json", "-O", "indent=2")

    assert done.returncode == 2
    assert "error[REQ502]: the target json has no setting `indent`" in done.stderr


def test_a_wrong_inventory_is_wrong_usage(spec: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text("host: {hosts: {one: {ansible_host: one.example}}}", encoding="utf-8")

    done = reqc("compile", spec, "-t", "json", "--inventory", inventory)

    assert done.returncode == 2
    assert "error[REQ601]" in done.stderr
    assert "names are not resolved" in done.stderr


def test_an_inventory_gives_roles_their_addresses(spec: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "hosts.yaml"
    inventory.write_text("host: {hosts: {one: {ansible_host: 10.0.0.7}}}", encoding="utf-8")

    done = reqc("compile", spec, "-t", "json", "--inventory", inventory)

    document = json.loads(done.stdout)["document"]
    roles = {role["name"]: (role["addresses"], role["hosts"]) for role in document["roles"]}
    one = {"name": "one", "addresses": ["10.0.0.7"]}
    assert roles == {"host": (["10.0.0.7/32"], [one]), "typha": ([], [])}


UNSAYABLE = SMALL.replace("option typha: bool = false", "option typha: bool")


def test_strict_fails_for_what_a_target_cannot_say(tmp_path: Path) -> None:
    spec = tmp_path / "open.req"
    spec.write_text(UNSAYABLE, encoding="utf-8")

    lenient = reqc("compile", spec, "-t", "machineconfig", cwd=tmp_path)
    strict = reqc("compile", spec, "-t", "machineconfig", "--strict", cwd=tmp_path)

    assert lenient.returncode == 0
    assert "warning[REQ501]: `node.typha` is left out (cannot say)" in lenient.stderr
    assert lenient.stdout
    assert strict.returncode == 1
    assert "error[REQ501]: `node.typha` is left out (cannot say)" in strict.stderr
    assert strict.stdout == ""


def test_a_bad_specification_writes_nothing(spec: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    output.write_text("as it was", encoding="utf-8")
    spec.write_text(SMALL.replace("cpu >= 2", "cpu >= two"), encoding="utf-8")

    done = reqc("compile", spec, "-t", "json", "-o", output)

    assert done.returncode == 1
    assert output.read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "small.req"]


def test_a_file_is_written_and_told_of_when_asked(spec: Path, tmp_path: Path) -> None:
    quiet = reqc("compile", spec, "-t", "json", "-o", "out.json", cwd=tmp_path)
    told = reqc("compile", spec, "-t", "json", "-o", "out.json", "-v", cwd=tmp_path)

    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    assert "wrote out.json" in told.stderr
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "small.req"]


def test_a_folder_takes_the_file_by_its_own_name(spec: Path, tmp_path: Path) -> None:
    (name,) = reqc("compile", spec, "-t", "json", "--list").stdout.splitlines()

    done = reqc("compile", spec, "-t", "json", "-o", "new/folder/", cwd=tmp_path)

    assert done.returncode == 0
    assert [path.name for path in (tmp_path / "new/folder").iterdir()] == [name]


def test_a_list_writes_nothing(spec: Path, tmp_path: Path) -> None:
    done = reqc("compile", spec, "-t", "machineconfig", "--list", "-o", "out", cwd=tmp_path)

    assert done.returncode == 0
    assert done.stdout.endswith(".yaml\n")
    assert [path.name for path in tmp_path.iterdir()] == ["small.req"]


def test_several_files_need_a_folder(spec: Path, tmp_path: Path) -> None:
    done = reqc("compile", spec, "-t", "iptables")
    names = reqc("compile", spec, "-t", "iptables", "--list").stdout.splitlines()
    to_folder = reqc("compile", spec, "-t", "iptables", "-o", tmp_path / "out")

    assert len(names) > 1
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"error[REQ901]: the target iptables writes {len(names)} files" in done.stderr
    assert "-o DIR" in done.stderr
    assert to_folder.returncode == 0
    written = (path for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert sorted(str(path.relative_to(tmp_path / "out")) for path in written) == sorted(names)


def test_a_place_that_cannot_be_written_is_a_plain_error(spec: Path, tmp_path: Path) -> None:
    into_missing = reqc("compile", spec, "-t", "json", "-o", tmp_path / "none/out.json")
    into_file = reqc("compile", spec, "-t", "json", "-o", f"{spec}/")

    assert (into_missing.returncode, into_file.returncode) == (1, 1)
    assert "reqc: error: " in into_missing.stderr
    assert "reqc: error: " in into_file.stderr


def test_the_same_input_gives_the_same_bytes(spec: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / spec.name).write_text(SMALL, encoding="utf-8")

    outputs = {
        reqc("compile", path, "-t", target, cwd=folder, env={"PYTHONHASHSEED": seed}).stdout
        for target in ("json",)
        for path, folder, seed in ((spec, None, "1"), (Path(spec.name), elsewhere, "2"))
    }

    assert len(outputs) == 1


FIREWALLED = """req 1
spec demo 1 on linux
role host
section node {
  must off: service firewalld disabled
  must bgp: allow tcp 179 host <-> host
}
"""


def test_a_caution_names_its_line_and_a_strict_run_writes_nothing(tmp_path: Path) -> None:
    spec = tmp_path / "demo.req"
    spec.write_text(FIREWALLED)

    done = reqc("compile", spec, "-t", "firewalld", "-o", tmp_path / "rules")
    strict = reqc("compile", spec, "-t", "firewalld", "-o", tmp_path / "strict", "--strict")

    assert done.returncode == 0
    assert "warning[REQ570]: `node.off` turns firewalld.service off" in done.stderr
    assert "demo.req:5" in done.stderr
    assert "calico-policy" in done.stderr
    assert (tmp_path / "rules" / "policies").is_dir()
    assert strict.returncode == 1
    assert "error[REQ570]" in strict.stderr
    assert not (tmp_path / "strict").exists()


def test_several_targets_go_to_folders_of_their_names(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = reqc("compile", spec, "-t", "nftables", "-t", "ports", "-t", "iptables", "-o", out)

    assert (done.returncode, done.stderr) == (0, "")
    for name in ("nftables", "ports", "iptables"):
        alone = tmp_path / name
        assert reqc("compile", spec, "-t", name, "-o", f"{alone}/").returncode == 0
        files = [path.relative_to(alone) for path in alone.rglob("*") if path.is_file()]
        assert files
        for file in files:
            assert (out / name / file).read_bytes() == (alone / file).read_bytes()
    assert {path.name for path in out.iterdir()} == {"nftables", "ports", "iptables"}


def test_a_target_that_is_named_twice_is_one(spec: Path) -> None:
    assert (
        reqc("compile", spec, "-t", "json", "-t", "json").stdout
        == reqc("compile", spec, "-t", "json").stdout
    )


def test_several_targets_need_a_folder(spec: Path) -> None:
    done = reqc("compile", spec, "-t", "json", "-t", "markdown")

    assert (done.returncode, done.stdout) == (2, "")
    assert "error[REQ901]: these targets write 2 files" in done.stderr


def test_a_setting_counts_for_all_targets_that_know_it(spec: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    targets = ["-t", "nftables", "-t", "iptables", "-t", "json"]
    done = reqc("compile", spec, *targets, "-O", "mode=enforce", "-o", out)
    wrong = reqc("compile", spec, *targets, "-O", "mdoe=enforce", "-o", tmp_path / "none")

    assert done.returncode == 0
    for file in ("nftables/demo-linux.nft", "iptables/rules.v4"):
        assert "mode enforce" in (out / file).read_text()
    assert wrong.returncode == 2
    assert "the targets nftables, iptables and json have no setting `mdoe`" in wrong.stderr
    assert not (tmp_path / "none").exists()


def test_what_one_of_several_targets_refuses_keeps_all_from_being_written(tmp_path: Path) -> None:
    spec = tmp_path / "demo.req"
    spec.write_text(FIREWALLED)
    out = tmp_path / "out"
    done = reqc("compile", spec, "-t", "firewalld", "-t", "json", "-o", out, "--strict")

    assert done.returncode == 1
    assert "error[REQ570]: firewalld: `node.off` turns firewalld.service off" in done.stderr
    assert not out.exists()
