"""What tests of the validator have in common: judging a text, and asking Ignition's own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from typing import Literal, TypeAlias

from reqc.backends.ignition.validation.findings import Finding, Judge
from reqc.backends.ignition.validation.judging import (
    all_findings,
    declared_pools,
    judge,
    read_documents,
)
from reqc.backends.ignition.validation.scope import Scope
from reqc.backends.machineconfig.releases import named_releases
from tests.tools import require

Verdict: TypeAlias = Literal["accept", "remark", "reject"]
"""What Ignition does with a configuration; it accepts what it remarks on."""

KNOWN = ("3.0.0", "3.1.0", "3.2.0", "3.3.0")
"""The versions that the packaged validator knows."""


def is_json(text: str) -> bool:
    """Tell whether a text is meant as JSON."""
    return text.lstrip().startswith(("{", "["))


def judged(text: str, openshift: str | None = None) -> list[Finding]:
    """Return all that is wrong with a text."""
    documents = read_documents(text, as_yaml=not is_json(text))
    releases = named_releases(openshift).known if openshift else ()
    scope = Scope(releases, declared_pools(documents))
    return [found for findings in judge(documents, scope) for found in findings]


def summary(findings: Iterable[Finding]) -> list[str]:
    """Return findings by what identifies them."""
    return [f"{item.severity} {item.code} {item.path}" for item in findings]


def our_verdict(text: str) -> Verdict:
    """Return what our validator thinks that Ignition does with a configuration."""
    (document,) = read_documents(text, as_yaml=False)
    findings = all_findings(document, Scope())
    severities = {item.severity for item in findings if item.judge is Judge.IGNITION}
    return "reject" if "error" in severities else "remark" if severities else "accept"


def its_verdict(text: str) -> Verdict:
    """Return what the packaged validator does with a configuration."""
    done = subprocess.run(
        [require("ignition-validate"), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 1}, done.stderr
    return "reject" if done.returncode else "remark" if done.stdout.strip() else "accept"


def encoded(config: object) -> str:
    """Return a configuration as JSON."""
    return json.dumps(config, indent=1)
