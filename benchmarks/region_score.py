"""Score who was joined with whom, over every pair of rows, overall and by hard-pair class, and exactly.

A clustering's pairs are counted from the sizes of its clusters, never one by one: of n rows of one person
n(n - 1)/2 pairs were joined. The pairs that touch a class are all pairs less those among the other rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
OVERALL = "overall"


@dataclass(frozen=True)
class Counts:
    """Pairs of rows that were joined, that truly are of one person, and both at once."""

    joined: int
    truly: int
    both: int

    @property
    def precision(self) -> float | None:
        """Return the share of joined pairs that are right; None when none was joined."""
        return self.both / self.joined if self.joined else None

    @property
    def recall(self) -> float | None:
        """Return the share of true pairs that were joined; None when there are none."""
        return self.both / self.truly if self.truly else None

    @property
    def f1(self) -> float | None:
        """Return the harmonic mean of precision and recall; None when there is no pair of either kind."""
        either = self.joined + self.truly
        return 2 * self.both / either if either else None

    def as_dict(self) -> dict[str, Any]:
        """Return the counts and shares as JSON-ready data."""
        return {**vars(self), "precision": self.precision, "recall": self.recall, "f1": self.f1}


@dataclass(frozen=True)
class Truth:
    """What is true of every row: its person as a number, -1 for nobody (a company, an owner), and its class.

    A pair of two rows about nobody is neither right nor wrong, and not counted; joined with a person's row,
    such a row is wrong. ``couples`` are two people each, made alike on purpose: (class, person, other).
    """

    person: Ints
    hard: npt.NDArray[np.object_]
    couples: Sequence[tuple[str, int, int]] = ()

    @property
    def nobody(self) -> Bools:
        """Return which rows are about nobody."""
        about_nobody: Bools = self.person < 0
        return about_nobody

    @property
    def classes(self) -> list[str]:
        """Return the classes that any row or couple has, in order."""
        named = {str(each) for each in self.hard if each} | {name for name, _, _ in self.couples}
        return sorted(named)

    def touching(self, name: str) -> Bools:
        """Return which rows are of a class; all of them for the class ``overall``."""
        of_class: Bools = np.ones(len(self.hard), bool) if name == OVERALL else self.hard == name
        return of_class


def pair_count(*labels: Ints) -> int:
    """Return how many pairs of rows agree on all the labels, which are whole numbers from 0."""
    code = labels[0]
    for label in labels[1:]:
        code = code * (int(label.max(initial=0)) + 1) + label
    sizes = np.unique(code, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def score_clusters(cluster: Ints, truth: Truth) -> dict[str, Counts]:
    """Return the counts of a clustering, overall and for pairs in which at least one row has a class."""
    whole = _counted(cluster, truth.person)
    scored = {OVERALL: whole}
    for name in truth.classes:
        other = ~truth.touching(name)
        without = _counted(cluster[other], truth.person[other])
        scored[name] = Counts(
            whole.joined - without.joined, whole.truly - without.truly, whole.both - without.both
        )
    return scored


def _counted(cluster: Ints, person: Ints) -> Counts:
    somebody = person >= 0
    people = person[somebody]
    return Counts(
        joined=pair_count(cluster) - pair_count(cluster[~somebody]),
        truly=pair_count(people),
        both=pair_count(cluster[somebody], people),
    )


def score_pairs(left: Ints, right: Ints, truth: Truth) -> dict[str, Counts]:
    """Return the counts of pairs of rows as they stand; each pair is given once, in either order."""
    alone = np.arange(len(truth.person))
    truly = {name: counts.truly for name, counts in score_clusters(alone, truth).items()}
    nobody = truth.nobody[left] & truth.nobody[right]
    left, right = left[~nobody], right[~nobody]
    same = truth.person[left] == truth.person[right]
    scored = {}
    for name, true_pairs in truly.items():
        rows = truth.touching(name)
        chosen = rows[left] | rows[right]
        scored[name] = Counts(int(chosen.sum()), true_pairs, int((chosen & same).sum()))
    return scored


@dataclass(frozen=True)
class Mixed:
    """Couples of a class: pairs of their rows wrongly joined, of those possible, and couples mixed up."""

    joined: int
    possible: int
    mixed: int
    couples: int


def mixed_in_clusters(cluster: Ints, truth: Truth) -> dict[str, Mixed]:
    """Return by class how often the two people of a couple were taken for one."""
    rows = _rows_by_person(truth)
    wrong = []
    for _, one, other in truth.couples:
        ours, theirs = cluster[rows.get(one, _NO_ROWS)], cluster[rows.get(other, _NO_ROWS)]
        wrong.append(int((ours[:, None] == theirs[None, :]).sum()))
    return _mixed(wrong, rows, truth)


def mixed_in_pairs(left: Ints, right: Ints, truth: Truth) -> dict[str, Mixed]:
    """Return the same for pairs of rows as they stand."""
    low = np.minimum(truth.person[left], truth.person[right])
    high = np.maximum(truth.person[left], truth.person[right])
    differ = low != high
    people, counts = np.unique(np.stack([low[differ], high[differ]]), axis=1, return_counts=True)
    found = dict(zip(zip(*people.tolist(), strict=True), counts.tolist(), strict=True))
    wrong = [found.get((min(couple), max(couple)), 0) for _, *couple in truth.couples]
    return _mixed(wrong, _rows_by_person(truth), truth)


_NO_ROWS: Ints = np.empty(0, dtype=np.int64)


def _rows_by_person(truth: Truth) -> dict[int, Ints]:
    wanted = np.unique([person for _, *both in truth.couples for person in both])
    rows = np.flatnonzero(np.isin(truth.person, wanted))
    rows = rows[np.argsort(truth.person[rows], kind="stable")]
    people, starts = np.unique(truth.person[rows], return_index=True)
    return dict(zip(people.tolist(), np.split(rows, starts[1:]), strict=True)) if len(rows) else {}


def _mixed(wrong: Sequence[int], rows: dict[int, Ints], truth: Truth) -> dict[str, Mixed]:
    """Add up by class; a couple is one of those that could be mixed up when both are on some list."""
    totals: dict[str, list[int]] = {}
    for (name, one, other), joined in zip(truth.couples, wrong, strict=True):
        possible = len(rows.get(one, _NO_ROWS)) * len(rows.get(other, _NO_ROWS))
        total = totals.setdefault(name, [0, 0, 0, 0])
        for place, more in enumerate((joined, possible, int(joined > 0), int(possible > 0))):
            total[place] += more
    return {name: Mixed(*total) for name, total in sorted(totals.items())}


def components(rows: int, left: Ints, right: Ints) -> Ints:
    """Return for each of so many rows the lowest row that pairs connect it with, however many steps away."""
    lowest = np.arange(rows)
    while True:
        ends = np.minimum(lowest[left], lowest[right])
        lower = lowest.copy()
        np.minimum.at(lower, lowest[left], ends)
        np.minimum.at(lower, lowest[right], ends)
        while not np.array_equal(nearer := lower[lower], lower):
            lower = nearer
        if np.array_equal(lower, lowest):
            return lowest
        lowest = lower


@dataclass(frozen=True)
class Placed:
    """Addresses of a class: rows, rows that got a UPRN, those that got the right one, buildings told."""

    rows: int
    answered: int
    right: int
    buildings: int


def score_places(
    answer: npt.NDArray[np.object_],
    building: Bools,
    true_uprn: npt.NDArray[np.object_],
    hard: npt.NDArray[np.object_],
) -> dict[str, Placed]:
    """Return by class how many rows got a UPRN ("" for none) and the right one.

    ``building`` says which rows were answered with a building alone, which is no UPRN of a home.
    """
    told, right = answer != "", (answer != "") & (answer == true_uprn)
    scored = {}
    for name in (OVERALL, *sorted({str(each) for each in hard if each})):
        rows = np.ones(len(hard), bool) if name == OVERALL else hard == name
        counts = (int((rows & each).sum()) for each in (rows, told, right, building))
        scored[name] = Placed(*counts)
    return scored
