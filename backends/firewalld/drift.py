"""Drift of firewalld: its files against those that were compiled, and what runs against both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final
from xml.etree.ElementTree import Element, ParseError, canonicalize, fromstring, tostring

from reqc.backends.base import Deviation, Drift, Sign, UnreadableMachineError
from reqc.backends.firewall.comparing import (
    Line,
    Listing,
    compare,
    has_tool,
    require_root,
    required,
    told,
)
from reqc.compiler.lowered import LoweredDocument

FOLDER: Final = Path("/etc/firewalld")
KINDS: Final = {"services": "service", "ipsets": "ipset", "policies": "policy"}
"""What firewall-cmd calls the objects of each folder."""

_WORDS: Final = frozenset({"short", "description"})
_RUNNING: Final = 0
_FELL_BACK: Final = 251
"""What `firewall-cmd --state` exits with when the daemon threw the configuration away."""

_ZONE: Final = "rich rules of the default zone"


def configuration_drift(
    document: LoweredDocument,
    mark: str,
    files: Mapping[str, str],
    rich_rules: Iterable[str] | None,
) -> Drift:
    """Compare the configuration of this machine, and what runs of it, with files by their names.

    Files whose short description begins with `mark` are of the same specification. `rich_rules`
    are to be in the default zone; they are None where a policy holds the rules.
    """
    require_root()
    if not has_tool("firewall-cmd"):
        message = "there is no firewall-cmd on this machine"
        raise UnreadableMachineError(message)
    found = dict(_files(mark, files))
    if not found:
        whole = Deviation(Sign.MISSING, str(FOLDER), "all files of the specification")
        return Drift((whole,))
    state = told(("firewall-cmd", "--state")).returncode
    wanted = {name: _lines(text) for name, text in files.items()}
    there = {name: _lines(text) for name, text in found.items()}
    if rich_rules is not None:
        wanted[_ZONE] = frozenset(map(Line, rich_rules))
        # what else is in the zone is the user's
        there[_ZONE] = wanted[_ZONE] & _zone_rules(running=state == _RUNNING)
    rows = compare(document, Listing({}, wanted), Listing({}, there))
    return Drift(
        (*rows, *_of_what_runs(state, files.keys() & found.keys())),
        tuple(_notes(state, files, found)),
    )


def _files(mark: str, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Return the files on this machine that are compiled or that bear the mark."""
    for folder in KINDS:
        for path in sorted((FOLDER / folder).glob("*.xml")):
            name = f"{folder}/{path.name}"
            text = path.read_text(encoding="utf-8", errors="replace")
            if name in files or f"<short>{mark}" in text:
                yield name, text


def _lines(text: str) -> frozenset[Line]:
    """Return what a file says, each element with what it holds as a line."""
    try:
        root = fromstring(text)  # noqa: S314  # firewalld reads the same file, as root
    except ParseError:
        return frozenset({Line("a text that is no XML")})
    said = {f"{root.tag} {name}={value!r}" for name, value in sorted(root.attrib.items())}
    said |= {_canonical(child) for child in root if child.tag not in _WORDS}
    return frozenset(map(Line, said))


def _canonical(element: Element) -> str:
    return canonicalize(tostring(element, encoding="unicode"), strip_text=True)


def _zone_rules(*, running: bool) -> frozenset[Line]:
    """Return the rich rules of the default zone that are kept."""
    tool = ("firewall-cmd", "--permanent") if running else ("firewall-offline-cmd",)
    done = told((*tool, "--list-rich-rules"))
    return frozenset(map(Line, required(done, "list the rich rules").splitlines()))


def _of_what_runs(state: int, names: Iterable[str]) -> Iterator[Deviation]:
    if state == _FELL_BACK:
        what = "the configuration: firewalld fell back to that of its package"
        yield Deviation(Sign.MISSING, "what runs", what)
    elif state == _RUNNING:
        yield from _not_loaded(names)


def _not_loaded(names: Iterable[str]) -> Iterator[Deviation]:
    """Tell of objects whose file is not what runs: nobody reloaded since it changed."""
    for name in sorted(names):
        folder, file = PurePosixPath(name).parts
        info = f"--info-{KINDS[folder]}={PurePosixPath(file).stem}"
        kept = told(("firewall-cmd", "--permanent", info))
        runs = told(("firewall-cmd", info))
        if _facts(kept.stdout) != _facts(runs.stdout):
            yield Deviation(Sign.MISSING, name, "in what runs: firewall-cmd --reload loads it")


def _facts(printed: str) -> frozenset[str]:
    """Return the lines of what is told of an object; whether it is active is of no interest."""
    return frozenset(line.strip().removesuffix(" (active)") for line in printed.splitlines())


def _notes(state: int, files: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    if state not in {_RUNNING, _FELL_BACK}:
        yield "firewalld does not answer, so only its files were compared"
    if any(found.get(name, text) != text for name, text in files.items()):
        yield "descriptions that differ are of another text or other choices; they decide nothing"
