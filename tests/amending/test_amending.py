"""A document begins as another one and says only what differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from reqc.compiler.comparison.changes import Change
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.diagnostics import Diagnostic, Report
from reqc.compiler.model import Document
from reqc.compiler.render import render
from reqc.compiler.resolve import resolve

BASE = """req 1
spec product 1.0 on linux "Product 1.0"
revision 2020-01-01
option fast: bool = false
option agent_port: port = 5473
role host
section node "Nodes" {
  must kernel: kernel >= 3.10
  must cpu:    arch x86_64
  should size: memory >= 2GiB
}
section network "Network" {
  must agent: allow tcp agent_port any -> host
}
"""


def written(folder: Path, **files: str) -> Path:
    """Write files, with dashes for underscores, and return the folder."""
    for name, text in {"base": BASE, **files}.items():
        (folder / f"{name}.req").write_text(text, encoding="utf-8")
    return folder


def resolved(path: Path) -> Document:
    """Return the document of a file, which has no mistake."""
    report = Report()
    document = resolve(str(path), report)
    assert document is not None, render(report.sorted())
    return document


def mistakes(path: Path) -> list[Diagnostic]:
    """Return what is wrong with a file."""
    report = Report()
    resolve(str(path), report)
    return report.sorted()


def newer(text: str, version: str = "1.1", base: str = "base") -> str:
    """Return a document that amends another one."""
    return (
        f'req 1\nspec product {version} on linux "Product {version}"\namends "{base}.req"\n{text}'
    )


def test_what_is_not_mentioned_stays(tmp_path: Path) -> None:
    folder = written(tmp_path, new=newer(""))

    old, new = resolved(folder / "base.req"), resolved(folder / "new.req")

    assert compare(old, new).differences == ()
    assert (new.identity.version, new.identity.title) == ("1.1", "Product 1.1")
    assert new.identity.revision == "2020-01-01"
    assert {item.places.id.source.name for item in new.requirements} == {"base.req"}


def test_each_amendment_changes_one_thing(tmp_path: Path) -> None:
    text = """
