"""An index as files: one array a file, opened as memory maps, so that only what is looked at is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharewell.places.index import Index, Rows
from sharewell.places.place_words import PlaceWords
from sharewell.places.tokens import Lexicon

_NESTED: dict[str, type[Rows] | type[PlaceWords]] = {"rows": Rows, "words": PlaceWords}
_TEXTS = ("lexicon", "postcodes")
_DERIVED = {"holding": 2, "postings": 2, "by_word": 2, "known": 3, "named": 1}
"""What an index works out when it is first asked, and how many arrays that is: worked out before saving."""


def save_index(index: Index, folder: Path, name: str) -> None:
    """Write an index as files that begin with a name."""
    for key, values in _arrays(index):
        np.save(folder / f"{name}.{key}.npy", values)
    for key, words in (("lexicon", list(index.lexicon.ids)), ("postcodes", index.postcodes.to_pylist())):
        (folder / f"{name}.{key}.txt").write_text("\n".join(words), encoding="ascii")


def open_index(folder: Path, name: str) -> Index:
    """Open an index that ``save_index`` wrote. Raises OSError, ValueError where a file is not what it was."""

    def array(key: str) -> npt.NDArray[Any]:
        return np.asarray(np.load(folder / f"{name}.{key}.npy", mmap_mode="r", allow_pickle=False))

    values: dict[str, Any] = {}
    for field in fields(Index):
        if field.name in _NESTED:
            kind = _NESTED[field.name]
            inner = {each.name: array(f"{field.name}.{each.name}") for each in fields(kind)}
            values[field.name] = kind(**inner)
        elif field.name not in _TEXTS:
            values[field.name] = array(field.name)
    words = (folder / f"{name}.lexicon.txt").read_text(encoding="ascii").split("\n")
    postcodes = (folder / f"{name}.postcodes.txt").read_text(encoding="ascii").split("\n")
    values["lexicon"] = Lexicon({word: place for place, word in enumerate(words)})
    index = Index(**values, postcodes=pa.array(postcodes, pa.string()))
    for key, count in _DERIVED.items():
        made = tuple(array(f"{key}.{place}") for place in range(count))
        index.__dict__[key] = made if count > 1 else made[0]
    return index


def _arrays(index: Index) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    for field in fields(Index):
        value = getattr(index, field.name)
        if field.name in _NESTED:
            yield from ((f"{field.name}.{each.name}", getattr(value, each.name)) for each in fields(value))
        elif field.name not in _TEXTS:
            yield field.name, value
    for key, count in _DERIVED.items():
        made = getattr(index, key)
        for place, values in enumerate(made if count > 1 else (made,)):
            yield f"{key}.{place}", values
