"""What is written for Ansible is read as the same data."""

from __future__ import annotations

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from reqc.backends.ansible.yaml_text import task_list, yaml_text

_KEYS = st.one_of(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.text(max_size=5))
_TEXTS = st.one_of(st.text(max_size=12), st.text("ab{}%#:-/ \n\t\"'\\", max_size=8))
_DATA = st.recursive(
    st.one_of(_TEXTS, st.booleans(), st.integers(), st.none(), st.just([]), st.just({})),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=12,
)


class _Loader(yaml.SafeLoader):
    """Reads what is no template as the text that it is."""


_Loader.add_constructor("!unsafe", lambda _loader, node: node.value)


@given(_DATA)
@example({"k" * 2000: {"inner": ["a", {"b": "c"}]}})
@example([[["deep"], []], {"list": [[1], {}]}])
def test_what_is_written_is_read_again(data: object) -> None:
    assert yaml.load(yaml_text(data), _Loader) == data  # noqa: S506  # a safe loader
    assert yaml.load(task_list([data, data]), _Loader) == [data, data]  # noqa: S506  # the same
