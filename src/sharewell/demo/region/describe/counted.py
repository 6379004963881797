"""Everything a region's page is drawn from, counted once."""

from __future__ import annotations

from dataclasses import dataclass

from sharewell.demo.region.describe.figures import (
    Overlap,
    dirt_of,
    hard_of,
    made_margins,
    overlap_of,
    published_margins,
    stale_of,
)
from sharewell.demo.region.describe.likeness import likeness_of
from sharewell.demo.region.describe.read import Region
from sharewell.demo.region.describe.squares import Ground, ground_of
from sharewell.demo.region.describe.terms import Hard, Likeness, Margins, Stale


@dataclass(frozen=True)
class Counted:
    """A region's counts."""

    region: Region
    made: Margins
    published: Margins
    likeness: Likeness
    overlap: Overlap
    stale: tuple[Stale, ...]
    hard: tuple[Hard, ...]
    ground: Ground

    def name_of(self, district: str) -> str:
        """Return a district's name."""
        return self.region.name_of(district)


def counted(region: Region) -> Counted:
    """Count an open region."""
    made, published = made_margins(region), published_margins(region)
    return Counted(
        region,
        made,
        published,
        likeness_of(region, made, published, dirt_of(region)),
        overlap_of(region),
        stale_of(region),
        hard_of(region),
        ground_of(region),
    )
