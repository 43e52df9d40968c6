"""Good and bad configurations with the verdicts that they get.

`ours` is every finding, or `unreadable`. `ignition` is what Ignition does with the configuration
alone: what the packaged validator says where it knows the version, and what the validators of
Ignition 0.35 (2.x) and 2.20 (3.4.0, 3.5.0) said of the others.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from reqc.backends.ignition.validation import findings
from reqc.backends.ignition.validation.nodes import UnreadableError
from tests.backends.ignition.codes import codes_of
from tests.backends.ignition.validation.reading import (
    KNOWN,
    encoded,
    is_json,
    its_verdict,
    judged,
    our_verdict,
    summary,
)

FOLDER = Path(__file__).with_name("corpus")


@dataclass(frozen=True, slots=True)
class Case:
    """A document, for which releases it is judged, and what is expected."""

    name: str
    document: str
    ours: list[str]
    openshift: str | None
    ignition: str | None

    @property
    def config(self) -> str | None:
        """The configuration alone, in JSON; None where there is none to be read."""
        if is_json(self.document):
            try:
                data = json.loads(self.document)
            except ValueError:
                return self.document
        else:
            data = next(yaml.safe_load_all(self.document))
        if isinstance(data, dict) and data.get("kind") == "MachineConfig":
            data = data["spec"].get("config")
        return encoded(data)


def read(path: Path) -> Case:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    assert found.pop("about")
    return Case(
        path.stem,
        found.pop("document"),
        found.pop("ours"),
        found.pop("openshift", None),
        found.pop("ignition", None),
    )


CASES = [read(path) for path in sorted(FOLDER.glob("*.yaml"))]
ALL = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


JUDGED = [case for case in CASES if case.ignition]
OF_IGNITION = pytest.mark.parametrize("case", JUDGED, ids=[case.name for case in JUDGED])


@ALL
def test_our_verdict_is_the_one_expected(case: Case) -> None:
    if case.ours == ["unreadable"]:
        with pytest.raises(UnreadableError):
            judged(case.document, case.openshift)
    else:
        assert summary(judged(case.document, case.openshift)) == case.ours


@ALL
def test_every_finding_is_within_the_text_and_tells_of_itself(case: Case) -> None:
    if case.ours == ["unreadable"]:
        return
    for item in judged(case.document, case.openshift):
        assert 0 <= item.place.start < item.place.end <= len(case.document)
        assert item.message.isprintable()
        assert item.help.isprintable()
        assert item.path.startswith("$")


@OF_IGNITION
def test_we_know_what_ignition_does(case: Case) -> None:
    assert case.config is not None
    try:
        ours = our_verdict(case.config)
    except UnreadableError:
        ours = "reject"
    expected = case.ignition
    if version(case) == "3.6.0":
        # Ignition has it by now, and the packaged validator does not
        expected = "accept"
    assert ours == expected


@OF_IGNITION
def test_the_packaged_validator_agrees(case: Case) -> None:
    assert case.config is not None
    known = version(case) in KNOWN
    if known or not version(case).startswith(("2.", "3.4", "3.5")):
        assert its_verdict(case.config) == case.ignition
    else:
        assert its_verdict(case.config) == "reject"


def version(case: Case) -> str:
    try:
        data = json.loads(case.config or "")
    except ValueError:
        return ""
    section = data.get("ignition") if isinstance(data, dict) else None
    return str(section.get("version")) if isinstance(section, dict) else ""


def test_the_corpus_is_large_and_has_everything() -> None:
    codes = Counter(line.split()[1] for case in CASES for line in case.ours if " " in line)
    verdicts = Counter(case.ignition for case in CASES)

    assert len(CASES) >= 250
    assert min(verdicts["accept"], verdicts["reject"], verdicts["remark"]) >= 15
    assert codes_of(findings) <= set(codes)


@pytest.mark.parametrize("missed", ["accept", "remark"])
def test_many_mistakes_are_seen_by_us_alone(missed: str) -> None:
    ours = [
        case
        for case in CASES
        if case.ignition == missed and any(line.startswith("error") for line in case.ours)
    ]

    assert len(ours) >= {"accept": 60, "remark": 3}[missed]
