"""Two judges, one truth: the script on a node, and Python over the facts the script collected."""

from __future__ import annotations

from reqc.compiler.evaluation.facts import Facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.evaluation.results import status
from tests.nodes.running import MATRIX, SPECS, Observed, Said, document, facts


def test_both_judges_agree_on_the_fleet(observed: Observed) -> None:
    for spec in SPECS:
        seen = Facts.model_validate_json(facts("dash", spec, observed.node))
        results = judge(document(spec), seen)
        said: Said = observed.said[spec][MATRIX[0]]

        found = {result.requirement.origin.id: str(result.state) for result in results}
        assert found == said.states
        assert status(results) == said.status


def test_every_shell_collects_the_same_facts(observed: Observed) -> None:
    collected = {shell: facts(shell, SPECS[0], observed.node) for shell in MATRIX}

    assert len(set(collected.values())) == 1
