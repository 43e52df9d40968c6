"""Data URLs, decoded again by the standard library."""

from __future__ import annotations

import base64

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reqc.backends.ignition.data_url import data_url
from tests.backends.ignition.oracle import complaints, decoded

HOSTILE = (
    "",
    "\n",
    "a\r\nb\r\n",
    'quote " back \\ slash\n',
    "#%zz + & = ? ; , <>{}|^[]`\n",
    "data:,x\n",
    "\x00\x07\x1b[0m\x7f\n",
    "Grüße, 世界 🐈 \u202e\u2028\n",
    "a" * 3000 + "\n",
)


@settings(deadline=None)
@given(st.binary())
@example(b"")
@example(b"a\r\nb\r\n")
def test_decodes_to_the_same_bytes(body: bytes) -> None:
    assert decoded(data_url(body)) == body


@settings(deadline=None)
@given(st.text())
def test_decodes_to_the_same_text(text: str) -> None:
    assert decoded(data_url(text.encode())).decode() == text


@settings(deadline=None, max_examples=20)
@given(st.binary(min_size=1, max_size=50))
@example("Grüße, 世界 🐈\r\n".encode())
def test_a_megabyte_decodes_to_the_same_bytes(piece: bytes) -> None:
    body = piece * (2**20 // len(piece))

    assert decoded(data_url(body)) == body


@settings(deadline=None)
@given(st.binary())
def test_takes_the_shorter_form(body: bytes) -> None:
    packed = "data:;base64," + base64.b64encode(body).decode()

    url = data_url(body)

    assert len(url) <= len(packed)
    assert (url == packed) == url.startswith("data:;base64,")


def test_stays_readable_where_both_forms_are_as_long() -> None:
    body = b"a" * 20 + b"%" * 9

    assert len("data:," + "a" * 20 + "%25" * 9) == len(
        "data:;base64," + base64.b64encode(body).decode()
    )
    assert data_url(body).startswith("data:,aaa")


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b"", "data:,"),
        (b"a b\n", "data:,a%20b%0A"),
        (b"cali*;tunl*", "data:,cali*%3Btunl*"),
        (b"\xff" * 9, "data:;base64,////////////"),
    ],
)
def test_writes_what_other_tools_write(body: bytes, url: str) -> None:
    assert data_url(body) == url


def test_the_validator_reads_every_form() -> None:
    files = [
        {"path": f"/etc/{at}", "mode": 420, "contents": {"source": data_url(text.encode())}}
        for at, text in enumerate(HOSTILE)
    ]

    assert complaints({"ignition": {"version": "3.2.0"}, "storage": {"files": files}}) == ""
