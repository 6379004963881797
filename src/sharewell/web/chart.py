"""Bars as SVG: no script, a title that says the finding, and every number beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LABEL_WIDTH, BAR_WIDTH, ROW_HEIGHT, END = 250, 430, 34, 110
COLOURS = ("#12393d", "#b35900", "#6f777b", "#5ab4a8")


@dataclass(frozen=True)
class Bar:
    """One bar: its label and its parts, in the order of the chart's legend."""

    label: str
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Mark:
    """One drawn rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class Row:
    """One drawn row: its label, its rectangles, and the words at its end."""

    label: str
    y: float
    marks: tuple[Mark, ...]
    end_x: float
    end: str


@dataclass(frozen=True)
class Chart:
    """A drawn bar chart: what the template needs and nothing to work out.

    ``title`` says the finding, ``summary`` one sentence more; ``header`` and ``table`` are the numbers.
    """

    id: str
    title: str
    summary: str
    header: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]
    legend: tuple[tuple[str, str], ...]
    width: int
    height: int
    csv: str


def bar_chart(
    bars: Sequence[Bar], *, id: str, title: str, summary: str, header: Sequence[str], csv: str
) -> Chart:
    """Return a chart of horizontal stacked bars. ``header`` names the label column and each part."""
    most = max((sum(bar.parts) for bar in bars), default=0) or 1
    return Chart(
        id=id,
        title=title,
        summary=summary,
        header=tuple(header),
        table=tuple((bar.label, *(f"{part:,}" for part in bar.parts)) for bar in bars),
        rows=tuple(_row(bar, place, most) for place, bar in enumerate(bars)),
        legend=tuple(zip(header[1:], COLOURS, strict=False)) if len(header) > 2 else (),
        width=LABEL_WIDTH + BAR_WIDTH + END,
        height=ROW_HEIGHT * max(1, len(bars)),
        csv=csv,
    )


def _row(bar: Bar, place: int, most: int) -> Row:
    x, y, marks = float(LABEL_WIDTH), place * ROW_HEIGHT, []
    for part, colour in zip(bar.parts, COLOURS, strict=False):
        width = BAR_WIDTH * part / most
        marks.append(Mark(round(x, 1), y + 6, round(width, 1), ROW_HEIGHT - 12, colour))
        x += width
    words = " + ".join(f"{part:,}" for part in bar.parts if part) or "0"
    return Row(bar.label, y + ROW_HEIGHT / 2 + 6, tuple(marks), round(x + 8, 1), words)
