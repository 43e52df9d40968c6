"""Diagnostics to report: by hand for what is known to be difficult, and hostile ones at random."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from reqc.compiler.diagnostics import Diagnostic, Label, Severity
from reqc.compiler.source import Source, Span

NASTY = "\x00\x07\x1b\x7f\x9b\u00ad\u061c\u200d\u2028\u202e\u2066\ud800\udce9\U000e0041\ufeff"
"""Characters that terminals obey, that hide, or that are none."""

MARKUP = '%:,=[](){}01\\"<>&`#* \t\r\n'
"""Characters that mean something to a format."""

WIDE = "aé\u0301中😀\U0001d49e\t\r\n "
"""Characters of one or two code units of UTF-16, and none, one or two cells of a terminal."""

texts = st.text() | st.text(st.sampled_from(NASTY + MARKUP + WIDE))
sources = st.text(st.sampled_from(WIDE)) | st.text()
paths = st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Return any place in any text, also an empty one at its end."""
    text = draw(sources)
    ends = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    return Span(Source(draw(paths), "name", text), *ends)


labels = st.builds(Label, spans(), texts)
codes = st.sampled_from(["REQ001", "REQ301", "REQ520", "REQ901", "OWN001"])
diagnostics = st.builds(
    Diagnostic,
    st.sampled_from(Severity),
    codes,
    texts,
    st.none() | spans(),
    texts,
    st.lists(labels, max_size=2).map(tuple),
    texts,
)


def at(text: str, marked: str, path: str = "spec.req") -> Span:
    """Return the first place of some characters in a text."""
    start = text.index(marked)
    return Span(Source(path, path, text), start, start + len(marked))


def error(span: Span | None = None, message: str = "message", **parts: object) -> Diagnostic:
    """Return an error with the parts that matter."""
    return Diagnostic(Severity.ERROR, "REQ301", message, span, **parts)  # type: ignore[arg-type]
