"""Whose names the people of an ethnic group bear, district by district."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sharewell.demo.region.frame.folder import Folder
from sharewell.demo.region.names.wordlists import sections, shares

TABLE = "population/gm_la_ethnic_group_287_census2021.csv"
GROUPS: Mapping[str, str] = {
    "Asian, Asian British or Asian Welsh": "asian",
    "Black, Black British, Black Welsh of African background": "black",
    "Black, Black British, Black Welsh or Caribbean background": "black",
    "Mixed or Multiple ethnic groups": "mixed",
    "Other ethnic group": "other",
    "White": "white",
}
LONDON = "E09"
"""How codes of London's boroughs begin."""

Mix = dict[str, dict[str, float]]
"""By ethnic group, by heritage: how many people."""


class Mixes:
    """The mixes of districts; ``london`` and ``any`` serve where a district has no table of its own."""

    def __init__(self, folder: Folder | None) -> None:
        self._any = {group: shares(text) for group, text in sections("elsewhere.txt")["any"].items() if group}
        self._of = dict(_districts(folder)) if folder else {}
        self._london = _london(self._of) if self._of else self._any

    def mix(self, district: str, group: str) -> Mapping[str, float]:
        """Return weights of heritages of a group in a district."""
        elsewhere = self._london if district.startswith(LONDON) else self._any
        return self._of.get(district, elsewhere).get(group) or self._any[group]


def _districts(folder: Folder) -> Iterator[tuple[str, Mix]]:
    """Yield each district of the table with its mix, made from 287 detailed groups."""
    names = ["area_code", "ethnic_group", "value"]
    read = folder.columns(TABLE, names, texts=names)
    known = sections("shares.txt")
    counts: dict[str, Mix] = {}
    for area, detail, people in zip(*(read[name].tolist() for name in names), strict=True):
        head, _, tail = detail.partition(": ")
        group = GROUPS.get(head, "")
        if tail and tail in known.get(group, {}):
            _add(counts.setdefault(area, {}).setdefault(group, {}), known[group][tail], float(people or 0))
    yield from counts.items()


def _add(counts: dict[str, float], text: str, people: float) -> None:
    parts = shares(text)
    total = sum(parts.values())
    for heritage, share in parts.items():
        counts[heritage] = counts.get(heritage, 0.0) + people * share / total


def _london(districts: Mapping[str, Mix]) -> Mix:
    """Return Greater Manchester's mix scaled to London: the detailed table is not at hand for it.

    Heritages are scaled by a table of assumed ratios; those without one by 3, as the whole population is.
    """
    times: dict[str, float] = {}
    for text in sections("elsewhere.txt")["london"].values():
        times |= shares(text) if text else {}
    made: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for mix in districts.values():
        for group, counts in mix.items():
            for heritage, people in counts.items():
                made[group][heritage] = made[group].get(heritage, 0.0) + people * times.get(heritage, 3.0)
    return dict(made)
