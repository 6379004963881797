"""A gazetteer made ready once and kept in a folder, so that matches and look-ups begin at once.

The folder holds the usable rows, sorted, and the index of them; ``gazetteer.json`` says what it is and lists
every file with its size and checksum. Rows are kept as a set in one order, so a change-only update leaves
byte for byte what a full reload would.
"""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from sharewell.places.gazetteer import Gazetteer, index_rows, read_raw, read_rows, shape_of_relation
from sharewell.places.saved import open_index, save_index
from sharewell.places.shapes import COLUMNS
from sharewell.store.disk import sync_file, writing
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.vocab.errors import FileMissing, GazetteerInvalid, Where

MANIFEST, ROWS = "gazetteer.json", "rows.arrow"
FORMAT, VERSION = "sharewell-gazetteer", 1
_BLOCK = 1 << 22


@dataclass(frozen=True)
class Summary:
    """What a gazetteer holds, in counts. ``conflicting`` UPRNs have live addresses in two postcode areas."""

    rows: int
    uprns: int
    variants: int
    provisional: int
    historic: int
    without_postcode: int
    conflicting: int


def prepare_folder(path: Path, out: Path, *, coordinates: Path | None = None) -> Summary:
    """Make a gazetteer file ready and keep it in a folder, in place of a prepared one that is there.

    Raises GazetteerInvalid, DiskFull, FolderReadOnly and the refusals of reading.
    """
    _require_ours(out)
    engine = DuckDB()
    try:
        return _write(read_rows(path, engine, "loaded", coordinates=coordinates), out)
    finally:
        engine.close()


def update_folder(folder: Path, changes: Path) -> Summary:
    """Apply a change-only update: its rows take the place of all rows of their UPRNs, D takes them away.

    ``changes`` has the columns of the full supply and CHANGE_TYPE (or CHANGE_CODE): I inserted, U updated, D
    deleted; a UPRN both inserted and deleted is inserted. Raises as ``prepare_folder``.
    """
    check_folder(folder)
    engine = DuckDB()
    try:
        engine.load("held", _rows(folder))
        return _write(_updated(engine, changes), folder)
    finally:
        engine.close()


def _updated(engine: Engine, changes: Path) -> Relation:
    raw = read_raw(changes, engine, "changes")
    shape = shape_of_relation(raw, changes.name)
    if "change" not in shape.columns:
        raise GazetteerInvalid(
            "The update does not say what changes: it has no column CHANGE_TYPE.",
            "Give a change-only update, or prepare the full supply again.",
            Where(file=changes.name, column="CHANGE_TYPE"),
        )
    engine.create("touched", shape.changed_query(raw.name))
    columns = ", ".join(COLUMNS)
    return engine.create(
        "loaded",
        f"SELECT {columns} FROM held WHERE uprn NOT IN (SELECT uprn FROM touched) "
        f"UNION ALL SELECT {columns} FROM ({shape.rows_query(raw.name)}) AS changed",
    )


def open_gazetteer(folder: Path, engine: Engine, table: str = "gazetteer") -> Gazetteer:
    """Open a prepared gazetteer; its rows are loaded into the engine when they are first asked for.

    Raises FileMissing, GazetteerInvalid (a damaged folder, or one that is none of ours).
    """
    check_folder(folder)
    return _opened(folder, lambda: engine.load(table, _rows(folder)))


def open_for_look_ups(folder: Path) -> tuple[Gazetteer, pa.Table]:
    """Open a prepared gazetteer with its rows as a memory map; sizes are checked, contents are not read."""
    check_folder(folder, whole=False)
    rows = pa.ipc.open_file(pa.memory_map(str(folder / ROWS))).read_all()
    return _opened(folder, _no_engine), rows


def show_folder(folder: Path) -> Summary:
    """Return what a prepared gazetteer holds. Raises as ``open_gazetteer``."""
    return Summary(**check_folder(folder)["holds"])


def check_folder(folder: Path, *, whole: bool = True) -> dict[str, Any]:
    """Return a prepared folder's manifest, after comparing its files with it; ``whole`` reads all of them."""
    if not folder.is_dir():
        raise FileMissing(
            "The prepared gazetteer does not exist.",
            "Make it with `sharewell gazetteer prepare FILE --out FOLDER`.",
            Where(file=folder.name),
        )
    manifest = _manifest(folder)
    for name, (size, checksum) in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size or (whole and _checksum(path) != checksum):
            raise _damaged(folder, "one of its files is missing or has changed")
    return manifest


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise GazetteerInvalid(
            "The folder is not a prepared gazetteer.",
            "Name a folder made with `sharewell gazetteer prepare`, or the gazetteer's file itself.",
            Where(file=folder.name),
        ) from None
    except (OSError, ValueError):
        raise _damaged(folder, "its list of files cannot be read") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or "files" not in found:
        raise _damaged(folder, "its list of files is none of ours")
    if found.get("version") != VERSION:
        raise GazetteerInvalid(
            "The gazetteer was prepared by another version of sharewell.",
            "Prepare it again from its file.",
            Where(file=folder.name),
        )
    return found


