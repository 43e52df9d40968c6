"""Packages, from an archive on the node itself."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from reqc.compiler.checks import FileExists
from reqc.compiler.states import PackageInstalled
from tests.backends.ansible.pages import page
from tests.backends.ansible.playing import Node, play, written
from tests.backends.ansible.throwaway import throwaway
from tests.tools import require

NAME = "reqc-sample"
CONTROL = (
    f"Package: {NAME}\nVersion: 1\nArchitecture: all\nMaintainer: none <none@example.invalid>\n"
)
DOCUMENT = page({"node.package": (PackageInstalled(NAME), FileExists("/opt/sample"))})


def _archive(folder: Path, node: Node) -> None:
    """Let the node's only archive be one with the one package."""
    require("apt-get")
    if not Path("/usr/lib/python3/dist-packages/apt").is_dir():
        require("python3-apt")
    tree = folder / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN" / "control").write_text(f"{CONTROL}Description: a sample\n")
    (tree / "opt").mkdir()
    (tree / "opt" / "sample").write_text("sample\n")
    package = folder / "sample.deb"
    subprocess.run([require("dpkg-deb"), "--build", str(tree), str(package)], check=True)
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    index = f"{CONTROL}Filename: ./sample.deb\nSize: {package.stat().st_size}\nSHA256: {digest}\n"
    node.run(f"mkdir -p /srv/archive && cp {package} /srv/archive/sample.deb")
    node.write("/srv/archive/Packages", f"{index}Description: a sample\n")
    node.run("rm -rf /etc/apt/sources.list.d /etc/apt/sources.list /var/lib/apt/lists")
    node.write("/etc/apt/sources.list", "deb [trusted=yes] file:/srv/archive ./\n")
    node.run("apt-get update --quiet=2")


def _installed(node: Node) -> bool:
    return node.run("[ ! -e /opt/sample ] || echo yes") == "yes\n"


def test_a_package_comes_and_goes_on_request(tmp_path: Path) -> None:
    (tmp_path / "node").mkdir()
    playbook = written(tmp_path / "site", DOCUMENT)
    undo = {"calico_requirements_state": "absent"}
    with throwaway(tmp_path / "node") as node:
        _archive(tmp_path, node)

        pretended = play(playbook, node, "--check")
        assert not _installed(node)
        applied = play(playbook, node)
        assert _installed(node)
        again = play(playbook, node)
        undone = play(playbook, node, **undo, calico_requirements_remove_packages=True)
        assert not _installed(node)
        play(playbook, node)
        kept = play(playbook, node, **undo)
        assert _installed(node)

    assert pretended.status == 0, pretended.said
    assert pretended.changed == applied.changed
    assert len(applied.changed) == len(undone.changed) == 1
    assert again.changed == kept.changed == ()
