"""The target `butane`, translated again and compared with what the other targets write."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqc.backends.base import Output, Reason, SettingError
from reqc.backends.butane.backend import TARGET
from reqc.backends.ignition import rules
from reqc.backends.ignition.backend import TARGET as IGNITION
from reqc.backends.machineconfig.backend import TARGET as MACHINECONFIG
from reqc.compiler.knowledge.ignition import knowledge
from reqc.compiler.lowered import LoweredDocument
from reqc.compiler.states import FileAbsent, FileContent, KernelArgument, PackageInstalled
from tests.backends.butane.sample import AGENT, STATES, everything
from tests.backends.butane.translation import translated
from tests.backends.ignition.oracle import decoded
from tests.backends.ignition.test_rules import WRONG
from tests.backends.machineconfig.example import calico, spec

GOLDEN = Path(__file__).with_name("golden")
RELEASES = [item.release for item in knowledge().releases]
BUTANE_RELEASES = RELEASES[RELEASES.index("4.8") :]


def render(page: LoweredDocument, **settings: str) -> Output:
    """Render with the defaults, but for what is given; `custom_pools` is `custom-pools`."""
    given = {name.replace("_", "-"): value for name, value in settings.items()}
    return TARGET.render(page, TARGET.defaults | given)


def texts(output: Output) -> list[str]:
    assert output.refusals == ()
    return [artifact.text for artifact in output.artifacts]


def readable(config: dict[str, Any]) -> dict[str, Any]:
    """Return a configuration with the bytes of its files, whatever their form."""
    for file in config.get("storage", {}).get("files", []):
        body = decoded(file["contents"]["source"])
        packed = file["contents"].pop("compression", "") == "gzip"
        file["contents"] = gzip.decompress(body) if packed else body
    return config


def machine_configs(page: LoweredDocument, **settings: str) -> list[dict[str, Any]]:
    """Return what the target machineconfig writes."""
    output = MACHINECONFIG.render(page, MACHINECONFIG.defaults | settings)
    return [yaml.safe_load(text) for text in texts(output)]


@pytest.mark.parametrize("release", BUTANE_RELEASES)
def test_translated_it_is_the_machineconfig(release: str) -> None:
    page = everything(extensions=True)
    given = translated(texts(render(page, openshift=release))[0])["spec"]["config"]["ignition"]
    version = {"ignition-version": given["version"], "openshift": f"{release}-{release}"}

    for mine, other in zip(
        texts(render(page, openshift=f"{release}-{release}")),
        machine_configs(page, **version),
        strict=True,
    ):
        found = translated(mine)
        readable(found["spec"]["config"])
        readable(other["spec"]["config"])
        assert found == other


@pytest.mark.parametrize("version", [item.writes for item in knowledge().butane.fcos])
def test_translated_it_is_the_ignition_configuration(version: str) -> None:
    page = everything() if version >= "3.3.0" else spec(*STATES)
    (other,) = texts(IGNITION.render(page, {"ignition-version": version}))

    (mine,) = texts(render(page, variant="fcos", ignition_version=version))

    assert readable(translated(mine)) == readable(json.loads(other))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r")))
def test_a_content_arrives_as_it_is(text: str) -> None:
    content = text.rstrip("\n") + "\n"

    (mine,) = texts(render(spec(FileContent("/etc/x", content)), variant="fcos"))

    (file,) = readable(translated(mine))["storage"]["files"]
    assert file["contents"] == content.encode()


def test_what_can_be_read_is_not_escaped() -> None:
    (mine,) = texts(render(everything(), variant="fcos", ignition_version="3.3.0"))

    assert "    mode: 0600\n" in mine
    assert "      inline: |\n        Grüße 🐈\n" in mine
    assert (
        "    contents: |\n"
        + "".join(f"      {line}\n" if line else "\n" for line in AGENT.splitlines())
        in mine
    )
    assert "\\u202E" in mine
    assert not set(mine) & set("\x07\x1b\x7f\x85\u2028\u202e")


@pytest.mark.parametrize(
    "name", ["openshift-4.8", "openshift-4.13", "openshift-4.18", "openshift-4.22", "fcos-1.5.0"]
)
def test_butane_said_the_same(name: str, golden: Callable[[Path, str], None]) -> None:
    """Compare with what Butane 0.29.0 wrote for the golden document with --strict.

    Where the document changes, Butane has to be asked again.
    """
    variant, _, version = name.partition("-")
    if variant == "openshift":
        page = everything(extensions=True)
        output = render(page, pools="worker", openshift=f"{version}-{version}")
        said = yaml.safe_load((GOLDEN / f"{name}.butane.yaml").read_text("utf-8"))
        config = said["spec"]["config"]
    else:
        output = render(everything(), variant=variant, ignition_version="3.4.0")
        config = said = json.loads((GOLDEN / f"{name}.butane.json").read_text("utf-8"))
    (mine,) = texts(output)

    golden(GOLDEN / f"{name}.bu", mine)
    readable(config)
    found = translated(mine)
    readable(found["spec"]["config"] if variant == "openshift" else found)
    assert found == said


def test_each_pool_has_a_file_and_there_is_no_stream() -> None:
    output = render(calico(), pools="worker,infra", custom_pools="infra", name="net")

    assert [artifact.name for artifact in output.artifacts] == [
        "99-worker-net.bu",
        "99-infra-net.bu",
    ]
    assert output.stream is None
    labels = [translated(text)["metadata"]["labels"] for text in texts(output)]
    assert labels == [{"machineconfiguration.openshift.io/role": at} for at in ("worker", "infra")]


@pytest.mark.parametrize(
    ("openshift", "version"),
    [("4.8", "4.8.0"), ("4.13-4.22", "4.13.0"), ("4.14+", "4.14.0"), ("4.22-4.22", "4.22.0")],
)
def test_the_version_is_that_of_the_oldest_release(openshift: str, version: str) -> None:
    for text in texts(render(calico(), openshift=openshift)):
        assert yaml.safe_load(text)["version"] == version
        written = translated(text)["spec"]["config"]["ignition"]["version"]
        oldest = RELEASES.index(version.removesuffix(".0"))
        assert all(written in item.reads for item in knowledge().releases[oldest:])


def test_a_release_without_a_version_of_butane_is_refused() -> None:
    output = render(calico(), openshift="4.7")

    (refusal,) = output.refusals
    assert (refusal.code, refusal.requirement) == (rules.VERSION, None)
    assert "begin with 4.8" in refusal.help
    assert output.artifacts == ()


@pytest.mark.parametrize(("code", "states"), WRONG)
def test_the_rules_of_ignition_hold_here_too(code: str, states: tuple[Any, ...]) -> None:
    for variant in ("openshift", "fcos"):
        page = spec(*states)
        output = render(
            page, variant=variant, **({"openshift": "4.20"} if variant == "openshift" else {})
        )
        expected = {refusal.code for refusal in output.refusals} | {
            rules.ARGUMENT for row in output.unsupported if "kernel arguments" in row.detail
        }
        assert code in expected
        assert output.artifacts == () or code == rules.ARGUMENT


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"variant": "fcos", "pools": "infra"}, "pools has no meaning with variant=fcos"),
        ({"variant": "fcos", "openshift": "4.14"}, "openshift has no meaning"),
        ({"ignition_version": "3.3.0"}, "ignition-version has no meaning with variant=openshift"),
        ({"variant": "fcos", "ignition_version": "2.2.0"}, "no version of Butane"),
        ({"openshift": "4.99"}, "openshift is '4.99'"),
        ({"pools": ","}, "at least one pool"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: dict[str, str], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        render(calico(), **settings)


def test_a_misspelt_pool_is_refused() -> None:
    (refusal,) = render(calico(), pools="wroker").refusals

    assert refusal.code == rules.POOL


def test_what_cannot_be_said_is_named() -> None:
    page = spec(FileAbsent("/etc/x"), KernelArgument("a=b"), PackageInstalled("nosuch"))

    for settings, count in (({"variant": "fcos"}, 3), ({"openshift": "4.20"}, 2)):
        output = render(page, **settings)
        assert [row.reason for row in output.unsupported] == [Reason.INEXPRESSIBLE] * count


@pytest.mark.parametrize("variant", ["openshift", "fcos"])
def test_nothing_to_say_is_no_document(variant: str) -> None:
    output = render(spec(FileAbsent("/etc/x")), variant=variant)

    assert output.artifacts == ()
    assert output.stream is not None
    assert yaml.safe_load(output.stream) is None
    assert "cannot delete" in output.stream


def test_the_comment_tells_where_from_and_how_to_use_it() -> None:
    (worker, _) = texts(render(calico(), openshift="4.14"))

    for words in (
        "kernel.ip_tables (example.req:40): Module ip_tables",
        "Butane makes Ignition 3.4.0 of it.",
        "butane --strict 99-worker-calico.bu --output 99-worker-calico.yaml",
    ):
        assert words in worker


def test_the_explanation_is_the_comment() -> None:
    (artifact,) = render(calico(), variant="fcos").artifacts

    assert TARGET.explain is not None
    told = TARGET.explain(calico(), TARGET.defaults | {"variant": "fcos"})

    comment = artifact.text.partition("variant:")[0]
    assert told == "".join(f"{line[2:]}\n" for line in comment.splitlines())
