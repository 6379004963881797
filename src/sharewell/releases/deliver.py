"""Write what may leave into a staged folder, and hand that folder over whole. Only ``actions.py`` calls this.

Nothing is ever half handed over: files are written and synced aside, then the folder is renamed once.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as parquet

from sharewell.releases.describe import (
    ABOUT_FILE,
    CSV_FILE,
    DICTIONARY_FILE,
    METADATA_FILE,
    PARQUET_FILE,
    Papers,
    about,
    csvw_metadata,
    data_dictionary,
)
from sharewell.store.disk import sync_file, writing
from sharewell.vocab.errors import ReleaseClash, Where

SUPPRESSED = "suppressed"
# What Excel and LibreOffice take for a formula, full-width forms too; a phone in E.164 form is none.
_FORMULA = "^[=+\\-@\t\r\n＝＋－＠]"
_PHONE = "^\\+[0-9]+$"
_RFC_4180: dict[str, Any] = {"quoting_style": "needed", "eol": "\r\n"}


def stage_delivery(folder: Path, rows: pa.RecordBatchReader, papers: Papers) -> None:
    """Write every file of a delivery into a new folder; what an earlier try left there is removed first.

    ``rows`` holds the visible columns as text, and ``count`` as a number at the aggregate level.
    Raises DiskFull, FolderReadOnly; nothing is left behind then.
    """
    with writing(folder.name):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            _write_rows(folder, rows)
            _write_text(folder / METADATA_FILE, csvw_metadata(papers))
            _write_text(folder / DICTIONARY_FILE, data_dictionary(papers))
            _write_text(folder / ABOUT_FILE, about(papers, _hashes(folder)))
            _close_to_others(folder)
            sync_file(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def _close_to_others(folder: Path) -> None:
    """Let nobody but this account read a delivery; the place decides who else may."""
    folder.chmod(0o700)
    for path in folder.iterdir():
        path.chmod(0o600)


def move_into_place(staging: Path, final: Path) -> bool:
    """Rename a staged folder to where the recipient finds it; return whether it was still to do.

    Calling it again, or after a kill, changes nothing. Raises ReleaseClash when another delivery lies there
    or neither folder exists; DiskFull, FolderReadOnly.
    """
    if not staging.exists():
        if final.is_dir():
            return False
        raise ReleaseClash(
            "A delivery that was written down as ready is in neither folder.",
            "Run the flow again: what was not handed over is made anew.",
            Where(file=final.name),
        )
    if final.exists():
        return _discard_twin(staging, final)
    with writing(final.parent.name):
        final.parent.mkdir(parents=True, exist_ok=True)
        _rename(staging, final)
        sync_file(final.parent)
        sync_file(staging.parent)
    return True


def _rename(staging: Path, final: Path) -> None:
    """Move a folder so that it appears whole, also where the outbox lies on another disk."""
    try:
        staging.rename(final)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = final.with_name(f".{final.name}.part")
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(staging, beside)
        for path in (*beside.iterdir(), beside):
            sync_file(path)
        beside.rename(final)
        shutil.rmtree(staging)


def neutral(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch for a CSV file: no cell a spreadsheet would run, and 'suppressed' said aloud."""
    columns = [_neutral_column(column) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _neutral_column(column: pa.Array[Any]) -> pa.Array[Any]:
    compute: Any = pc
    if not pa.types.is_string(column.type):
        said: pa.Array[Any] = compute.fill_null(column.cast(pa.string()), SUPPRESSED)
        return said
    runs = compute.match_substring_regex(column, _FORMULA)
    harmless = compute.match_substring_regex(column, _PHONE)
    marked = compute.binary_join_element_wise("'", column, "")
    made_safe: pa.Array[Any] = compute.if_else(compute.and_not(runs, harmless), marked, column)
    return made_safe


def _write_rows(folder: Path, rows: pa.RecordBatchReader) -> None:
    as_csv = pa.schema([pa.field(name, pa.string()) for name in rows.schema.names])
    with (
        arrow_csv.CSVWriter(
            folder / CSV_FILE, as_csv, write_options=arrow_csv.WriteOptions(**_RFC_4180)
        ) as plain,
        parquet.ParquetWriter(folder / PARQUET_FILE, rows.schema, compression="zstd") as exact,
    ):
        for batch in rows:
            plain.write_batch(neutral(batch))
            exact.write_batch(batch)
    sync_file(folder / CSV_FILE)
    sync_file(folder / PARQUET_FILE)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _hashes(folder: Path) -> Mapping[str, Mapping[str, str | int]]:
    return {
        path.name: {"sha256": _sha256(path), "bytes": path.stat().st_size}
        for path in sorted(folder.iterdir())
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _discard_twin(staging: Path, final: Path) -> bool:
    """Drop a staged delivery that already lies in place; refuse when it is not the same rows."""
    same = (final / CSV_FILE).is_file() and _sha256(staging / CSV_FILE) == _sha256(final / CSV_FILE)
    if not same:
        raise ReleaseClash(
            "Another delivery already lies where this one belongs.",
            "Look at both before moving either: the folder in the outbox was changed after hand-over.",
            Where(file=final.name),
        )
    shutil.rmtree(staging)
    return False
