"""Weigh each candidate pair: what its fields say, and how likely its two places are to hold one person.

The prior odds are learned for each kind of place, across lists and within one list apart: a list seldom holds
one person twice, and two records of one address are of one person far more often than two of one town.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from splink import DuckDBAPI

from sharewell.people.evidence import EXCHANGED, Comparison
from sharewell.people.prepare import Prepared
from sharewell.people.rules import NAMES_ALONE, NEWBORN_NAMED
from sharewell.people.splinked import linker_on, near_comparison
from sharewell.people.weights import Floats, Numbers, Weights
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

PLACES = ("home", "postcode", "next_door", "near", "elsewhere")
"""One address; one postcode, an address unknown; one postcode, two addresses; one sector; none of these."""

STARTING_PRIOR = {"home": 0.25, "postcode": 0.05, "next_door": 0.0005, "near": 0.0005, "elsewhere": 0.0001}
"""The share of all pairs of such places that are one person, before anything is learned."""

PRIOR_PAIRS = 50.0
"""What is believed before counts for as much as this many pairs."""


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs as arrays: two record numbers, and the evidence in bits (log2 of the odds)."""

    left: Numbers
    right: Numbers
    bits: Floats

    def only(self, chosen: npt.NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.left[chosen], self.right[chosen], self.bits[chosen])

    def and_more(self, more: Pairs) -> Pairs:
        """Return these pairs and others."""
        return Pairs(
            np.concatenate([self.left, more.left]),
            np.concatenate([self.right, more.right]),
            np.concatenate([self.bits, more.bits]),
        )

    def arrow(self) -> pa.Table:
        """Return the pairs as an Arrow table."""
        return pa.table({"l": self.left, "r": self.right, "bits": self.bits})


def score_pairs(
    prepared: Prepared,
    comparisons: Sequence[Comparison],
    weights: Weights,
    rules: Sequence[Sequence[str]],
    engine: DuckDB,
    database: DuckDBAPI,
) -> tuple[Pairs, dict[str, object]]:
    """Return every candidate pair with its evidence from the fields alone, and Splink's settings as JSON."""
    if not rules:  # every value is too common to help; Splink would compare each record with every other
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)), {}
    shown = [near_comparison(comparison, weights) for comparison in comparisons]
    linker = linker_on(database, prepared, shown, rules, show_levels=False)
    predicted = linker.inference.predict(warning_mode="never")
    found = engine.fetch(
        f"SELECT id_l AS l, id_r AS r, match_weight FROM {quoted(predicted.physical_name)} ORDER BY l, r"
    )
    pairs = Pairs(found["l"].to_numpy(), found["r"].to_numpy(), np.round(found["match_weight"].to_numpy(), 6))
    return pairs, linker.misc.save_model_to_json()


def add_prior_odds(
    pairs: Pairs, prepared: Prepared, engine: DuckDB, *, learn: bool
) -> tuple[Pairs, dict[str, float]]:
    """Return the pairs with their places' prior odds added, and the priors as 'place/lists' -> share."""
    columns = ("home", "postcode", "sector", "source")
    codes = _coded(engine, prepared, columns)
    place = _place_of(pairs, codes)
    within = codes["source"][pairs.left] == codes["source"][pairs.right]
    totals = _possible_pairs(codes)
    bits, priors = pairs.bits.copy(), {}
    for number, name in enumerate(PLACES):
        for same_list in (False, True):
            chosen = (place == number) & (within == same_list)
            prior = STARTING_PRIOR[name] if name != "elsewhere" else min(1 / prepared.rows, 0.0001)
            if learn:
                prior = _learn_prior(pairs.bits[chosen], totals[name, same_list], prior)
            bits[chosen] += np.log2(prior / (1 - prior))
            priors[f"{name}/{'within' if same_list else 'across'}"] = float(f"{prior:.4g}")
    return Pairs(pairs.left, pairs.right, np.round(bits, 6)), priors


def discount_names_alone(pairs: Pairs, prepared: Prepared, engine: DuckDB) -> Pairs:
    """Return the pairs with those of two known homes held down where names agree and nothing else does.

    Namesakes next door, in one block or in one town are common; that one moved is no likelier for it.
    """
    doubtful = np.flatnonzero(pairs.bits > NAMES_ALONE)
    told = pa.table({"place": doubtful, "l": pairs.left[doubtful], "r": pairs.right[doubtful]})
    asked = engine.load(f"{prepared.table}_asked", told)
    further = [column for column in prepared.extra if column in prepared.holds]
    agree = [f"l.{column} = r.{column}" for column in ("nhs_number", "middle_name", *further)]
    dates = "hamming(l.iso_date, r.iso_date) <= 2 OR l.date_of_birth = r.date_of_birth"
    exchanged = EXCHANGED.replace("iso_date_l", "l.iso_date").replace("iso_date_r", "r.iso_date")
    numbers = "levenshtein(l.nhs_number, r.nhs_number) <= 2"
    found = engine.fetch(f"""
        SELECT place FROM {quoted(asked.name)} AS asked
        JOIN {quoted(prepared.table)} AS l ON l.id = asked.l
        JOIN {quoted(prepared.table)} AS r ON r.id = asked.r
        WHERE l.home <> r.home AND NOT coalesce({" OR ".join(agree)}, false)
          AND NOT coalesce({dates} OR {numbers} OR ({exchanged}), false) ORDER BY place""")
    asked.drop()
    bits = pairs.bits.copy()
    bits[found["place"].to_numpy()] = NAMES_ALONE
    return _weigh_newborns(Pairs(pairs.left, pairs.right, bits), prepared, engine)