def _damaged(folder: Path, how: str) -> GazetteerInvalid:
    return GazetteerInvalid(
        f"The prepared gazetteer is damaged: {how}.",
        "Prepare it again from its file.",
        Where(file=folder.name),
    )


def _opened(folder: Path, rows: Callable[[], Relation]) -> Gazetteer:
    try:
        former = open_index(folder, "former") if (folder / "former.number.npy").exists() else None
        return Gazetteer(open_index(folder, "live"), former, rows)
    except (OSError, ValueError, TypeError):
        raise _damaged(folder, "one of its files cannot be read") from None


def _no_engine() -> Relation:
    raise GazetteerInvalid(
        "This gazetteer was opened for look-ups only.", "Open it with load_gazetteer.", Where()
    )


def _rows(folder: Path) -> pa.RecordBatchReader:
    file = pa.ipc.open_file(pa.memory_map(str(folder / ROWS)))
    return pa.RecordBatchReader.from_batches(
        file.schema, (file.get_batch(place) for place in range(file.num_record_batches))
    )


def _write(loaded: Relation, out: Path) -> Summary:
    """Index rows and write them to a folder, which appears when it is whole."""
    engine, columns = loaded.engine, ", ".join(COLUMNS)
    order = ", ".join(f"{column} NULLS FIRST" for column in COLUMNS if column != "uprn")
    relation = engine.create(
        "prepared",
        f"SELECT row_number() OVER (ORDER BY CAST(uprn AS BIGINT), {order}) AS row, {columns} "
        f"FROM (SELECT DISTINCT {columns} FROM {quoted(loaded.name)}) AS every_row",
    )
    loaded.drop()
    gazetteer, holds = index_rows(relation), summary_of(relation)
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with writing(out.name):
            part.mkdir(parents=True)
            _fill(part, relation, gazetteer, holds)
            _put(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return holds


def _fill(part: Path, relation: Relation, gazetteer: Gazetteer, holds: Summary) -> None:
    stream = relation.engine.stream(f"SELECT * FROM {quoted(relation.name)} ORDER BY row")
    with pa.OSFile(str(part / ROWS), "wb") as file, pa.ipc.new_file(file, stream.schema) as writer:
        for batch in stream:
            writer.write_batch(batch)
    save_index(gazetteer.index, part, "live")
    if gazetteer.former is not None:
        save_index(gazetteer.former, part, "former")
    files = {path.name: (path.stat().st_size, _checksum(path)) for path in sorted(part.iterdir())}
    told = {"format": FORMAT, "version": VERSION, "holds": vars(holds), "files": files}
    (part / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    for path in part.iterdir():
        sync_file(path)


def _put(part: Path, out: Path) -> None:
    """Put a finished folder in its place; the one it replaces goes last."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    part.rename(out)
    sync_file(out.parent)
    shutil.rmtree(old, ignore_errors=True)


def _require_ours(out: Path) -> None:
    """Refuse to write over anything that is not a prepared gazetteer."""
    if out.exists() and not (out.is_dir() and (not any(out.iterdir()) or (out / MANIFEST).exists())):
        raise GazetteerInvalid(
            "The folder to write to holds something else.",
            "Name a folder that does not exist yet, or one that was prepared before.",
            Where(file=out.name),
        )


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found = zlib.crc32(block, found)
    return found


def summary_of(relation: Relation) -> Summary:
    """Count what a gazetteer's rows hold."""
    table = relation.engine.fetch(f"""
        WITH each_uprn AS (
            SELECT uprn, count(*) AS addresses, min(standing) AS standing,
                   count(DISTINCT CASE WHEN standing < 2 AND postcode <> ''
                         THEN regexp_replace(postcode, '[0-9][A-Z]{{2}}$', '') END) AS areas
            FROM {quoted(relation.name)} GROUP BY uprn)
        SELECT CAST(sum(addresses) AS BIGINT) AS rows, count(*) AS uprns,
               CAST(sum(addresses - 1) AS BIGINT) AS variants,
               count(CASE WHEN standing = 1 THEN 1 END) AS provisional,
               count(CASE WHEN standing = 2 THEN 1 END) AS historic,
               (SELECT count(*) FROM {quoted(relation.name)} WHERE postcode = '') AS without_postcode,
               count(CASE WHEN areas > 1 THEN 1 END) AS conflicting
        FROM each_uprn""")
    return Summary(**table.to_pylist()[0])
