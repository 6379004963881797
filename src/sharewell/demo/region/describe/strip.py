"""Dots on a line for each list: how near its kinds of error came to the rate they were to have."""

from __future__ import annotations

from collections.abc import Sequence

from sharewell.demo.region.describe.terms import DIRT_BAR, WITHIN, Dirt
from sharewell.look.svg import GREEN, INK, ORANGE, image, part, rect, rule, tag, text

LINE, FOOT = 52, 24
REACH = 0.25
"""The ends of the axis, as shares of the target; what misses by more stands at the end."""
BAND = "#dfeeec"


def strip(id: str, title: str, told: str, rows: Sequence[tuple[str, str, Sequence[Dirt]]]) -> str:
    """Return one line a list: its label, its numbers in words, and a dot for every kind of error."""
    foot = LINE * len(rows)
    drawn = [_row(label, words, dirt, LINE * at) for at, (label, words, dirt) in enumerate(rows)]
    return image(id, title, told, [*drawn, *_axis(foot)], width="100%", height=foot + FOOT)


def _row(label: str, words: str, dirt: Sequence[Dirt], top: float) -> str:
    drawn = text(label, x="0", y=top + 15, class_="strong")
    drawn += text(words, x="100%", y=top + 15, text_anchor="end")
    drawn += rect(_x(-DIRT_BAR), top + 24, _x(DIRT_BAR) - _x(-DIRT_BAR), 22, BAND)
    drawn += rule(_x(0), top + 24, top + 46, INK)
    for each in dirt:
        colour = GREEN if each.verdict == WITHIN else ORANGE
        drawn += tag("circle", cx=part(_x(each.miss)), cy=top + 35, r=6, fill=colour, stroke="#ffffff")
    return drawn


def _axis(foot: float) -> list[str]:
    marks = ((-DIRT_BAR, f"{DIRT_BAR:.0%} under"), (0.0, "as wanted"), (DIRT_BAR, f"{DIRT_BAR:.0%} over"))
    return [text(words, x=part(_x(at)), y=foot + 14, text_anchor="middle") for at, words in marks]


def _x(miss: float) -> float:
    return 0.5 + 0.48 * max(-1.0, min(1.0, miss / REACH))