def _weigh_newborns(pairs: Pairs, prepared: Prepared, engine: DuckDB) -> Pairs:
    """Return the pairs with newborns told by home and day of birth alone.

    A child without a name has its mother's surname and telephone, so neither says whose record it is; another
    of its home and birthday is the child, named since, under whatever surname.
    """
    found = engine.fetch(f"SELECT id FROM {quoted(prepared.table)} WHERE reading = 'newborn'")
    newborns = found["id"].to_numpy()
    touched = np.flatnonzero(np.isin(pairs.left, newborns) != np.isin(pairs.right, newborns))
    if not len(touched):
        return pairs
    told = pa.table({"place": touched, "l": pairs.left[touched], "r": pairs.right[touched]})
    asked = engine.load(f"{prepared.table}_asked", told)
    found = engine.fetch(f"""
        SELECT place, coalesce(l.home = r.home AND l.date_of_birth = r.date_of_birth
            AND coalesce(l.sex = r.sex, true), false) AS same,
          l.date_of_birth IS NULL OR r.date_of_birth IS NULL AS undated
        FROM {quoted(asked.name)} AS asked JOIN {quoted(prepared.table)} AS l ON l.id = asked.l
        JOIN {quoted(prepared.table)} AS r ON r.id = asked.r ORDER BY place""")
    asked.drop()
    place, same, undated = (found[name].to_numpy() for name in ("place", "same", "undated"))
    bits = pairs.bits.copy()
    bits[place[same]] = np.maximum(bits[place[same]], NEWBORN_NAMED)
    bits[place[undated]] = np.minimum(bits[place[undated]], NAMES_ALONE)
    return Pairs(pairs.left, pairs.right, bits)


def _coded(engine: DuckDB, prepared: Prepared, columns: Sequence[str]) -> dict[str, Numbers]:
    """Return each column as whole numbers, one for each value, -1 where unknown, in record order."""
    found = engine.fetch(f"SELECT {', '.join(columns)} FROM {quoted(prepared.table)} ORDER BY id")
    coded = {}
    for column in columns:
        encoded: Any = pc.dictionary_encode(found[column].combine_chunks())
        coded[column] = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return coded


def _place_of(pairs: Pairs, codes: dict[str, Numbers]) -> Numbers:
    same = {
        column: (codes[column][pairs.left] == codes[column][pairs.right]) & (codes[column][pairs.left] >= 0)
        for column in ("home", "postcode", "sector")
    }
    both_homes = (codes["home"][pairs.left] >= 0) & (codes["home"][pairs.right] >= 0)
    outcomes = [same["home"], same["postcode"] & ~both_homes, same["postcode"], same["sector"]]
    return np.select(outcomes, [0, 1, 2, 3], default=4).astype(np.int64)


def _possible_pairs(codes: dict[str, Numbers]) -> dict[tuple[str, bool], float]:
    """Return how many pairs of records stand in each kind of place, across lists and within."""
    everyone = np.zeros_like(codes["source"])
    levels = {"home": codes["home"], "postcode": codes["postcode"], "near": codes["sector"]}
    counts = {name: _pairs_sharing(code, codes["source"]) for name, code in levels.items()}
    counts["next_door"] = counts["postcode"]
    counts["elsewhere"] = _pairs_sharing(everyone, codes["source"])
    return {
        (name, same_list): max(counts[name][same_list], 1.0) for name in PLACES for same_list in (False, True)
    }


def _pairs_sharing(code: Numbers, source: Numbers) -> tuple[float, float]:
    known = code >= 0
    whole = _pair_count(code[known])
    within = _pair_count(code[known] * (source.max() + 1) + source[known])
    return whole - within, within


def _pair_count(code: Numbers) -> float:
    sizes = np.unique(code, return_counts=True)[1].astype(np.float64)
    return float((sizes * (sizes - 1) / 2).sum())


def _learn_prior(bits: Floats, possible: float, before: float) -> float:
    """Return the share of all such pairs that match; those that are no candidates are taken as strangers."""
    prior = before
    for _ in range(200):
        matched = 1 / (1 + np.exp2(-(bits + np.log2(prior / (1 - prior)))))
        learned = (matched.sum() + PRIOR_PAIRS * before) / (possible + PRIOR_PAIRS)
        learned = float(np.clip(learned, 1e-12, 0.95))
        if abs(learned - prior) < 1e-6 * prior:
            break
        prior = learned
    return prior
