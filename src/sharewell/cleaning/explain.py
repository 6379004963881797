"""What people are told about a cleaning: how much was changed, set aside and found twice; never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sharewell.sources.terms import Standard
from sharewell.store.engine import Relation, quoted
from sharewell.vocab.step import Note

Row = dict[str, str | int]


def explain(kept: Relation, aside: Relation, changes: Relation, standard: Standard) -> tuple[Note, ...]:
    """Return the notes on a cleaning: changes by field, set-aside rows by reason, date orders, duplicates."""
    titles = {field.name: field.title for field in standard.fields}
    counts: list[Row] = changes.engine.fetch(
        f'SELECT "column", verdict, rule, count(*) AS n FROM {quoted(changes.name)} GROUP BY ALL ORDER BY ALL'
    ).to_pylist()
    return (
        *_changed(counts, titles),
        *_orders(counts, titles),
        *_reasons(aside),
        *_duplicates(kept, standard.names),
    )


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


def _reasons(aside: Relation) -> Iterable[Note]:
    counts = aside.engine.fetch(
        f"SELECT reason, count(*) AS n FROM (SELECT unnest(reasons) AS reason FROM {quoted(aside.name)})"
        " GROUP BY reason ORDER BY reason"
    )
    for row in counts.to_pylist():
        yield Note(
            "set_aside_" + row["reason"], f"{row['n']:,} rows were set aside: {row['reason']}.", row["n"]
        )


def _duplicates(kept: Relation, fields: Sequence[str]) -> Iterable[Note]:
    """Tell of rows that say exactly what another row says. They stay: to drop one is for people to decide."""
    cells = ", ".join(quoted(field) for field in fields)
    found = kept.engine.fetch(
        "SELECT coalesce(sum(n - 1), 0)::BIGINT AS n FROM"
        f" (SELECT count(*) AS n FROM {quoted(kept.name)} GROUP BY {cells} HAVING count(*) > 1)"
    )
    rows = int(found["n"][0].as_py())
    if rows:
        yield Note(
            "exact_duplicates", f"{rows:,} rows repeat another row word for word. They were kept.", rows
        )
