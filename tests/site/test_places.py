"""Where pages are: names of files that no server and no address has to escape."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from reqc.compiler.commands.site.places import document_place, way
from reqc.compiler.model import Document
from tests.language.reading import HEAD, document


def called(product: str, version: str, platform: str) -> Document:
    found = document(f"{HEAD}role host\n")
    return replace(
        found,
        identity=replace(found.identity, product=product, version=version, platform=platform),
    )


@pytest.mark.parametrize(
    ("identity", "place"),
    [
        (("calico", "3.24", "openshift"), "calico/openshift/3.24.html"),
        (("AZ_az-09", "1", "x"), "AZ_az-09/x/1.html"),
        (("a b", "1/2", "\u00e9"), "a~20~b/~e9~/1~2f~2.html"),
        (("a~b", "?#%", ""), "a~7e~b/any~/~3f~~23~~25~.html"),
    ],
)
def test_a_document_has_a_place_without_signs(identity: tuple[str, str, str], place: str) -> None:
    assert document_place(called(*identity)) == place


def test_a_way_leads_from_page_to_page() -> None:
    assert way("a/b/c.html", "a/d.html") == "../d.html"
