"""Bars: lying under each other, each under its own words, or standing beside each other in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sharewell.look.svg import GREEN, INK, LIGHT, base, image, part, rect, rule, text

ROW, TALL = 50, 150
"""Pixels a lying bar takes with its words above it, and the height of standing bars."""
_LEFT, _WIDTH, _WIDEST = 0.002, 0.996, 0.14
_MOST_TICKS = 5


@dataclass(frozen=True)
class Bar:
    """One bar: its label, its share of the axis (0 to 1), its words, and what it was last time."""

    label: str
    share: float
    words: str
    last: float | None = None


def lying(id: str, title: str, told: str, bars: Sequence[Bar]) -> str:
    """Return bars that lie under each other, each under its own words; a mark shows last time."""
    drawn = [_lying(bar, ROW * place) for place, bar in enumerate(bars)]
    return image(id, title, told, drawn, width="100%", height=ROW * len(bars) + 4)


def standing(id: str, title: str, told: str, bars: Sequence[Bar], marks: Iterable[float] = ()) -> str:
    """Return bars that stand beside each other, in order; ``share`` is of the tallest.

    The words under the axis are the bars' own, of as many as there is room for. ``marks``: where upright
    lines stand, in bars from the left.
    """
    width = min(_WIDTH / max(len(bars), 1), _WIDEST)
    left = (1 - width * len(bars)) / 2
    drawn = [_standing(bar, left + width * place, width) for place, bar in enumerate(bars)]
    lines = [rule(left + width * at, 0, TALL, INK) for at in marks]
    words = [_tick(left + width * (place + 0.5), bars[place].words) for place in _ticked(len(bars))]
    inside = [*drawn, *lines, base(TALL), *words]
    return image(id, title, told, inside, width="100%", height=TALL + 28)


def _lying(bar: Bar, top: float) -> str:
    label = text(bar.label, x="0", y=top + 15, class_="strong")
    words = text(bar.words, x="100%", y=top + 15, text_anchor="end")
    back = rect(_LEFT, top + 24, _WIDTH, 16, LIGHT)
    drawn = back + rect(_LEFT, top + 24, _WIDTH * min(bar.share, 1.0), 16, GREEN)
    if bar.last is not None:
        drawn += rect(min(_WIDTH * bar.last, _WIDTH - 0.004), top + 20, 0.005, 24, INK)
    return label + words + drawn


def _standing(bar: Bar, left: float, width: float) -> str:
    height = max(bar.share * (TALL - 10), 1.5) if bar.share else 0.0
    gap = width * 0.12
    return rect(left + gap / 2, TALL - height, width - gap, height, GREEN) if height else ""


def _tick(at: float, words: str) -> str:
    anchor = "start" if at < 0.08 else "end" if at > 0.92 else "middle"
    return text(words, x=part(at), y=TALL + 20, text_anchor=anchor)


def _ticked(bars: int) -> list[int]:
    return list(range(bars)) if bars <= _MOST_TICKS else [0, bars // 2, bars - 1]
