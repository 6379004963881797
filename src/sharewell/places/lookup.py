"""Look up one address at a time, or finish one while it is typed, against a prepared gazetteer.

    from sharewell.places.lookup import open_places
    places = open_places(Path("gazetteer"))
    places.lookup("Flat 2, 35 Long Road, M1 2AB")

An answer is the one that ``match`` gives. Nothing is changed by looking, so threads may share one ``Places``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from sharewell.places.decide import ANSWERS, HISTORIC, NONE, evidence_text
from sharewell.places.gazetteer import Gazetteer
from sharewell.places.match import match_split
from sharewell.places.prepared import open_for_look_ups
from sharewell.places.split import split_one
from sharewell.places.suggest import suggested_rows


@dataclass(frozen=True)
class Place:
    """What one address was answered with; ``address`` is the gazetteer's, easting and northing in metres."""

    answer: str
    uprn: str | None
    probability: float
    evidence: str
    address: str | None = None
    postcode: str | None = None
    easting: float | None = None
    northing: float | None = None


@dataclass(frozen=True)
class Suggestion:
    """An address of the gazetteer that begins as what was typed."""

    uprn: str
    address: str
    postcode: str


@dataclass(frozen=True)
class Places:
    """A prepared gazetteer, open for look-ups; ``rows`` are its rows, mapped from the disk."""

    gazetteer: Gazetteer
    rows: pa.Table

    def lookup(self, address: str, postcode: str = "") -> Place:
        """Return what an address is answered with; ``postcode`` is used before one in the address."""
        tokens, code = split_one(address, postcode)
        split = pa.array([tokens], pa.list_(pa.string()))
        found = match_split(split, pa.array([code], pa.string()), self.gazetteer)
        answer, bits = int(found.answer[0]), int(found.evidence[0])
        uprn = int(found.uprn[0])
        place = Place(
            str(ANSWERS[answer]),
            str(uprn) if answer != NONE else None,
            float(found.probability[0]),
            evidence_text(bits),
        )
        return place if answer == NONE else self._described(place, uprn, is_former=bool(bits & HISTORIC))

    def suggest(self, typed: str, limit: int = 10) -> list[Suggestion]:
        """Return at most so many addresses that fit what is typed: a postcode, or number and street."""
        chosen = suggested_rows(typed, limit, self.gazetteer.index)
        # one by one: to take rows of a table in many pieces copies all of it
        rows = [self.rows.slice(int(row), 1).to_pylist()[0] for row in chosen]
        return [Suggestion(row["uprn"], row["text"], spaced(row["postcode"])) for row in rows]

    def _described(self, place: Place, uprn: int, *, is_former: bool) -> Place:
        """Add the gazetteer's own address of the UPRN; a building may have none of its own."""
        index = self.gazetteer.former if is_former and self.gazetteer.former else self.gazetteer.index
        known, _, first = index.known
        at = int(np.searchsorted(known, uprn))
        if at == len(known) or int(known[at]) != uprn:
            return place
        [row] = self.rows.slice(int(index.rows.order[int(first[at])]), 1).to_pylist()
        return replace(
            place,
            address=row["text"],
            postcode=spaced(row["postcode"]),
            easting=row["easting"],
            northing=row["northing"],
        )


def open_places(folder: Path) -> Places:
    """Open a prepared gazetteer for look-ups. Raises FileMissing, GazetteerInvalid."""
    return Places(*open_for_look_ups(folder))


def spaced(postcode: str) -> str:
    """Return a postcode with its space."""
    return f"{postcode[:-3]} {postcode[-3:]}" if len(postcode) > 4 else postcode
