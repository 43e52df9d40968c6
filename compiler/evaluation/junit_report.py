"""What judging nodes gave, for the test reports of CI: JUnit's XML, a test suite for each node."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree as ET

from reqc.compiler.evaluation.collected import Unreadable
from reqc.compiler.evaluation.fleet import Finding, JudgedNode
from reqc.compiler.evaluation.results import State
from reqc.compiler.evaluation.summary import Evaluation, counts, findings
from reqc.compiler.lowered import LoweredRequirement
from reqc.compiler.prose import plain

# XML has no way to write these, not even by reference, and one makes the whole file unreadable.
_UNWRITABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)

_SKIPPED: Final = frozenset({State.MANUAL, State.NOT_APPLICABLE, State.SKIPPED, State.WAIVED})


def document(evaluation: Evaluation) -> str:
    """Return the document, which is red where the exit status is not 0.

    Required items that cannot be verified are errors; what is waived or cannot be checked by a
    program is skipped; what is only recommended passes, and tells what was found as output.
    """
    suites = [_suite(evaluation, node) for node in evaluation.nodes]
    suites += [_unreadable(item) for item in evaluation.unreadable]
    root = ET.Element("testsuites", {"name": _text(str(evaluation.document.identity))})
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(evaluation: Evaluation, node: JudgedNode) -> ET.Element:
    found = findings(node)
    counted = counts(found)
    suite = _counted(
        node.name,
        len(found),
        failures=counted[State.FAIL],
        errors=evaluation.unverified(node),
        skipped=sum(counted[state] for state in _SKIPPED),
    )
    product = evaluation.document.identity.product
    for item, finding in zip(evaluation.requirements, found, strict=True):
        _case(suite, product, item, finding, binding=evaluation.binding(item))
    return suite


def _unreadable(item: Unreadable) -> ET.Element:
    """Return a suite that is an error: a node that could not be judged must not look well."""
    suite = _counted(item.name, 1, failures=0, errors=1, skipped=0)
    case = ET.SubElement(suite, "testcase", {"classname": "facts", "name": "facts"})
    _remark(case, "error", State.UNKNOWN, f"the facts cannot be used: {item.reason}", "")
    return suite


def _counted(name: str, tests: int, *, failures: int, errors: int, skipped: int) -> ET.Element:
    return ET.Element(
        "testsuite",
        {
            "name": _text(name),
            "tests": str(tests),
            "failures": str(failures),
            "errors": str(errors),
            "skipped": str(skipped),
        },
    )


def _case(
    suite: ET.Element,
    product: str,
    item: LoweredRequirement,
    finding: Finding,
    *,
    binding: bool,
) -> None:
    origin = item.origin
    classname = f"{product}.{origin.id.partition('.')[0]}"
    names = {"classname": _text(classname), "name": _text(origin.id)}
    case = ET.SubElement(suite, "testcase", names)
    state, found = finding.state, finding.found
    match state:
        case State.FAIL:
            _remark(case, "failure", state, found, _explained(item, finding))
        case State.UNKNOWN if binding:
            _remark(case, "error", state, found, _explained(item, finding))
        case State.WARN | State.INFO | State.UNKNOWN:
            told = f"{state}: {found}\n{_explained(item, finding)}"
            ET.SubElement(case, "system-out").text = _text(told)
        case State.PASS:
            pass
        case _:
            message = f"{state}: {found}" if found else str(state)
            ET.SubElement(case, "skipped", {"message": _text(message)})


def _remark(case: ET.Element, tag: str, state: State, found: str, text: str) -> None:
    remark = ET.SubElement(case, tag, {"type": str(state), "message": _text(found)})
    remark.text = _text(text)


def _explained(item: LoweredRequirement, finding: Finding) -> str:
    told = (
        ("expected", plain(item.statement)),
        ("found", finding.found),
        ("looked at", finding.looked),
        ("because", item.because),
        ("fix", item.fix),
        ("see", ", ".join(item.see)),
        ("source", str(item.origin.place)),
    )
    return "\n".join(f"{label}: {text}" for label, text in told if text)


def _text(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