revision 2021-01-01
remove node.size
replace must node.kernel: kernel >= 4.18 when fast { note "Since 1.1." }
default agent_port = 6000
retitle node "Machines"
retitle node.cpu "Processor"
section node {
  must swap: memory >= 1GiB
}
section extra "More" {
  must disk: disk "/var" >= 1GiB
}
"""
    folder = written(tmp_path, new=newer(text))

    old, new = resolved(folder / "base.req"), resolved(folder / "new.req")

    assert [item.id for item in new.requirements] == [
        "node.kernel",
        "node.cpu",
        "node.swap",
        "network.agent",
        "extra.disk",
    ]
    assert [section.title for section in new.sections] == ["Machines", "Network", "More"]
    assert new.requirements[1].title == "Processor"
    assert new.options["agent_port"].default == 6000
    assert new.identity.revision == "2021-01-01"
    assert [(item.id, item.change) for item in compare(old, new).differences] == [
        ("node.kernel", Change.DIFFERENT),
        ("node.swap", Change.DIFFERENT),
        ("network.agent", Change.DIFFERENT),
        ("extra.disk", Change.ADDED),
    ]


def test_a_chain_of_ten_versions(tmp_path: Path) -> None:
    chain = {
        f"v{number}": newer(
            f"replace must node.kernel: kernel >= 4.{number}\n"
            f"section node {{\n  must added{number}: cpu >= {number}\n}}\n",
            version=f"1.{number}",
            base="base" if number == 1 else f"v{number - 1}",
        )
        for number in range(1, 11)
    }
    folder = written(tmp_path, **chain)

    last = resolved(folder / "v10.req")

    kernel = next(item for item in last.requirements if item.id == "node.kernel")
    assert kernel.places.id.source.name == "v10.req"
    assert [item.id for item in last.sections[0].requirements][3:] == [
        f"node.added{number}" for number in range(1, 11)
    ]
    assert [source.name for source in last.texts] == [
        "v10.req",
        *(f"v{number}.req" for number in range(9, 0, -1)),
        "base.req",
    ]


def test_a_fragment_of_the_base_is_taken_in_once(tmp_path: Path) -> None:
    shared = "req 1\nfragment shared\noption extra: bool = true\n"
    folder = written(
        tmp_path,
        shared=shared,
        middle=newer('use "shared.req"\n'),
        last=newer('use "shared.req"\n', version="1.2", base="middle"),
    )

    assert "extra" in resolved(folder / "last.req").options


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("remove node.kernl\n", "REQ213", "did you mean `node.kernel`?"),
        ("remove kernel\n", "REQ213", "there is no requirement `kernel`"),
        ("remove node.size\nremove node.size\n", "REQ213", "there is no requirement `node.size`"),
        ("replace must node.kernl: kernel >= 4.18\n", "REQ213", "did you mean `node.kernel`?"),
        ('retitle nodes "Machines"\n', "REQ213", "did you mean `node`?"),
        ('retitle node.cpus "x"\n', "REQ213", "did you mean `node.cpu`?"),
        ("default agent_prt = 1\n", "REQ202", "did you mean `agent_port`?"),
        ("default agent_port = 0\n", "REQ402", "expected a port"),
        ("option fast: bool = true\n", "REQ201", "first defined here"),
        ("section node { must cpu: arch arm64 }\n", "REQ201", "base.req:9"),
        ('amends "base.req"\n', "REQ208", "a document amends one other"),
    ],
)
def test_what_cannot_be_amended_is_reported(
    tmp_path: Path, text: str, code: str, words: str
) -> None:
    folder = written(tmp_path, new=newer(text))

    (mistake,) = mistakes(folder / "new.req")

    assert mistake.code == code
    assert mistake.span is not None
    assert mistake.span.source.name == "new.req"
    assert words in render([mistake])


def test_a_circle_is_told_once_with_all_its_places(tmp_path: Path) -> None:
    folder = written(tmp_path, a=newer("", base="b"), b=newer("", base="a"))

    (mistake,) = mistakes(folder / "a.req")

    assert mistake.code == "REQ205"
    assert "a.req -> b.req -> a.req" in mistake.message


def test_a_fragment_neither_amends_nor_is_amended(tmp_path: Path) -> None:
    fragment = 'req 1\nfragment part\namends "base.req"\n'
    folder = written(
        tmp_path,
        fragment=fragment,
        user='req 1\nspec a 1 on b\nuse "fragment.req"\n',
        plain="req 1\nfragment plain\n",
        new=newer("", base="plain"),
    )

    assert [item.code for item in mistakes(folder / "user.req")] == ["REQ108"]
    assert [item.code for item in mistakes(folder / "new.req")] == ["REQ212"]


def test_mistakes_of_the_base_are_told_in_the_base(tmp_path: Path) -> None:
    broken = BASE.replace("kernel >= 3.10", "kernle >= 3.10")
    folder = written(tmp_path, base=broken, new=newer("remove node.kernel\n"))

    assert mistakes(folder / "new.req") == []
    (mistake,) = mistakes(folder / "base.req")
    assert mistake.code == "REQ301"


def test_a_section_that_loses_all_its_requirements_is_gone(tmp_path: Path) -> None:
    folder = written(tmp_path, new=newer("remove network.agent\n"))

    assert [section.name for section in resolved(folder / "new.req").sections] == ["node"]


def test_the_same_requirement_may_be_removed_and_said_anew(tmp_path: Path) -> None:
    folder = written(
        tmp_path, new=newer("remove node.cpu\nsection node { must cpu: arch arm64 }\n")
    )

    ids = [item.id for item in resolved(folder / "new.req").requirements]

    assert ids == ["node.kernel", "node.size", "node.cpu", "network.agent"]
