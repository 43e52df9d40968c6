"""The tree says what the text says, and where."""

from __future__ import annotations

import pytest

from reqc.compiler.source import Span
from reqc.compiler.syntax import tree
from tests.syntax.parsing import SAMPLE, SPECS, nodes, sound


def text_of(span: Span) -> str:
    return span.source.text[span.start : span.end]


@pytest.mark.parametrize("text", [SAMPLE, *SPECS])
def test_spans_lie_inside_the_text_and_cover_something(text: str) -> None:
    found = list(nodes(sound(text).statements))

    assert found
    for node in found:
        assert 0 <= node.span.start < node.span.end <= len(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", [SAMPLE, *SPECS])
def test_the_span_of_a_word_is_the_word(text: str) -> None:
    for node in nodes(sound(text).statements):
        if isinstance(node, (tree.Word, tree.Sign)):
            assert text_of(node.span) == node.text


@pytest.mark.parametrize(
    ("kind", "covered"),
    [
        (tree.Header, "req 1"),
        (tree.Identity, 'spec calico 3.16 on openstack "Calico v3.16"'),
        (tree.Use, 'use "lib/calico.req"'),
        (tree.On, "on host"),
        (tree.Leaf, "cpu < 2"),
        (tree.Cite, "@page:3"),
        (tree.Group, 'any { cpu >= 2; all { memory >= 2GiB; not disk "/" < 10GB } }'),
        (tree.Negation, 'not disk "/" < 10GB'),
        (tree.OptionTest, "typha"),
        (tree.Where, "where   service NetworkManager present"),
        (tree.Was, "was     node.older, node.oldest"),
        (tree.Section, 'section node "Nodes"'),
        (tree.Amends, 'amends "base.req"'),
        (tree.Remove, "remove node.older, node.oldest"),
        (tree.Default, "default typha = true"),
        (tree.Retitle, 'retitle node "Hosts"'),
        (tree.Replace, "replace must not node.cpu: cpu < 2 on host @page:3"),
        (tree.Allow, 'allow unused-option "Kept for later"'),
        (tree.Ignore, 'ignore @page:1-2, @page:9 "Navigation"'),
    ],
)
def test_the_first_node_of_a_kind_covers_its_text(kind: type, covered: str) -> None:
    first = next(node for node in nodes(sound(SAMPLE).statements) if isinstance(node, kind))

    assert text_of(first.span) == covered  # type: ignore[attr-defined]


def test_a_requirement_is_shown_from_its_id_to_its_last_clause() -> None:
    found = [node for node in nodes(sound(SAMPLE).statements) if isinstance(node, tree.Requirement)]

    assert text_of(found[1].span) == "cpu:  arch x86_64 @page:4"
    assert [item.level for item in found] == ["must not", "must", "must not", "may", "should"]


def test_all_comments_are_kept_in_order_with_their_places() -> None:
    text = (
        "# first\nreq 1 # second\n\n# third  \n"
        "spec a 1 on b\nrole h\nsection s { # fourth\n  # fifth\n"
        "  must a: module x, # sixth\n    # seventh\n    y # eighth\n    # ninth\n    when o\n"
        '  must b: manual "# none" @h # tenth\n}\n# eleventh'
    )

    comments = sound(text).comments

    names = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh"
    assert [comment.text for comment in comments] == [f"# {name}" for name in names.split()]
    for comment in comments:
        assert text_of(comment.span).rstrip() == comment.text


def test_comments_do_not_change_the_tree() -> None:
    start, end = SAMPLE.index("    because"), SAMPLE.index("    note")
    lines = (SAMPLE[:start] + SAMPLE[end:]).splitlines()  # a long text has no room for comments

    plain = sound("".join(f"{line}\n" for line in lines))
    commented = sound("".join(f"{line} # words\n# more\n" for line in lines))

    assert commented.statements == plain.statements
    assert len(commented.comments) > 2 * len(lines) - 1
