"""Scripts that change a node run no text: remedies, questions of roles, firewalls, boot loaders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.backends.base import Output
from reqc.backends.shell.quoting import printable
from reqc.compiler.lowered import LoweredDocument
from tests.backends.firewall.samples import isolated, written
from tests.backends.remedy.trees import SHELLS, fast_folder, machine, tree
from tests.injection.canary import Cage, obeyed
from tests.injection.documents import BY_NAME, Shape, path_below
from tests.injection.mixing import (
    EXAMPLES,
    SETTINGS,
    deployed,
    meant,
    mixed,
    mixtures,
    of_family,
    rendered,
)
from tests.injection.texts import FAMILIES, SHELL

LONGEST: Final = 300
LONGEST_NAME: Final = 50
"""Characters of the name of a file, which may have four bytes each."""

RUN_BY_ALL: Final = ("shell", "here-document")
PAIRS: Final = [
    (family, shell)
    for number, family in enumerate(FAMILIES)
    for at, shell in enumerate(SHELLS)
    if EXAMPLES or family in RUN_BY_ALL or number % len(SHELLS) == at
]
WRITTEN: Final = (
    ("file.path content", "file.value content"),
    ("/etc/chosen-content.conf", "Option.default file.value content"),
)
"""Files that are written whole, by their fields or names, and the fields of what they hold."""


NAMED: Final = ("module.names", "mount.filesystem", "service.service", "sysctl.key", "sysctl.value")
"""Words that are parts of names of files, or of lines in them."""


def for_nodes(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts without what targets for nodes refuse, because no file could hold it."""
    fitted = dict(texts)
    for name, text in texts.items():
        kind = name.removeprefix("Option.default ")
        visible = "".join(filter(str.isprintable, text))
        if kind == "argument.arguments":
            fitted[name] = re.sub(r"[^A-Za-z0-9_.,:=@%+/-]", "", text)
        elif kind == "unmanaged.globs":
            fitted[name] = visible.encode("ascii", "ignore").decode().replace("\\", "") or "x"
        elif kind == "Identity.product":
            fitted[name] = text.lstrip("_") or "x"  # it becomes a part of names of files
        elif kind == "sysctl.value":
            fitted[name] = visible.strip() or "1"
        elif kind.partition(" ")[0] in NAMED and BY_NAME[name].shape is Shape.WORD:
            word = re.sub(r"[^A-Za-z0-9_-]", "", text)[:LONGEST_NAME]
            start = {"sysctl.key": "net.", "service.service masked": "masked-"}.get(kind, "")
            fitted[name] = f"{start}CANARY{word}"
        elif re.match(r"(file|mount)\.path", kind) and BY_NAME[name].shape is Shape.TEXT:
            folder, _, last = text.rpartition("/")
            fitted[name] = path_below(folder)(last[:LONGEST_NAME].strip())
    return fitted


def document_for_nodes(texts: Mapping[str, str]) -> tuple[LoweredDocument, dict[str, str]]:
    """Return a document, and the texts in it."""
    fitted = for_nodes(texts)
    return deployed(meant(fitted)), fitted


def made(name: str, document: LoweredDocument, **settings: str) -> Output:
    """Return what a target makes, which refuses nothing."""
    output = rendered(name, document, **settings)
    assert [item.message for item in output.refusals] == []
    return output


@pytest.mark.parametrize(("family", "shell"), PAIRS)
def test_a_remedy_writes_texts_and_takes_them_back(family: str, shell: str, tmp_path: Path) -> None:
    document, texts = document_for_nodes(of_family(family, len(shell), LONGEST))

    remedied(shell, document, texts, tmp_path)


