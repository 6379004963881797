"""Make one part of the region and keep it on disk whole: rows of every list, who they are, what is true."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather

from sharewell.demo.region import tables
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.files import rows_as_bytes, settle_encoding
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.gazetteer import gazetteer_of
from sharewell.demo.region.lists.every import EVERY, GAZETTEER_FORM
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.names import Names
from sharewell.demo.region.world.build import Built, build_world
from sharewell.demo.region.world.part import Part
from sharewell.store.disk import writing

ABOUT = "about.json"


@dataclass(frozen=True)
class Making:
    """What every part of a region is made from."""

    frame: Frame
    seed: int
    reference: Path | None
    rates: Mapping[str, float]
    folder: Path
    lists: tuple[str, ...]
    """Names of the lists to write; a region has all of them."""


def folder_of(making: Making, part: Part) -> Path:
    """Return where a part is kept."""
    return making.folder / f"part-{part.number:05d}"


def make_part(making: Making, part: Part) -> Path:
    """Make a part unless it is there already, and return its folder. Raises DiskFull, FolderReadOnly."""
    folder = folder_of(making, part)
    if folder.is_dir():
        return folder
    with writing(making.folder.name):
        unfinished = folder.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _write(making, part, unfinished)
        unfinished.rename(folder)
    return folder


def _write(making: Making, part: Part, folder: Path) -> None:
    built = build_world(making.frame, part, _names(making.reference), making.seed, making.rates)
    about: dict[str, Any] = {"people": part.people, "residents": part.residents, "lists": {}}
    for form in EVERY:
        if form.name in making.lists:
            draft = form.draft(built.world, part.chance.stream("list", form.name))
            about["lists"][form.name] = _write_list(draft, form, built, folder)
    cells = gazetteer_of(built, making.frame)
    (folder / "gazetteer.rows").write_bytes(rows_as_bytes(cells, GAZETTEER_FORM))
    about["gazetteer"] = {"columns": list(cells), "rows": len(cells["uprn"])}
    _keep(folder / "people", tables.people_of(built))
    _keep(folder / "households", tables.households_of(built))
    _keep(folder / "pairs", tables.pairs_of(built))
    (folder / ABOUT).write_text(json.dumps(about), encoding="utf-8")


@lru_cache(maxsize=1)
def _names(reference: Path | None) -> Names:
    return Names.load(reference)


def _write_list(draft: Draft, form: Form, built: Built, folder: Path) -> dict[str, Any]:
    """Write one list of a part and return its columns, rows and tally of dirt."""
    settle_encoding(draft, form)
    if form.kind == "xlsx":
        cells = {name: pa.array(column, pa.string()) for name, column in draft.cells.items()}
        _keep(folder / f"{form.name}.cells", pa.table(cells))
    else:
        (folder / f"{form.name}.rows").write_bytes(rows_as_bytes(draft.cells, form))
    _keep(folder / f"{form.name}.truth", tables.truth_of(draft, built.world))
    _keep(folder / f"{form.name}.errors", tables.errors_of(draft))
    return {"columns": list(draft.cells), "rows": len(draft), "tally": draft.tally}


def _keep(path: Path, table: pa.Table) -> None:
    feather.write_feather(table, str(path), compression="zstd")


def read_kept(path: Path) -> pa.Table:
    """Return a table that a part keeps."""
    return feather.read_table(str(path), memory_map=False)


def about(folder: Path) -> dict[str, Any]:
    """Return what a part says of itself."""
    said: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    return said


def cut_on(form: Form, as_of: date) -> date:
    """Return the day a list was cut."""
    return as_of - timedelta(days=form.days_old)
