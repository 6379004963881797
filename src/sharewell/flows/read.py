"""Read a flow file: small, strict YAML, every fault named with its key."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NoReturn

import yaml

from sharewell.agreements.terms import Level
from sharewell.flows.terms import Flow, PeopleSpec, RecipientSpec, SourceSpec
from sharewell.vocab.errors import FileMissing, FlowInvalid, Where

KEYS = {"sharewell", "id", "title", "agreement", "to", "gazetteer", "sources", "people", "fields"}
SOURCE_KEYS = {"name", "party", "file", "standard", "dataset", "as_of", "sheet", "supplier"}
SAFE_ID = set("abcdefghijklmnopqrstuvwxyz0123456789-_")
MAX_BYTES = 256 * 1024


def read_flow(path: Path) -> Flow:
    """Read a flow file.

    Raises FileMissing when it is not there, FlowInvalid when it breaks the grammar of docs/flow-file.md.
    """
    if not path.is_file():
        raise FileMissing(
            "There is no flow file of that name.",
            "Look in the place's flows folder, or write one: docs/flow-file.md shows how.",
            Where(file=path.name),
        )
    return _Reader(path.name).flow(path.read_bytes())


class _Reader:
    """Turns the document into terms, refusing by key."""

    def __init__(self, file: str) -> None:
        self.file = file

    def flow(self, content: bytes) -> Flow:
        top = self.mapping(self.load(content), "the file", KEYS)
        if top.get("sharewell") != "flow/1":
            self.refuse("sharewell", "it must say `sharewell: flow/1`")
        sources = tuple(
            self.source(item, f"sources[{place}]")
            for place, item in enumerate(self.items(top.get("sources"), "sources"))
        )
        self.distinct([source.name for source in sources], "called")
        self.distinct([source.dataset for source in sources], "of the dataset")
        self.each_remembered(sources)
        return Flow(
            id=self.safe(top.get("id"), "id"),
            title=self.text(top.get("title"), "title"),
            agreement=self.text(top.get("agreement"), "agreement"),
            to=self.recipient(top.get("to")),
            gazetteer=self.optional(top.get("gazetteer"), "gazetteer"),
            sources=sources,
            people=self.people(top.get("people"), sources),
            fields=self.fields(top.get("fields", [])),
        )

    def load(self, content: bytes) -> object:
        if len(content) > MAX_BYTES:
            self.refuse("the file", "it is larger than 256 kB")
        try:
            return yaml.load(content.decode("utf-8"), _Strict)  # noqa: S506 - a SafeLoader of ours
        except (yaml.YAMLError, UnicodeDecodeError, ValueError, TypeError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f" near line {mark.line + 1}" if mark else ""
            self.refuse("the file", f"it is not YAML that can be read{line}")

    def source(self, item: object, key: str) -> SourceSpec:
        found = self.mapping(item, key, SOURCE_KEYS)
        standard = self.text(found.get("standard"), f"{key}.standard")
        return SourceSpec(
            name=self.safe(found.get("name", standard), f"{key}.name"),
            party=self.text(found.get("party"), f"{key}.party"),
            file=self.text(found.get("file"), f"{key}.file"),
            standard=standard,
            dataset=self.text(found.get("dataset", standard.replace("-", "_")), f"{key}.dataset"),
            as_of=self.day(found.get("as_of"), f"{key}.as_of"),
            sheet=self.optional(found.get("sheet"), f"{key}.sheet"),
            supplier=self.optional(found.get("supplier"), f"{key}.supplier"),
        )

    def recipient(self, item: object) -> RecipientSpec:
        found = self.mapping(item, "to", {"party", "role", "level"})
        level = self.text(found.get("level"), "to.level")
        if level not in set(Level):
            self.refuse("to.level", "it must be one of " + ", ".join(Level))
        return RecipientSpec(
            self.text(found.get("party"), "to.party"), self.text(found.get("role"), "to.role"), Level(level)
        )

    def people(self, item: object, sources: Sequence[SourceSpec]) -> PeopleSpec:
        if item is None:
            return PeopleSpec(in_all=(sources[0].dataset,))
        found = self.mapping(item, "people", {"in_all", "not_in"})
        in_all = self.texts(found.get("in_all", []), "people.in_all")
        if not in_all:
            self.refuse("people.in_all", "it must name at least one dataset")
        return PeopleSpec(in_all, self.texts(found.get("not_in", []), "people.not_in"))

    def mapping(self, item: object, key: str, allowed: set[str]) -> Mapping[str, object]:
        if not isinstance(item, dict):
            self.refuse(key, "it must be a block of keys and values")
        for name in item:
            if name not in allowed:
                self.refuse(f"{key}: {name}", "no such key; it may be one of " + ", ".join(sorted(allowed)))
        return item

    def items(self, item: object, key: str) -> list[object]:
        if not isinstance(item, list) or not item:
            self.refuse(key, "it must be a list with at least one entry")
        return item

    def texts(self, item: object, key: str) -> tuple[str, ...]:
        if not isinstance(item, list):
            self.refuse(key, "it must be a list")
        return tuple(self.text(part, key) for part in item)

    def text(self, item: object, key: str) -> str:
        if not isinstance(item, str) or not item.strip():
            self.refuse(key, "it must be a text")
        return item

    def optional(self, item: object, key: str) -> str | None:
        return None if item is None else self.text(item, key)

    def safe(self, item: object, key: str) -> str:
        text = self.text(item, key)
        if not set(text) <= SAFE_ID:
            self.refuse(key, "it may hold small letters, digits, - and _ only, for it names folders")
        return text

    def day(self, item: object, key: str) -> date | None:
        try:
            return None if item is None else date.fromisoformat(self.text(item, key))
        except ValueError:
            self.refuse(key, 'it must be a date in quotes, like "2026-11-01"')

    def fields(self, item: object) -> tuple[str, ...]:
        found = self.texts(item, "fields")
        for name in found:
            if name.count(".") != 1:
                self.refuse("fields", "each must name its dataset too, as in shielded_patient_list.phone")
        return found

    def distinct(self, names: Sequence[str], how: str) -> None:
        for name in names:
            if name == "household" or names.count(name) > 1:
                why = "that name is the run's own" if name == "household" else "each must have its own"
                self.refuse("sources", f"two sources are {how} {name}: {why}")

    def each_remembered(self, sources: Sequence[SourceSpec]) -> None:
        named = [(source.supplier, source.standard) for source in sources if source.supplier]
        for supplier, standard in named:
            if named.count((supplier, standard)) > 1:
                why = "their layouts would be taken for each other; give each a supplier of its own"
                self.refuse("sources", f"two sources have the supplier {supplier} and {standard}: {why}")

    def refuse(self, key: str, why: str) -> NoReturn:
        advice = "Mend the flow file; docs/flow-file.md shows its grammar."
        raise FlowInvalid(f"{key}: {why}.", advice, Where(file=self.file))


class _Strict(yaml.SafeLoader):
    """YAML with no duplicate keys, no aliases and no dates by accident."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", None)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        names = [key.value for key, _ in node.value]
        if not all(isinstance(name, str) for name in names) or len(names) != len(set(names)):
            raise yaml.constructor.ConstructorError(None, None, "a key is there twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Strict.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
