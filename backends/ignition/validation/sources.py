"""Sources: where Ignition fetches a content from, and how it makes sure of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from reqc.backends.ignition.rules import shown
from reqc.backends.ignition.validation.data_urls import BadDataUrlError, decode_data_url
from reqc.backends.ignition.validation.decoding import Item
from reqc.backends.ignition.validation.findings import (
    COMPRESSION,
    REFUSED_VALUE,
    SOURCE,
    Finding,
)
from reqc.backends.ignition.validation.rule import Rule
from reqc.backends.ignition.validation.urls import BadUrlError, parse_url, query_value
from reqc.compiler.knowledge.ignition_shapes import Shapes

_WEB: Final = frozenset({"http", "https"})
_SHOWN: Final = 60
_ARN_PARTS: Final = 6


def brief(url: str) -> str:
    """Return a URL as a message shows it, cut where it is long."""
    return shown(url if len(url) <= _SHOWN else f"{url[:_SHOWN]}...")


def source_findings(item: Item, shapes: Shapes) -> Iterator[Finding]:
    """Check the URL of a source that is there."""
    url = item.value
    if not isinstance(url, str):
        return
    fault = _fault(url, shapes)
    if fault:
        advice = "write `data:,` and the content, with all but letters and digits as %XX"
        yield item.refused(SOURCE, f"the source {brief(url)} cannot be read: {fault}", advice)


def _fault(url: str, shapes: Shapes) -> str:
    """Return why Ignition does not take a URL, or nothing."""
    try:
        found = parse_url(url)
        if found.scheme not in shapes.schemes:
            known = ", ".join(shapes.schemes)
            return f"Ignition {shapes.version} knows only {known} before the colon"
        if found.scheme == "data":
            decode_data_url(url)
    except (BadUrlError, BadDataUrlError) as problem:
        return str(problem)
    if found.scheme == "arn" and not _is_object(f"arn:{found.opaque}"):
        return "it names no object in S3"
    if found.scheme in {"s3", "arn"} and query_value(found.query, "versionId") == "":
        return "its versionId is empty"
    return ""


def _is_object(arn: str) -> bool:
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or parts[2] != "s3":
        return False
    needed = 2 if parts[-1].startswith("accesspoint/") else 1
    return arn.count("/") >= needed


def _resource(item: Item, shapes: Shapes) -> Iterator[Finding]:
    compression, source = item.text("compression"), item.at("source")
    if compression not in {"", "gzip"}:
        message = f"the compression {shown(compression)} is not known to Ignition"
        yield item.at("compression").refused(COMPRESSION, message, "use gzip, or leave it out")
    if shapes.since("3.0.0") and not item.has("source") and item.at("verification").has("hash"):
        spot = item.at("verification").at("hash")
        yield spot.refused(REFUSED_VALUE, "there is a hash and no source that it could be of")
    if source.value:
        yield from source_findings(source, shapes)
    if item.list("httpHeaders"):
        yield from _headers(item)


def _headers(item: Item) -> Iterator[Finding]:
    try:
        fits = parse_url(item.text("source")).scheme in _WEB
    except BadUrlError:
        fits = False
    if not fits:
        message = "HTTP headers stand beside a source that is not fetched by HTTP"
        yield item.at("httpHeaders").refused(REFUSED_VALUE, message, "leave the headers out")


def _reference(item: Item, shapes: Shapes) -> Iterator[Finding]:
    if item.text("source"):
        yield from source_findings(item.at("source"), shapes)


def _authority(item: Item, shapes: Shapes) -> Iterator[Finding]:
    if shapes.since("3.0.0") and not item.text("source"):
        yield from _required(item)
    else:
        yield from _reference(item, shapes)


def _required(item: Item) -> Iterator[Finding]:
    if not item.text("source"):
        yield item.refused(SOURCE, f"{item.path} has no source", "give it one")


def _config(item: Item, shapes: Shapes) -> Iterator[Finding]:
    if shapes.since("3.1.0"):
        for entry in item.list("merge"):
            yield from _required(entry)


def _tls(item: Item, shapes: Shapes) -> Iterator[Finding]:
    if shapes.since("3.1.0"):
        for entry in item.list("certificateAuthorities"):
            yield from _required(entry)


def _verification(item: Item, shapes: Shapes) -> Iterator[Finding]:
    if not item.has("hash"):
        return
    name, dash, digits = item.text("hash").partition("-")
    length = shapes.hashes.get(name)
    if dash and length == len(digits.encode("utf-8", "surrogatepass")):
        return
    forms = " or ".join(f"{known}- and {digits} digits" for known, digits in shapes.hashes.items())
    message = f"the hash {brief(item.text('hash'))} is none that Ignition {shapes.version} knows"
    yield item.at("hash").refused(REFUSED_VALUE, message, f"write {forms}")


def _header(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    if not item.text("name"):
        yield item.at("name").refused(REFUSED_VALUE, "an HTTP header has no name")
    if item.has("value") and not item.text("value"):
        message = f"the HTTP header {shown(item.text('name'))} has an empty value"
        yield item.at("value").refused(REFUSED_VALUE, message, "leave the value out to remove it")


def _proxy(item: Item, _shapes: Shapes) -> Iterator[Finding]:
    for key in ("httpProxy", "httpsProxy"):
        if not item.has(key):
            continue
        spot, url = item.at(key), item.text(key)
        try:
            scheme = parse_url(url).scheme
        except BadUrlError as problem:
            yield spot.refused(REFUSED_VALUE, f"the proxy {brief(url)} is no URL: {problem}")
            continue
        if scheme not in _WEB:
            message = f"the proxy {brief(url)} is not reached by http or https"
            yield spot.refused(REFUSED_VALUE, message)
        elif scheme == "http" and key == "httpsProxy":
            message = f"the proxy {brief(url)} for HTTPS is spoken to without encryption"
            yield spot.remarked(REFUSED_VALUE, message, "use https, if the proxy does")


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "Resource": _resource,
        "Reference": _reference,
        "CertificateAuthority": _authority,
        "IgnitionConfig": _config,
        "Tls": _tls,
        "Verification": _verification,
        "HttpHeader": _header,
        "Proxy": _proxy,
    }
)
"""What Ignition refuses, by the shape it is about."""