@SETTINGS
@given(texts=mixtures(LONGEST), shell=st.sampled_from(SHELLS))
def test_so_it_does_with_random_texts(
    texts: Mapping[str, str], shell: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document, fitted = document_for_nodes(texts)

    remedied(shell, document, fitted, tmp_path_factory.mktemp("remedy"))


def remedied(shell: str, document: LoweredDocument, texts: Mapping[str, str], folder: Path) -> None:
    """Assert what a remedy does with a node: what the texts say, and nothing of what they mean."""
    with fast_folder(folder) as fast:
        cage = Cage.at(fast)
        (fast / "node").mkdir()
        node = machine(fast / "node")
        node.kernel()
        node.write("etc/hosts", "127.0.0.1 localhost\n")
        node.write("etc/default/grub", "GRUB_CMDLINE_LINUX=quiet\n")
        (artifact,) = made("remedy", document).artifacts
        script = fast / "remedy.sh"
        script.write_text(artifact.text, encoding="utf-8", newline="")
        before = tree(node.root)
        for arguments in (["--list"], ["--dry-run"], ["-v"], ["--undo", "-v"]):
            done = cage.run(shell, script, "--root", str(node.root), *arguments)
            assert done.returncode in {0, 1}, done.stderr.decode()
            said, complaint = done.stdout.decode(), done.stderr.decode()
            assert obeyed(said.replace("\t", "") + complaint) == set()
            assert all(line.startswith("remedy.sh: ") for line in complaint.splitlines())
            assert cage.sung(beside=node.root) == []
            if arguments == ["-v"]:
                assert tree(node.root) != before
                expect_written(node.root, texts)
        assert tree(node.root) == before


def expect_written(root: Path, texts: Mapping[str, str]) -> None:
    """Assert that each file that a page gives whole holds its text to the byte."""
    for path, content in WRITTEN:
        file = root / texts.get(path, path).lstrip("/")
        assert file.read_bytes().decode() == texts[content]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_boot_loader_reads_the_arguments_and_nothing_else(shell: str, tmp_path: Path) -> None:
    """A shell reads the file when the menu of the boot loader is written."""
    cage = Cage.at(tmp_path)
    for turn in range(0, len(FAMILIES), 1 if EXAMPLES else 6):
        document, texts = document_for_nodes(mixed(turn))
        files = {item.name: item.text for item in made("ansible", document).artifacts}
        (name,) = [name for name in files if name.endswith(".cfg")]
        script = tmp_path / "source.sh"
        script.write_text(
            f"GRUB_CMDLINE_LINUX=quiet\n{files[name]}\n"
            'printf "%s" "$GRUB_CMDLINE_LINUX${GRUB_CMDLINE_LINUX_DEFAULT-}"\n',
            encoding="utf-8",
        )

        done = cage.run(shell, script)

        assert (done.returncode, done.stderr) == (0, b"")
        fields = ("argument.arguments", "Option.default argument.arguments")
        assert done.stdout.decode().split() == ["quiet", *(texts[field] for field in fields)]
        assert cage.sung() == []


@pytest.mark.parametrize("text", SHELL[:: 1 if EXAMPLES else 6])
def test_an_argument_that_a_boot_loader_could_run_is_left_out(text: str) -> None:
    argument = BY_NAME["argument.arguments"].fit(text).replace(" ", "+")
    output = made("remedy", deployed(meant({"argument.arguments": argument})))

    assert "kinds.argument" in [item.requirement for item in output.unsupported]
    assert argument not in uncommented(output.artifacts[0].text)


@pytest.mark.parametrize("family", FAMILIES)
def test_questions_of_a_role_are_asked_and_not_run(family: str, tmp_path: Path) -> None:
    document, _ = document_for_nodes(of_family(family, 2, LONGEST))
    files = {item.name: item.text for item in made("ansible", document).artifacts}
    (script,) = [name for name in files if name.endswith("/ask.sh")]
    cage = Cage.at(tmp_path)
    shells = SHELLS if family in RUN_BY_ALL else SHELLS[len(family) % 4 :][:1]

    for shell in shells:
        for about in ("guards", "settings", "arguments"):
            arguments = ("-s", "--", about, "offline")
            done = cage.run(shell, None, *arguments, stdin=files[script].encode())
            assert (done.returncode, done.stderr) == (0, b"")
            assert obeyed(done.stdout.decode()) == set()
            assert cage.sung() == []


@pytest.mark.parametrize("turn", range(0, 25, 5))
def test_rules_of_iptables_come_and_go(turn: int, tmp_path: Path) -> None:
    document = deployed(meant(of_family("shell", turn, LONGEST)))
    cage = Cage.at(tmp_path)
    compiled = tmp_path / "compiled"
    written(made("iptables", document, mode="enforce"), compiled)
    shell = SHELLS[turn % len(SHELLS)].replace("busybox", "busybox ash")
    title = printable(document.sections[3].requirements[0].origin.id)
    script = (
        f'PATH="{cage.folder}/bin:$PATH"; cd inside; {shell} ../compiled/apply.sh iptables-nft;'
        f"iptables-nft-save; {shell} ../compiled/uninstall.sh iptables-nft; iptables-nft-save"
    )

    done = isolated(script, tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert title in done.stdout
    assert "REQC" not in done.stdout.partition("COMMIT")[2].rpartition("*filter")[2]
    assert cage.sung(beside=compiled) == []


@pytest.mark.parametrize("form", ["policy", "rich-rules"])
@pytest.mark.parametrize("family", ["shell", "here-document", "terminal"])
def test_scripts_of_firewalls_hold_no_text_that_a_shell_reads(
    family: str, form: str, tmp_path: Path
) -> None:
    """Texts stand in comments alone, and a shell that reads the script runs none."""
    document = deployed(meant(of_family(family, 1, LONGEST)))
    cage = Cage.at(tmp_path)
    for output in (
        made("firewalld", document, form=form),
        made("iptables", document),
        made("iptables", document, mode="open"),
    ):
        for artifact in output.artifacts:
            assert obeyed(artifact.text.replace("\t", "")) == set(), artifact.name
            if artifact.executable:
                script = tmp_path / "script.sh"
                script.write_text(artifact.text, encoding="utf-8", newline="")
                for shell in SHELLS:
                    done = cage.run(shell, script, options=("-n",))
                    assert (done.returncode, done.stderr) == (0, b"")
                assert "touch" not in uncommented(artifact.text)
    assert cage.sung() == []


def uncommented(script: str) -> str:
    """Return a script without the lines that are comments."""
    return "\n".join(line for line in script.splitlines() if not line.startswith("#"))


@pytest.mark.parametrize("name", ["remedy", "ansible", "ignition", "machineconfig", "butane"])
@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("sysctl.value", "1\nkernel.core_pattern=|/bin/touch CANARY"),
        ("Option.default unmanaged.globs", "x\n[main]\nplugins=CANARY"),
        ("Option.default mount.path", "../../CANARY\n[Mount]\nWhat=CANARY"),
        ("Option.default mount.path", "/srv/../CANARY"),
        ("service.service masked", "x%i/CANARY"),
    ],
)
def test_what_a_file_cannot_hold_as_one_text_is_refused(name: str, field: str, text: str) -> None:
    """An option can bring what a field would not take; a code says why nothing is written then."""
    output = rendered(name, deployed(meant({field: text})))

    assert output.artifacts == ()
    assert {item.code[:4] for item in output.refusals} == {"REQ5"}
    assert all(obeyed(item.message) == set() for item in output.refusals)
