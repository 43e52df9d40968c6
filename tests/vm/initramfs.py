"""The root file system that a virtual machine boots with: an archive in the newc form of cpio."""

from __future__ import annotations

import re
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.tools import require

_FOLDER = stat.S_IFDIR | 0o755
_LINK = stat.S_IFLNK | 0o777


@dataclass(frozen=True, slots=True)
class Initramfs:
    """Files by their path without the leading slash, each with its mode and its content."""

    files: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def write(self, path: str, content: str | bytes = b"", mode: int = 0o644) -> None:
        """Add a file and its folders."""
        data = content if isinstance(content, bytes) else content.encode()
        self._add(path, stat.S_IFREG | mode, data)

    def link(self, path: str, target: str) -> None:
        """Add a symbolic link."""
        self._add(path, _LINK, target.encode())

    def folder(self, path: str, mode: int = 0o755) -> None:
        """Add a folder."""
        self._add(path, stat.S_IFDIR | mode, b"")

    def copy(self, path: str, source: Path) -> None:
        """Add a file, or what is below a folder."""
        if source.is_symlink():
            self.link(path, str(source.readlink()))
        elif source.is_dir():
            self.folder(path)
            for entry in sorted(source.iterdir()):
                self.copy(f"{path}/{entry.name}", entry)
        else:
            self.write(path, source.read_bytes(), stat.S_IMODE(source.stat().st_mode))

    def program(self, tool: str, path: str = "") -> None:
        """Add a program of this machine under the path, and the libraries that it needs."""
        file = Path(require(tool)).resolve()
        self.write(path or f"usr/bin/{tool}", file.read_bytes(), 0o755)
        self.libraries(file)

    def libraries(self, file: Path) -> None:
        """Add the libraries that a program or a library needs, where the linker looks for them."""
        said = subprocess.run(["ldd", file], capture_output=True, text=True, check=False)
        for library in re.findall(r"(?:=> |^\t)(/\S+)", said.stdout, re.MULTILINE):
            # Where lib is a link to usr/lib, so it is in the machine.
            below = re.sub("^/(?!usr/)", "usr/", library).removeprefix("/")
            self.write(below, Path(library).read_bytes(), 0o755)

    def _add(self, path: str, mode: int, data: bytes) -> None:
        for parent in reversed(PurePosixPath(path).parents[:-1]):
            self.files.setdefault(str(parent), (_FOLDER, b""))
        self.files[path] = (mode, data)

    def packed(self) -> bytes:
        """Return the archive."""
        entries = [*self.files.items(), ("TRAILER!!!", (0, b""))]
        return b"".join(
            _entry(number, path, mode, data) for number, (path, (mode, data)) in enumerate(entries)
        )


def _entry(number: int, path: str, mode: int, data: bytes) -> bytes:
    name = path.encode() + b"\0"
    # Inode, mode, user, group, links, time, size, four numbers of devices, length of the name, sum.
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % value for value in fields) + name
    return _padded(head) + _padded(data)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
