"""Weigh what agrees in each pair into how likely it is, against the other pairs and against no match.

A conditional logit (McFadden 1974): a pair's score is a weighted sum of its agreements, and the probability
of an answer is its share of exp(score) over all the record's candidates and the candidate "none of these".
Two candidates that cannot be told apart therefore share their probability, and neither is taken.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharewell.places.compare import NAME_WEIGHT, Compared
from sharewell.places.index import Index
from sharewell.places.pair import Records
from sharewell.places.resolve import Outcome
from sharewell.places.tokens import Bools, Floats

FEATURES = (
    "always", "shared", "record_share", "place_share", "number", "range", "no_number_in_place",
    "no_number_in_record", "bare", "suffix_differs", "unit_found", "unit_missing", "unit_unitless",
    "postcode", "sector", "outcode", "named", "number_and_postcode_only", "street",
    "rival", "same_head", "other_head", "unnamed",
)  # fmt: skip
WEIGHTS = np.array(
    [-6.15, 0.05, 4.04, 3.88, 0.5, 0.49, -2.93, -2.42, 0.02, -1.49, 0.45, -1.86, -2.73, 3.93, 2.5, 0.5, 1.66,
     2.26, 2.0, -1.5, 0.5, -1.0, -0.5]
)  # fmt: skip
"""One weight per feature, fitted by penalised likelihood with their signs held to sense.

The data were the even rows of four made-up files: messy addresses at three levels of error, and the first
without its postcodes. Sector, outcode, street and rival were set by hand on 230 Land Registry addresses:
made-up wrong postcodes are random, where real ones are mostly a neighbour's.
"""
ENOUGH_SHARED = 12.0
"""Agreement of words beyond this weight adds nothing."""


def score(records: Records, compared: Compared, outcome: Outcome, index: Index) -> Floats:
    """Return each pair's score; 0 is as likely as no match."""
    # row by row, as a matrix product rounds otherwise for one record than for many
    scored: Floats = (features(records, compared, outcome, index) * WEIGHTS).sum(axis=1)
    return scored


def features(records: Records, compared: Compared, outcome: Outcome, index: Index) -> npt.NDArray[np.float64]:
    """Return what agrees in each pair, one column per name in FEATURES."""
    q, g = compared.pairs.record, compared.pairs.place
    number, theirs = records.parts.number[q] > 0, index.number[g] > 0
    sector, outcode, postcode = _postcodes(records, compared, index)
    mine = records.total[q]
    share = np.where(mine > 0, compared.shared / np.maximum(mine, 1e-9), 1.0)
    columns = (
        np.ones(len(q)), np.minimum(compared.shared, ENOUGH_SHARED), np.minimum(share, 1.0),
        compared.shared / np.maximum(index.total[g], 1e-9), compared.same_number, compared.in_range,
        number & ~theirs & ~outcome.bare, theirs & ~number, outcome.bare, compared.suffix_differs,
        outcome.found, outcome.missing, outcome.unitless, postcode, sector, outcode,
        compared.named >= NAME_WEIGHT,
        (compared.shared < NAME_WEIGHT) & compared.same_number & postcode, compared.same_street,
        compared.pairs.searched & _own_named(records, compared)[q],
        compared.same_head, _on_another_street(records, compared),
        index.named[g] & (compared.named == 0) & number,
    )  # fmt: skip
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=1)


def _on_another_street(records: Records, compared: Compared) -> Bools:
    """Return which pairs' streets begin otherwise: found by search, or beside one whose street begins alike.

    In its own postcode, alone with its number, a place may well be the one whose street was misheard.
    """
    q = compared.pairs.record
    known = np.zeros(len(records.postcode), dtype=bool)
    known[q[compared.same_head]] = True
    other: Bools = compared.other_head & (compared.pairs.searched | known[q])
    return other


def _own_named(records: Records, compared: Compared) -> Bools:
    """Return which records' own postcode has a place of their name: a rival to any found elsewhere."""
    own = compared.pairs.record[(compared.named >= NAME_WEIGHT) & ~compared.pairs.searched]
    named = np.zeros(len(records.postcode), dtype=bool)
    named[own] = True
    return named


def _postcodes(records: Records, compared: Compared, index: Index) -> tuple[Bools, Bools, Bools]:
    """Return whether postcodes agree: sector and outcode only where the whole does not."""
    q, g = compared.pairs.record, compared.pairs.place
    whole = records.postcode[q] == index.postcode[g]
    searched = compared.pairs.searched
    sector, outcode = np.zeros(len(q), dtype=bool), np.zeros(len(q), dtype=bool)
    if searched.any():
        mine = records.postcode_text.take(q[searched])
        theirs = index.postcodes.take(index.postcode[g[searched]])
        for stop, into in ((-2, sector), (-3, outcode)):
            left, right = (pc.utf8_slice_codeunits(text, 0, stop) for text in (mine, theirs))
            same = pc.and_(pc.equal(left, right), pc.not_equal(mine, pa.scalar("")))
            into[searched] = same.to_numpy(zero_copy_only=False)
    return sector & ~whole, outcode & ~sector & ~whole, whole
