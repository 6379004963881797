"""Match addresses to UPRNs: a given UPRN, the exact address, its postcode, last a search by number and word.

Every record gets one answer: a unit, a building whose unit is unknown, or none. The answer is right or says
less: a flat is never answered by its sibling, nor 12 by 14. The engine holds the records and joins answers to
them; the distinct addresses come out in chunks and are compared in arrays, so that every engine's answers are
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from sharewell.places.build import exact_keys
from sharewell.places.compare import compare, kept_compared
from sharewell.places.decide import (
    ANSWERS,
    HISTORIC,
    NONE,
    Decisions,
    decide,
    decide_exact,
    evidence_text,
    no_decisions,
    tell_standing,
)
from sharewell.places.gazetteer import Gazetteer
from sharewell.places.index import Index
from sharewell.places.pair import Pairs, Records, as_records, joined_pairs, pair_by_postcode, pair_by_search
from sharewell.places.parse import parse
from sharewell.places.resolve import are_possible, resolve
from sharewell.places.score import score
from sharewell.places.split import joined, split_texts, squeezed
from sharewell.places.terms import Answer
from sharewell.places.tokens import Floats, Ints, ListOfTexts, Texts, read_atoms
from sharewell.store.engine import Engine, Relation, quoted

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
        engine.load(f"{table}__found", _found(engine, texts, gazetteer))
        if uprn is not None:
            engine.load(f"{table}__given", _known(engine, records, uprn, gazetteer.index))
        return engine.create(table, _answers_query(records, table, address, postcode, uprn))
    finally:
        for made in (texts, f"{table}__found", f"{table}__given"):
            engine.drop(made)


def match_split(tokens: ListOfTexts, postcodes: Texts, gazetteer: Gazetteer) -> Decisions:
    """Decide for addresses that are split into tokens; what stood once answers only where nothing stands."""
    decisions = _match_index(tokens, postcodes, gazetteer.index)
    left = (decisions.answer == NONE).nonzero()[0]
    if gazetteer.former is not None and len(left):
        past = _match_index(tokens.take(left), postcodes.take(left), gazetteer.former)
        found = past.answer != NONE
        decisions.take(left[found], past.of(found), HISTORIC)
    return decisions


def resolve_records(records: Records, index: Index) -> Decisions:
    """Return a decision for each parsed address, pass by pass."""
    decisions = no_decisions(len(records.postcode))
    exact = decide_exact(exact_keys(records.parts, records.postcode), index, decisions)
    chosen = (~exact).nonzero()[0]
    if not len(chosen):
        return decisions
    near = pair_by_postcode(records, chosen, index)
    unsure = chosen[_decide_pairs(records, near, chosen, index, decisions) < SURE]
    if len(unsure):
        again = np.isin(near.record, unsure)
        far = pair_by_search(records, unsure, index)
        both = joined_pairs(Pairs(near.record[again], near.place[again], near.searched[again]), far)
        _decide_pairs(records, both, unsure, index, decisions)
    return decisions


def _match_index(tokens: ListOfTexts, postcodes: Texts, index: Index) -> Decisions:
    parts = parse(read_atoms(tokens, index.lexicon, learning=False), index.lexicon)
    decisions = resolve_records(as_records(parts, postcodes, index), index)
    tell_standing(decisions, index)
    return decisions


def _decide_pairs(records: Records, pairs: Pairs, chosen: Ints, index: Index, into: Decisions) -> Floats:
    """Compare, score and decide; return the chosen records' largest raw shares."""
    compared = compare(records, pairs, index)
    outcome = resolve(records, compared, index)
    kept = are_possible(compared, outcome, index)
    compared, outcome = kept_compared(compared, kept), outcome.taken(kept)
    scored = score(records, compared, outcome, index)
    return decide(chosen, compared, outcome, scored, index, into)


def _texts_query(records: Relation, address: Sequence[str], postcode: str | None) -> str:
    """Return SQL for the distinct addresses, each resolved once however many records share it."""
    return f"""
        SELECT row_number() OVER (ORDER BY text, postcode) - 1 AS id, text, postcode
        FROM (SELECT DISTINCT {joined(address)} AS text, {squeezed(postcode)} AS postcode
              FROM {quoted(records.name)}) AS distinct_texts"""


