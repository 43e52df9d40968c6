"""The shape of kernel.yaml: strict, complete in itself, without a row that cannot be right."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Annotated, Any, Literal, Self

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Version = Annotated[str, Field(pattern=r"^\d+\.\d+$")]
Symbol = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
ShortOption = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*(=y)?$")]
ModuleWord = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]*$")]
FeatureWord = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
Path = Annotated[str, Field(pattern=r"^/(proc|sys)/[a-z0-9_/]+$")]
TRIAL = r"^(-t (nat|mangle|raw) )?-A [A-Z]+ [A-Za-z0-9:/,=. -]+$"
Sentence = Annotated[str, Field(pattern=r"^\S.*\.$")]


class Strict(BaseModel):
    """A row of the file without unknown keys and without conversions."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Option(Strict):
    """An option that is evidence on some kernels only."""

    symbol: Symbol
    since: Version | None = None
    before: Version | None = None
    unless: Symbol | None = None

    @model_validator(mode="after")
    def says_more_than_its_symbol(self) -> Self:
        """Refuse the long form where the short one says the same."""
        assert self.model_fields_set - {"symbol"}
        return self


class Evidence(Strict):
    """The evidence of one capability."""

    modules: list[ModuleWord] = []
    also: list[ModuleWord] = []
    options: list[ShortOption | Option] = []
    paths: list[Path] = []

    @model_validator(mode="after")
    def needs_options(self) -> Self:
        """Refuse evidence that could never show that something is missing."""
        assert self.options or not (self.modules or self.also or self.paths)
        assert not set(self.modules) & set(self.also)
        return self


class Sourced(Evidence):
    """Evidence with its source."""

    source: str
    reports: list[Annotated[str, Field(pattern=r"^\S+/\S+ (issue|pull request) \d+$")]] = []
    hint: str | None = None

    @model_validator(mode="after")
    def names_its_reports(self) -> Self:
        """Refuse a report without a name, and a name without the word."""
        assert ("report" in self.source.split()) == bool(self.reports)
        return self


class Extension(Sourced):
    """A match or a target."""

    ipv4: Evidence | None = None
    ipv6: Evidence | None = None
    row: str | None = None
    spellings: list[str] = []
    needs: list[FeatureWord] = []
    verdict: Literal[True] | None = None
    trial: Annotated[str, Field(pattern=TRIAL)] | None = None

    @model_validator(mode="after")
    def has_evidence_in_one_place(self) -> Self:
        """Refuse evidence for both families beside evidence for one."""
        split = bool(self.ipv4 or self.ipv6)
        assert split + bool(self.options) + bool(self.verdict) <= 1
        return self


class Feature(Sourced):
    """A feature."""

    summary: Annotated[str, Field(pattern=r"^[A-Z].*[^.]$", max_length=90)]
    spellings: list[FeatureWord] = []
    all: list[FeatureWord] = []
    any: list[FeatureWord] = []
    boot: list[ModuleWord] | None = None
    since: Version | None = None
    floor: Version | None = None
    blocked_by: list[Annotated[str, Field(pattern=r"^/etc/modprobe\.d/[a-z-]+\.conf$")]] = []

    @model_validator(mode="after")
    def is_one_thing(self) -> Self:
        """Refuse a feature that is nothing, or a choice between others beside what is needed."""
        assert bool(self.options or self.all) + bool(self.any) == 1
        assert not self.any or self.boot is not None, "alternatives must say what to load"
        assert not (self.since and self.floor)
        return self


class Module(Sourced):
    """A module name."""

    is_: Annotated[str, Field(pattern=r"^(match|target|feature):.+$")] | None = Field(
        default=None, alias="is"
    )
    family: Literal["ipv4", "ipv6"] | None = None
    status: Literal["alias", "never", "gone"] | None = None
    remark: Sentence | None = None

    @model_validator(mode="after")
    def stands_for_something_or_has_evidence(self) -> Self:
        """Refuse a name without a meaning, or with two."""
        assert bool(self.is_) != bool(self.options)
        assert bool(self.status) == bool(self.remark) == bool(self.is_)
        return self


