"""Judges capabilities of the kernel: any one proof is enough, absence needs more than no name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, TypeAlias

from msgspec import Struct, field

from reqc.compiler.checks import KernelCapability, KernelOption
from reqc.compiler.evaluation.facts import Block
from reqc.compiler.evaluation.node import Node
from reqc.compiler.evaluation.outcome import Outcome, failed, join, passed, unknown
from reqc.compiler.versions import compare_versions

_Standing: TypeAlias = Literal["none", "blocked", "cautioned", "proved"]


def kernel_capability(probe: KernelCapability, node: Node) -> Outcome:
    """Climb the ladder of evidence and stop at the first step that proves the capability."""
    ladder = _Ladder(probe, node)
    for step in _STEPS:
        step(ladder)
        if ladder.standing == "proved":
            break
    return ladder.outcome()


class _Ladder(Struct):
    """What is known so far: the best standing, in what words, and what spoke against it."""

    probe: KernelCapability
    node: Node
    standing: _Standing = "none"
    detail: str = ""
    caution: str = ""
    built: str = ""
    off: list[str] = field(default_factory=list)
    looked: str = ""

    def prove(self, detail: str) -> None:
        if self.standing != "proved":
            self.standing, self.detail = "proved", detail

    def look(self, *sources: str) -> None:
        for source in sources:
            self.looked = join(self.looked, source)

    def outcome(self) -> Outcome:
        found = f"{self.probe.name}: {self.detail}"
        if self.standing == "proved":
            return passed(found, self.looked)
        if self.standing == "cautioned":
            # What the image of a container blacklists, its host need not.
            caution = "" if self.node.facts.container else self.caution
            return passed(found, self.looked, caution)
        if self.standing == "blocked":
            return self._against(found)
        return self._unproved()

    def _against(self, found: str) -> Outcome:
        """Return a miss; files in a container that speak against it are not the host's."""
        if self.node.facts.container:
            return unknown(f"only the container was seen, not its host ({found})", self.looked)
        return failed(found, self.looked)

    def _unproved(self) -> Outcome:
        """Decide between a miss and an unknown by what could be read."""
        probe, kernel = self.probe, self.node.facts.kernel
        tree, hint = kernel.modules.tree, f"; {probe.hint}" if probe.hint else ""
        pending = "; another kernel is installed: reboot pending"
        remark = pending if kernel.modules.other_kernels and not tree else ""
        off = "; ".join(self.off)
        if self.built:
            if tree and kernel.modules.aliases is not None:
                found = f"{probe.name}: {self.built}, but its file is not in {tree}{hint}"
                return self._against(found)
            found = f"{self.built}, but {_NO_ALIASES.format(tree) if tree else _NO_TREE}"
        elif kernel.configuration is None or not self.off:
            blind = "; ".join(kernel.unread)
            found = "not in what could be read, which does not prove absence"
            found += f"; {blind}" if blind else ""
        elif not probe.modules or tree or _without_modules(self.node):
            return failed(f"{probe.name}: off ({off}){hint}", self.looked)
        else:
            found = f"off ({off}), but there is no module tree to look for a file"
        return unknown(f"{probe.name}: {found}{remark}", self.looked)


def _live_signs(ladder: _Ladder) -> None:
    """Look at the running kernel; that a sign is absent proves nothing."""
    probe, node = ladder.probe, ladder.node
    if not node.facts.kernel.running:
        return
    for path in probe.paths:
        ladder.look(path)
        if path in node.paths:
            ladder.prove(f"{path} exists")
    for row in probe.rows:
        file = f"/proc/{below_proc(row.file)}"
        ladder.look(file)
        if (below_proc(row.file), row.row) in node.rows:
            ladder.prove(f"'{row.row}' in {file}")
    for module in map(kernel_spelling, probe.modules):
        if module in node.in_sysfs:
            ladder.prove(f"/sys/module/{module} exists")


def _kernel_objects(ladder: _Ladder) -> None:
    """Look for modules: loaded, built in, or on disk and not blocked."""
    if not ladder.probe.modules:
        return
    for asked, module in _candidates(ladder):
        if ladder.standing == "proved":
            break
        _judge_module(ladder, asked, module)
    modules = ladder.node.facts.kernel.modules
    tree = modules.tree or f"/lib/modules/{ladder.node.facts.kernel.release or '?'}"
    ladder.look(*(("/proc/modules", tree) if modules.supported else (tree,)))