def _answers_query(
    records: Relation, table: str, address: Sequence[str], postcode: str | None, uprn: str | None
) -> str:
    given = f"{_given(uprn)} AS given, " if uprn else ""
    found = f"""
        SELECT r.source_row, f.uprn, f.answer, f.probability, f.evidence{", r.given" if uprn else ""}
        FROM (SELECT source_row, {given}{joined(address)} AS text, {squeezed(postcode)} AS postcode
              FROM {quoted(records.name)}) AS r
        JOIN {quoted(f"{table}__texts")} AS t ON r.text = t.text AND r.postcode = t.postcode
        JOIN {quoted(f"{table}__found")} AS f ON f.id = t.id"""
    if uprn is None:
        return f"{found} ORDER BY source_row"
    return f"""
        SELECT f.source_row,
               coalesce(g.uprn, f.uprn) AS uprn,
               coalesce(g.answer, f.answer) AS answer,
               CASE WHEN g.uprn IS NULL THEN f.probability ELSE CAST(1.0 AS DOUBLE) END AS probability,
               CASE WHEN g.uprn IS NULL THEN f.evidence ELSE 'given_uprn' END AS evidence
        FROM ({found}) AS f LEFT JOIN {quoted(f"{table}__given")} AS g ON f.given = g.uprn
        ORDER BY source_row"""


def _given(uprn: str) -> str:
    """Return SQL for a UPRN column's value without leading noughts, as the gazetteer has it."""
    return f"regexp_replace(trim(CAST({quoted(uprn)} AS VARCHAR)), '^0+', '')"


def _known(engine: Engine, records: Relation, uprn: str, index: Index) -> pa.Table:
    """Return the given UPRNs that the gazetteer has, and what each answers: a parent is a building."""
    query = f"SELECT DISTINCT {_given(uprn)} AS uprn FROM {quoted(records.name)}"
    plausible = f"SELECT uprn FROM ({query}) AS given WHERE regexp_matches(uprn, '^[1-9][0-9]{{0,11}}$')"
    texts = engine.fetch(plausible).column("uprn").combine_chunks()
    asked = texts.cast(pa.int64()).to_numpy(zero_copy_only=False)
    known, parents, _ = index.known
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    found = known[at] == asked
    answers = np.where(parents[at], str(Answer.BUILDING), str(Answer.UNIT))
    return pa.table(
        {"uprn": texts.filter(pa.array(found)), "answer": pa.array(answers[found].tolist(), pa.string())}
    )


def _found(engine: Engine, texts: str, gazetteer: Gazetteer) -> pa.Table:
    made = list(_found_chunks(engine, texts, gazetteer))
    return pa.concat_tables(made) if made else as_table(no_decisions(0), np.zeros(0, dtype=np.int64))


def _found_chunks(engine: Engine, texts: str, gazetteer: Gazetteer) -> Iterator[pa.Table]:
    query = f"SELECT id, text, postcode FROM {quoted(texts)}"
    for batch in engine.stream(query, CHUNK):
        chunk = pa.Table.from_batches([batch]).sort_by("id")
        split = split_texts(chunk)
        tokens, postcodes = (split.column(name).combine_chunks() for name in ("tokens", "postcode"))
        yield as_table(match_split(tokens, postcodes, gazetteer), chunk.column("id").to_numpy())


def as_table(decisions: Decisions, ids: Ints) -> pa.Table:
    """Return decisions as ``id, uprn, answer, probability, evidence``."""
    uprn = pa.array(decisions.uprn, mask=decisions.answer == 0).cast(pa.string())
    bits, which = np.unique(decisions.evidence, return_inverse=True)
    evidence = np.array([evidence_text(int(bit)) for bit in bits], dtype=object)[which]
    answers = np.array([str(answer) for answer in ANSWERS], dtype=object)[decisions.answer]
    return pa.table({
        "id": ids, "uprn": uprn, "answer": pa.array(answers, pa.string()),
        "probability": decisions.probability, "evidence": pa.array(evidence, pa.string()),
    })  # fmt: skip
