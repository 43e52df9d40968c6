"""After a mistake the parser goes on, and reports every other one exactly once."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqc.compiler.diagnostics import Diagnostic
from reqc.compiler.syntax.parser import MOST_MISTAKES
from tests.syntax.parsing import SAMPLE, SPECS, parsed, spans

MUTABLE = [SAMPLE, *SPECS]
"""What mutations begin from."""


def lines_of(reported: list[Diagnostic]) -> list[int]:
    return [item.span.line for item in reported if item.span is not None]


def explain_or_parse(text: str) -> None:
    """Check that a text either parses or gets errors whose places lie in it."""
    file, reported = parsed(text)

    for span in spans(reported):
        assert 0 <= span.start <= span.end <= len(text)
        assert 1 <= span.line <= text.count("\n") + 1
    assert reported or file.complete
    assert len(reported) <= MOST_MISTAKES + 1 or all(
        item.code in {"REQ104", "REQ109"} for item in reported[MOST_MISTAKES + 1 :]
    )


@given(st.text())
def test_any_text_is_parsed_or_explained(text: str) -> None:
    explain_or_parse(text)


WORDS = "req spec option role section must not should may any all when on and or in use source"
SIGNS = '{ } ( ) [ ] , ; : | = == <= -> <-> @a @a:1-2 " """ # 1 2.3 name "text" . $ \\'
PIECES = st.sampled_from(
    [*WORDS.split(), *SIGNS.split(), "where", "because", "erratum", "intended", "was", "\n"]
)


@given(st.lists(PIECES, max_size=60), st.sampled_from([" ", "", "\n"]))
def test_any_row_of_tokens_is_parsed_or_explained(pieces: list[str], between: str) -> None:
    explain_or_parse(between.join(pieces))


MUTATIONS = ["delete", "insert", "double", "cut", "line gone", "line twice"]


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(MUTABLE))
    for _ in range(draw(st.integers(1, 4))):
        lines = text.splitlines(keepends=True)
        at = draw(st.integers(0, max(0, len(text) - 1)))
        row = draw(st.integers(0, max(0, len(lines) - 1)))
        match draw(
            st.sampled_from(["delete", "insert", "double", "cut", "line gone", "line twice"])
        ):
            case "delete":
                text = text[:at] + text[at + 1 :]
            case "insert":
                text = text[:at] + draw(PIECES) + text[at:]
            case "double":
                text = text[:at] + text[at : at + 1] + text[at:]
            case "cut":
                text = text[:at]
            case "line gone":
                text = "".join(lines[:row] + lines[row + 1 :])
            case _:
                text = "".join(lines[: row + 1] + lines[row:])
    return text


@settings(max_examples=200)
@given(mutated())
def test_a_mutated_specification_is_parsed_or_explained(text: str) -> None:
    explain_or_parse(text)


FAULTS = [
    "  musst f: cpu >= 2",
    "  must f cpu >= 2",
    "  must f:",
    "  must f: cpu >= 2 when",
    "  must f: cpu >= 2 when a ==",
    "  must f: cpu >= $2",
    "  must f: any { cpu >= 2 )",
    '  must f: manual "never closed',
    "  must f: cpu >= 2 @",
    "  must f: cpu >= 2 on",
    '  must f: cpu >= 2 { becuase "x" }',
    "  must f: cpu >= 2 when (a or b",
    "  must f: module x, y when a in [b, c",
    "  option f: bool",
    "  must f: cpu >= 2 when a or or b",
    "  must f: cpu >= 2 }",
    "  must f: any { cpu >= 2; $ }",
    "  : cpu",
    "  must f: cpu >= 2 {",
    "  must f: all { cpu >= 2",
]
"""Lines of a section that each hold one mistake of syntax."""


def planted(seed: int) -> tuple[str, list[int]]:
    """Return a file of 400 lines and the numbers of forty of them that are mistakes."""
    choose = random.Random(seed)  # noqa: S311  # no secret, but the same every time
    lines = ["req 1", "spec a 1 on b", "role h", "section s {"]
    lines += [f"  must r{number}: cpu >= 2 @h:{number}" for number in range(395)]
    lines.append("}")
    # A line that closes the section would change the meaning of all that follow.
    usable = [fault for fault in FAULTS if not fault.endswith("2 }")]
    places = sorted(choose.sample(range(5, 398, 2), 40))
    for place in places:
        lines[place] = choose.choice(usable)
    return "\n".join(lines) + "\n", [place + 1 for place in places]


@pytest.mark.parametrize("seed", range(10))
def test_forty_faults_get_forty_reports(seed: int) -> None:
    text, wanted = planted(seed)

    _, reported = parsed(text)

    assert lines_of(reported) == wanted


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_gets_one_report(fault: str) -> None:
    head = "req 1\nspec a 1 on b\nrole h\nsection s {\n  must a: cpu >= 2\n"
    tail = "  must b: cpu >= 2\n}\nsection t {\n  must c: cpu >= 2\n}\n"
    if fault.endswith("2 }"):
        tail = tail.partition("}\n")[2]

    file, reported = parsed(f"{head}{fault}\n{tail}")

    if fault.endswith("2 }"):
        assert reported == []
    else:
        assert lines_of(reported) == [6]
    assert len(file.statements) == 5


STATEMENT_FAULTS = [
    "option x bool",
    "option x: = 1",
    "option x: bool = true false",
    "rol x",
    "role",
    'role x "a" "b"',
    "source",
    'source x { nothing "x" }',
    "use lib",
    "spec",
    "revision",
    "}",
    ")",
    "must a: cpu >= 2",
    "section",
    "section x y { must a: cpu >= 2 }",
]


@pytest.mark.parametrize("fault", STATEMENT_FAULTS)
def test_one_fault_between_statements_gets_one_report(fault: str) -> None:
    file, reported = parsed(
        f"req 1\nspec a 1 on b\n{fault}\nrole h\nsection s {{\n  must a: cpu >= 2\n}}\n"
    )

    assert lines_of(reported) == [3]
    assert len(file.statements) >= 4


def test_a_file_is_given_up_in_the_end() -> None:
    _, reported = parsed("req 1\n" + "$\n" * 1000)

    assert len(reported) == MOST_MISTAKES + 1
    assert reported[-1].code == "REQ106"
    assert "100 mistakes; the rest of the file was not read" in reported[-1].message
