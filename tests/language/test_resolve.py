"""From files to a document: what is declared where, and what a requirement says."""

from __future__ import annotations

import pytest

from reqc.compiler.conditions import Chosen
from reqc.compiler.digest import digest
from reqc.compiler.kinds.base import AllOf, NotOf
from reqc.compiler.kinds.hardware import Cpu, Memory
from reqc.compiler.lowered import Citation, Level
from tests.language.reading import HEAD, document, mistakes, section


def test_a_document_says_what_it_is() -> None:
    found = document('req 1\nspec demo 1.0 on linux "A title"\nrevision 2020-08-27\nrole host\n')

    identity = found.identity
    assert (identity.product, identity.version, identity.platform) == ("demo", "1.0", "linux")
    assert (identity.title, identity.revision) == ("A title", "2020-08-27")


def test_a_platform_and_a_title_may_be_left_out() -> None:
    identity = document("req 1\nspec demo 1.0\nrole host\n").identity

    assert (identity.platform, identity.title) == ("", "demo 1.0")


def test_options_have_types_and_defaults() -> None:
    options = document(
        f'{HEAD}option a: bool = true "Help"\noption b: x | y\noption c: port = 80\n'
        'option d: string = "t"\noption e: cidr = 10.0.0.0/8\noption f: version = 1.2\nrole host\n'
    ).options

    assert [option.default for option in options.values()] == [
        True,
        None,
        80,
        "t",
        "10.0.0.0/8",
        "1.2",
    ]
    assert options["a"].help == "Help"
    assert options["b"].type.words == ("x", "y")


def test_a_requirement_carries_all_that_is_said() -> None:
    (item,) = document(
        section(
            "should not it: cpu >= 2 on typha, host when yes @page:4 @page:5-7 @page {",
            'title "T"; because " B "; note "N1"; note "N2"; fix "F"; see "S"; was a.b, c',
            "where memory >= 1GiB; where not cpu >= 9",
            'erratum "E" intended cpu >= 3 when yes',
            'deprecated "D"',
            "}",
            head="role host\nrole typha\noption yes: bool\nsource page\n",
        )
    ).requirements

    assert (item.id, item.level) == ("s.it", Level.SHOULD_NOT)
    assert item.roles == ("typha", "host")
    assert item.condition == Chosen("yes")
    assert item.citations == (
        Citation("page", 4, 4),
        Citation("page", 5, 7),
        Citation("page", None, None),
    )
    assert (item.title, item.because, item.fix) == ("T", "B", "F")
    assert (item.notes, item.see, item.was) == (("N1", "N2"), ("S",), ("a.b", "c"))
    assert isinstance(item.guard, AllOf)
    assert isinstance(item.guard.parts[0], Memory)
    assert isinstance(item.guard.parts[1], NotOf)
    assert item.erratum is not None
    assert isinstance(item.erratum.intended, Cpu)
    assert item.erratum.condition == Chosen("yes")
    assert item.deprecated == "D"


def test_a_requirement_binds_the_first_role_by_default() -> None:
    (item,) = document(section("must it: cpu >= 2", head="role b\nrole a\n")).requirements

    assert item.roles == ("b",)


def test_a_section_that_is_opened_again_goes_on() -> None:
    found = document(
        f"{HEAD}role host\nsection a {{ must x: cpu >= 1 }}\nsection b {{ must x: cpu >= 1 }}\n"
        'section a "Title" { must y: cpu >= 1 }\n'
    )

    assert [item.id for item in found.requirements] == ["a.x", "a.y", "b.x"]
    assert found.sections[0].title == "Title"


def test_a_fragment_stands_where_it_is_used() -> None:
    fragment = "req 1\nfragment f\noption o: bool\nrole first\nsection f { must x: cpu >= 1 }\n"
    found = document(
        f'{HEAD}use "lib/f.req"\nrole second\nsection a {{ must x: cpu >= 1 when o }}\n',
        {"lib/f.req": fragment},
    )

    assert list(found.roles) == ["first", "second"]
    assert [item.id for item in found.requirements] == ["f.x", "a.x"]
    assert [source.name for source in found.texts] == ["sample.req", "lib/f.req"]


def test_a_fragment_is_taken_in_once() -> None:
    found = document(
        f'{HEAD}use "a.req"\nuse "b.req"\nuse "a.req"\n',
        {
            "a.req": "req 1\nfragment a\nrole host\n",
            "b.req": 'req 1\nfragment b\nuse "a.req"\nuse "./lib/../a.req"\n',
            "lib/c.req": "",
        },
    )

    assert list(found.roles) == ["host"]


def test_a_path_is_relative_to_the_file_that_uses_it() -> None:
    found = document(
        f'{HEAD}use "lib/a.req"\n',
        {
            "lib/a.req": 'req 1\nfragment a\nuse "b.req"\nuse "../c.req"\n',
            "lib/b.req": "req 1\nfragment b\nrole b\n",
            "c.req": "req 1\nfragment c\nrole c\n",
        },
    )

    assert list(found.roles) == ["b", "c"]


def test_the_digest_is_of_all_texts_and_of_nothing_else() -> None:
    uses = f'{HEAD}use "a.req"\n'
    one = document(uses, {"a.req": "req 1\nfragment a\nrole host\n"})
    same = document(uses, {"a.req": "req 1\nfragment a\nrole host\n", "b.req": "unused"})
    other = document(uses, {"a.req": "req 1\nfragment a\nrole hosts\n"})

    assert digest(one.statements) == digest(same.statements) != digest(other.statements)


@pytest.mark.parametrize(
    ("declaration", "use"),
    [
        ("option it bool", "must a: cpu >= 2 when it"),
        ("option it: boolean", "must a: cpu >= 2 when it"),
        ("option it: prot", "must a: allow tcp it host -> host"),
        ("optoin it: bool", "must a: cpu >= 2 when it"),
        ("role it when", "must a: cpu >= 2 on it"),
        ("role it when", "must a: allow tcp 1 it -> host"),
        ("source it {;x;}", "must a: cpu >= 2 @it"),
        ("use it", "must a: cpu >= 2 on one when two @three"),
        ('use "nowhere.req"', "must a: cpu >= 2 on one when two @three"),
    ],
)
def test_what_was_not_understood_is_not_missed_again(declaration: str, use: str) -> None:
    found = mistakes(section(use, head=f"{declaration}\nrole host\n"))

    assert len(found) == 1
    assert found[0].span is not None
    assert found[0].span.line == 3


def test_what_was_not_understood_hides_no_other_mistake() -> None:
    found = mistakes(section("must a: cpu >= 2 when thier", head="option it bool\nrole host\n"))

    assert [item.code for item in found] == ["REQ101", "REQ202"]


def test_a_lost_identity_is_not_missed_again() -> None:
    for line in ("spec", "specc demo 1", "spec demo", "req"):
        found = mistakes(f"req 1\n{line}\nrole host\n")

        assert len(found) == 1
