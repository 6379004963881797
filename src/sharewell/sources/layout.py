"""The layout of one supplier's file, as somebody confirmed it: headings in order, meanings, imprints.

One YAML file for each supplier and standard, in the place's standards folder. It holds headings, fields and
shares; never a value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from sharewell.sources.confirmed import write_confirmation
from sharewell.sources.imprint import Imprint
from sharewell.sources.rules import normal_heading
from sharewell.vocab.errors import StandardInvalid, Where

FOLDER: Final = Path("mappings") / "suppliers"


@dataclass(frozen=True)
class Remembered:
    """One column of a remembered layout. ``field`` None: it is left out."""

    heading: str
    field: str | None
    imprint: Imprint

    @property
    def key(self) -> str:
        """Return what the heading shares with other spellings of it."""
        return heading_key(self.heading)


@dataclass(frozen=True)
class Layout:
    """What a supplier's file looked like when its mapping was last confirmed."""

    supplier: str
    standard: str
    columns: tuple[Remembered, ...]

    def meanings(self, columns: Sequence[str]) -> dict[str, str | None]:
        """Return what those of a file's columns mean that the layout has."""
        spelt = {column.heading: column.field for column in self.columns}
        known = {column.key: column.field for column in reversed(self.columns)} | spelt
        keys = {name: name if name in spelt else heading_key(name) for name in columns}
        return {name: known[key] for name, key in keys.items() if key in known}


def heading_key(heading: str) -> str:
    """Return a heading's normal form, or itself where it has no letter and no digit."""
    return normal_heading(heading) or heading


def supplier_of(path: Path, inbox: Path) -> str | None:
    """Return the folder of the inbox that a file lies in: its supplier unless another is named."""
    try:
        parts = path.resolve().relative_to(inbox.resolve()).parts
    except ValueError:
        return None
    return parts[0] if len(parts) > 1 else None


def layout_path(folder: Path, supplier: str, standard: str) -> Path:
    """Return where a supplier's layout for a standard is kept, under the place's standards folder."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", supplier).strip("-")[:60]
    if not plain or plain != supplier:
        plain = f"{plain or 'supplier'}-{hashlib.sha256(supplier.encode()).hexdigest()[:8]}"
    return folder / FOLDER / plain / f"{standard}.yaml"


def save_layout(folder: Path, layout: Layout) -> Path:
    """Keep a layout, whole or not at all. Raises FolderReadOnly, DiskFull."""
    path = layout_path(folder, layout.supplier, layout.standard)
    document = {
        "supplier": layout.supplier,
        "standard": layout.standard,
        "columns": [
            {"heading": each.heading, "field": each.field, **_plain(each.imprint)} for each in layout.columns
        ],
    }
    return write_confirmation(path, document)


def _plain(imprint: Imprint) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in asdict(imprint).items():
        told[name] = (
            dict(value) if isinstance(value, Mapping) else list(value) if isinstance(value, tuple) else value
        )
    return told


def load_layout(folder: Path, supplier: str, standard: str) -> Layout | None:
    """Return a supplier's remembered layout, or None. Raises StandardInvalid when it was damaged by hand."""
    path = layout_path(folder, supplier, standard)
    if not path.is_file():
        return None
    try:
        written: Any = yaml.safe_load(path.read_text("utf-8"))
        return Layout(supplier, standard, tuple(_column(item) for item in written["columns"]))
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise StandardInvalid(
            "The remembered layout of this supplier cannot be read.",
            "Delete the file and confirm the mapping again.",
            Where(file=f"{path.parent.name}/{path.name}"),
        ) from None


def _column(item: Mapping[str, Any]) -> Remembered:
    heading, field = item["heading"], item["field"]
    if not isinstance(heading, str) or not isinstance(field, str | None):
        raise TypeError
    return Remembered(
        heading,
        field,
        Imprint(
            rows=int(item["rows"]),
            filled=float(item["filled"]),
            shapes={str(name): float(share) for name, share in item["shapes"].items()},
            leans={str(name): float(share) for name, share in item["leans"].items()},
            lengths=tuple(int(length) for length in item["lengths"]),
            years=tuple(int(year) for year in item["years"]),
            distinct=float(item["distinct"]),
        ),
    )
