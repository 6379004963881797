"""Which household lives in what: tenure and accommodation, each area's own numbers of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Floats, Ints
from sharewell.demo.region.frame.fit import SIZE, fit_two_way, whole
from sharewell.demo.region.frame.kinds import ACCOMMODATION, TENURES
from sharewell.demo.region.frame.terms import Frame
from sharewell.demo.region.world.part import Part
from sharewell.demo.region.world.spots import Spots, bell

# How tenures and accommodation go together, as multiples of chance; the margins of both are the area's own.
AFFINITY = np.array(
    (
        (3.0, 2.0, 1.0, 0.30, 0.20, 0.3, 0.3, 2.0), (2.2, 1.8, 1.2, 0.35, 0.25, 0.4, 0.3, 0.3),
        (0.4, 0.8, 1.0, 2.00, 0.30, 0.5, 0.3, 0.1), (0.1, 0.9, 1.0, 2.20, 0.50, 0.3, 0.4, 0.1),
        (0.1, 0.7, 1.0, 2.40, 0.60, 0.5, 0.4, 0.1), (0.4, 0.5, 1.0, 1.80, 3.00, 2.5, 2.5, 0.6),
        (0.6, 0.7, 1.0, 1.30, 1.50, 1.5, 3.0, 1.0), (0.8, 0.9, 1.0, 1.20, 1.00, 1.0, 3.0, 1.0),
    )
)  # fmt: skip
HEAD_AGE_BY_TENURE = np.array((68.0, 44.0, 37.0, 50.0, 50.0, 34.0, 38.0, 45.0))
"""Age that the head of a household of each tenure tends to be, in years; an order to fill by."""
ROOM = np.array((9.0, 7.0, 4.0, -8.0, -10.0, -8.0, -6.0, -4.0))
"""How much larger households tend to live in each accommodation, in the same units."""
POOR_BY_TENURE = np.array((0.35, 0.35, 0.8, 2.6, 2.5, 1.2, 0.9, 1.2))
POOR_BY_DEPRIVATION = np.array((0.34, 0.28, 0.23, 0.18, 0.14, 0.11, 0.09, 0.07, 0.055, 0.04))
"""Share of people in income-deprived households by decile (IMD 2025, income domain, rounded)."""


@dataclass(frozen=True)
class Housing:
    """By household: a place in TENURES, a place in ACCOMMODATION, and whether its income is low."""

    tenure: Ints
    accommodation: Ints
    is_poor: Bools


def house(frame: Frame, part: Part, spots: Spots, chance: Chance) -> Housing:
    """Give every household of a part its tenure and accommodation."""
    households = np.bincount(spots.household_area, minlength=part.end - part.first)
    cells = _cells(frame, part, households, chance.stream("cells"))
    each_area = np.repeat(np.arange(len(households)), households)
    tenure, accommodation = np.divmod(cells, len(ACCOMMODATION))
    age = spots.age[spots.of].astype(float)
    size = SIZE[spots.kind]
    wish = HEAD_AGE_BY_TENURE[tenure] + ROOM[accommodation] + 9 * bell(chance.stream("wish"), len(cells))
    have = age + 6 * np.minimum(size - 2.4, 3) + 5 * bell(chance.stream("have"), len(cells))
    homes, people = np.lexsort((wish, each_area)), np.lexsort((have, spots.household_area))
    given = np.empty(len(cells), dtype=np.int64)
    given[people] = cells[homes]
    tenure, accommodation = np.divmod(given, len(ACCOMMODATION))
    return Housing(tenure, accommodation, _poor(frame, part, spots, tenure, chance.stream("poor")))


def _cells(frame: Frame, part: Part, households: Ints, chance: Chance) -> Ints:
    """Return tenure and accommodation in one number for each household, area by area."""
    rows = []
    for area, total in enumerate(households):
        tenure = frame.margins.tenure[part.first + area].astype(float)
        accommodation = frame.margins.accommodation[part.first + area].astype(float)
        table = fit_two_way(tenure + 1e-6, accommodation + 1e-6, AFFINITY)
        rows.append(table.ravel() * (total / max(table.sum(), 1e-9)))
    counts = whole(np.array(rows), households, chance)
    return np.repeat(np.tile(np.arange(len(TENURES) * len(ACCOMMODATION)), len(households)), counts.ravel())


def _poor(frame: Frame, part: Part, spots: Spots, tenure: Ints, chance: Chance) -> Bools:
    decile = np.asarray(part.of(frame.deprivation), dtype=np.int64)[spots.household_area]
    likely: Floats = np.clip(POOR_BY_DEPRIVATION[decile - 1] * POOR_BY_TENURE[tenure], 0.0, 0.8)
    return chance.happens(likely, len(tenure))
