"""Take mended rows back into the run they came from: clean them again, keep what is good, lose nothing."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from sharewell.cleaning.clean import clean
from sharewell.cleaning.compile import recipe
from sharewell.cleaning.explain import count_changes, notes_on, reasons_of
from sharewell.cleaning.giveback import merge
from sharewell.cleaning.giveback.answers import ASIDE, CHANGES, KEPT, reader_of, sha256
from sharewell.cleaning.giveback.first import first_values
from sharewell.cleaning.giveback.returned import read_giveback
from sharewell.cleaning.giveback.terms import MENDED, Answers, Returned, TakenBack
from sharewell.cleaning.keys import keys_of
from sharewell.cleaning.rebuild import RAW_LINES
from sharewell.cleaning.sentences import why
from sharewell.cleaning.write import ABOUT, whole_folder, write_about
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.store.parquet import write_plain
from sharewell.vocab.errors import RowsNotConserved, RunInProgress, Where

_MENDED_WHY: Final = "The sender wrote this cell anew in the workbook of rows given back."
_COUNTED: Final = ("_repaired", "_blanked")
_NOTED: Final = {"mixed_date_orders", "dates_month_first"}


def take_back(answers: Answers, workbook: Path, limits: Limits | None = None) -> TakenBack:
    """Clean the mended rows of a workbook again and put them where they belong; the folder changes whole.

    Rows that are good now join the kept ones under their own number, and replace none; others stay set aside
    as they came back, with their reasons. Raises what ``read_giveback`` raises, OutputIsInput when the
    workbook lies in the folder, RunInProgress when the folder changed meanwhile, RowsNotConserved.
    """
    returned = read_giveback(workbook, answers)
    with whole_folder(answers.folder, workbook) as part:
        engine = DuckDB(part / "scratch", limits or Limits())
        try:
            _clean_again(engine, answers, returned)
            taken = _write(engine, answers, returned, part)
        finally:
            engine.close()
            _clear(part / "scratch")
            _require_unchanged(answers)
    return taken


def _clear(scratch: Path) -> None:
    import shutil

    shutil.rmtree(scratch, ignore_errors=True)


def _clean_again(engine: Engine, answers: Answers, returned: Returned) -> None:
    """Make the tables that ``merge`` speaks of."""
    for table, name in (("old_kept", KEPT), ("old_aside", ASIDE), ("old_changes", CHANGES)):
        engine.load(table, reader_of(answers.folder / name))
    rows = engine.load("mended", _mended(answers, returned))
    engine.create("returned", "SELECT source_row FROM mended")
    evidence = merge.evidence_query(answers.standard, _by_evidence(answers))
    names = ", ".join(f"m.{quoted(name)}" for name in answers.standard.names)
    own = f"SELECT m.source_row, o.line, {names} FROM mended AS m JOIN old_aside AS o"
    came = engine.create("came", f"{own} ON o.source_row = m.source_row UNION ALL {evidence}")
    engine.load("cells", first_values(engine, answers, returned))
    clean(came, answers.standard, "again", as_of=answers.as_of, without=answers.without)
    engine.create("clash", merge.clash_query(answers.standard, keys_of(answers.standard)))
    rows.drop()


def _mended(answers: Answers, returned: Returned) -> pa.Table:
    rows = returned.rows
    cells = {
        name: pa.array([values[name] for values in rows.values()], pa.string())
        for name in answers.standard.names
    }
    return pa.table({"source_row": pa.array(list(rows), pa.int64()), **cells})


def _by_evidence(answers: Answers) -> frozenset[str]:
    """Return the fields whose values are read by what the whole column shows."""
    return frozenset(
        field.name for field in answers.standard.fields if recipe(field, answers.as_of).reads_column
    )


def _write(engine: Engine, answers: Answers, returned: Returned, part: Path) -> TakenBack:
    standard = answers.standard
    aside = engine.create("all_aside", merge.aside_query(standard))
    engine.create("all_changes", merge.changes_query())
    engine.load("whys", _whys(engine))
    kept = write_plain(engine.stream(merge.kept_query(standard)), part / KEPT)
    set_aside = write_plain(engine.stream(f"SELECT * FROM {aside.name}"), part / ASIDE)
    changes = write_plain(engine.stream(merge.told_query()), part / CHANGES)
    now_kept = engine.create("now_kept", merge.NOW_KEPT).count()
    if kept + set_aside != answers.rows_in or kept != engine.count("old_kept") + now_kept:
        raise RowsNotConserved(
            f"The file has {answers.rows_in} records; {kept} would be kept and {set_aside} set aside.",
            "Nothing was taken back. Please report this with the file's shape, never its content.",
            Where(file=returned.name),
        )
    if (answers.folder / RAW_LINES).exists():
        shutil.copyfile(answers.folder / RAW_LINES, part / RAW_LINES)
    came = len(returned.rows)
    taken = TakenBack(answers.rows_in, came, now_kept, came - now_kept, kept, set_aside)
    write_about(part, _about(engine, answers, returned, taken, changes, part))
    return taken


def _whys(engine: Engine) -> pa.Table:
    rules = [
        str(rule) for rule in engine.fetch("SELECT DISTINCT rule FROM all_changes").column(0).to_pylist()
    ]
    told = [
        " ".join(_MENDED_WHY if part == MENDED else why(part) for part in rule.split("+")) for rule in rules
    ]
    return pa.table({"rule": pa.array(rules, pa.string()), "why": pa.array(told, pa.string())})


def _about(
    engine: Engine, answers: Answers, returned: Returned, taken: TakenBack, changes: int, part: Path
) -> dict[str, Any]:
    """Return about.json anew: the same run, its counts as they are now, and what came back."""
    titles = {field.name: field.title for field in answers.standard.fields}
    aside = Relation(engine, "all_aside")
    counts, reasons = count_changes(engine, "SELECT * FROM all_changes", aside), reasons_of(aside)
    whys = {row["rule"]: row["why"] for row in engine.fetch("SELECT * FROM whys").to_pylist()}
    old = answers.about
    notes = [note for note in old["notes"] if not _is_counted(note["code"])]
    notes += [vars(note) for note in notes_on(counts, reasons, answers.standard)]
    rows = {**old["rows"], "kept": taken.kept, "set_aside": taken.set_aside, "changes": changes}
    return {
        **old,
        "rows": rows,
        "reasons": [{"reason": each, "rows": n, "why": why(each, titles)} for each, n in reasons.items()],
        "rules": [{**_renamed(row), "why": whys[row["rule"]]} for row in counts],
        "notes": notes,
        "files": {name: sha256(part / name) for name in (CHANGES, KEPT, ASIDE, RAW_LINES)},
        "taken_back": [*old.get("taken_back", []), _record(returned, taken)],
    }


def _renamed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"column": row["column"], "rule": row["rule"], "verdict": row["verdict"], "cells": row["n"]}


def _is_counted(code: str) -> bool:
    return code.startswith("set_aside_") or code.endswith(_COUNTED) or code in _NOTED


def _record(returned: Returned, taken: TakenBack) -> dict[str, Any]:
    told = {"workbook": returned.name, "sha256": returned.sha256, "mended": taken.returned}
    return {**told, "now_kept": taken.now_kept, "still_set_aside": taken.still_set_aside}


def _require_unchanged(answers: Answers) -> None:
    """Refuse when another run wrote the folder meanwhile: its rows would be lost."""
    if any(sha256(answers.folder / name) != told for name, told in answers.about["files"].items()):
        raise RunInProgress(
            "The folder of answers was written by another run meanwhile.",
            "Give the rows back anew, or run this again.",
            Where(file=f"{answers.folder.name}/{ABOUT}"),
        )
