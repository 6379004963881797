"""How often a linkage is wrong, as far as its own model can tell from its probabilities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharewell.people.contradict import contradictions
from sharewell.people.explain.scene import Scene, pairs_by_block
from sharewell.people.score import Pairs, discount_names_alone
from sharewell.people.weigh import Frequencies, count_values, rare_columns, weigh
from sharewell.people.weights import Floats, Numbers
from sharewell.store.engine import quoted

Flags = npt.NDArray[np.bool_]
PAIRS_AT_ONCE = 2_000_000
"""So many pairs are weighed at a time, that memory stays bounded."""
HARDLY = -6.0
"""Between two people whose best pair has fewer bits than this, no rule need be asked."""
_ALL, _SOME = "explained_pairs", "explained_some"


@dataclass(frozen=True)
class Compared:
    """Every pair that was compared, in the order of its records: its bits, and bit by bit its blocks."""

    pairs: Pairs
    blocks: Numbers


@dataclass(frozen=True)
class Expected:
    """What the model expects of the pairs it compared: those joined, and of those the wrong; those missed."""

    joined: int
    wrong: float
    missed: float

    @property
    def precision(self) -> float | None:
        """Return the share of joined pairs that are right; None where none were joined."""
        return 1 - self.wrong / self.joined if self.joined else None

    @property
    def recall(self) -> float | None:
        """Return the share of pairs of one person that were joined; None where there are none."""
        right = self.joined - self.wrong
        return right / (right + self.missed) if right + self.missed else None


def compare_again(scene: Scene) -> Compared:
    """Weigh every pair of a linkage again by its model, slice by slice."""
    nothing = np.empty(0, np.int64)
    if not scene.learned.model.comparisons or not scene.learned.blocks:
        return Compared(Pairs(nothing, nothing, np.empty(0)), nothing)
    table, engine, learned = scene.prepared.table, scene.engine, scene.learned
    count = engine.create(_ALL, pairs_by_block(table, learned.blocks)).count()
    shares = count_values(engine, table, rare_columns(learned.model))
    slices = 1 + count // PAIRS_AT_ONCE
    parts = [_weigh_slice(scene, f"l % {slices} = {place}", shares) for place in range(slices)]
    for spent in (_ALL, *shares.values()):
        engine.drop(spent)
    left, right, blocks, bits = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.lexsort((right, left))
    pairs = Pairs(left[order], right[order], bits[order])
    return Compared(discount_names_alone(pairs, scene.prepared, engine), blocks[order])


def _weigh_slice(scene: Scene, chosen: str, shares: Frequencies) -> tuple[Numbers, Numbers, Numbers, Floats]:
    engine = scene.engine
    engine.create(_SOME, f"SELECT * FROM {quoted(_ALL)} WHERE {chosen}")
    found = weigh(engine, scene.prepared.table, _SOME, scene.learned.model, shares)
    blocks = engine.fetch(f"SELECT blocks FROM {quoted(_SOME)} ORDER BY l, r")["blocks"].to_numpy()
    engine.drop(_SOME)
    return found.left, found.right, blocks, found.total


def people_of(scene: Scene) -> Numbers:
    """Return the number of each record's person, in the order of the records' ids."""
    by = "p.person" if scene.people == scene.prepared.table else "w.person"
    join = "" if by == "p.person" else f"JOIN {quoted(scene.people)} AS w USING (source, source_row)"
    found = scene.engine.fetch(
        f"SELECT dense_rank() OVER (ORDER BY {by}) - 1 AS n FROM {quoted(scene.prepared.table)} AS p {join} "
        "ORDER BY p.id"
    )
    return found["n"].to_numpy().astype(np.int64)


def expect(scene: Scene, pairs: Pairs, people: Numbers) -> Expected:
    """Estimate how many joined pairs are wrong, and how many pairs of one person were missed.

    A joined pair is as likely as its own evidence, or as the strongest ties of both to their person, if that
    is more. A pair apart is as likely as its evidence, and not at all where a rule keeps its people apart.
    """
    likely = 1 / (1 + np.exp2(-np.clip(pairs.bits, -60, 60)))
    joined = people[pairs.left] == people[pairs.right]
    tie = np.zeros(len(people))
    for side in (pairs.left, pairs.right):
        np.maximum.at(tie, side[joined], likely[joined])
    through = tie[pairs.left] * tie[pairs.right]
    apart = ~joined & ~_kept_apart(scene, pairs, people, joined)
    wrong = float((1 - np.maximum(likely, through))[joined].sum())
    return Expected(int(joined.sum()), wrong, float(likely[apart].sum()))


def _kept_apart(scene: Scene, pairs: Pairs, people: Numbers, joined: Flags) -> Flags:
    """Return which pairs run between two people that some pair between them, by a rule, keeps apart."""
    low = np.minimum(people[pairs.left], people[pairs.right])
    high = np.maximum(people[pairs.left], people[pairs.right])
    _, between = np.unique(low * (len(people) + 1) + high, return_inverse=True)
    best = np.full(between.max(initial=0) + 1, -np.inf)
    np.maximum.at(best, between, pairs.bits)
    asked = ~joined & (best[between] >= HARDLY)
    parted = np.zeros(len(best), dtype=bool)
    if asked.any():
        broken = contradictions(pairs.only(asked), scene.prepared, scene.engine)
        parted[between[asked][broken]] = True
    found: Flags = parted[between]
    return found
