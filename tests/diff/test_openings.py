"""What `reqc diff` says to open and to close turns the old firewall into the new one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler.comparison.changes import Opening
from reqc.compiler.comparison.comparing import compare
from reqc.compiler.conditions import Choices, evaluate
from reqc.compiler.flows import Flow
from reqc.compiler.lower import Deployment, lower
from reqc.compiler.model import Document
from tests.language.reading import document, section

HEAD = "option x: bool = false\noption y: bool = false\nrole host\n"
CHOICES: list[Choices] = [{"x": x, "y": y} for x in (False, True) for y in (False, True)]
CONDITIONS = ["", " when x", " when not x", " when y", " when x and y"]


def rows() -> st.SearchStrategy[Document]:
    """Return documents that let ports 1 to 12 through, under various conditions."""
    row = st.builds(
        lambda first, more, source, when: (
            f"allow tcp {first}-{first + more} {source} -> host{when}"
        ),
        st.integers(1, 9),
        st.integers(0, 3),
        st.sampled_from(["host", "any"]),
        st.sampled_from(CONDITIONS),
    )
    return st.dictionaries(st.sampled_from("abcd"), row, max_size=4).map(
        lambda found: document(
            section(*(f"must {id_}: {text}" for id_, text in found.items()), head=HEAD)
        )
    )


def let_through(flow: Flow) -> set[tuple[str, int]]:
    """Return the sources of a flow, each with every port."""
    return {(flow.source, port) for part in flow.ports for port in range(part.first, part.last + 1)}


def asked(page: Document, choices: Choices) -> set[tuple[str, int]]:
    """Return what a document lets through for some choices."""
    found = lower(page, Deployment({name: value for name, value in choices.items() if value}))
    return {way for item in found.here for flow in item.flows for way in let_through(flow)}


def meant(opening: Opening, choices: Choices) -> set[tuple[str, int]]:
    """Return what is to be opened or closed for some choices."""
    kept = opening.unless is not None and evaluate(opening.unless, choices)
    return let_through(opening.flow) if evaluate(opening.condition, choices) and not kept else set()


@given(rows(), rows())
def test_who_follows_it_has_the_new_firewall(old: Document, new: Document) -> None:
    found = compare(old, new).differences
    for choices in CHOICES:
        opened = {way for one in found for item in one.opens for way in meant(item, choices)}
        closed = {way for one in found for item in one.closes for way in meant(item, choices)}
        assert (asked(old, choices) | opened) - closed == asked(new, choices)
