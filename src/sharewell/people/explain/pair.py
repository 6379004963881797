"""Explain one pair of records: from the odds of their places, comparison by comparison, to the total."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.people.contradict import contradictions, reasons
from sharewell.people.evidence import Comparison
from sharewell.people.explain.scene import Scene, block_words, in_block
from sharewell.people.explain.words import (
    UNKNOWN,
    level_words,
    odds,
    one_in,
    percent,
    place_words,
    rule_words,
    signed,
)
from sharewell.people.score import Pairs, discount_names_alone
from sharewell.people.weigh import Weighed, count_values, rare_columns, weigh
from sharewell.store.engine import literal, quoted
from sharewell.vocab.errors import PersonUnknown, TooLittleToHold

Named = tuple[str, int] | str
"""A record: its list and row, or its record key where it is held."""
_DOUBTED = ("source", "source_row", "other_source", "other_row")
_ASKED, _BOTH = "explained_pair", "explained_records"


@dataclass(frozen=True)
class Rung:
    """One bar of a waterfall: what is compared, what came of it in words, and the bits that adds.

    ``level`` is the model's own name of the outcome; ``values``: the two values, only where asked for.
    """

    what: str
    found: str
    bits: float
    level: str = ""
    values: tuple[str, str] | None = None


@dataclass(frozen=True)
class PairExplained:
    """Why two records are, or are not, taken for one person.

    ``start``: the bits that their places alone say. ``vetoes``: the rules they break, and ``is_vetoed``
    whether those part them (a number that both hold outweighs all but a death). ``blocks``: what brought them
    together; none means that the run never compared them. ``is_joined``: whether they are one person in it;
    ``doubt``: why a person should look at them, where that is kept.
    """

    left: str
    right: str
    place: str
    start: float
    rungs: tuple[Rung, ...]
    total: float
    threshold: float
    vetoes: tuple[str, ...]
    is_vetoed: bool
    blocks: tuple[str, ...]
    is_joined: bool
    doubt: str | None = None

    @property
    def probability(self) -> float:
        """Return how likely the total says that they are one person."""
        return float(1 / (1 + np.exp2(-self.total)))

    @property
    def verdict(self) -> str:
        """Return what this pair says, in a sentence."""
        if self.is_vetoed:
            return f"These two cannot be one person: {'; '.join(map(rule_words, self.vetoes))}."
        side = "Enough" if self.total >= self.threshold else "Too little"
        return f"{side} to take these two for one person: {percent(self.probability)} likely."

    def as_dict(self) -> dict[str, Any]:
        """Return it as data ready for JSON."""
        told = {**asdict(self), "probability": round(self.probability, 6), "verdict": self.verdict}
        for rung in told["rungs"]:
            if rung["values"] is None:
                del rung["values"]
        return {"sharewell": "pair/1", **told}

    def lines(self) -> list[tuple[str, str, str]]:
        """Return what a table shows: what is compared, what was found, the bits."""
        start = ("Before anything is compared", self.place, signed(self.start))
        rungs = [(rung.what, rung.found, signed(rung.bits)) for rung in self.rungs]
        return [start, *rungs, ("Together", odds(self.total), signed(self.total))]


def explain_pair(scene: Scene, left: Named, right: Named, *, show_values: bool = False) -> PairExplained:
    """Explain why two records are, or are not, one person. Raises PersonUnknown, TooLittleToHold.

    ``show_values`` adds the two values of each comparison, as they were compared: it is then personal data.
    """
    if not scene.learned.model.comparisons:
        raise TooLittleToHold(
            "Nothing was compared in these lists, so there is no link to explain.",
            "Name more columns, or link more records.",
        )
    ids = sorted((_find(scene, left), _find(scene, right)))
    if ids[0] == ids[1]:
        raise PersonUnknown("Both names are of one record.", "Name two records.")
    scene.engine.load(_ASKED, pa.table({"l": ids[:1], "r": ids[1:]}))
    try:
        return _explained(scene, ids, show_values)
    finally:
        for spent in (_ASKED, _BOTH):
            scene.engine.drop(spent)


def _find(scene: Scene, named: Named) -> int:
    if isinstance(named, str):
        is_keyed = "record_key" in scene.engine.columns(scene.prepared.table)
        test = f"record_key = {literal(named)}" if is_keyed else "false"
    else:
        test = f"source = {literal(named[0])} AND source_row = {int(named[1])}"
    found = scene.engine.fetch(f"SELECT id FROM {quoted(scene.prepared.table)} WHERE {test} ORDER BY id")
    if found.num_rows != 1:
        count = "More than one record" if found.num_rows else "No record"
        raise PersonUnknown(
            f"{count} of that list and row is held.",
            "Name the list as it is called in the answer, and the row after the header, from 1; "
            "where lists came more than once, name the record by its record key.",
        )
    return int(found["id"][0].as_py())


def _explained(scene: Scene, ids: list[int], show_values: bool) -> PairExplained:
    engine = scene.engine
    chosen = f"SELECT * FROM {quoted(scene.prepared.table)} WHERE id IN ({ids[0]}, {ids[1]}) ORDER BY id"
    records = engine.create(_BOTH, chosen).arrow().to_pylist()
    found, rungs = _weighed(scene)
    if show_values:
        compared = [each.column for each in scene.learned.model.comparisons]
        rungs = [_with_values(rung, name, records) for rung, name in zip(rungs, compared, strict=True)]
    pairs = Pairs(found.left, found.right, found.total)
    held_down = discount_names_alone(pairs, scene.prepared, engine)
    if held_down.bits[0] != pairs.bits[0]:
        rungs.append(_names_alone(float(held_down.bits[0] - pairs.bits[0])))
    left, right = (f"{each['source']}, row {each['source_row']}" for each in records)
    return PairExplained(
        left, right, place_words(int(found.place[0]), bool(found.within[0])), float(found.prior[0]),
        tuple(rungs), float(held_down.bits[0]), scene.learned.threshold, _vetoes(scene, held_down),
        bool(contradictions(held_down, scene.prepared, engine)[0]), _blocks(scene, ids), _is_joined(scene),
        _doubt(scene, records),
    )  # fmt: skip


def _weighed(scene: Scene) -> tuple[Weighed, list[Rung]]:
    """Return the pair weighed, and a bar for each comparison."""
    table, model = scene.prepared.table, scene.learned.model
    shares = count_values(scene.engine, table, rare_columns(model), only=_BOTH)
    found = weigh(scene.engine, table, _ASKED, model, shares)
    rungs = [_rung(scene, each, found, shares.get(each.column)) for each in model.comparisons]
    for spent in shares.values():
        scene.engine.drop(spent)
    return found, rungs


def _rung(scene: Scene, comparison: Comparison, found: Weighed, shares: str | None) -> Rung:
    level, bits = int(found.levels[comparison.column][0]), float(found.bits[comparison.column][0])
    what = scene.label(comparison.column)
    if level < 0:
        return Rung(what, UNKNOWN, bits, "unknown")
    name = comparison.levels[level].name
    words = level_words(comparison.column, name)
    if level == 0 and shares:
        words += _rarity(scene, comparison.column, shares, bits)
    return Rung(what, words, bits, name)


def _rarity(scene: Scene, column: str, shares: str, bits: float) -> str:
    """Return how rare the value is that two records share, where that is what it was weighed by."""
    found = scene.engine.fetch(
        f"SELECT share FROM {quoted(shares)} JOIN {quoted(_BOTH)} ON {column} = value LIMIT 1"
    )
    _, elsewhere = scene.learned.model.weights.items()[-1]
    share, odds_there = float(found["share"][0].as_py()), elsewhere[column]
    if abs(np.log2(odds_there.m[0] / share) - bits) > 1e-6:
        return ""
    usual = odds_there.u[0]
    kind = ", and rare" if share < usual / 2 else ", and common" if share > usual * 2 else ""
    return f"{kind} ({one_in(share)})"


def _names_alone(bits: float) -> Rung:
    return Rung("names alone", "two homes, and nothing but names agrees", bits, "names_alone")


def _with_values(rung: Rung, column: str, records: list[dict[str, Any]]) -> Rung:
    first, second = (str(each[column]) if each[column] is not None else "" for each in records)
    return replace(rung, values=(first, second))


def _vetoes(scene: Scene, pairs: Pairs) -> tuple[str, ...]:
    found = reasons(pairs, scene.prepared, scene.engine)["reason"].to_pylist()
    return tuple(reason for reason in found if reason)


def _blocks(scene: Scene, ids: list[int]) -> tuple[str, ...]:
    """Return the blocks in which the two records meet, in words."""
    met = []
    for block in scene.learned.blocks:
        keyed = in_block(scene.prepared.table, block)
        found = scene.engine.fetch(
            f"SELECT count(*) AS n, count(DISTINCT key) AS keys FROM ({keyed}) AS keyed "
            f"WHERE id IN ({ids[0]}, {ids[1]})"
        )
        if (found["n"][0].as_py(), found["keys"][0].as_py()) == (2, 1):
            met.append(block_words(scene, block))
    return tuple(met)


def _is_joined(scene: Scene) -> bool:
    if scene.people == scene.prepared.table:
        query = f"SELECT count(DISTINCT person) AS n FROM {quoted(_BOTH)}"
    else:
        query = (
            f"SELECT count(DISTINCT p.person) AS n FROM {quoted(_BOTH)} AS b "
            f"JOIN {quoted(scene.people)} AS p ON p.source = b.source AND p.source_row = b.source_row"
        )
    return bool(scene.engine.fetch(query)["n"][0].as_py() == 1)


def _doubt(scene: Scene, records: list[dict[str, Any]]) -> str | None:
    """Return why the review has the pair, by either order of its records."""
    if scene.doubts is None:
        return None
    ends = [(each["source"], each["source_row"]) for each in records]
    for first, second in (ends, ends[::-1]):
        named = zip(_DOUBTED, (*first, *second), strict=True)
        tests = [pc.equal(scene.doubts[name], value) for name, value in named]
        found = scene.doubts.filter(reduce(pc.and_, tests))
        if found.num_rows:
            return str(found["reason"][0].as_py())
    return None
