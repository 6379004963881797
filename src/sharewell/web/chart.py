"""Bars as SVG: no script, a title that says the finding, and every number beside its bar as text.

Widths are shares of the page's width, so that the words keep their size on a phone and at 200 % zoom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

COLOURS = ("#12393d", "#c76a15", "#6f777b", "#5ab4a8")
THINNEST = 0.8
"""The least width of a part that is not 0, in hundredths, so that one row of thousands is seen."""


@dataclass(frozen=True)
class Bar:
    """One bar: its label and its parts, in the order of the chart's legend."""

    label: str
    parts: tuple[int, ...]


@dataclass(frozen=True)
class Mark:
    """One drawn rectangle, in hundredths of the chart's width."""

    x: float
    width: float
    colour: str


@dataclass(frozen=True)
class Row:
    """One drawn bar: its label, its numbers in words, its rectangles."""

    label: str
    words: str
    marks: tuple[Mark, ...]


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
    csv: str


def bar_chart(
    bars: Sequence[Bar], *, id: str, title: str, summary: str, header: Sequence[str], csv: str
) -> Chart:
    """Return a chart of horizontal stacked bars. ``header`` names the label column and each part."""
    most = max((sum(bar.parts) for bar in bars), default=0) or 1
    legend = tuple(zip(header[1:], COLOURS, strict=False)) if len(header) > 2 else ()
    return Chart(
        id=id,
        title=title,
        summary=summary,
        header=tuple(header),
        table=tuple((bar.label, *(f"{part:,}" for part in bar.parts)) for bar in bars),
        rows=tuple(Row(bar.label, _words(bar, header), _marks(bar, most)) for bar in bars),
        legend=legend,
        csv=csv,
    )


def _words(bar: Bar, header: Sequence[str]) -> str:
    """Return the numbers, each with its part's name where there are several."""
    if len(bar.parts) == 1:
        return f"{bar.parts[0]:,}"
    return ", ".join(f"{part:,} {name.lower()}" for part, name in zip(bar.parts, header[1:], strict=True))


def _marks(bar: Bar, most: int) -> tuple[Mark, ...]:
    widths = [max(100 * part / most, THINNEST) if part else 0.0 for part in bar.parts]
    shrink = min(1.0, 100 / (sum(widths) or 1.0))
    marks, x = [], 0.0
    for width, colour in zip(widths, COLOURS, strict=False):
        if width:
            marks.append(Mark(round(x, 2), round(width * shrink, 2), colour))
        x += width * shrink
    return tuple(marks)
