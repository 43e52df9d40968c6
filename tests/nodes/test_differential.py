"""Two judges, one truth: the script on a node, and Python over the facts the script collected."""

from __future__ import annotations

from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.evaluation.results import status
from tests.nodes.running import MATRIX, NAMES, SPECS, Observed, document, facts


def test_both_judges_agree_on_the_fleet(observed: Observed) -> None:
    for spec in SPECS:
        results = judge(document(spec), read_facts(facts(MATRIX[0], spec, observed.node)))
        said = observed.said[spec][MATRIX[0]]

        found = {result.requirement.origin.id: str(result.state) for result in results}
        assert found == said.states
        assert status(results) == said.status


def test_another_shell_collects_the_same_facts(observed: Observed) -> None:
    """Each node is tried with one other shell, and each shell with a third of the fleet."""
    other = MATRIX[1 + NAMES.index(observed.node.member.name) % (len(MATRIX) - 1)]
    spec = SPECS[0]

    assert facts(other, spec, observed.node) == facts(MATRIX[0], spec, observed.node)
