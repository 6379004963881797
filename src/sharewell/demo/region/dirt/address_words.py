"""Words that addresses are written with: short forms, words for a flat, floors, old counties, post towns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

UNIT_WORDS: Final = "flat|apartment|apt|unit|flt|pitch|room|studio|maisonette"
SHORT: Final[Mapping[str, str]] = {
    "Road": "Rd", "Street": "St", "Avenue": "Ave", "Lane": "Ln", "Drive": "Dr", "Close": "Cl",
    "Crescent": "Cres", "Gardens": "Gdns", "Grove": "Gr", "Terrace": "Terr", "Place": "Pl", "Court": "Ct",
    "Square": "Sq", "Mount": "Mt", "House": "Hse", "Cottages": "Cotts", "Cottage": "Cott",
    "Buildings": "Bldgs", "Saint": "St", "North": "N", "South": "S", "East": "E", "West": "W",
    "Upper": "Upr", "Lower": "Lwr", "Green": "Grn", "Park": "Pk", "Bridge": "Br", "Hall": "Hl",
    "Heights": "Hts", "Mansions": "Mans", "Centre": "Ctr", "Manchester": "M/cr", "Home": "Hm",
}  # fmt: skip
FLOORS: Final = ("Ground Floor", "First Floor", "Second Floor", "Top Floor", "Basement")
FLOOR_FORMS: Final[tuple[tuple[str, str], ...]] = (
    ("Ground Floor", "Grd Flr"), ("Ground Floor", "G/F"), ("Ground Floor", "GF"),
    ("First Floor", "1st Floor"), ("First Floor", "1st Flr"), ("First Floor", "F/F"),
    ("Second Floor", "2nd Floor"), ("Second Floor", "2nd Flr"), ("Top Floor", "Top Flr"),
    ("Top Floor", "T/F"), ("Basement", "Bsmt"), ("Basement", "Lower Ground"),
)  # fmt: skip
HOUSE_NAMES: Final = (
    "The Bungalow", "The Cottage", "The Lodge", "The Coach House", "The Barn", "Rose Cottage", "The Vicarage",
    "The Old School House", "Woodlands", "Fairview",
)  # fmt: skip
BUILDING_WORDS: Final = ("House", "Court", "Lodge", "Buildings", "Mill", "Place")
CARERS: Final = (
    "Mrs Shaw", "Mr Patel", "Mrs Begum", "Miss Taylor", "Mr & Mrs Jones", "Mum", "Dr Khan", "Warden",
    "Mr Brown", "Ms Clarke", "Reception", "Mrs O'Brien",
)  # fmt: skip

_LANCASHIRE, _CHESHIRE = ("Lancs", "Lancashire"), ("Cheshire", "Ches")
_MANCHESTER = ("Gtr Manchester", "Greater Manchester", "Gtr Manc", "Lancs")
_COUNTIES: Final[Mapping[str, tuple[str, ...]]] = {
    "BL": _MANCHESTER, "M": _MANCHESTER, "OL": _MANCHESTER, "WN": (*_LANCASHIRE, "Gtr Manchester"),
    "SK": (*_CHESHIRE, "Gtr Manchester"), "WA": _CHESHIRE, "BB": _LANCASHIRE, "PR": _LANCASHIRE,
    "HA": ("Middx", "Middlesex"), "UB": ("Middx", "Middlesex"), "TW": ("Middx", "Middlesex"),
    "EN": ("Middx", "Middlesex"), "KT": ("Surrey",), "SM": ("Surrey",), "CR": ("Surrey",),
    "BR": ("Kent",), "DA": ("Kent",), "RM": ("Essex",), "IG": ("Essex",),
}  # fmt: skip
"""Old or postal counties by postcode area; those not named, London's own and made-up ones have none."""
_NORTHERN = (
    "Manchester",
    "Salford",
    "Bolton",
    "Bury",
    "Rochdale",
    "Oldham",
    "Stockport",
    "Sale",
    "Wigan",
    "Leigh",
)
_LONDON = (
    "London",
    "Croydon",
    "Bromley",
    "Ilford",
    "Romford",
    "Harrow",
    "Wembley",
    "Enfield",
    "Barnet",
    "Hounslow",
)
_MADE_UP = ("Marlbeck", "Harrowick", "Castlebeck", "Wexcombe", "Fellgate", "Stanwick", "Milnbridge")
_IN_THE_NORTH = ("BB", "BL", "M", "OL", "PR", "SK", "WA", "WN")
_AREA = re.compile(r"[A-Z]+")


def _area(postcode: str) -> str:
    found = _AREA.match(postcode.upper())
    return found[0] if found else ""


def county_words(postcode: str) -> tuple[str, ...]:
    """Return how people write the old county of a postcode; none where there is none to write."""
    return _COUNTIES.get(_area(postcode), ())


def towns_near(postcode: str) -> tuple[str, ...]:
    """Return towns that might be written by mistake: of the same region, or made up as the postcode is."""
    area = _area(postcode)
    if area in _IN_THE_NORTH:
        return _NORTHERN
    return _MADE_UP if not area or area.startswith("Z") else _LONDON
