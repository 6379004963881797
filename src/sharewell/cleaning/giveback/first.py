"""What each cell of a mended row was in the file: as the log has it, or else as the row was set aside."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from sharewell.cleaning.giveback.answers import given_rows
from sharewell.cleaning.giveback.terms import MENDED, Answers, Returned
from sharewell.store.engine import Engine, literal

_KINDS: dict[str, pa.DataType] = {
    "source_row": pa.int64(),
    "column": pa.string(),
    "before": pa.string(),
    "given": pa.string(),
}
_SCHEMA = pa.schema(_KINDS)


def first_values(engine: Engine, answers: Answers, returned: Returned) -> pa.Table:
    """Return each cell of the mended rows: source_row, column, before (in the file), given (as it came back).

    ``before`` is null for a row that reading set aside: its text was never cells.
    """
    mended = _mended_before(engine)
    rows: list[tuple[int, str, str | None, str | None]] = []
    for given in given_rows(answers):
        values = returned.rows.get(given.source_row)
        if values is None:
            continue
        for name in answers.standard.names:
            before = None if given.is_line else given.values.get(name)
            before = mended.get((given.source_row, name), before)
            rows.append((given.source_row, name, before, values[name]))
    return pa.Table.from_pylist([dict(zip(_KINDS, row, strict=True)) for row in rows], schema=_SCHEMA)


def _mended_before(engine: Engine) -> Mapping[tuple[int, str], str | None]:
    """Return what the cells were that a workbook has mended before."""
    found = engine.fetch(
        'SELECT o.source_row, o."column", o.before FROM old_changes AS o'
        " SEMI JOIN returned AS r ON r.source_row = o.source_row"
        f" WHERE starts_with(o.rule, {literal(MENDED)})"
    )
    return {(row["source_row"], row["column"]): row["before"] for row in found.to_pylist()}
