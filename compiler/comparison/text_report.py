"""A comparison for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reqc.compiler.comparison.changes import Change, Comparison
from reqc.compiler.comparison.outline import (
    MEANING,
    Block,
    Entry,
    Heading,
    configured,
    counts,
    effected,
    outline,
)
from reqc.compiler.comparison.supplement import VERDICTS, Effect, NodeChange, Supplement
from reqc.compiler.evaluation.tables import Style, counted, enumerated, folded, line
from reqc.compiler.render import visible

_INDENT: Final = 2
_MARK: Final = 10
_MOST_NAMES: Final = 8
_PAINT: Final = {
    Change.STRICTER: "31",
    Change.ADDED: "33",
    Change.DIFFERENT: "33",
    Change.LOOSER: "32",
    Change.REMOVED: "36",
    Change.EQUIVALENT: "2",
}
_HEADINGS: Final = {Heading.BEFORE: "1;31", Heading.BEFORE_IF: "1;33", Heading.AFTER: "1;36"}


def lines(
    comparison: Comparison, supplement: Supplement, style: Style, *, verbose: bool = False
) -> Iterator[str]:
    """Yield the report: blocks by what to do, then what is configured, then how many there are.

    Without `verbose`, details of what needs nothing are left out.
    """
    yield from folded(
        line(f"{comparison.old.identity} -> {comparison.new.identity}"), style, indent=0, hanging=2
    )
    blocks = outline(comparison)
    for block in blocks:
        yield ""
        yield from _block(block, supplement, style, verbose=verbose)
    yield from _choices(comparison, style)
    yield from _configuration(comparison, supplement, style)
    yield from _nodes(supplement, style)
    yield from _artefacts(supplement, style)
    yield ""
    none = "no requirement changed" if comparison.options else "nothing changed"
    yield from folded(counts(blocks) or none, style, indent=0, hanging=2)


def _painted(text: str, paint: str, style: Style) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if style.colour and paint else text


def _heading(title: str, remark: str, paint: str, style: Style) -> Iterator[str]:
    head = f"{title}: {remark}" if remark else title
    first, *rest = folded(head, style, indent=0, hanging=2)
    yield _painted(first, paint, style)
    yield from (_painted(one, paint, style) for one in rest)


def _block(block: Block, supplement: Supplement, style: Style, *, verbose: bool) -> Iterator[str]:
    paint = _HEADINGS.get(block.heading, "1")
    yield from _heading(block.heading, MEANING[block.heading], paint, style)
    effects = {item.id: item for item in supplement.effects}
    for entry in block.entries:
        if block.heading is Heading.RENAMED and not verbose:
            told = "; ".join(map(line, entry.details))
            yield from folded(f"{line(entry.id)} {told}", style, indent=_INDENT, hanging=2)
            continue
        yield from _entry(entry, effects.get(entry.id), style)


def _entry(entry: Entry, effect: Effect | None, style: Style) -> Iterator[str]:
    when = f", {line(entry.when)}" if entry.when else ""
    mark = f"{entry.mark:<{_MARK}}"
    first, *rest = folded(
        f"{mark}{line(entry.id)}: {line(entry.statement)}{when}",
        style,
        indent=_INDENT,
        hanging=_MARK,
    )
    paint = _PAINT[Change.EQUIVALENT if entry.difference.erratum else entry.difference.change]
    painted = _painted(entry.mark, paint, style)
    yield first.replace(entry.mark, painted, 1)
    yield from rest
    details = [*entry.details, *(["; ".join(effected(effect, _MOST_NAMES))] if effect else [])]
    for detail in details:
        yield from folded(line(detail), style, indent=_INDENT + _MARK, hanging=2)


def _choices(comparison: Comparison, style: Style) -> Iterator[str]:
    if comparison.options:
        yield ""
        yield from _heading("Choices that changed", "options of the specifications", "1", style)
    for item in comparison.options:
        mark = {"added": "new", "removed": "gone"}.get(item.change, item.change)
        detail = f": {line(item.detail)}" if item.detail else ""
        text = f"{mark:<{_MARK}}{line(item.name)}{detail}"
        yield from folded(text, style, indent=_INDENT, hanging=_MARK)


def _configuration(comparison: Comparison, supplement: Supplement, style: Style) -> Iterator[str]:
    if comparison.configuration:
        yield ""
        yield from _heading("Configuration of a node", "what targets for nodes write", "1", style)
    for item in comparison.configuration:
        names = enumerated(item.requirements, _MOST_NAMES)
        text = f"{line(configured(item))} ({names})"
        yield from folded(text, style, indent=_INDENT, hanging=2)
    if comparison.configuration and supplement.reboot:
        yield from folded(line(supplement.reboot), style, indent=_INDENT, hanging=2)


def _nodes(supplement: Supplement, style: Style) -> Iterator[str]:
    if not supplement.nodes:
        return
    yield ""
    yield from _heading("Nodes", "", "1", style)
    for verdict in VERDICTS:
        names = [item.name for item in supplement.nodes if item.verdict == verdict]
        if names:
            text = f"{verdict}: {counted(len(names), 'node')} ({enumerated(names, _MOST_NAMES)})"
            yield from folded(text, style, indent=_INDENT, hanging=2)
    for item in supplement.nodes:
        if item.new_fails:
            yield from _node(item, style)


def _node(item: NodeChange, style: Style) -> Iterator[str]:
    text = f"{line(item.name)} fails {enumerated(item.new_fails, None)}"
    yield from folded(text, style, indent=2 * _INDENT, hanging=2)


def _artefacts(supplement: Supplement, style: Style) -> Iterator[str]:
    if not supplement.target:
        return
    yield ""
    remark = "" if supplement.artefacts else "nothing changes"
    yield from _heading(f"What the target {supplement.target} writes", remark, "1", style)
    for item in supplement.artefacts:
        yield from (_patch(one, style) for one in item.lines)


def _patch(text: str, style: Style) -> str:
    paint = {"+": "32", "-": "31", "@": "36"}.get(text[:1], "")
    # Blanks mean something in artefacts.
    return _painted(visible(text), paint, style)
