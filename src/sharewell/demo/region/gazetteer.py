"""The gazetteer of a part: every address the council knows, in the columns of an LLPG export."""

from __future__ import annotations

import numpy as np

from sharewell.demo.region.chance import Texts, texts
from sharewell.demo.region.frame.kinds import ACCOMMODATION
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.terms import NOBODY
from sharewell.demo.region.world.build import Built

CLASSES = dict(
    zip(ACCOMMODATION, ("RD02", "RD03", "RD04", "RD06", "RD06", "RD06", "RD06", "RD01"), strict=True)
) | {"care_home": "RI01", "hall": "RI02", "block": "PP", "shop": "CR08"}
"""BLPU classification codes (GeoPlace, Data Entry Conventions)."""
APPROVED = "1"


def gazetteer_of(built: Built, frame: Frame) -> dict[str, Texts]:
    """Return the columns of the gazetteer: the homes it has, with parents, classes, places and lines."""
    homes = built.laid.homes
    known = np.flatnonzero(homes.in_gazetteer | (homes.kind == "block"))
    stretch = built.laid.stretch[known]
    parent = homes.parent[known]
    lines = _lines(homes.unit[known], homes.building[known], homes.number[known], homes.street[known])
    text = {
        name: getattr(homes, name)[known]
        for name in ("usrn", "uprn", "street", "locality", "town", "postcode")
    }
    nothing = texts([""]).repeat(len(known))
    code = _classes(built)[known]
    return {
        "address_key": np.array([f"{uprn}L1" for uprn in text["uprn"]], dtype=object),
        "usrn": text["usrn"], "uprn": text["uprn"],
        "parent_uprn": np.where(parent == NOBODY, "", homes.uprn[parent]),
        "lpi_logical_status": nothing + APPROVED,
        "unit_number": nothing, "unit_name": homes.unit[known],
        "building_number": homes.number[known], "building_name": homes.building[known],
        "street": text["street"], "locality": text["locality"], "gazetteer": nothing + "LOCAL",
        "ward": built.world.areas.ward[homes.area[known]], "usage": _usage(code), "blpu_class": code,
        "planning_use": nothing, "property_shell": np.where(code == "PP", "Y", "N").astype(object),
        "out_of_borough": nothing + "N", "easting": homes.easting[known].astype("U7").astype(object),
        "northing": homes.northing[known].astype("U7").astype(object),
        "latitude": _degrees(frame.streets.latitude[stretch]),
        "longitude": _degrees(frame.streets.longitude[stretch]),
        "start_date": nothing + "2001-04-01", "end_date": nothing, "last_change_date": nothing + "2019-06-30",
        **{f"line{at + 1}": line for at, line in enumerate(lines)},
        "town": text["town"], "postcode": text["postcode"],
    }  # fmt: skip


def _classes(built: Built) -> Texts:
    homes, home_of = built.laid.homes, built.laid.home_of
    by_accommodation = texts([CLASSES[name] for name in ACCOMMODATION])
    other = texts([CLASSES.get(kind, "PP") for kind in homes.kind])
    return np.where(home_of >= 0, by_accommodation[np.maximum(home_of, 0)], other)


def _usage(code: Texts) -> Texts:
    is_home = np.char.startswith(code.astype(str), "R")
    return np.where(is_home, "Residential", np.where(code == "PP", "Parent shell", "Commercial")).astype(
        object
    )


def _lines(unit: Texts, building: Texts, number: Texts, street: Texts) -> tuple[Texts, Texts, Texts, Texts]:
    """Return four lines: unit, building, number and street, and one left blank."""
    road = np.where(number == "", street, number + " " + street)
    rows = [[part for part in parts if part] for parts in zip(unit, building, road, strict=True)]
    padded = [[*row, "", "", ""][:3] for row in rows]
    first, second, third = (texts(column) for column in zip(*padded, strict=True))
    return first, second, third, texts([""]).repeat(len(unit))


def _degrees(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Texts:
    return texts([f"{value:.5f}" for value in values])
