"""Literal values, from text to Python."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqc.compiler import values
from reqc.compiler.flows import Ports
from reqc.compiler.kinds.hardware import size_written
from reqc.compiler.values import OptionType


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.boolean, "true", True),
        (values.boolean, "false", False),
        (values.integer, "007", 7),
        (values.port, "1", 1),
        (values.port, "65535", 65535),
        (values.ports, "179", Ports(179, 179)),
        (values.ports, "30000-32767", Ports(30000, 32767)),
        (values.ports, "5-5", Ports(5, 5)),
        (values.network, "10.0.0.0/8", "10.0.0.0/8"),
        (values.network, "10.0.0.7", "10.0.0.7/32"),
        (values.network, "2001:DB8::1", "2001:db8::1/128"),
        (values.kibibytes, "2GiB", 2 << 20),
        (values.kibibytes, "2GB", 1953125),
        (values.kibibytes, "1KiB", 1),
        (values.kibibytes, "1KB", 1),
        (values.kibibytes, "1TiB", 1 << 30),
        (values.version, "4.18.0-193", "4.18.0-193"),
        (values.text, "any \n text", "any \n text"),
    ],
)
def test_a_value_is_read(read: Callable[[str], object], text: str, value: object) -> None:
    assert read(text) == value


@pytest.mark.parametrize(
    ("read", "texts"),
    [
        (values.boolean, ["yes", "True", "1", ""]),
        (values.integer, ["-1", "1.5", "", "1e3", "٣", "9" * 19]),
        (values.port, ["0", "65536", "-1", "", "http", "80 ", "٨٠"]),
        (values.ports, ["5-4", "0-5", "5-", "-5", "1-2-3", "1-65536"]),
        (values.network, ["10.0.0.1/8", "host", "", "10.0.0.0/33", "10.0.0"]),
        (values.kibibytes, ["2", "2G", "2gib", "GiB", "1.5GiB", "-1GiB", "1" * 16 + "GiB"]),
        (values.version, ["new", "", "3.x"]),
        (values.text, ["\udcff"]),
    ],
)
def test_what_is_no_value_is_refused(read: Callable[[str], object], texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(ValueError, match=r"expected|smaller"):
            read(text)


@given(st.integers(1, 1 << 35))
def test_a_size_is_written_so_that_it_is_read_again(kibibytes: int) -> None:
    assert values.kibibytes(size_written(kibibytes)) == kibibytes


def test_every_type_but_texts_counts_its_values_or_none() -> None:
    assert OptionType("bool").values == (False, True)
    assert OptionType("enum", ("a", "b")).values == ("a", "b")
    assert OptionType("port").values == ()
    assert str(OptionType("enum", ("a", "b"))) == "a | b"
