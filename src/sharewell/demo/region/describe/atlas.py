"""The map: squares shaded by how many people live in them, districts named at their middles, and a scale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sharewell.demo.region.describe.squares import Piece
from sharewell.demo.region.describe.terms import Place, Square
from sharewell.demo.region.describe.words import number
from sharewell.look.svg import INK, image, tag, text

SHADES = ("#3fa35b", "#21828c", "#31688e", "#443983", "#2d0140")
"""From few to many: each 3 to 1 or more against white and darker than the last, so it reads in grey too."""
EDGE, FOOT = 1, 0.09
"""Squares left free round the map, and the height kept for the scale, as a share of the width."""
WIDE, NARROW, TALLEST = 880, 340, 860
"""Pixels the map is wide at a desk and on a phone, and at most tall."""
LETTER, LINE = 8.0, 20
KILOMETRES = (0.2, 0.5, 1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Spot:
    """A district's name on the map: its number in the key and where its middle is, as shares of the box."""

    name: str
    mark: str
    x: float
    y: float


def breaks(densities: Sequence[float]) -> tuple[float, ...]:
    """Return the edges between shades: fifths of the squares, rounded to numbers that read well."""
    ranked = sorted(densities)
    fifths = [ranked[len(ranked) * at // len(SHADES)] for at in range(1, len(SHADES))] if ranked else []
    return tuple(dict.fromkeys(_rounded(each) for each in fifths))


def _rounded(value: float) -> float:
    step = 10 if value >= 50 else 5 if value >= 15 else 1
    return float(max(1, round(value / step) * step))


def legend(edges: Sequence[float]) -> tuple[tuple[str, str], ...]:
    """Return what each shade stands for, in people a hectare."""
    words = [f"under {number(edge)}" for edge in edges[:1]]
    words += [f"{number(one)} to {number(two)}" for one, two in pairwise(edges)]
    words += [f"{number(edge)} and over" for edge in edges[-1:]] or ["all"]
    return tuple(zip(words, SHADES, strict=False))


def atlas(
    id: str, title: str, told: str, piece: Piece, side: int, places: Sequence[tuple[str, Place]],
    edges: Sequence[float],
) -> str:  # fmt: skip
    """Return one piece of the map; ``places`` pairs each district's mark and name with where it is."""
    across, up = piece.across + 2 * EDGE, piece.up + 2 * EDGE
    high = up + FOOT * across
    spots = [_spot(name, place, piece, side, high) for name, place in places]
    drawn = [
        _ground(piece, side, edges, across, high),
        *_names(spots, high / across),
        _scale(across, up, high, side),
    ]
    wide = min(WIDE, TALLEST * across / high)
    style = f"aspect-ratio:{across}/{high:.2f};max-width:{wide:.0f}px"
    return image(id, title, told, drawn, width="100%", style=style)


def _ground(piece: Piece, side: int, edges: Sequence[float], across: int, high: float) -> str:
    """Return the squares, one path a shade."""
    hectares = side**2 / 10_000
    by_shade: dict[int, list[Square]] = defaultdict(list)
    for square in piece.squares:
        by_shade[sum(square.people / hectares >= edge for edge in edges)].append(square)
    paths = "".join(
        tag("path", d=_runs(by_shade[shade], piece), fill=SHADES[shade]) for shade in sorted(by_shade)
    )
    return tag(
        "svg", paths, width="100%", height="100%", viewBox=f"0 0 {across} {high:.2f}",
        preserveAspectRatio="none", shape_rendering="crispEdges",
    )  # fmt: skip


def _runs(squares: Iterable[Square], piece: Piece) -> str:
    """Return a path of boxes, each as long as squares stand in a row."""
    runs: list[list[int]] = []
    for square in sorted(squares, key=lambda each: (each.north, each.east)):
        x, y = square.east - piece.west + EDGE, piece.south + piece.up - 1 - square.north + EDGE
        if runs and runs[-1][1] == y and runs[-1][0] + runs[-1][2] == x:
            runs[-1][2] += 1
        else:
            runs.append([x, y, 1])
    return "".join(f"M{x} {y}h{long}v1h-{long}z" for x, y, long in runs)


def _spot(name: str, place: Place, piece: Piece, side: int, high: float) -> Spot:
    mark, _, words = name.partition(" ")
    x = (place.east / side - piece.west + EDGE) / (piece.across + 2 * EDGE)
    return Spot(words, mark, x, (piece.south + piece.up - place.north / side + EDGE) / high)


def _names(spots: Sequence[Spot], ratio: float) -> list[str]:
    """Return districts' names where they do not run into each other, and their numbers where they would."""
    drawn = []
    for width, css in ((NARROW, "place narrow"), (WIDE, "place wide")):
        named = zip(spots, _fit(spots, width, ratio), strict=True)
        drawn += [_named(spot, spot.name if fits else spot.mark, css) for spot, fits in named]
    return drawn


def is_marked(piece: Piece, side: int, places: Sequence[tuple[str, Place]]) -> bool:
    """Return whether the map shows numbers on a phone, so that a key is needed."""
    across = piece.across + 2 * EDGE
    high = piece.up + 2 * EDGE + FOOT * across
    return not all(
        _fit([_spot(name, place, piece, side, high) for name, place in places], NARROW, high / across)
    )


def _fit(spots: Sequence[Spot], width: float, ratio: float) -> list[bool]:
    """Return whose name has room at a width: inside the map, and clear of the words of all others."""
    longs, fits = [len(spot.mark) * LETTER for spot in spots], []
    for at, spot in enumerate(spots):
        long, x, y = len(spot.name) * LETTER, spot.x * width, spot.y * width * ratio
        is_free = long / 2 <= x <= width - long / 2 and not any(
            abs(x - other.x * width) < (long + longs[place]) / 2 and abs(y - other.y * width * ratio) < LINE
            for place, other in enumerate(spots)
            if place != at
        )
        longs[at] = long if is_free else longs[at]
        fits.append(is_free)
    return fits


def _named(spot: Spot, words: str, css: str) -> str:
    return text(
        words,
        x=f"{100 * spot.x:.2f}%",
        y=f"{100 * spot.y:.2f}%",
        dy="0.35em",
        text_anchor="middle",
        class_=css,
    )


def _scale(across: int, up: float, high: float, side: int) -> str:
    """Return a bar at most a third of the width long, and how many kilometres it is."""
    long = max((each for each in KILOMETRES if each * 1000 / side <= across / 3), default=KILOMETRES[0])
    share = 100 * long * 1000 / side / across
    y = f"{100 * (up + 0.7 * (high - up)) / high:.2f}%"
    line = tag("line", x1="1%", x2=f"{1 + share:.2f}%", y1=y, y2=y, stroke=INK, stroke_width=4)
    return line + text(f"{long:g} km", x=f"{2.5 + share:.2f}%", y=y, dy="0.35em")
