"""A pool of names that weighted draws are made from, and how pools are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Floats, Ints, Texts, texts

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Pool:
    """Names, and the running sum of their weights."""

    names: Texts
    edges: Floats

    def at(self, uniform: Floats) -> Texts:
        """Return the name that each uniform number falls on."""
        spots = np.searchsorted(self.edges, uniform * self.edges[-1], side="right")
        drawn: Texts = self.names[np.minimum(spots, len(self.names) - 1)]
        return drawn


def pool_of(weights: Weights) -> Pool:
    """Return a pool of names by weight, in the order they are given."""
    return Pool(texts(weights), np.cumsum(np.fromiter(weights.values(), float, len(weights))))


def ranked(names: Iterable[str], offset: float = 3.0) -> dict[str, float]:
    """Return weights that fall with rank: the larger the offset, the less the first names stand out."""
    return {name: 1.0 / (rank + offset) for rank, name in enumerate(names, 1)}


def blend(*parts: tuple[float, Weights]) -> dict[str, float]:
    """Return weights of which each part makes up its share; the shares of empty parts go to the others."""
    made: dict[str, float] = {}
    for share, weights in parts:
        total = sum(weights.values())
        for name, weight in weights.items():
            made[name] = made.get(name, 0.0) + share * weight / total
    return {name: weight for name, weight in made.items() if weight > 0.0}


def draw_by_group(group: Ints, uniform: Floats, pool_for: Callable[[int], Pool]) -> Texts:
    """Return a name for each row from the pool of its group; one uniform number is used for each row."""
    made = np.empty(len(group), dtype=object)
    order = np.argsort(group, kind="stable")
    groups, starts = np.unique(group[order], return_index=True)
    for place, each in enumerate(groups.tolist()):
        end = starts[place + 1] if place + 1 < len(starts) else len(order)
        rows = order[starts[place] : end]
        made[rows] = pool_for(each).at(uniform[rows])
    return made
