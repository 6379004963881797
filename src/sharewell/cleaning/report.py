"""The report on a checked list: one page that a sender can read, keep and act on, needing no other file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sharewell.cleaning.check_words import KIND_WORDS, OUTCOME_WORDS, UNREADABLE
from sharewell.cleaning.checked import Checked, Outcome
from sharewell.look.pages import render
from sharewell.look.svg import GREEN, GREY, ORANGE, RED, image, rect, text
from sharewell.look.terms import Drawing

TEMPLATES: Final = Path(__file__).parent / "templates"
COLOURS: Final[Mapping[Outcome, str]] = {
    Outcome.ROW_LOST: RED,
    Outcome.CELL_LOST: ORANGE,
    Outcome.UNKNOWN: GREY,
    Outcome.PUT_RIGHT: GREEN,
}
_BAR, _MOST_BARS = 50, 40


@dataclass(frozen=True)
class Bar:
    """One column's failing cells, by what becomes of them."""

    label: str
    parts: tuple[int, ...]
    rows: int

    @property
    def total(self) -> int:
        """Return the column's failing cells."""
        return sum(self.parts)

    @property
    def share(self) -> str:
        """Return how many of the column's cells fail, in words."""
        part = self.total / self.rows if self.rows else 0
        return "under 0.1%" if 0 < part < 0.001 else f"{part:.1%}"


def render_report(checked: Checked, *, as_of: date, shown: bool = False) -> str:
    """Return the page on a checked list. ``shown`` says that examples hold values, so that the page warns."""
    outcomes = [each for each in COLOURS if any(problem.outcome is each for problem in checked.problems)]
    bars = bars_of(checked, outcomes)
    return render(
        "check.html",
        TEMPLATES,
        checked=checked,
        verdict=verdict(checked),
        summary=list(summary(checked)),
        columns_told=list(columns_told(checked)),
        day=f"{as_of.day} {as_of:%B %Y}",
        legend=[(OUTCOME_WORDS[each], COLOURS[each]) for each in outcomes],
        bars=bars,
        chart=_chart(bars[:_MOST_BARS], [COLOURS[each] for each in outcomes]) if bars else None,
        mend=[problem for problem in checked.problems if problem.outcome.needs_mending],
        right=[problem for problem in checked.problems if not problem.outcome.needs_mending],
        kinds=KIND_WORDS,
        outcomes=OUTCOME_WORDS,
        unreadable=UNREADABLE,
        shown=shown,
        number=_number,
        cells=_cells,
        rows=_rows,
    )


def verdict(checked: Checked) -> str:
    """Return the verdict in a few words."""
    return "something to mend before it is sent" if checked.needs_mending else "ready to send"


def summary(checked: Checked) -> Iterator[str]:
    """Yield the sentences that a sender reads first."""
    if checked.cells_to_mend:
        cells, rows = _cells(checked.cells_to_mend), _rows(checked.rows_to_mend)
        yield f"{cells} in {rows} must be mended, and only you can do it."
    if checked.absent:
        names = ", ".join(field.title for field in checked.absent)
        yield f"No column was found for what must be filled in: {names}."
    if checked.unreadable:
        yield f"{_rows(sum(each.count for each in checked.unreadable))} cannot be read."
    if checked.doubtful:
        yield "The meaning of some columns was guessed; see below and confirm it."
    right = checked.cells_failing - checked.cells_to_mend
    if right:
        verb = "is" if right == 1 else "are"
        yield f"{_cells(right)} {verb} not in the one form wanted, and sharewell will put that right."
    if not checked.cells_failing:
        yield f"Every cell that was checked is right, in {_rows(checked.rows)}."


def columns_told(checked: Checked) -> Iterator[str]:
    """Yield what is said of columns: those that are absent, guessed or not asked for."""
    for field in checked.absent:
        heads = ", ".join(dict.fromkeys((field.title, *field.synonyms)))
        yield f"There is no column for {field.title}, which must be filled in. Head it with one of: {heads}."
    for column, name in checked.doubtful:
        meant = checked.standard.field(name)
        title = meant.title if meant else name
        yield f"“{column}” was taken for {title} by its likeness. If that is right, head it “{title}”."
    if checked.spare:
        columns = ", ".join(f"“{column}”" for column in checked.spare)
        yield f"Not asked for, and would be left out: {columns}."


def bars_of(checked: Checked, outcomes: Sequence[Outcome]) -> list[Bar]:
    """Return the failing cells of each column that has any, most first."""
    counts: dict[str, dict[Outcome, int]] = {}
    for problem in checked.problems:
        cells = counts.setdefault(problem.column, dict.fromkeys(outcomes, 0))
        cells[problem.outcome] += problem.cells
    bars = [Bar(column, tuple(cells.values()), checked.rows) for column, cells in counts.items()]
    return sorted(bars, key=lambda bar: -bar.total)


def _chart(bars: Sequence[Bar], colours: Sequence[str]) -> Drawing:
    """Return the bars as a drawing whose words keep their size on a phone."""
    most = max(bar.total for bar in bars)
    drawn = [_drawn(bar, at * _BAR, most, colours) for at, bar in enumerate(bars)]
    told = "; ".join(f"{bar.label}: {_number(bar.total)}" for bar in bars)
    height = _BAR * len(bars)
    return Drawing(image("chart", "Failing cells by column", told, drawn, width="100%", height=height))


def _drawn(bar: Bar, top: int, most: int, colours: Sequence[str]) -> str:
    label = text(_short(bar.label), x="0", y=top + 15, class_="strong")
    words = text(f"{_number(bar.total)} ({bar.share})", x="100%", y=top + 15, text_anchor="end")
    drawn, left = "", 0.0
    for part, colour in zip(bar.parts, colours, strict=True):
        width = part / most
        drawn += rect(left, top + 22, max(width, 0.003), 16, colour) if part else ""
        left += width
    return label + words + drawn


def _short(label: str) -> str:
    return label if len(label) <= 26 else label[:25] + "…"


def _number(count: int) -> str:
    return f"{count:,}"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
