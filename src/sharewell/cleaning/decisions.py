"""What was decided about distinct values, kept for the next delivery of the same list.

Kept in the place's store and nowhere else, encrypted as every snapshot is, one table for a standard's version
and a set of headings. A decision is used again only under the very rules that made it: the key of a field's
decisions is a hash of the rules' own text and of the field. What a delivery no longer holds is not kept on,
so the values of people who have left a list leave this table too.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from sharewell.sources.map import fingerprint
from sharewell.sources.terms import Field, Standard
from sharewell.store.engine import Engine, Relation, literal, quoted
from sharewell.vocab.errors import SnapshotMissing

if TYPE_CHECKING:
    from sharewell.settings import Place
    from sharewell.store.snapshots import Snapshots

_TEXT: pa.DataType = pa.string()
KEPT = pa.schema([(name, _TEXT) for name in ("recipe", "before", "after", "rule", "verdict")])
_LOADED = "remembered_decisions"


def rule_files() -> tuple[Path, ...]:
    """Return the files whose text a decision depends on: every rule, and what rules are made of."""
    here = Path(__file__).parent
    others = (here / "compile.py", here / "decide.py", here / "terms.py")
    sources = here.parent / "sources"
    below = (sources / "terms.py", sources / "windows_1252.py", here.parent / "vocab" / "identifiers.py")
    return (*sorted((here / "rules").glob("*.py")), *others, *below)


@cache
def rules_version() -> str:
    """Return a hash of the text of every rule, and of the letters known, so that any change is noticed."""
    text = b"".join(path.read_bytes() for path in rule_files())
    return hashlib.sha256(text + unicodedata.unidata_version.encode()).hexdigest()


def recipe_key(item: Field) -> str:
    """Return what a decision depends on beside the value: the rules, and the field as its standard has it."""
    return hashlib.sha256(f"{rules_version()} {item!r}".encode()).hexdigest()[:24]


@dataclass
class PlaceDecisions:
    """The decisions of one list in one place: recalled before it is cleaned, kept when all is written."""

    place: Place
    standard: Standard
    columns: Sequence[str]
    taken: list[pa.Table] = field(default_factory=list)
    _has_any: bool | None = None

    @property
    def table(self) -> str:
        """Return the name of the snapshots' table."""
        return f"decisions-{self.standard.name}-{self.standard.version}-{fingerprint(self.columns)}"

    def recall(self, field: Field, mapped: Relation, table: str) -> Relation | None:
        """Load what is known of a field's values, or return None where nothing is. Raises KeyMissing."""
        if self._has_any is None:
            self._has_any = self._load(mapped.engine)
        if not self._has_any:
            return None
        return mapped.engine.create(
            table,
            f"SELECT before, after, rule, verdict FROM {quoted(_LOADED)}"
            f" WHERE recipe = {literal(recipe_key(field))}",
        )

    def keep(self, field: Field, decisions: pa.Table) -> None:
        """Take the decisions about a field's values that this delivery holds."""
        key = pa.array([recipe_key(field)] * decisions.num_rows, _TEXT)
        self.taken.append(pa.table([key, *decisions.columns], schema=KEPT))

    def save(self, engine: Engine, *, as_of: date) -> None:
        """Keep what was taken in place of what was known. Raises RunInProgress, DiskFull, FolderReadOnly."""
        from django.db import transaction

        from sharewell.store.lock import only_run

        rows = engine.load("decisions_to_keep", pa.concat_tables(self.taken))
        with only_run(self.place):
            snapshots = self._snapshots()
            staged = snapshots.stage(rows, self.place.operator, self.table, as_of=as_of, run="clean")
            with transaction.atomic():
                snapshots.swap([staged])
        rows.drop()

    def _load(self, engine: Engine) -> bool:
        try:
            self._snapshots().load(self.place.operator, self.table, engine, _LOADED)
        except SnapshotMissing:
            return False
        return True

    def _snapshots(self) -> Snapshots:
        from sharewell.store.control import open_control_plane

        open_control_plane(self.place)
        from sharewell.store.keys import KeyRing
        from sharewell.store.snapshots import Snapshots

        return Snapshots(self.place, KeyRing.create(self.place))
