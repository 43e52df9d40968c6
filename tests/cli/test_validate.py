"""`reqc validate`: a linter for configurations that somebody wrote by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import in_shell, reqc

GOOD = """\
ignition: {version: 3.2.0}
storage:
  files:
  - path: /etc/example.conf
    mode: 420
    overwrite: true
    contents: {source: "data:,a%0A"}
"""
REMARKED = GOOD.replace("mode: 420", "mode: 0644")
BAD = GOOD.replace("mode: 420", "mode: 644")
OBJECT = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  name: 99-infra-example
  labels: {machineconfiguration.openshift.io/role: infra}
spec:
  extensions: [sysstat]
"""
POOL = """\
apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfigPool
metadata: {name: infra}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_file_is_not_talked_about(tmp_path: Path) -> None:
    done = reqc("validate", write(tmp_path, "a.yaml", GOOD))

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_mistake_is_shown_at_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", BAD)

    done = reqc("validate", path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "error[REQ528]: the mode 644 of `/etc/example.conf` is 01204 in octal",
        f"  --> {path}:5:11",
        "  |",
        "5 |     mode: 644",
        "  |           ^^^ $.storage.files.0.mode",
        "help: 644 is decimal and means 01204; 0644 is 420 in decimal",
    ]


def test_a_warning_is_a_problem_only_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", REMARKED)

    told, asked = reqc("validate", path), reqc("validate", path, "--strict")

    assert (told.returncode, asked.returncode) == (0, 1)
    assert told.stderr.startswith("warning[REQ561]")
    assert asked.stderr.startswith("error[REQ561]")


@pytest.mark.parametrize("name", ["a.json", "a.ign", "A.IGN", "a"])
def test_json_is_known_by_its_name_or_its_brace(name: str, tmp_path: Path) -> None:
    text = json.dumps({"ignition": {"version": "3.2.0"}, "storage": {"file": []}})

    done = reqc("validate", write(tmp_path, name, text))

    assert done.returncode == 0
    assert "warning[REQ552]: `$.storage.file` means nothing" in done.stderr
    assert "did you mean `files`?" in done.stderr


@pytest.mark.parametrize("text", [GOOD, '{"ignition": {"version": "3.2.0"}}'])
def test_standard_input_is_judged(text: str) -> None:
    done = reqc("validate", "-", stdin=text)

    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_compiled_passes(spec: Path, tmp_path: Path) -> None:
    script = f"compile {spec} -t machineconfig -o {tmp_path}/ && reqc=$OLDPWD; true"
    assert in_shell(script, cwd=tmp_path).returncode == 0

    done = reqc("validate", *sorted(tmp_path.glob("99-*.yaml")), "--openshift", "4.3", "--strict")

    assert (done.returncode, done.stderr) == (0, "")


def test_releases_and_pools_are_taken_into_account(tmp_path: Path) -> None:
    path = write(tmp_path, "a.yaml", OBJECT)

    def codes(*arguments: str | Path) -> list[tuple[str, str]]:
        done = reqc("validate", path, *arguments, "--format", "json")
        found = json.loads(done.stdout)["diagnostics"]
        return [(item["severity"], item["code"]) for item in found]

    pool, extension = ("error", "REQ531"), ("warning", "REQ560")
    assert codes() == [pool, extension]
    assert codes("--pool", "infra") == [extension]
    assert codes(write(tmp_path, "pool.yaml", POOL)) == [extension]
    assert codes("--pool", "infra", "--openshift", "4.18") == []
    assert codes("--pool", "infra", "--openshift", "4.12-4.14") == [("error", "REQ560")]


@pytest.mark.parametrize("releases", ["4.2", "5", "4.18-4.12", "4.12-", "x", ""])
def test_releases_that_nobody_knows_are_wrong_usage(releases: str, tmp_path: Path) -> None:
    done = reqc("validate", write(tmp_path, "a.yaml", GOOD), "--openshift", releases)

    assert (done.returncode, done.stdout) == (2, "")
    assert "error[REQ901]: openshift is " in done.stderr


def test_a_file_is_needed() -> None:
    assert reqc("validate").returncode == 2


def test_all_files_are_judged_even_if_one_cannot_be_read(tmp_path: Path) -> None:
    broken = write(tmp_path, "broken.json", '{"ignition": }')
    bad = write(tmp_path, "bad.yaml", BAD)

    done = reqc("validate", tmp_path / "none", broken, bad)

    assert done.returncode == 1
    assert "error[REQ001]" in done.stderr
    assert f"error[REQ550]: {broken} cannot be read: expected a value and found `}}`" in done.stderr
    assert f"{broken}:1:14" in done.stderr
    assert "error[REQ528]" in done.stderr


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n---\n", "null\n"])
def test_an_empty_file_is_no_configuration(text: str, tmp_path: Path) -> None:
    done = reqc("validate", write(tmp_path, "a.yaml", text))

    assert done.returncode == 1
    assert "error[REQ550]" in done.stderr
    assert "it is empty" in done.stderr


def test_other_programs_get_all_of_it(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", BAD)

    plain = reqc("validate", "a.yaml", "--format", "json", cwd=tmp_path)
    log = reqc("validate", "a.yaml", "--format", "sarif", cwd=tmp_path)
    workflow = reqc("validate", "a.yaml", "--format", "github", cwd=tmp_path)

    (item,) = json.loads(plain.stdout)["diagnostics"]
    (result,) = json.loads(log.stdout)["runs"][0]["results"]
    assert (item["here"], item["place"]["line"]) == ("$.storage.files.0.mode", 5)
    assert result["ruleId"] == "REQ528"
    assert workflow.stdout.startswith("::error file=a.yaml,line=5,endLine=5,col=11,endColumn=13,")
    assert {plain.returncode, log.returncode, workflow.returncode} == {1}


HOSTILE = {
    "deep JSON": "[" * 100_000,
    "deep YAML": "- " * 3000 + "x",
    "many aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"{n}: &{n} [{','.join([f'*{chr(ord(n) - 1)}'] * 9)}]\n" for n in "bcdefghi"),
    "an alias of itself": "&a [*a]",
    "a tag that runs": "!!python/object/apply:os.system [id]",
    "a name to the terminal": 'ignition: {version: "3.2.0\\e]0;x\\a"}\n',
    "a path to the terminal": GOOD.replace("/etc/example", '"/etc/\\e[2J'[:-1] + "/x") + "\n",
    "an endless text": '{"a": "' + "\\\\" * 200_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused(text: str, tmp_path: Path) -> None:
    done = reqc("validate", write(tmp_path, "a", text))

    assert done.returncode == 1
    assert "error[" in done.stderr
    assert "\x1b" not in done.stderr
