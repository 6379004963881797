"""The report on a checked list: one page that a sender can read, keep and act on, needing no other file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from sharewell.cleaning.check_words import KIND_WORDS, OUTCOME_WORDS, UNREADABLE
from sharewell.cleaning.checked import Checked, Outcome
from sharewell.sources.pages import render_page

TEMPLATES: Final = Path(__file__).parent / "templates"
COLOURS: Final[Mapping[Outcome, str]] = {
    Outcome.ROW_LOST: "#b10e1e",
    Outcome.CELL_LOST: "#c76a15",
    Outcome.UNKNOWN: "#6f777b",
    Outcome.PUT_RIGHT: "#28827a",
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
    return render_page(
        "check.html",
        TEMPLATES,
        checked=checked,
        verdict=verdict(checked),
        summary=list(summary(checked)),
        columns_told=list(columns_told(checked)),
        day=f"{as_of.day} {as_of:%B %Y}",
        legend=[(OUTCOME_WORDS[each], COLOURS[each]) for each in outcomes],
        bars=bars,
        chart=_chart(bars[:_MOST_BARS], [COLOURS[each] for each in outcomes]) if bars else "",
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


def _chart(bars: Sequence[Bar], colours: Sequence[str]) -> Markup:
    """Return the bars as a drawing whose words keep their size on a phone."""
    most = max(bar.total for bar in bars)
    drawn = "".join(_drawn(bar, at * _BAR, most, colours) for at, bar in enumerate(bars))
    told = "; ".join(f"{bar.label}: {_number(bar.total)}" for bar in bars)
    head = f'<title id="chart-t">Failing cells by column</title><desc id="chart-d">{escape(told)}</desc>'
    frame = f'width="100%" height="{_BAR * len(bars)}" class="drawing" role="img"'
    named = 'xmlns="http://www.w3.org/2000/svg" aria-labelledby="chart-t chart-d"'
    return Markup(f"<svg {named} {frame}>{head}{drawn}</svg>")  # noqa: S704 (made here, every word escaped)


def _drawn(bar: Bar, top: int, most: int, colours: Sequence[str]) -> str:
    label = f'<text x="0" y="{top + 15}" class="strong">{escape(_short(bar.label))}</text>'
    words = f'<text x="100%" y="{top + 15}" text-anchor="end">{_number(bar.total)} ({bar.share})</text>'
    drawn, left = "", 0.0
    for part, colour in zip(bar.parts, colours, strict=True):
        width = 100 * part / most
        drawn += _rect(left, top + 22, width, colour) if part else ""
        left += width
    return label + words + drawn


def _rect(left: float, top: int, width: float, colour: str) -> str:
    return f'<rect x="{left:.2f}%" y="{top}" width="{max(width, 0.3):.2f}%" height="16" fill="{colour}"/>'


def _short(label: str) -> str:
    return label if len(label) <= 26 else label[:25] + "…"


def _number(count: int) -> str:
    return f"{count:,}"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
