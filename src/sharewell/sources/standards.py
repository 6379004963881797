"""Standards: what a list should hold, as Table Schema files (Data Package v2) with ``sharewell:`` keys.

A place's own ``standards/`` folder is looked in first, then the standards shipped beside this file. See
https://datapackage.org/standard/table-schema/ for the keys that are not ours.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from sharewell.sources.rules import normal_heading
from sharewell.sources.schema import parse_standard
from sharewell.sources.schema_keys import Broken
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import StandardInvalid, StandardMissing, Where

SHIPPED: Final = Path(__file__).parent / "standards"


def shipped_standards() -> tuple[str, ...]:
    """Return the names of the standards that come with sharewell, in order."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.json")))


def every_standard(folder: Path | None = None) -> tuple[str, ...]:
    """Return the names of the standards that a place can use: its own and the shipped ones."""
    own = [path.stem for path in folder.glob("*.json")] if folder and folder.is_dir() else []
    return tuple(sorted({*own, *shipped_standards()}))


def load_standard(name: str, folder: Path | None = None) -> Standard:
    """Load a standard by name (``council-tax``, or as agreements write it, ``council_tax``) or by its file.

    ``folder`` is the place's standards folder. A name that ends in ``.json`` is a path to any Table Schema
    file. Raises StandardMissing, StandardInvalid.
    """
    if name.lower().endswith(".json"):
        return _from_file(Path(name), folder)
    stem = name.replace("_", "-").lower()
    paths = [place / f"{stem}.json" for place in (folder, SHIPPED) if place] if _is_plain(stem) else []
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise StandardMissing(
            f"There is no standard '{name}'.",
            f"Use one of {', '.join(every_standard(folder))}, or add it to the place's standards.",
        )
    return read_standard(path)


def _from_file(path: Path, folder: Path | None) -> Standard:
    if not path.is_file():
        raise StandardMissing(
            f"There is no file '{path.name}'.",
            f"Give the path of a Table Schema file, or one of {', '.join(every_standard(folder))}.",
        )
    return read_standard(path, loose=True)


def _is_plain(stem: str) -> bool:
    return bool(stem) and all(sign.isalnum() or sign == "-" for sign in stem)


def read_standard(path: Path, *, loose: bool = False) -> Standard:
    """Read and check one standard's file. Raises StandardInvalid with the file, field and key.

    ``loose`` takes any Table Schema, whatever it calls itself and its fields.
    """
    document = read_document(path)
    try:
        return parse_standard(document, path.stem, loose=loose)
    except Broken as broken:
        where = Where(file=path.name, column=broken.field)
        raise StandardInvalid(f"The key '{broken.key}' {broken.what}.", broken.instead, where) from None


def read_document(path: Path) -> object:
    """Return what a standard's file holds, unchecked. Raises StandardInvalid."""
    try:
        document: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        raise StandardInvalid(
            "The file is not valid JSON.", "Mend it, then run again.", Where(path.name)
        ) from None
    return document


@cache
def known_headings() -> frozenset[str]:
    """Return every heading, in normal form, that a shipped standard knows."""
    fields = [field for name in shipped_standards() for field in load_standard(name).fields]
    return frozenset(
        normal_heading(text) for field in fields for text in (field.name, field.title, *field.synonyms)
    )
