"""Join the parts of a region into its files, in the order of the parts, whoever made which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sharewell import __version__
from sharewell.demo.region import tables
from sharewell.demo.region.files import rows_of_cells, write_text, write_workbook
from sharewell.demo.region.lists.every import BY_NAME, GAZETTEER_FORM
from sharewell.demo.region.parts import Making, about, cut_on, read_kept
from sharewell.demo.region.rates import HARD

LISTS, ABOUT = "lists", "region.json"
ROW_GROUP = 1 << 20


def join_parts(making: Making, folders: Sequence[Path], as_of: date, out: Path) -> dict[str, Any]:
    """Write the region's files into ``out`` and return what ``region.json`` says."""
    said = [about(folder) for folder in folders]
    (out / LISTS).mkdir(parents=True)
    for name in making.lists:
        _join_list(name, folders, said, as_of, out / LISTS)
    names = said[0]["gazetteer"]["columns"]
    write_text(
        out / "gazetteer.csv", GAZETTEER_FORM, names, as_of, [each / "gazetteer.rows" for each in folders]
    )
    _join_truth(making, folders, said, out)
    for name in ("people", "households", "pairs"):
        _join_tables(out / f"{name}.parquet", (read_kept(folder / name) for folder in folders))
    pq.write_table(tables.margins_of(making.frame), out / "margins.parquet", compression="zstd")
    told = _told(making, said, as_of)
    (out / ABOUT).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told


def _join_list(
    name: str, folders: Sequence[Path], said: Sequence[dict[str, Any]], as_of: date, out: Path
) -> None:
    form, columns = BY_NAME[name], said[0]["lists"][name]["columns"]
    path, day = out / form.file, cut_on(form, as_of)
    if form.kind == "xlsx":
        cells = (read_kept(folder / f"{name}.cells") for folder in folders)
        write_workbook(path, form, columns, day, rows_of_cells(cells))
    else:
        write_text(path, form, columns, day, [folder / f"{name}.rows" for folder in folders])


def _join_truth(making: Making, folders: Sequence[Path], said: Sequence[dict[str, Any]], out: Path) -> None:
    """Write truth and errors list by list, rows counted through the parts from 1."""
    with _writer(out / "truth.parquet") as truth, _writer(out / "errors.parquet") as errors:
        for name in making.lists:
            before = 0
            for folder, part in zip(folders, said, strict=True):
                rows = part["lists"][name]["rows"]
                numbers = pa.array(range(before + 1, before + rows + 1), pa.int64())
                truth(_named(name, read_kept(folder / f"{name}.truth").add_column(0, "source_row", numbers)))
                errors(_named(name, _counted(read_kept(folder / f"{name}.errors"), before)))
                before += rows


def _named(name: str, table: pa.Table) -> pa.Table:
    return table.add_column(0, "list", pa.array([name] * len(table), pa.string()))


def _counted(table: pa.Table, before: int) -> pa.Table:
    import pyarrow.compute as pc

    return table.set_column(
        0, "source_row", pc.add(table.column("source_row"), pa.scalar(before, pa.int64()))
    )


@contextmanager
def _writer(path: Path) -> Iterator[Any]:
    """Give what writes tables one after another into a Parquet file, in row groups of even size."""
    kept: list[pa.Table] = []
    writer: list[pq.ParquetWriter] = []

    def flush(least: int) -> None:
        if kept and sum(map(len, kept)) >= least:
            table = pa.concat_tables(kept)
            if not writer:
                writer.append(pq.ParquetWriter(path, table.schema, compression="zstd"))
            writer[0].write_table(table, row_group_size=ROW_GROUP)
            kept.clear()

    def add(table: pa.Table) -> None:
        kept.append(table)
        flush(ROW_GROUP)

    yield add
    flush(0)
    for each in writer:
        each.close()


def _join_tables(path: Path, parts: Iterator[pa.Table]) -> None:
    with _writer(path) as add:
        for table in parts:
            add(table)


def _told(making: Making, said: Sequence[dict[str, Any]], as_of: date) -> dict[str, Any]:
    """Return what the region says of itself."""
    residents = sum(part["residents"] for part in said)
    return {
        "sharewell": "region/1",
        "version": __version__,
        "seed": making.seed,
        "as_of": as_of.isoformat(),
        "residents": residents,
        "people_known": sum(part["people"] for part in said),
        "areas": len(making.frame),
        "districts": {each.code: each.name for each in making.frame.districts},
        "is_reference": making.frame.is_reference,
        "attribution": making.frame.attribution,
        "note": "Every person, number and UPRN is made up. UPRNs begin with 999, which no real one does.",
        "addresses": sum(part["gazetteer"]["rows"] for part in said),
        "lists": {name: _list_told(name, said, as_of) for name in making.lists},
        "hard": {
            each.name: {"rate": making.rates[each.name], "per": each.per, "what": each.what} for each in HARD
        },
    }


def _list_told(name: str, said: Sequence[dict[str, Any]], as_of: date) -> dict[str, Any]:
    form = BY_NAME[name]
    return {
        "file": f"{LISTS}/{form.file}",
        "sender": form.sender,
        "rows": sum(part["lists"][name]["rows"] for part in said),
        "as_of": cut_on(form, as_of).isoformat(),
        "columns": said[0]["lists"][name]["columns"],
        "dirt": _dirt([part["lists"][name]["tally"] for part in said]),
    }


def _dirt(tallies: Sequence[dict[str, list[float]]]) -> dict[str, Any]:
    """Return by kind of dirt how many rows could have it, have it, and the rate it was to have."""
    kinds = sorted({kind for tally in tallies for kind in tally})
    told = {}
    for kind in kinds:
        could, has, wanted = (sum(tally.get(kind, (0, 0, 0))[at] for tally in tallies) for at in range(3))
        told[kind] = {
            "could": int(could),
            "has": int(has),
            "target": round(wanted / could, 6) if could else 0.0,
        }
    return told