class Document(Strict):
    """The whole file."""

    evidence: dict[str, Sentence]
    hints: dict[str, Sentence]
    matches: dict[Annotated[str, Field(pattern=r"^[a-z0-9]+$")], Extension]
    targets: dict[Annotated[str, Field(pattern=r"^[A-Z]+$")], Extension]
    features: dict[FeatureWord, Feature]
    modules: dict[ModuleWord, Module]

    def rows(self) -> Iterator[tuple[str, Sourced]]:
        """Yield every row with its name."""
        for section in (self.matches, self.targets, self.features, self.modules):
            yield from section.items()


class NoDuplicates(yaml.SafeLoader):
    """YAML takes the last of two equal keys without a word; a table must not have them."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002  # the signature of the overridden method
    ) -> dict[Any, Any]:
        """Refuse two equal keys."""
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        assert len(keys) == len(set(keys)), f"a key twice at {node.start_mark}"
        return super().construct_mapping(node, deep=deep)


@pytest.fixture(scope="module")
def document() -> Document:
    text = files("reqc.compiler.knowledge").joinpath("kernel.yaml").read_text()
    return Document.model_validate(yaml.load(text, Loader=NoDuplicates))  # noqa: S506  # it is safe


def test_sources_and_hints_are_words_of_the_file(document: Document) -> None:
    for name, row in document.rows():
        assert set(row.source.split()) <= set(document.evidence), name
        assert row.source, name
        assert row.hint is None or row.hint in document.hints, name


def test_every_hint_and_every_source_word_is_used(document: Document) -> None:
    rows = [row for _, row in document.rows()]

    assert {row.hint for row in rows} - {None} == set(document.hints)
    assert {word for row in rows for word in row.source.split()} == set(document.evidence)


def test_what_a_name_stands_for_exists(document: Document) -> None:
    sections: dict[str, set[str]] = {
        "match": set(document.matches),
        "target": set(document.targets),
        "feature": set(document.features),
    }
    for name, row in document.modules.items():
        if row.is_ is not None:
            kind, _, thing = row.is_.partition(":")
            assert thing in sections[kind], name


def test_a_family_is_named_where_and_only_where_it_matters(document: Document) -> None:
    sections = {"match": document.matches, "target": document.targets}
    for name, row in document.modules.items():
        kind, _, thing = (row.is_ or "").partition(":")
        extension = sections.get(kind, {}).get(thing)
        both = extension is not None and extension.ipv4 and extension.ipv6
        assert bool(row.family) == bool(both), name


def test_features_and_extensions_refer_to_features(document: Document) -> None:
    for name, feature in document.features.items():
        assert set(feature.all) | set(feature.any) <= set(document.features) - {name}
    for name, row in (*document.matches.items(), *document.targets.items()):
        assert set(row.needs) <= set(document.features), name


def test_features_refer_to_each_other_without_a_circle(document: Document) -> None:
    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, above
        feature = document.features[name]
        for part in (*feature.all, *feature.any):
            walk(part, (*above, name))

    for name in document.features:
        walk(name, ())


def test_a_spelling_is_no_other_name(document: Document) -> None:
    for section in (document.matches, document.targets, document.features):
        spelled = [word for row in section.values() for word in row.spellings]
        assert len({*spelled, *section}) == len(spelled) + len(section)


def test_what_is_loaded_at_boot_is_a_module_of_a_current_kernel(document: Document) -> None:
    real = {name for name, row in document.modules.items() if row.status is None}
    dead = set(document.modules) - real
    carried: set[str] = set()
    for _, row in document.rows():
        families = [row.ipv4, row.ipv6] if isinstance(row, Extension) else []
        for evidence in (row, *(family for family in families if family)):
            carried |= set(evidence.modules)
    booted = {name for row in document.features.values() for name in row.boot or ()}

    assert not carried & dead
    assert booted <= carried | real


@pytest.mark.parametrize(
    "change",
    [
        {"surplus": "x"},
        {"options": ["ip_set"]},
        {"options": [{"symbol": "IP_SET", "since": "six"}]},
        {"source": "lists report"},
    ],
)
def test_the_schema_refuses_what_is_wrong(change: dict[str, Any]) -> None:
    row = {"summary": "Sets", "options": ["IP_SET"], "source": "lists"}

    Feature.model_validate(row)
    with pytest.raises(ValidationError):
        Feature.model_validate(row | change)
