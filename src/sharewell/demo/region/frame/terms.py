"""The nouns of the frame: areas with their margins, and the streets that run through them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharewell.demo.region.chance import Floats, Ints, Texts

OLDEST = 90
"""Ages are single years to 89, and 90 for 90 and over."""


@dataclass(frozen=True)
class Margins:
    """What is published of each area: one row an area, one column a category (see ``kinds.py``)."""

    ages: Floats
    households: Ints
    tenure: Ints
    accommodation: Ints
    ethnic: Ints
    churn: Floats
    """Share of residents who lived elsewhere a year before."""


@dataclass(frozen=True)
class District:
    """What is published of one district only. ``sizes`` is None where nothing is."""

    code: str
    name: str
    ages: Floats
    female: Floats
    """Share of women by single year of age."""
    composition: Floats
    sizes: Floats | None
    in_care: float
    in_halls: float
    """People living in homes and hospitals, and in halls of residence."""


@dataclass(frozen=True)
class Streets:
    """Stretches of street with one postcode each, by area (``area`` counts within the frame)."""

    area: Ints
    street: Texts
    postcode: Texts
    town: Texts
    locality: Texts
    easting: Ints
    northing: Ints
    longitude: Floats
    latitude: Floats
    start: Ints
    """Doors passed on either side before this stretch: a street goes on counting from area to area."""


@dataclass(frozen=True)
class Frame:
    """A region's areas, in the order they are taken, with their margins, and what fills them.

    ``counts`` is how many households of each of KINDS an area has; ``care`` and ``halls`` how many people
    live in homes and in halls of residence there.
    """

    code: Texts
    district: Ints
    ward: Texts
    deprivation: Ints
    child_poverty: Floats
    districts: tuple[District, ...]
    margins: Margins
    counts: npt.NDArray[np.int64]
    care: Ints
    halls: Ints
    streets: Streets
    is_reference: bool
    attribution: str

    def __len__(self) -> int:
        return len(self.code)
