"""The model card of a linkage: what it compared and learned, what it made of it, how wrong it may be."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from sharewell import __version__
from sharewell.people.evidence import NEVER_TRAINED
from sharewell.people.explain.expected import Compared, Expected, compare_again, expect, people_of
from sharewell.people.explain.scene import Scene, block_words
from sharewell.people.explain.words import hidden, level_words, rule_words
from sharewell.people.score import PLACES
from sharewell.people.weights import Floats, Numbers
from sharewell.store.engine import quoted

BIN, REACH = 2, 24
"""Bits a bar of the histogram holds, and where its axis ends either way."""
Count = int | None
"""How many; None where they are so few that they are hidden."""


@dataclass(frozen=True)
class BlockPairs:
    """What pairs must agree on to be compared, how many that brought, and how many nothing before it had."""

    on: str
    pairs: Count
    new: Count
    largest: int | None


@dataclass(frozen=True)
class LevelWeight:
    """How often an outcome is met between records of one person (m) and of two (u), and what it adds."""

    column: str
    level: str
    found: str
    near: str
    m: float
    u: float
    bits: float
    is_learned: bool


@dataclass(frozen=True)
class Prior:
    """The share of pairs of a kind of place that are one person, before anything is compared."""

    place: str
    across: float
    within: float


@dataclass(frozen=True)
class Bin:
    """Pairs whose total is from ``least`` bits up to ``most``; the ends hold all beyond them too."""

    least: int
    most: int
    pairs: Count


@dataclass(frozen=True)
class Card:
    """A linkage told in figures; counts under 10 are hidden. ``doubts`` is None where they are not kept."""

    records: int
    lists: tuple[tuple[str, Count], ...]
    people: int
    compared: int
    columns: tuple[str, ...]
    homes_known: float
    is_learned: bool
    threshold: float
    seed: int
    version: str
    blocks: tuple[BlockPairs, ...]
    weights: tuple[LevelWeight, ...]
    priors: tuple[Prior, ...]
    histogram: tuple[Bin, ...]
    expected: Expected
    sizes: tuple[tuple[int, Count], ...]
    doubts: tuple[tuple[str, Count], ...] | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as data ready for JSON."""
        told = {"sharewell": "model-card/1", **asdict(self)}
        precision, recall = self.expected.precision, self.expected.recall
        told["expected"] |= {"precision": precision, "recall": recall, "is_estimate_by_the_model": True}
        return told

    @property
    def possible(self) -> int:
        """Return how many pairs of records there are."""
        return self.records * (self.records - 1) // 2


def make_card(scene: Scene) -> Card:
    """Return the card of a linkage: its pairs are weighed again, at about the price of weighing them once."""
    compared, people, learned = compare_again(scene), people_of(scene), scene.learned
    return Card(
        records=scene.prepared.rows,
        lists=_lists(scene),
        people=int(people.max(initial=-1)) + 1,
        compared=len(compared.pairs.bits),
        columns=tuple(scene.label(each.column) for each in learned.model.comparisons),
        homes_known=round(scene.prepared.homes_known, 4),
        is_learned=learned.model.weights.learned,
        threshold=learned.threshold,
        seed=learned.seed,
        version=__version__,
        blocks=_blocks(scene, compared),
        weights=_weights(scene),
        priors=_priors(scene),
        histogram=_histogram(compared.pairs.bits),
        expected=expect(scene, compared.pairs, people),
        sizes=_sizes(people),
        doubts=_doubts(scene),
    )


def _lists(scene: Scene) -> tuple[tuple[str, Count], ...]:
    found = scene.engine.fetch(
        f"SELECT source, count(*) AS n FROM {quoted(scene.prepared.table)} GROUP BY source ORDER BY source"
    )
    return tuple((row["source"], hidden(row["n"])) for row in found.to_pylist())


def _blocks(scene: Scene, compared: Compared) -> tuple[BlockPairs, ...]:
    told, before = [], np.zeros(len(compared.blocks), dtype=bool)
    for place, block in enumerate(scene.learned.blocks):
        here = (compared.blocks >> place) & 1 == 1
        pairs, new = int(here.sum()), int((here & ~before).sum())
        told.append(BlockPairs(block_words(scene, block), hidden(pairs), hidden(new), block.largest))
        before |= here
    return tuple(told)


def _weights(scene: Scene) -> tuple[LevelWeight, ...]:
    model = scene.learned.model
    return tuple(
        LevelWeight(
            scene.label(each.column), level.name, level_words(each.column, level.name), near.value,
            m, u, round(float(np.log2(m / u)), 2), model.weights.learned and each.column not in NEVER_TRAINED,
        )
        for each in model.comparisons
        for place, level in enumerate(each.levels)
        for near, table in model.weights.items()
        for m, u in [(table[each.column].m[place], table[each.column].u[place])]
    )  # fmt: skip


def _priors(scene: Scene) -> tuple[Prior, ...]:
    priors = scene.learned.model.priors
    if not priors:
        return ()
    return tuple(Prior(place, priors[f"{place}/across"], priors[f"{place}/within"]) for place in PLACES)


def _histogram(bits: Floats) -> tuple[Bin, ...]:
    edges = range(-REACH, REACH, BIN)
    places = np.clip((bits + REACH) // BIN, 0, len(edges) - 1).astype(np.int64)
    counts = np.bincount(places, minlength=len(edges))
    return tuple(Bin(least, least + BIN, hidden(int(n))) for least, n in zip(edges, counts, strict=True))


def _sizes(people: Numbers) -> tuple[tuple[int, Count], ...]:
    sizes = Counter(np.bincount(people).tolist())
    return tuple((size, hidden(count)) for size, count in sorted(sizes.items()))


def _doubts(scene: Scene) -> tuple[tuple[str, Count], ...] | None:
    if scene.doubts is None:
        return None
    counts = Counter(str(reason) for reason in scene.doubts["reason"].to_pylist())
    return tuple((rule_words(reason), hidden(count)) for reason, count in counts.most_common())
