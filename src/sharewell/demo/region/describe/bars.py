"""Bars: of one or several parts, with the outline of what is published round them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.look.svg import DARK, GREEN, GREY, INK, ORANGE, image, outline, rect, text

STACKED = (DARK, ORANGE, GREY)
LINE, TALL = 26, 50
"""Pixels a bar takes with its label beside it, and with its label above."""
LABEL, END = 0.17, 0.80
"""Where bars begin and end when the label stands beside them, as shares of the width."""


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its parts, its numbers in words, and what is published."""

    label: str
    parts: tuple[float, ...]
    words: str
    published: float | None = None

    @property
    def reach(self) -> float:
        """Return how far the bar or its outline reaches."""
        return max(sum(self.parts), self.published or 0.0)


def beside(id: str, title: str, told: str, bars: Sequence[Bar], most: float = 0.0) -> str:
    """Return bars with their short labels beside them; ``most`` is the end of the axis."""
    most = most or longest(bars)
    drawn = [_beside(bar, LINE * at, most) for at, bar in enumerate(bars)]
    return image(id, title, told, drawn, width="100%", height=LINE * len(bars) + 4)


def above(id: str, title: str, told: str, bars: Sequence[Bar], most: float = 0.0) -> str:
    """Return bars with their labels above them."""
    most = most or longest(bars)
    drawn = [_above(bar, TALL * at, most) for at, bar in enumerate(bars)]
    return image(id, title, told, drawn, width="100%", height=TALL * len(bars) + 2)


def longest(bars: Sequence[Bar]) -> float:
    """Return how far the longest of some bars reaches."""
    return max((bar.reach for bar in bars), default=0.0) or 1.0


def _beside(bar: Bar, top: float, most: float) -> str:
    scale = (END - LABEL) / most
    label = text(bar.label, x=f"{100 * LABEL - 2:.0f}%", y=top + 18, text_anchor="end", class_="strong")
    words = text(bar.words, x="100%", y=top + 18, text_anchor="end")
    return label + _drawn(bar, LABEL, top + 5, scale, 16) + words


def _above(bar: Bar, top: float, most: float) -> str:
    label = text(bar.label, x="0", y=top + 15, class_="strong")
    words = text(bar.words, x="100%", y=top + 15, text_anchor="end")
    return label + words + _drawn(bar, 0.004, top + 24, 0.99 / most, 16)


def _drawn(bar: Bar, left: float, top: float, scale: float, height: float) -> str:
    """Return a bar's parts from the left on, and its outline."""
    colours = STACKED if len(bar.parts) > 1 else (GREEN,)
    drawn, x = "", left
    for value, colour in zip(bar.parts, colours, strict=False):
        drawn += rect(x, top, value * scale, height, colour) if value else ""
        x += value * scale
    if bar.published is None:
        return drawn + rect(left, top, 0.002, height, INK)
    return drawn + outline(left, top - 2, bar.published * scale, height + 4)
