"""Match addresses to UPRNs: a given UPRN, the exact address, its postcode, last a search by number and word.

Every record gets one answer: a unit, a building whose unit is unknown, or none. The answer is right or says
less: a flat is never answered by its sibling, nor 12 by 14.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from sharewell.places.compare import compare, kept_compared
from sharewell.places.decide import ANSWERS, Decisions, decide, decide_exact, evidence_text, no_decisions
from sharewell.places.gazetteer import Gazetteer
from sharewell.places.index import Index, exact_keys
from sharewell.places.pair import Pairs, Records, as_records, joined_pairs, pair_by_postcode, pair_by_search
from sharewell.places.parse import parse
from sharewell.places.resolve import are_possible, resolve
from sharewell.places.score import score
from sharewell.places.split import joined, squeezed, tokens_query
from sharewell.places.terms import Answer
from sharewell.places.tokens import Floats, Ints, read_atoms
from sharewell.store.engine import Engine, Relation, literal, quoted

SURE = 0.95
"""A record whose best candidate in its own postcode has a smaller share is searched for elsewhere too."""
CHUNK = 200_000
"""How many distinct addresses are compared at a time, so that memory stays bounded."""


def match_addresses(
    records: Relation,
    gazetteer: Gazetteer,
    table: str,
    *,
    address: Sequence[str],
    postcode: str | None = None,
    uprn: str | None = None,
) -> Relation:
    """Match each record's address: ``source_row, uprn, answer, probability, evidence``, one row each.

    ``address`` names the columns that make up the address, in order; ``postcode`` its column, used before a
    postcode in the address; ``uprn`` a column of UPRNs already known, which win where the gazetteer has them.
    The answer ``building`` carries the building's UPRN, ``none`` a NULL. ``probability`` is calibrated.
    """
    engine, texts = records.engine, f"{table}__texts"
    engine.create(texts, _texts_query(records, address, postcode))
    try:
        engine.load(f"{table}__found", _match_texts(engine, texts, gazetteer.index))
        return engine.create(table, _answers_query(records, gazetteer, table, address, postcode, uprn))
    finally:
        engine.drop(texts)
        engine.drop(f"{table}__found")


def _texts_query(records: Relation, address: Sequence[str], postcode: str | None) -> str:
    """Return SQL for the distinct addresses, each resolved once however many records share it."""
    return f"""
        SELECT row_number() OVER (ORDER BY text, postcode) - 1 AS id, text, postcode
        FROM (SELECT DISTINCT {joined(address)} AS text, {squeezed(postcode)} AS postcode
              FROM {quoted(records.name)})"""


def _answers_query(
    records: Relation,
    gazetteer: Gazetteer,
    table: str,
    address: Sequence[str],
    postcode: str | None,
    uprn: str | None,
) -> str:
    found = f"""
        SELECT r.source_row, f.uprn, f.answer, f.probability, f.evidence, r.given
        FROM (SELECT source_row, {joined(address)} AS text, {squeezed(postcode)} AS postcode,
                     {_given(uprn)} AS given FROM {quoted(records.name)}) r
        JOIN {quoted(f"{table}__texts")} t ON r.text = t.text AND r.postcode = t.postcode
        JOIN {quoted(f"{table}__found")} f ON f.id = t.id"""
    if uprn is None:
        return f"SELECT * EXCLUDE (given) FROM ({found}) ORDER BY source_row"
    return f"""
        SELECT f.source_row,
               coalesce(g.uprn, f.uprn) AS uprn,
               coalesce(g.answer, f.answer) AS answer,
               CASE WHEN g.uprn IS NULL THEN f.probability ELSE 1.0::DOUBLE END AS probability,
               CASE WHEN g.uprn IS NULL THEN f.evidence ELSE 'given_uprn' END AS evidence
        FROM ({found}) f LEFT JOIN ({_known_query(gazetteer)}) g ON f.given = g.uprn
        ORDER BY f.source_row"""


def _given(uprn: str | None) -> str:
    """Return SQL for a UPRN column's value without leading noughts, as the gazetteer has it."""
    return f"ltrim(trim({quoted(uprn)}::VARCHAR), '0')" if uprn else "NULL::VARCHAR"


def _known_query(gazetteer: Gazetteer) -> str:
    """Return SQL for every UPRN of the gazetteer and what it answers: a parent is a building."""
    name = quoted(gazetteer.relation.name)
    return f"""
        SELECT u.uprn, CASE WHEN bool_or(shell) OR any_value(p.parent) IS NOT NULL
               THEN {literal(Answer.BUILDING)} ELSE {literal(Answer.UNIT)} END AS answer
        FROM {name} u LEFT JOIN (SELECT DISTINCT parent FROM {name}) p ON p.parent = u.uprn
        GROUP BY u.uprn"""


def _match_texts(engine: Engine, texts: str, index: Index) -> pa.Table:
    split = engine.fetch(tokens_query(texts, "id")).combine_chunks()
    found = [
        _match_chunk(split.slice(start, CHUNK).combine_chunks(), index, start)
        for start in range(0, max(split.num_rows, 1), CHUNK)
    ]
    return pa.concat_tables(found)


def _match_chunk(split: pa.Table, index: Index, first: int) -> pa.Table:
    tokens, postcodes = (split.column(name).combine_chunks() for name in ("tokens", "postcode"))
    parts = parse(read_atoms(tokens, index.lexicon, learning=False), index.lexicon)
    records = as_records(parts, postcodes, index)
    return _as_table(resolve_records(records, index), first)


def resolve_records(records: Records, index: Index) -> Decisions:
    """Return a decision for each parsed address, pass by pass."""
    decisions = no_decisions(len(records.postcode))
    exact = decide_exact(exact_keys(records.parts, records.postcode), index, decisions)
    chosen = np.flatnonzero(~exact)
    near = pair_by_postcode(records, chosen, index)
    unsure = chosen[_decide_pairs(records, near, chosen, index, decisions) < SURE]
    if len(unsure):
        again = np.isin(near.record, unsure)
        far = pair_by_search(records, unsure, index)
        both = joined_pairs(Pairs(near.record[again], near.place[again], near.searched[again]), far)
        _decide_pairs(records, both, unsure, index, decisions)
    return decisions


def _decide_pairs(records: Records, pairs: Pairs, chosen: Ints, index: Index, into: Decisions) -> Floats:
    """Compare, score and decide; return the chosen records' largest raw shares."""
    compared = compare(records, pairs, index)
    outcome = resolve(records, compared, index)
    kept = are_possible(compared, outcome)
    compared, outcome = kept_compared(compared, kept), outcome.taken(kept)
    scored = score(records, compared, outcome, index)
    return decide(chosen, compared, outcome, scored, index, into)


def _as_table(decisions: Decisions, first: int) -> pa.Table:
    uprn = pa.array(decisions.uprn, mask=decisions.answer == 0).cast(pa.string())
    bits, which = np.unique(decisions.evidence, return_inverse=True)
    evidence = pa.array(np.array([evidence_text(int(bit)) for bit in bits], dtype=object)[which], pa.string())
    answers = pa.array(np.array(ANSWERS, dtype=object)[decisions.answer], pa.string())
    return pa.table(
        {
            "id": np.arange(first, first + len(which)),
            "uprn": uprn,
            "answer": answers,
            "probability": decisions.probability,
            "evidence": evidence,
        }
    )
