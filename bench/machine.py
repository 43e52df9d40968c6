"""What machine the benchmark runs on, without what names it."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from pathlib import Path


def description() -> Iterator[tuple[str, str]]:
    """Yield what the numbers depend on, by name; Linux tells it in files."""
    yield "processor", _found(r"^model name\s*: (.+)$", "/proc/cpuinfo") or platform.machine()
    yield "cores", str(len(os.sched_getaffinity(0)))
    kibibytes = _found(r"^MemTotal:\s+(\d+) kB$", "/proc/meminfo")
    yield "memory", f"{int(kibibytes) / 2**20:.0f} GiB"
    yield "kernel", f"{platform.system()} {platform.release()}"
    yield "system", platform.freedesktop_os_release().get("PRETTY_NAME", "unknown")
    yield "Python", f"{platform.python_implementation()} {platform.python_version()}"


def _found(pattern: str, file: str) -> str:
    found = re.search(pattern, Path(file).read_text(encoding="utf-8"), re.MULTILINE)
    return found[1].strip() if found else ""
