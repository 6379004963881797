"""What people are told about a cleaning: how much was changed, set aside and found twice; never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sharewell.cleaning.keys import keys_of
from sharewell.sources.terms import Standard
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.vocab.step import Note

Row = dict[str, str | int]


def explain(kept: Relation, aside: Relation, changes: Relation, standard: Standard) -> tuple[Note, ...]:
    """Return the notes on a cleaning: changes by field, set-aside rows by reason, date orders, duplicates."""
    counts = count_changes(changes.engine, f"SELECT * FROM {quoted(changes.name)}", aside)
    repeated = () if keys_of(standard) else _duplicates(kept, standard.names)
    return (*notes_on(counts, reasons_of(aside), standard), *repeated)


def count_changes(engine: Engine, changes: str, aside: Relation) -> Sequence[Row]:
    """Return how many cells of kept rows were changed, by column, verdict and rules."""
    return list(
        engine.fetch(
            'SELECT c."column", c.verdict, c.rule, count(*) AS n'
            f" FROM ({changes}) AS c ANTI JOIN {quoted(aside.name)} AS a ON a.source_row = c.source_row"
            ' GROUP BY c."column", c.verdict, c.rule ORDER BY c."column", c.verdict, c.rule'
        ).to_pylist()
    )


def reasons_of(aside: Relation) -> dict[str, int]:
    """Return how many rows were set aside for each reason; a row may have several."""
    counts = aside.engine.fetch(
        f"SELECT reason, count(*) AS n FROM (SELECT unnest(reasons) AS reason FROM {quoted(aside.name)})"
        " GROUP BY reason ORDER BY reason"
    )
    return {row["reason"]: row["n"] for row in counts.to_pylist()}


def notes_on(counts: Sequence[Row], reasons: dict[str, int], standard: Standard) -> tuple[Note, ...]:
    """Return the notes on changed cells, on dates' orders and on rows set aside."""
    titles = {field.name: field.title for field in standard.fields}
    return (*_changed(counts, titles), *_orders(counts, titles), *_reasons(reasons))


def _changed(counts: Sequence[Row], titles: dict[str, str]) -> Iterable[Note]:
    told = {"repaired": "put into one form", "blanked": "left empty because they could not be right"}
    by_cell = Counter[tuple[str, str]]()
    for row in counts:
        by_cell[str(row["column"]), str(row["verdict"])] += int(row["n"])
    for (column, verdict), cells in by_cell.items():
        text = f"{titles[column]}: {cells:,} values were {told[verdict]}."
        yield Note(f"{column}_{verdict}", text, cells)


def _orders(counts: Sequence[Row], titles: dict[str, str]) -> Iterable[Note]:
    """Tell of columns whose dates are written month first, for a person to check with the sender."""
    for column, title in titles.items():
        rules = Counter[str]()
        for row in counts:
            if row["column"] == column:
                rules.update(dict.fromkeys(str(row["rule"]).split("+"), int(row["n"])))
        month_first = rules["date_month_first"]
        if month_first and rules["date_day_first"]:
            text = f"{title}: some dates can only be month first; the others were read day first."
            yield Note("mixed_date_orders", text, month_first)
        elif month_first:
            text = f"{title}: every date was read month first, because some can mean nothing else."
            yield Note("dates_month_first", text, month_first)


def _reasons(reasons: dict[str, int]) -> Iterable[Note]:
    for reason, rows in reasons.items():
        yield Note(f"set_aside_{reason}", f"{rows:,} rows were set aside: {reason}.", rows)


def _duplicates(kept: Relation, fields: Sequence[str]) -> Iterable[Note]:
    """Tell of rows that say exactly what another row says, where no key tells which of them to keep."""
    cells = ", ".join(quoted(field) for field in fields)
    found = kept.engine.fetch(
        "SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) AS n FROM"
        f" (SELECT count(*) AS n FROM {quoted(kept.name)} GROUP BY {cells} HAVING count(*) > 1)"
    )
    rows = int(found["n"][0].as_py())
    if rows:
        yield Note(
            "exact_duplicates", f"{rows:,} rows repeat another row word for word. They were kept.", rows
        )
