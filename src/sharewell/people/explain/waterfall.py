"""The waterfall of one pair: each bar begins where the one before ends; its page, with the data beside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sharewell.look.pages import render, write_page
from sharewell.look.svg import DARK, GREEN, GRID, INK, ORANGE, image, part, rect, rule, text
from sharewell.look.terms import Drawing, Section, Table
from sharewell.people.explain.pair import PairExplained
from sharewell.people.explain.words import capital, odds, percent, rule_words, signed

TEMPLATES: Final = Path(__file__).parent / "templates"
ROW, FOOT = 68, 30
"""Pixels a bar takes with its two lines of words, and the height of the axis."""
_LEFT, _WIDTH = 0.01, 0.98


@dataclass(frozen=True)
class _Axis:
    """Where bits stand in the drawing, as shares of its width."""

    low: float
    high: float

    def at(self, bits: float) -> float:
        return _LEFT + _WIDTH * (bits - self.low) / (self.high - self.low)


def waterfall(pair: PairExplained) -> str:
    """Return the drawing: from the odds of two places, bar by bar, to the total; a line is the threshold."""
    ends = [pair.start]
    for rung in pair.rungs:
        ends.append(ends[-1] + rung.bits)
    axis = _Axis(min(0.0, pair.threshold, *ends) - 1, max(0.0, pair.threshold, *ends) + 1)
    begins = [0.0, *ends[:-1], 0.0]
    rows = list(zip(pair.lines(), begins, [*ends, pair.total], strict=True))
    height = ROW * len(rows)
    drawn = [_threshold(pair.threshold, height, axis)]
    drawn += [
        _row(words, start, end, ROW * n, axis, n, len(rows)) for n, (words, start, end) in enumerate(rows)
    ]
    told = f"{pair.verdict} " + "; ".join(f"{what}: {found}, {bits}" for what, found, bits in pair.lines())
    return image("waterfall", "What each comparison adds", told, drawn, width="100%", height=height + FOOT)


def _row(
    words: tuple[str, str, str], start: float, end: float, top: int, axis: _Axis, place: int, rows: int
) -> str:
    what, found, bits = words
    drawn = text(capital(what), x="0", y=top + 15, class_="strong clear")
    drawn += text(bits, x="100%", y=top + 15, text_anchor="end", class_="strong clear")
    drawn += text(capital(found), x="0", y=top + 33, class_="clear")
    ends = place in (0, rows - 1)
    colour = DARK if ends else GREEN if end >= start else ORANGE
    left, right = sorted((axis.at(start), axis.at(end)))
    drawn += rect(left, top + 41, max(right - left, 0.003), 15, colour) if end != start else ""
    return drawn if place >= rows - 2 else drawn + rule(axis.at(end), top + 56, top + ROW + 41, GRID)


def _threshold(bits: float, height: int, axis: _Axis) -> str:
    at = axis.at(bits)
    anchor = "start" if at < 0.3 else "end" if at > 0.7 else "middle"
    line = rule(at, 0, height, INK, "4 4")
    return line + text("one person from here on", x=part(at), y=height + 18, text_anchor=anchor)


def write_pair(pair: PairExplained, out: Path, inputs: Iterable[Path] = ()) -> tuple[Path, Path]:
    """Write the page of a pair and its JSON beside it; return both. Raises as ``look.pages.write_page``."""
    told = json.dumps(pair.as_dict(), ensure_ascii=False, indent=2) + "\n"
    return write_page(out, render_pair(pair), told, inputs)


def render_pair(pair: PairExplained) -> str:
    """Return the page of a pair."""
    shown = any(rung.values for rung in pair.rungs)
    return render(
        "pair.html",
        TEMPLATES,
        title="Why two records are, or are not, one person",
        pair=pair,
        facts=list(_facts(pair)),
        section=_section(pair),
        shown=shown,
    )


def _facts(pair: PairExplained) -> Iterator[tuple[str, str]]:
    yield "One record", pair.left
    yield "The other", pair.right
    yield "Where they stand", pair.place
    yield "Together", f"{signed(pair.total)} bits: {odds(pair.total)}, {percent(pair.probability)} likely"
    yield "One person from", f"{signed(pair.threshold)} bits on: {odds(pair.threshold)}"
    yield (
        "Compared because",
        "; ".join(f"one {block}" for block in pair.blocks)
        or ("they were not: they share nothing that the run looks for pairs by"),
    )
    yield "In this linkage", "one person" if pair.is_joined else "two people"
    if pair.doubt:
        yield "Left to a person", rule_words(pair.doubt)


def _section(pair: PairExplained) -> Section:
    tables = [Table("What each comparison adds, in bits", ("Compared", "Found", "Bits"), tuple(pair.lines()))]
    if any(rung.values for rung in pair.rungs):
        rows = tuple((rung.what, *rung.values) for rung in pair.rungs if rung.values)
        tables.append(
            Table("The values, as they were compared", ("Compared", "One", "The other"), rows, True)
        )
    strongest = max(pair.rungs, key=lambda rung: abs(rung.bits))
    side = "for" if strongest.bits > 0 else "against"
    title = f"What counts most: {strongest.what}, {strongest.found}, which speaks {side} one person"
    summary = (
        "A bit is a doubling of the odds: +3 bits make one person eight times as likely, \u22123 eight times "
        "less. Each bar begins where the one before ends."
    )
    return Section("bars", title, summary, (Drawing(waterfall(pair)),), tuple(tables))
