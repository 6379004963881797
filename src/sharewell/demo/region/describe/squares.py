"""People by square of the national grid: the gazetteer says where homes are, people live in homes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sharewell.demo.region.describe.read import Region
from sharewell.demo.region.describe.terms import Place, Square

BASE = 100
"""Metres a side of the squares that are counted first; the map's are a whole number of them."""
SIDES = (100, 200, 300, 500, 1000, 2000, 5000)
MOST_ACROSS = 72
COARSE, NEAR = 10_000, 2
"""Squares of ten kilometres at most two apart belong to one piece of the map."""


@dataclass(frozen=True)
class Ground:
    """The squares that people live in, ``side`` metres each, and the districts on them."""

    side: int
    squares: tuple[Square, ...]
    places: tuple[Place, ...]
    unplaced: int
    """Residents whose home the gazetteer does not have."""

    @property
    def hectares(self) -> float:
        """Return how large one square is."""
        return self.side**2 / 10_000


@dataclass(frozen=True)
class Piece:
    """One piece of the map: squares near each other, and the box round them, in squares."""

    squares: tuple[Square, ...]
    west: int
    south: int
    across: int
    up: int


def ground_of(region: Region) -> Ground:
    """Return the region's squares, at a size that the map can show."""
    region.engine.create("placed", _placed(region))
    boxes = [_piece(found) for found in _near(_squares(region, BASE), BASE)]
    widest = max((max(box.across, box.up) for box in boxes), default=1) * BASE
    side = next((side for side in SIDES if widest / side <= MOST_ACROSS), SIDES[-1])
    ground = Ground(side, tuple(_squares(region, side)), tuple(_places(region, side)), _unplaced(region))
    region.engine.drop("placed")
    return ground


def pieces(ground: Ground) -> list[Piece]:
    """Return the map's pieces, the fullest first: far-apart places are drawn each on their own."""
    found = [_piece(squares) for squares in _near(ground.squares, ground.side)]
    return sorted(found, key=lambda piece: -sum(square.people for square in piece.squares))


def _placed(region: Region) -> str:
    """Return people and lived-in homes by district and small square; a home not in the gazetteer has none."""
    return (
        "SELECT lived.district, "
        f"CAST(known.easting AS INT) // {BASE} AS east, CAST(known.northing AS INT) // {BASE} AS north, "
        "CAST(sum(lived.people) AS BIGINT) AS people, count(*) AS homes FROM "
        f"(SELECT uprn, district, count(*) AS people FROM {region.table('people')} "
        "WHERE is_resident GROUP BY ALL) AS lived LEFT JOIN "
        f"(SELECT uprn, easting, northing FROM {region.gazetteer()} WHERE usage = 'Residential') AS known "
        "USING (uprn) GROUP BY ALL"
    )


def _squares(region: Region, side: int) -> list[Square]:
    times = side // BASE
    rows = region.rows(
        f"SELECT east // {times} AS e, north // {times} AS n, CAST(sum(people) AS BIGINT) AS people, "
        "CAST(sum(homes) AS BIGINT) AS homes FROM placed WHERE east IS NOT NULL GROUP BY ALL ORDER BY n, e"
    )
    return [Square(row["e"], row["n"], row["people"], row["homes"]) for row in rows]


def _places(region: Region, side: int) -> list[Place]:
    """Return the districts, each in the middle of its people; squares on a border count in both."""
    times = side // BASE
    rows = region.rows(
        "SELECT district, CAST(sum(people) AS BIGINT) AS people, CAST(sum(homes) AS BIGINT) AS homes, "
        "count(*) AS squares, max(people) AS most, sum(e * people) / sum(people) AS e, "
        f"sum(n * people) / sum(people) AS n FROM (SELECT district, east // {times} AS e, "
        f"north // {times} AS n, sum(people) AS people, sum(homes) AS homes FROM placed "
        "WHERE east IS NOT NULL GROUP BY ALL) GROUP BY district ORDER BY district"
    )
    hectares = side**2 / 10_000
    return [
        Place(
            row["district"], row["people"], row["homes"], row["squares"], float(row["most"]) / hectares,
            (float(row["e"]) + 0.5) * side, (float(row["n"]) + 0.5) * side,
        )
        for row in rows
    ]  # fmt: skip


def _unplaced(region: Region) -> int:
    [row] = region.rows("SELECT coalesce(CAST(sum(people) AS BIGINT), 0) AS n FROM placed WHERE east IS NULL")
    return int(row["n"])


def _near(squares: Sequence[Square], side: int) -> list[list[Square]]:
    """Return squares in groups: a group ends where twenty kilometres hold nobody."""
    coarse: dict[tuple[int, int], list[Square]] = {}
    for square in squares:
        key = (square.east * side // COARSE, square.north * side // COARSE)
        coarse.setdefault(key, []).append(square)
    groups: list[list[Square]] = []
    while coarse:
        groups.append(_flooded(next(iter(coarse)), coarse))
    return groups


def _flooded(first: tuple[int, int], coarse: dict[tuple[int, int], list[Square]]) -> list[Square]:
    """Take everything that hangs together with one coarse square out of the rest."""
    waiting, taken = [first], list(coarse.pop(first))
    while waiting:
        east, north = waiting.pop()
        for key in [each for each in coarse if abs(each[0] - east) <= NEAR and abs(each[1] - north) <= NEAR]:
            taken += coarse.pop(key)
            waiting.append(key)
    return taken


def _piece(squares: Sequence[Square]) -> Piece:
    east, north = [square.east for square in squares], [square.north for square in squares]
    west, south = min(east), min(north)
    return Piece(tuple(squares), west, south, max(east) - west + 1, max(north) - south + 1)
