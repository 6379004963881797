"""Decide each record's answer from its scored candidates: a unit, else its building, else none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sharewell.places.compare import NAME_WEIGHT, Compared
from sharewell.places.index import Index
from sharewell.places.resolve import Outcome
from sharewell.places.terms import Answer
from sharewell.places.tokens import Bools, Floats, Hashes, Ints

ANSWERS = (Answer.NONE, Answer.BUILDING, Answer.UNIT)
NONE, BUILDING, UNIT = range(3)
POSTCODE, NUMBER, UNIT_AGREES, NAME, STREET = 1, 2, 4, 8, 16
EXACT, AMBIGUOUS, GIVEN = 32, 64, 128
HISTORIC, PROVISIONAL = 256, 512

STANDINGS = ((HISTORIC, "historic"), (PROVISIONAL, "provisional"))

UNIT_AT, BUILDING_AT = 0.5, 0.5
"""An answer is given when its raw share is above these: it then outweighs all other answers together."""
RAW = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
UNIT_RIGHT = (0.0, 0.78, 0.88, 0.95, 0.98, 0.99, 0.994)
BUILDING_RIGHT = (0.0, 0.68, 0.75, 0.79, 0.84, 0.94, 0.993)
"""From a raw share to the share of such answers that were right: even rows of the files in ``score``."""
EXACT_PROBABILITY = 0.995
"""The share of exact answers that were right on even rows (the rest had lost or changed a flat)."""
STREET_WEIGHT = 2.0
"""How much weight of words other than the name must agree for the street to be said to agree."""


@dataclass(frozen=True)
class Decisions:
    """One decision per record: UPRN (0 for none), a place in ANSWERS, probability, evidence as bits."""

    uprn: Ints
    answer: Ints
    probability: Floats
    evidence: Ints

    def of(self, chosen: Bools) -> Decisions:
        """Return some of the decisions."""
        return Decisions(
            self.uprn[chosen], self.answer[chosen], self.probability[chosen], self.evidence[chosen]
        )

    def take(self, at: Ints, others: Decisions, told: int) -> None:
        """Put other decisions in the place of some, with a bit more of evidence."""
        self.uprn[at], self.answer[at] = others.uprn, others.answer
        self.probability[at], self.evidence[at] = others.probability, others.evidence | told


def no_decisions(records: int) -> Decisions:
    """Return decisions that know nothing yet."""
    zeros = np.zeros(records, dtype=np.int64)
    return Decisions(zeros, zeros.copy(), np.zeros(records), zeros.copy())


def decide(
    chosen: Ints, compared: Compared, outcome: Outcome, scored: Floats, index: Index, into: Decisions
) -> Floats:
    """Decide for the chosen records, writing into ``into``; return their largest raw shares.

    Candidates with one answer add up, so two flats of a building count together for the building.
    """
    share = shares(compared.pairs.record, scored, len(into.uprn))
    unit = _best(compared.pairs.record, outcome.unit, share, len(into.uprn))
    building = _best(compared.pairs.record, outcome.building, share, len(into.uprn))
    is_unit = unit.share > UNIT_AT
    is_building = ~is_unit & (building.share > BUILDING_AT)
    by_unit = np.interp(np.where(is_unit, unit.share, 0.0), RAW, UNIT_RIGHT)
    by_building = np.interp(np.where(is_building, building.share, 0.0), RAW, BUILDING_RIGHT)
    bits = evidence(compared, outcome, index)
    pair = np.where(is_unit, unit.pair, building.pair)
    seen = np.bincount(compared.pairs.record, minlength=len(into.uprn)) > 0
    into.uprn[chosen] = np.where(is_unit, unit.value, np.where(is_building, building.value, 0))[chosen]
    into.answer[chosen] = np.where(is_unit, UNIT, np.where(is_building, BUILDING, NONE))[chosen]
    into.probability[chosen] = (by_unit + by_building)[chosen]
    if len(bits):
        found = np.where(is_unit | is_building, bits[pair], np.where(seen, AMBIGUOUS, 0))
        into.evidence[chosen] = found[chosen]
    largest: Floats = np.maximum(unit.share, building.share)[chosen]
    return largest


def tell_standing(decisions: Decisions, index: Index) -> None:
    """Say in the evidence which answers are of places that are only planned."""
    if len(index.provisional):
        planned = np.isin(decisions.uprn, index.provisional) & (decisions.answer != NONE)
        decisions.evidence[planned] |= PROVISIONAL


def shares(record: Ints, scored: Floats, records: int) -> Floats:
    """Return each candidate's share of its record's certainty, "none of these" counting as a score of 0."""
    odds = np.exp(np.clip(scored, -30, 30))
    share: Floats = odds / (1 + np.bincount(record, weights=odds, minlength=records))[record]
    return share


def evidence(compared: Compared, outcome: Outcome, index: Index) -> Ints:
    """Return what agrees in each pair as bits."""
    street = compared.shared - compared.named >= STREET_WEIGHT
    postcode = ~compared.pairs.searched
    numbers = compared.same_number | compared.in_range
    flags = ((POSTCODE, postcode), (NUMBER, numbers), (UNIT_AGREES, outcome.found),
             (NAME, compared.named >= NAME_WEIGHT), (STREET, street))  # fmt: skip
    bits: Ints = np.sum([bit * flag.astype(np.int64) for bit, flag in flags], axis=0, dtype=np.int64)
    return bits


def evidence_text(bits: int) -> str:
    """Return evidence as people read it: which pass answered and what agreed, never the address."""
    standing = "".join(f"+{name}" for bit, name in STANDINGS if bits & bit)
    return f"{_agreed(bits & ~(HISTORIC | PROVISIONAL))}{standing}"


def _agreed(bits: int) -> str:
    if bits & GIVEN:
        return "given_uprn"
    if bits & AMBIGUOUS:
        return "exact+ambiguous" if bits & EXACT else "undecided"
    if bits == 0:
        return "no_candidate"
    if bits & EXACT:
        return "exact+postcode"
    names = (
        (POSTCODE, "postcode"),
        (NUMBER, "number"),
        (UNIT_AGREES, "unit"),
        (NAME, "name"),
        (STREET, "street"),
    )
    found = "+".join(name for bit, name in names if bits & bit)
    return found if bits & POSTCODE else f"search:{found}"


@dataclass(frozen=True)
class _Best:
    value: Ints
    share: Floats
    pair: Ints


def _best(record: Ints, value: Ints, share: Floats, records: int) -> _Best:
    """Return each record's answer with the largest summed share; ties go to the smaller UPRN."""
    best = _Best(np.zeros(records, dtype=np.int64), np.zeros(records), np.zeros(records, dtype=np.int64))
    known = (value > 0).nonzero()[0]
    if not len(known):
        return best
    order = known[np.lexsort((-share[known], value[known], record[known]))]
    owner, uprn = record[order], value[order]
    new = np.append(True, (owner[1:] != owner[:-1]) | (uprn[1:] != uprn[:-1]))
    start = new.nonzero()[0]
    total = np.add.reduceat(share[order], start)
    ranked = np.lexsort((-uprn[start], total, owner[start]))
    at = owner[start][ranked]
    best.value[at], best.share[at], best.pair[at] = uprn[start][ranked], total[ranked], order[start][ranked]
    return best


def decide_exact(keys: Hashes, index: Index, into: Decisions) -> Bools:
    """Decide records whose whole address and postcode are a gazetteer row's; return which those are."""
    low = np.searchsorted(index.exact, keys, "left")
    high = np.searchsorted(index.exact, keys, "right")
    exact = (high > low) & (keys != 0)
    places = exact.nonzero()[0]
    first = index.exact_row[low[places]]
    last = index.exact_row[high[places] - 1]
    rows = index.rows
    one = rows.uprn[first] == rows.uprn[last]
    place = rows.place[first]
    has_id = (rows.unit[first] > 0) | (rows.storey[first] > 0) | (rows.room[first] > 0)
    home = one & ~rows.is_parent[first] & (has_id | ~index.has_units[place])
    parent = np.where(rows.parent[first] == rows.parent[last], index.parent[place], 0)
    known = home | (parent > 0)
    into.uprn[places] = np.where(home, rows.uprn[first], parent)
    into.answer[places] = np.where(home, UNIT, np.where(known, BUILDING, NONE))
    into.probability[places] = np.where(known, EXACT_PROBABILITY, 0.0)
    into.evidence[places] = np.where(known, EXACT, EXACT | AMBIGUOUS)
    found: Bools = exact
    return found
