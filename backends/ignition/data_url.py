"""Data URLs (RFC 2397): the content of a file as Ignition carries it."""

from __future__ import annotations

import base64
from typing import Final

_SAFE: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()")


def data_url(body: bytes) -> str:
    """Return the shorter of the escaped and the base64 form, the readable one where they tie.

    Butane chooses in the same way, apart from gzip: compressed bytes cannot be reviewed, differ
    between implementations, and are written as they are by OpenShift before 4.10.
    """
    escaped = "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in body)
    encoded = base64.b64encode(body).decode("ascii")
    plain, packed = f"data:,{escaped}", f"data:;base64,{encoded}"
    return packed if len(packed) < len(plain) else plain
