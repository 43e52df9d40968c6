"""Random nodes under random documents: the script and the Python judge must say the same.

`REQC_EXAMPLES` is how many are tried; `make fuzz-nodes` tries thousands.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqc.compiler.evaluation.facts import read_facts
from reqc.compiler.evaluation.judge import judge
from reqc.compiler.evaluation.results import status
from reqc.compiler.evaluation.waivers import Waiver
from reqc.compiler.lowered import LoweredDocument
from tests.backends.shell.nodes import SHELLS, Node, run
from tests.backends.shell.samples import script
from tests.nodes.random_checks import documents
from tests.nodes.random_files import NODES, RELEASES, Steps, make

EXAMPLES: Final = int(os.environ.get("REQC_EXAMPLES", "40"))
TODAY: Final = date(2027, 2, 28)
DAYS: Final = tuple(map(date.fromisoformat, ("2027-02-27", "2027-02-28", "2028-02-29")))
Completed: TypeAlias = subprocess.CompletedProcess[bytes]
SHELL: Final = st.sampled_from(tuple(SHELLS))


@dataclass(frozen=True, slots=True)
class Example:
    """A node, a document, and how it is judged: by which shells, and with which options."""

    steps: Steps
    document: LoweredDocument
    waived: dict[str, date]
    strict: bool
    release: str | None
    collector: str
    judge: str

    @property
    def waivers(self) -> dict[str, Waiver]:
        """Return the waivers of requirements that the document has."""
        ids = {item.origin.id for item in self.document.requirements}
        return {
            name: Waiver(name, day, "a reason") for name, day in self.waived.items() if name in ids
        }


EXAMPLE: Final = st.builds(
    Example,
    steps=NODES,
    document=documents(),
    waived=st.dictionaries(
        st.sampled_from(("node.n1", "node.n2")), st.sampled_from(DAYS), max_size=2
    ),
    strict=st.booleans(),
    release=st.none() | st.none() | st.none() | st.sampled_from(RELEASES),
    collector=SHELL,
    judge=SHELL,
)


def observed(example: Example) -> tuple[Completed, Completed]:
    """Return what the script of the document says of the node: its facts, and its report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "root").mkdir()
        make(Node(folder / "root"), example.steps)
        lines = [
            f"{one.requirement} {one.until} {one.reason}\n" for one in example.waivers.values()
        ]
        (folder / "waivers").write_text("".join(lines))
        text = script(example.document)
        arguments = ["--root", "root"]
        arguments += ["--kernel-release", example.release] if example.release else []
        collected = run(example.collector, text, folder, *arguments, "--facts")
        arguments += ["--strict"] if example.strict else []
        arguments += ["--waive", "waivers", "--date", str(TODAY), "--format", "json"]
        return collected, run(example.judge, text, folder, *arguments)


@given(EXAMPLE)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_both_judges_agree(example: Example) -> None:
    collected, report = observed(example)

    results = judge(
        example.document,
        read_facts(collected.stdout),
        strict=example.strict,
        waivers=example.waivers,
        today=TODAY,
    )
    found = {one.requirement.origin.id: (str(one.state), one.found) for one in results}
    told = {one["id"]: (one["state"], one["found"]) for one in json.loads(report.stdout)["results"]}
    assert found.keys() == told.keys()
    differing = {name for name, (state, _) in found.items() if state != told[name][0]}
    assert not differing, [(name, told[name], found[name]) for name in sorted(differing)]
    assert (collected.stderr, report.stderr) == (b"", b"")
    assert status(results, strict=example.strict) == report.returncode
