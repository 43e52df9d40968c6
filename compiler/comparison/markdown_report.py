"""A comparison, and a chain of them, for release notes and tickets: Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reqc.compiler.comparison.changes import Comparison
from reqc.compiler.comparison.outline import (
    MEANING,
    Entry,
    Heading,
    configured,
    counts,
    outline,
)
from reqc.compiler.comparison.supplement import Supplement
from reqc.compiler.evaluation.markdown_report import escaped, grid, showable

_MOST_NAMES: Final = 20
_MOST_IDS: Final = 8


def document(comparison: Comparison, supplement: Supplement) -> str:
    """Return the report of one comparison."""
    head = f"# From {_named(comparison, old=True)} to {_named(comparison, old=False)}"
    return "\n".join([head, "", *_body(comparison, supplement, 2)]).rstrip("\n") + "\n"


def changelog(title: str, steps: Sequence[Comparison]) -> str:
    """Return a chain of comparisons, in the order given, each under its newer document."""
    lines = [f"# {escaped(title)}", ""]
    for item in steps:
        lines += [f"## {_named(item, old=False)}", "", f"Since {_named(item, old=True)}.", ""]
        lines += _body(item, Supplement(), 3)
    return "\n".join(lines).rstrip("\n") + "\n"


def _named(comparison: Comparison, *, old: bool) -> str:
    identity = (comparison.old if old else comparison.new).identity
    revision = f" ({identity.revision})" if identity.revision else ""
    return escaped(f"{identity}{revision}")


def _body(comparison: Comparison, supplement: Supplement, level: int) -> Iterator[str]:
    blocks = outline(comparison)
    sign = "#" * level
    none = "No requirement changed" if comparison.options else "Nothing changed"
    yield f"{counts(blocks).capitalize() or none}."
    yield ""
    for block in blocks:
        yield f"{sign} {block.heading}"
        yield ""
        meaning = MEANING[block.heading]
        yield f"{meaning[0].upper()}{meaning[1:]}."
        yield ""
        if block.heading is Heading.RENAMED:
            for entry in block.entries:
                yield f"- **{escaped(entry.id)}** {'; '.join(map(escaped, entry.details))}"
        else:
            for entry in block.entries:
                yield from _entry(entry, supplement)
        yield ""
    yield from _choices(comparison, sign)
    yield from _configuration(comparison, supplement, sign)
    yield from _nodes(supplement, sign)
    yield from _artefacts(supplement, sign)


def _entry(entry: Entry, supplement: Supplement) -> Iterator[str]:
    when = f", *{escaped(entry.when)}*" if entry.when else ""
    yield f"- **{entry.mark}** {escaped(entry.id)}: {escaped(entry.statement)}{when}"
    yield from (f"  - {escaped(detail)}" for detail in entry.details)
    for effect in supplement.effects:
        if effect.id != entry.id:
            continue
        for word, names in (("now", effect.failing), ("no more", effect.mended)):
            if names:
                yield f"  - fails {word} on {len(names):,}: {_listed(names)}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(escaped, names[:_MOST_NAMES]))
    return shown + (f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else "")


def _choices(comparison: Comparison, sign: str) -> Iterator[str]:
    if comparison.options:
        yield from (f"{sign} Choices that changed", "")
        mark = {"added": "new", "removed": "gone", "changed": "changed"}
        for item in comparison.options:
            detail = f": {escaped(item.detail)}" if item.detail else ""
            yield f"- **{mark[item.change]}** {escaped(item.name)}{detail}"
        yield ""


def _configuration(comparison: Comparison, supplement: Supplement, sign: str) -> Iterator[str]:
    if not comparison.configuration:
        return
    yield from (f"{sign} Configuration of a node", "")
    for item in comparison.configuration:
        ids = [escaped(name) for name in item.requirements[:_MOST_IDS]]
        more = len(item.requirements) - len(ids)
        tail = f" and {more:,} more" if more else ""
        yield f"- {escaped(configured(item))} ({', '.join(ids)}{tail})"
    if supplement.reboot:
        yield from ("", f"{escaped(supplement.reboot)}.")
    yield ""


def _nodes(supplement: Supplement, sign: str) -> Iterator[str]:
    if not supplement.nodes:
        return
    yield from (f"{sign} Nodes", "")
    yield from grid(
        ["Node", "Upgrade", "Fails with the old", "Fails with the new"],
        (
            [escaped(item.name), item.verdict, _listed(item.old_fails), _listed(item.new_fails)]
            for item in supplement.nodes
        ),
    )
    yield ""


def _artefacts(supplement: Supplement, sign: str) -> Iterator[str]:
    if not supplement.target:
        return
    yield from (f"{sign} What the target {escaped(supplement.target)} writes", "")
    if not supplement.artefacts:
        yield from ("Nothing changes.", "")
    for item in supplement.artefacts:
        longest = max((_ticks(line) for line in item.lines), default=0)
        fence = "`" * max(3, longest + 1)
        yield from (f"{fence}diff", *map(showable, item.lines), fence, "")


def _ticks(line: str) -> int:
    """Return how many backticks stand behind each other at most."""
    most = run = 0
    for character in line:
        run = run + 1 if character == "`" else 0
        most = max(most, run)
    return most
