"""The drawings of a profile: bars as SVG, widths as shares of the page so that words keep their size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import escape

INK, GRID, BAR, LIGHT = "#0b0c0c", "#b1b4b6", "#28827a", "#dfeeec"
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
    return _image(id, title, told, drawn, ROW * len(bars) + 4)


def standing(id: str, title: str, told: str, bars: Sequence[Bar]) -> str:
    """Return bars that stand beside each other, in order; ``share`` is of the tallest.

    The words under the axis are the bars' own, of as many as there is room for.
    """
    width = min(_WIDTH / max(len(bars), 1), _WIDEST)
    left = (1 - width * len(bars)) / 2
    drawn = [_standing(bar, left + width * place, width) for place, bar in enumerate(bars)]
    base = _line(0, 1, TALL, INK)
    words = [_tick(left + width * (place + 0.5), bars[place].words) for place in _ticked(len(bars))]
    return _image(id, title, told, [*drawn, base, *words], TALL + 28)


def _lying(bar: Bar, top: float) -> str:
    label = _text(bar.label, x="0", y=top + 15, class_="strong")
    words = _text(bar.words, x="100%", y=top + 15, text_anchor="end")
    back = _rect(_LEFT, top + 24, _WIDTH, 16, LIGHT)
    drawn = back + _rect(_LEFT, top + 24, _WIDTH * min(bar.share, 1.0), 16, BAR)
    if bar.last is not None:
        drawn += _rect(min(_WIDTH * bar.last, _WIDTH - 0.004), top + 20, 0.005, 24, INK)
    return label + words + drawn


def _standing(bar: Bar, left: float, width: float) -> str:
    height = max(bar.share * (TALL - 10), 1.5) if bar.share else 0.0
    gap = width * 0.12
    return _rect(left + gap / 2, TALL - height, width - gap, height, BAR) if height else ""


def _tick(at: float, words: str) -> str:
    anchor = "start" if at < 0.08 else "end" if at > 0.92 else "middle"
    return _text(words, x=_part(at), y=TALL + 20, text_anchor=anchor)


def _ticked(bars: int) -> list[int]:
    return list(range(bars)) if bars <= _MOST_TICKS else [0, bars // 2, bars - 1]


def _rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    return _tag("rect", x=_part(x), y=y, width=_part(width), height=height, fill=fill)


def _line(x1: float, x2: float, y: float, colour: str) -> str:
    return _tag("line", x1=_part(x1), x2=_part(x2), y1=y, y2=y, stroke=colour)


def _text(words: str, **attributes: str | float) -> str:
    return _tag("text", str(escape(words)), **attributes)


def _image(id: str, title: str, told: str, inside: Iterable[str], height: float) -> str:
    head = _tag("title", str(escape(title)), id=f"{id}-t") + _tag("desc", str(escape(told)), id=f"{id}-d")
    return _tag(
        "svg", head + "".join(inside), xmlns="http://www.w3.org/2000/svg", role="img", width="100%",
        height=height, aria_labelledby=f"{id}-t {id}-d", class_="drawing",
    )  # fmt: skip


def _tag(name: str, inside: str = "", **attributes: str | float) -> str:
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _value(value: str | float) -> str:
    return str(escape(value)) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def _part(share: float) -> str:
    return f"{100.0 * share:.3f}".rstrip("0").rstrip(".") + "%"
