"""The page: every chart, the likeness report and what the region is, in one file that needs no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sharewell.demo.region.describe.counted import Counted, counted
from sharewell.demo.region.describe.read import ABOUT, FILES, GAZETTEER, Region, opened
from sharewell.demo.region.describe.show_dirt import dirt_section, kinds_section
from sharewell.demo.region.describe.show_likeness import likeness_section, lines
from sharewell.demo.region.describe.show_lists import (
    hard_section,
    overlap_section,
    reach_section,
    stale_section,
)
from sharewell.demo.region.describe.show_people import ages_section, homes_section, sizes_section
from sharewell.demo.region.describe.show_place import map_section
from sharewell.demo.region.describe.terms import Likeness
from sharewell.demo.region.describe.words import day, label, many, number
from sharewell.look import pages
from sharewell.look.terms import Section
from sharewell.store.disk import require_other

TEMPLATES = Path(__file__).parent / "templates"
PAGE = "describe.html"
CENSUS, COUNTY = "Census areas and what is published of them", "A made-up county’s small tables"
SECTIONS: tuple[Callable[[Counted], Section], ...] = (
    likeness_section, map_section, ages_section, sizes_section, homes_section, overlap_section, reach_section,
    dirt_section, kinds_section, stale_section, hard_section,
)  # fmt: skip


@dataclass(frozen=True)
class Described:
    """A page that was written, and the likeness report that it shows."""

    page: Path
    likeness: Likeness

    def as_dict(self) -> dict[str, Any]:
        """Return it as data ready for JSON."""
        return {**self.likeness.as_dict(), "page": str(self.page)}

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield f"{number(self.likeness.people)} people, how like what is published: {self.likeness.verdict}"
        yield from lines(self.likeness)
        yield f"The page: {self.page}"


def describe(folder: Path, out: Path | None = None) -> Described:
    """Write the page of a finished region and return where it is, with the likeness report.

    It is written beside its name and then moved there whole. Raises FileMissing, FileUnreadable,
    OutputIsInput, DiskFull, FolderReadOnly, OutOfMemory.
    """
    path = out or folder / PAGE
    require_other(path, _inputs(folder))
    with opened(folder) as region:
        found = counted(region)
        page = render(found)
    pages.write_whole(path, page)
    return Described(path, found.likeness)


def _inputs(folder: Path) -> list[Path]:
    names = [ABOUT, GAZETTEER, *(f"{name}.parquet" for name in FILES)]
    return [*(folder / name for name in names), *sorted((folder / "lists").glob("*"))]


def render(found: Counted) -> str:
    """Return the page's HTML."""
    return pages.render(
        PAGE, TEMPLATES, title=_title(found), facts=_facts(found), told=found.region.told,
        sections=[make(found) for make in SECTIONS], day=day(found.region.as_of),
    )  # fmt: skip


def _title(found: Counted) -> str:
    names = [each.name for each in found.likeness.districts]
    where = names[0] if len(names) == 1 else f"{len(names)} districts"
    return f"A made-up region: {number(found.likeness.people)} people in {where}"


def _facts(found: Counted) -> tuple[tuple[str, str], ...]:
    region: Region = found.region
    told = region.told
    gone = number(told["people_known"] - told["residents"])
    return (
        (
            "People",
            f"{number(told['residents'])} residents, and {gone} who died or left in the last three years",
        ),
        ("Districts", ", ".join(each.name for each in found.likeness.districts)),
        ("Areas", f"{number(told['areas'])}, taken whole"),
        ("Addresses", f"{number(told['addresses'])} in the gazetteer"),
        ("Lists", _lists(told["lists"])),
        ("True on", day(region.as_of)),
        ("Seed", f"{told['seed']}, by sharewell {told['version']}: the same seed gives the same files"),
        ("Made from", CENSUS if told["is_reference"] else COUNTY),
    )


def _lists(lists: Mapping[str, Mapping[str, Any]]) -> str:
    rows = sum(each["rows"] for each in lists.values())
    return f"{many(len(lists), 'list')}, {many(rows, 'row')}: {', '.join(map(label, lists))}"
