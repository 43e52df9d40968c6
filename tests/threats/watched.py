"""Runs reqc under an audit hook that ends it where it does what a compiler has no need to do.

Arguments: the folder that may be written to, a text that must never be run, then those of reqc.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

FORBIDDEN: Final = (
    "code.__new__",
    "ctypes.",
    "ftplib.",
    "http.client.",
    "os.exec",
    "os.fork",
    "os.kill",
    "os.posix_spawn",
    "os.spawn",
    "os.system",
    "pickle.",
    "pty.spawn",
    "shutil.",
    "smtplib.",
    "socket.",
    "subprocess.",
    "urllib.",
)
"""Events by their beginnings: the network, other programs, and objects made of data."""

CHANGES: Final = {
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (0, 1),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
}
"""Events that change files, with the arguments that are paths."""

WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def watch(folder: Path, canary: str) -> None:
    """Install the hook; an event that is forbidden ends the process with status 99."""

    def outside(path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False  # a descriptor, which was opened by path before
        return not Path(os.fsdecode(path)).resolve().is_relative_to(folder)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        bad = event.startswith(FORBIDDEN)
        if event == "open":
            path, _, flags = arguments
            bad = isinstance(flags, int) and bool(flags & WRITING) and outside(path)
        elif event in CHANGES:
            bad = any(outside(arguments[at]) for at in CHANGES[event])
        elif event == "compile":
            bad = canary in str(arguments[0])
        if bad:
            os.write(2, f"forbidden: {event} {arguments!r:.500}\n".encode())
            os._exit(99)

    sys.addaudithook(hook)


if __name__ == "__main__":
    # what starts up reqc, such as the search for its package, is the interpreter's
    from reqc.compiler.cli import main

    watch(Path(sys.argv[1]).resolve(), sys.argv[2])
    sys.exit(main(sys.argv[3:]))
