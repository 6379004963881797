"""Read a folder of answers: what was cleaned, against what, and the rows that were set aside."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from sharewell.cleaning.giveback.terms import Answers, Given, Values
from sharewell.cleaning.undo import read_undone
from sharewell.cleaning.write import ABOUT
from sharewell.sources.cells import split_cells
from sharewell.sources.terms import Standard
from sharewell.vocab.errors import FileMissing, FileUnreadable, StandardInvalid, Where

KEPT: Final = "kept.parquet"
ASIDE: Final = "set_aside.parquet"
CHANGES: Final = "changes.parquet"
_BATCH: Final = 5_000


def open_answers(folder: Path, find: Callable[[str], Standard]) -> Answers:
    """Open a folder that ``sharewell clean`` wrote; ``find`` returns the standard of a name.

    Raises FileMissing, FileUnreadable (damaged, or changed since), StandardInvalid (another version).
    """
    about = _about(folder)
    try:
        standard = find(str(about["standard"]["name"]))
        _require_same(standard, about["standard"], folder)
        _require_whole(folder, about["files"])
        return Answers(
            folder=folder,
            about=about,
            standard=standard,
            as_of=date.fromisoformat(about["as_of"]),
            mapping={str(column): field for column, field in about["mapping"].items()},
            without=read_undone(about["without"], standard),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _damaged(folder, ABOUT) from None


def _about(folder: Path) -> Mapping[str, Any]:
    path = folder / ABOUT
    if not path.is_file():
        raise FileMissing(
            "The folder does not hold a cleaned list.",
            "Name the folder that `sharewell clean FILE --out FOLDER` wrote.",
            Where(file=folder.name),
        )
    try:
        about: Any = json.loads(path.read_bytes())
    except (OSError, ValueError):
        about = None
    if not isinstance(about, dict):
        raise _damaged(folder, ABOUT)
    return about


def _require_same(standard: Standard, told: Mapping[str, str], folder: Path) -> None:
    if (standard.name, standard.version) != (told["name"], told["version"]):
        raise StandardInvalid(
            f"The list was cleaned against {told['name']} {told['version']}; this is {standard.name}"
            f" {standard.version}.",
            "Give the same standard with --standard, or clean the file again.",
            Where(file=folder.name),
        )


def _require_whole(folder: Path, files: Mapping[str, str]) -> None:
    for name in (KEPT, ASIDE, CHANGES):
        if sha256(folder / name) != files[name]:
            raise _damaged(folder, name)


def sha256(path: Path) -> str | None:
    """Return the hash of a file's bytes; None when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _damaged(folder: Path, name: str) -> FileUnreadable:
    return FileUnreadable(
        f"The folder {folder.name} is not as `sharewell clean` wrote it.",
        "Clean the file again.",
        Where(file=name),
    )


def reader_of(path: Path) -> pa.RecordBatchReader:
    """Return a Parquet file as a stream of batches."""
    file = pq.ParquetFile(path)
    return pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches())


def given_rows(answers: Answers) -> Iterator[Given]:
    """Yield the rows set aside, in the file's order."""
    for batch in pq.ParquetFile(answers.folder / ASIDE).iter_batches(_BATCH):
        for row in batch.to_pylist():
            yield _given(answers, row)


def _given(answers: Answers, row: Mapping[str, Any]) -> Given:
    is_line = not row["columns"]
    values = _split(answers, row["raw"]) if is_line else json.loads(row["raw"])
    return Given(
        source_row=row["source_row"],
        line=row["line"],
        reasons=tuple(row["reasons"]),
        columns=tuple(row["columns"]),
        raw=row["raw"],
        values=values,
        is_line=is_line,
    )


def _split(answers: Answers, raw: str) -> Values:
    """Return a line's cells by field as far as its delimiter tells; a first try for people to put right."""
    delimiter = answers.about["file"]["delimiter"]
    cells = split_cells(raw.rstrip("\r\n"), delimiter) if delimiter else []
    named = dict(zip(answers.mapping, cells, strict=False))
    return {field: named.get(column) for column, field in answers.headings.items()}
