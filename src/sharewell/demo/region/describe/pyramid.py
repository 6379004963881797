"""The age pyramid: men to the left, women to the right, and what is published as outlines."""

from __future__ import annotations

from collections.abc import Mapping

from sharewell.demo.region.describe.rules import shares
from sharewell.demo.region.describe.terms import BANDS, Counts
from sharewell.demo.region.describe.words import percent
from sharewell.look.svg import GREEN, ORANGE, image, outline, rect, round_up, rule, text

LINE, HEAD, FOOT = 20, 24, 26
LEFT, RIGHT, REACH = 0.435, 0.565, 0.42
"""Where men's bars end, where women's begin, and how far either may reach: shares of the width."""


def pyramid(id: str, title: str, told: str, made: Counts, published: Counts, most: float) -> str:
    """Return a pyramid of ages; counts are by sex and band, drawn as shares of everybody up to ``most``."""
    own, wanted = shares(made), shares(published)
    height = HEAD + LINE * len(BANDS)
    drawn = [_axis(most, height), _heads()]
    for at, band in enumerate(reversed(BANDS)):
        drawn.append(_band(band, HEAD + LINE * at, own, wanted, REACH / most))
    return image(id, title, told, drawn, width="100%", height=height + FOOT)


def widest(*counted: Counts) -> float:
    """Return where the axis of some pyramids ends, so that they can be told against each other."""
    return round_up(max([0.001, *(share for counts in counted for share in shares(counts).values())]))


def _heads() -> str:
    men = text("Men", x="43.5%", y=16, text_anchor="end", class_="strong")
    return men + text("Women", x="56.5%", y=16, class_="strong")


def _axis(most: float, height: float) -> str:
    drawn = ""
    for share in (0.5, 1.0):
        for x, anchor in ((LEFT - share * REACH, "start"), (RIGHT + share * REACH, "end")):
            where = anchor if share == 1.0 else "middle"
            drawn += rule(x, HEAD, height + 4)
            drawn += text(percent(share * most), x=f"{100 * x:.2f}%", y=height + 20, text_anchor=where)
    return drawn


def _band(band: str, top: float, own: Mapping[str, float], wanted: Mapping[str, float], scale: float) -> str:
    men, women = own.get(f"1 {band}", 0.0) * scale, own.get(f"2 {band}", 0.0) * scale
    drawn = rect(LEFT - men, top + 2, men, LINE - 5, GREEN) + rect(RIGHT, top + 2, women, LINE - 5, ORANGE)
    drawn += text(band.replace("-", "–"), x="50%", y=top + 14, text_anchor="middle")
    if wanted:
        first, second = wanted.get(f"1 {band}", 0.0) * scale, wanted.get(f"2 {band}", 0.0) * scale
        drawn += outline(LEFT - first, top + 1, first, LINE - 3) + outline(RIGHT, top + 1, second, LINE - 3)
    return drawn