def _candidates(ladder: _Ladder) -> Iterator[tuple[str, str]]:
    """Yield each name that is asked for with each module that carries it."""
    for asked in map(kernel_spelling, ladder.probe.modules):
        yield asked, asked
        for module in ladder.node.aliases.get(asked, ()):
            yield asked, module


def _judge_module(ladder: _Ladder, asked: str, module: str) -> None:
    node = ladder.node
    by = "" if asked == module else f" as {module}"
    if module in node.loaded:
        ladder.prove(f"loaded{by}")
    elif module in node.builtin:
        ladder.prove(f"built in{by}")
    elif module in node.on_disk:
        _judge_file(ladder, asked, module, f"on disk{by}, not loaded")


def _judge_file(ladder: _Ladder, asked: str, module: str, detail: str) -> None:
    """Judge a module on disk, which helps only where nothing keeps it from being loaded."""
    block = _block(ladder.node, module)
    if block is None:
        ladder.prove(detail)
    elif block.rule == "blacklist" and asked == module:
        ladder.standing, ladder.detail = "cautioned", detail
        ladder.caution = (
            f"{module} is on disk but blacklisted ({block.place}): only an explicit load works"
        )
    elif ladder.standing == "none":
        ladder.standing = "blocked"
        ladder.detail = f"{detail}, but blocked ({block.place})"


def _block(node: Node, module: str) -> Block | None:
    """Return the strongest of what blocks a module."""
    keys = (("all", ""), ("refused", module), ("install", module), ("blacklist", module))
    return next((node.blocks[key] for key in keys if key in node.blocks), None)


def _configured(ladder: _Ladder) -> None:
    """Look at the options of the kernel's configuration."""
    if not ladder.probe.options:
        return
    kernel = ladder.node.facts.kernel
    if kernel.configuration is None:
        ladder.look(f"the configuration of kernel {kernel.release or '?'}")
        return
    for option in ladder.probe.options:
        if _counts(option, kernel.release, kernel.configuration.symbols):
            _weigh(ladder, option, kernel.configuration.symbols.get(option.symbol))
    ladder.look(kernel.configuration.file)


def _counts(option: KernelOption, release: str, symbols: dict[str, str]) -> bool:
    """Tell whether an option is evidence on this kernel."""
    try:
        if option.since and compare_versions(release, option.since) < 0:
            return False
        if option.before and compare_versions(release, option.before) >= 0:
            return False
    except ValueError:
        return False
    return option.unless is None or option.unless not in symbols


def _weigh(ladder: _Ladder, option: KernelOption, setting: str | None) -> None:
    symbol = f"CONFIG_{option.symbol}"
    if setting not in ("y", "m") or setting not in option.values:
        off = {None: f"{symbol} is unknown to this kernel", "n": f"{symbol} is not set"}
        ladder.off.append(off.get(setting, f"{symbol}={setting}"))
    elif setting == "y" or not ladder.probe.modules:
        ladder.standing, ladder.detail = "proved", f"{symbol}={setting}"
    else:
        # A module that was built is not yet a module on disk.
        ladder.built = f"{symbol}=m"


def _without_modules(node: Node) -> bool:
    """Tell whether the kernel cannot load modules at all."""
    kernel = node.facts.kernel
    setting = kernel.configuration.symbols.get("MODULES") if kernel.configuration else None
    if setting in ("y", "n"):
        return setting == "n"
    return kernel.running and kernel.modules.supported is False


_NO_TREE: Final = "there is no module tree to look for its file"
_NO_ALIASES: Final = "{}/modules.alias, which names its file, cannot be read"
_STEPS: Final[tuple[Callable[[_Ladder], None], ...]] = (_live_signs, _kernel_objects, _configured)


def kernel_spelling(module: str) -> str:
    """Return the name of a module as the kernel writes it, with underscores."""
    return module.replace("-", "_")


def below_proc(file: str) -> str:
    """Return the name of a file relative to /proc."""
    return file.removeprefix("/proc/")
