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
from sharewell.sources.schema import Broken, parse_standard
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
    """Load a standard by name (``council-tax``, or as agreements write it, ``council_tax``).

    ``folder`` is the place's standards folder. Raises StandardMissing, StandardInvalid.
    """
    stem = name.replace("_", "-").lower()
    paths = [place / f"{stem}.json" for place in (folder, SHIPPED) if place] if _is_plain(stem) else []
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise StandardMissing(
            f"There is no standard '{name}'.",
            f"Use one of {', '.join(every_standard(folder))}, or add it to the place's standards.",
        )
    return read_standard(path)


def _is_plain(stem: str) -> bool:
    return bool(stem) and all(sign.isalnum() or sign == "-" for sign in stem)


def read_standard(path: Path) -> Standard:
    """Read and check one standard's file. Raises StandardInvalid with the file, field and key."""
    try:
        document: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        raise StandardInvalid(
            "The file is not valid JSON.", "Mend it, then run again.", Where(path.name)
        ) from None
    try:
        return parse_standard(document, path.stem)
    except Broken as broken:
        where = Where(file=path.name, column=broken.field)
        raise StandardInvalid(f"The key '{broken.key}' {broken.what}.", broken.instead, where) from None


@cache
def known_headings() -> frozenset[str]:
    """Return every heading, in normal form, that a shipped standard knows."""
    fields = [field for name in shipped_standards() for field in load_standard(name).fields]
    return frozenset(
        normal_heading(text) for field in fields for text in (field.name, field.title, *field.synonyms)
    )
