"""The map of where people live."""

from __future__ import annotations

from sharewell.demo.region.describe.atlas import atlas, breaks, is_marked, legend
from sharewell.demo.region.describe.counted import Counted
from sharewell.demo.region.describe.squares import Ground, Piece, pieces
from sharewell.demo.region.describe.terms import Place
from sharewell.demo.region.describe.words import listed, number
from sharewell.look.terms import Drawing, Section, Table


def map_section(counted: Counted) -> Section:
    """Return the map of density, a piece for each stretch of country, and its table by district."""
    ground, found = counted.ground, pieces(counted.ground)
    names = [
        (f"{at} {counted.name_of(place.district)}", place) for at, place in enumerate(ground.places, start=1)
    ]
    edges = breaks([square.people / ground.hectares for square in ground.squares])
    drawings, key = [], []
    for at, piece in enumerate(found):
        own = [(name, place) for name, place in names if _is_in(place, piece, ground.side)]
        heading = listed([name.partition(" ")[2] for name, _ in own]) if own else "Elsewhere"
        svg = atlas(
            f"map-{at}", f"People per hectare: {heading}", _told(ground), piece, ground.side, own, edges
        )
        drawings.append(Drawing(svg, heading if len(found) > 1 else ""))
        key += [name for name, _ in own] if is_marked(piece, ground.side, own) else []
    return Section(
        "map", _title(counted), _summary(counted), tuple(drawings), (_table(counted),), layout="map",
        legend=legend(edges), legend_of="People per hectare",
        key=tuple(sorted(key, key=lambda name: int(name.partition(" ")[0]))),
    )  # fmt: skip


def _is_in(place: Place, piece: Piece, side: int) -> bool:
    east, north = place.east / side - piece.west, place.north / side - piece.south
    return 0 <= east <= piece.across and 0 <= north <= piece.up


def _told(ground: Ground) -> str:
    return (
        f"A map of squares of {ground.side} metres, darker where more people live; north is up. "
        "The table below has the numbers by district."
    )


def _title(counted: Counted) -> str:
    places = counted.ground.places
    if not places:
        return "No home is in the gazetteer"
    most = max(places, key=lambda place: place.densest)
    name = counted.name_of(most.district)
    return f"The densest square is in {name}: {number(most.densest)} people per hectare"


def _summary(counted: Counted) -> str:
    ground = counted.ground
    said = (
        f"Each square is {number(ground.side)} m a side and shaded by the people who live in it, placed by "
        "their home’s easting and northing in the gazetteer; squares where nobody lives are blank."
    )
    if ground.unplaced:
        said += f" {number(ground.unplaced)} people in homes too new for the gazetteer are not on the map."
    return said


def _table(counted: Counted) -> Table:
    hectares = counted.ground.hectares
    rows = tuple(
        (
            counted.name_of(place.district), number(place.people), number(place.homes), number(place.squares),
            f"{place.people / place.squares / hectares:.1f}", f"{place.densest:.1f}",
        )
        for place in counted.ground.places
    )  # fmt: skip
    header = (
        "District",
        "People",
        "Homes lived in",
        "Squares",
        "People per hectare",
        "In the densest square",
    )
    return Table("People per hectare of squares lived in, by district", header, rows)
