"""Link the records of one person across lists and within them.

The steps, in order: lay records out (``prepare``), choose pairs (``block``), learn what an agreement is worth
(``train``), weigh each pair (``score``), divide the records into people (``divide``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharewell.people.block import choose_blocks
from sharewell.people.contradict import Judged, contradictions, hidden_contradictions
from sharewell.people.divide import divide
from sharewell.people.doubt import DOUBTS, WRITTEN_DOUBTS, Doubtful, leave_in_doubt, write_doubts
from sharewell.people.evidence import Comparison, comparison_of
from sharewell.people.prepare import COMPARED, Prepared, prepare
from sharewell.people.rules import FEWEST_TO_LEARN_FROM, LINK_AT
from sharewell.people.score import Pairs, add_prior_odds, discount_names_alone, score_pairs
from sharewell.people.splinked import splink_on
from sharewell.people.train import train
from sharewell.people.weights import Floats, Numbers
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import Relation, literal, quoted
from sharewell.vocab.step import Note

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Linkage:
    """Every record with the person it was linked to, the model that did it, and what people should know.

    ``linked``: source, source_row, person (a cluster's id, of this run only), match_weight (bits; NULL when
    alone), linked_by (what the strongest tie agrees on), tie_source and tie_row (the record it is tied to).
    ``model``: JSON-ready; the settings Splink scored with, the weights and the prior odds by place.
    ``laid_out``: the records as they were compared, where they are to be held; whoever holds them drops it.
    """

    linked: Relation
    model: Mapping[str, object]
    notes: tuple[Note, ...] = ()
    doubts: pa.Table = field(default_factory=WRITTEN_DOUBTS.empty_table)
    laid_out: Prepared | None = None


def link_people(
    records: Relation,
    engine: DuckDB,
    table: str,
    *,
    extra: Sequence[str] = (),
    progress: Progress | None = None,
    seed: int = 1,
    threshold: float = LINK_AT,
    is_held: bool = False,
) -> Linkage:
    """Return every record with the person it belongs to.

    ``records``: source, source_row, first_name, surname, date_of_birth, postcode, uprn, nhs_number, all text
    or NULL, and the ``extra`` columns; ``full_name`` among them is used for names where there are no others.
    ``threshold``: the mean evidence, in bits, that joins two groups of records. The answer is the same for
    the same records and seed, whatever order the rows come in. Raises OutOfMemory.
    """
    say = progress or _silent
    say("laying the records out")
    prepared = prepare(records, engine, extra, seed)
    comparisons = _comparisons(prepared)
    alone = np.arange(prepared.rows)
    nothing = Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    model: dict[str, object] = {"threshold": threshold, "seed": seed}
    found, pairs = Doubtful(alone, DOUBTS.empty_table()), nothing
    try:
        if comparisons and prepared.rows > 1:
            pairs, model = _weigh(prepared, comparisons, engine, say, seed, model)
            say("dividing the records into people")
            found = into_people(prepared, pairs, threshold, engine)
        people = found.people
        linked = write_linked(prepared, people, pairs, engine, table)
        doubts = write_doubts(found.pairs, prepared, engine)
    except BaseException:
        engine.drop(prepared.table)
        raise
    if not is_held:
        engine.drop(prepared.table)
    laid_out = prepared if is_held else None
    return Linkage(linked, model, _notes(prepared, comparisons, people), doubts, laid_out)


def _silent(_: str) -> None:
    return None


def _comparisons(prepared: Prepared) -> list[Comparison]:
    """Return the comparisons whose column holds at least two values."""
    columns = (*COMPARED, *prepared.extra, "sex", "middle_name")
    every = [comparison_of(column) for column in dict.fromkeys(columns)]
    return [comparison for comparison in every if comparison.column in prepared.holds]


def _weigh(
    prepared: Prepared,
    comparisons: Sequence[Comparison],
    engine: DuckDB,
    say: Progress,
    seed: int,
    model: Mapping[str, object],
) -> tuple[Pairs, dict[str, object]]:
    blocks = choose_blocks(prepared, engine)
    rules = [block.columns for block in blocks]
    with splink_on(engine) as database:
        say("learning what each agreement is worth")
        weights = train(prepared, comparisons, engine, database, seed)
        say("comparing the records")
        pairs, settings = score_pairs(prepared, comparisons, weights, rules, engine, database)
    pairs, priors = add_prior_odds(pairs, prepared, engine, learn=weights.learned)
    pairs = discount_names_alone(pairs, prepared, engine)
    learned = {"learned": weights.learned, "weights": weights.as_dict(), "prior": priors}
    learned |= {
        "columns": [comparison.column for comparison in comparisons],
        "blocks": [asdict(block) for block in blocks],
    }
    return pairs, {**model, **learned, "pairs": len(pairs.bits), "extra": prepared.extra, "splink": settings}


def into_people(prepared: Prepared, pairs: Pairs, threshold: float, engine: DuckDB) -> Doubtful:
    """Divide weighed records into people: ``threshold`` in bits, and those two could claim left in doubt."""
    judged = Judged(pairs.only(np.zeros(len(pairs.bits), bool)), np.zeros(0, bool))

    def contradict(asked: Pairs) -> npt.NDArray[np.bool_]:
        nonlocal judged
        judged = Judged(asked, contradictions(asked, prepared, engine))
        return judged.parted

    people = divide(
        prepared.rows,
        pairs,
        threshold,
        contradict,
        lambda people: hidden_contradictions(people, prepared, engine),
    )
    return leave_in_doubt(people, judged, pairs, threshold, prepared, engine)


def write_linked(prepared: Prepared, people: Numbers, pairs: Pairs, engine: DuckDB, table: str) -> Relation:
    """Write each record's person and its strongest tie, with the evidence of that tie in words."""
    partner, bits = _strongest_tie(people, pairs)
    tied = pa.table(
        {
            "id": np.arange(prepared.rows),
            "p": people,
            "partner": pa.array(partner, mask=partner < 0),
            "bits": pa.array(bits, mask=partner < 0),
        }
    )
    ties = engine.load(f"{prepared.table}_ties", tied)
    linked = engine.create(
        table,
        f"""
        SELECT l.source, l.source_row, 'L' || lpad(p::VARCHAR, 9, '0') AS person, bits AS match_weight,
          CASE WHEN r.id IS NOT NULL THEN {_words(prepared)} END AS linked_by,
          r.source AS tie_source, r.source_row AS tie_row
        FROM {quoted(ties.name)} AS tie JOIN {quoted(prepared.table)} AS l ON l.id = tie.id
        LEFT JOIN {quoted(prepared.table)} AS r ON r.id = tie.partner
        ORDER BY l.source, l.source_row""",
    )
    ties.drop()
    return linked


def _strongest_tie(people: Numbers, pairs: Pairs) -> tuple[Numbers, Floats]:
    """Return for each record the one of its person that it agrees with most (-1 when alone), and the bits."""
    inside = pairs.only(people[pairs.left] == people[pairs.right])
    order = np.lexsort((-inside.right, -inside.left, inside.bits))
    partner = np.full(len(people), -1)
    bits = np.zeros(len(people))
    for mine, other in ((inside.left, inside.right), (inside.right, inside.left)):
        best = np.full(len(people), -1)
        best[mine[order]] = order
        found = np.flatnonzero(best >= 0)
        stronger = found[(partner[found] < 0) | (inside.bits[best[found]] > bits[found])]
        partner[stronger] = other[best[stronger]]
        bits[stronger] = inside.bits[best[stronger]]
    return partner, bits


def _words(prepared: Prepared) -> str:
    """Return SQL that names what two records agree on, never the values."""
    plain = ("nhs_number", "first_name", "surname", "date_of_birth", "postcode")
    same = {**{column: column for column in plain}, "home": "uprn", **prepared.extra}
    words = [f"CASE WHEN l.{column} = r.{column} THEN {literal(word)} END" for column, word in same.items()]
    alike = [
        f"CASE WHEN l.{column} <> r.{column} AND {test} THEN {literal('similar_' + column)} END"
        for column, test in (
            (
                "first_name",
                "(l.known_as = r.known_as OR jaro_winkler_similarity(l.first_name, r.first_name) >= 0.8)",
            ),
            ("surname", "jaro_winkler_similarity(l.surname, r.surname) >= 0.8"),
            ("date_of_birth", "hamming(l.iso_date, r.iso_date) <= 2"),
        )
    ]
    return f"concat_ws('+', {', '.join([*words, *alike])})"


def _notes(prepared: Prepared, comparisons: Sequence[Comparison], people: Numbers) -> tuple[Note, ...]:
    notes = [
        Note("people_linked", "Records were grouped into people.", len(np.unique(people))),
    ]
    if not comparisons:
        notes.append(
            Note(
                "nothing_to_compare", "No column holds two values: every record stands alone.", prepared.rows
            )
        )
    elif prepared.rows < FEWEST_TO_LEARN_FROM:
        notes.append(
            Note(
                "too_few_to_learn_from",
                "There were too few records to learn from: general figures were used.",
                prepared.rows,
            )
        )
    return tuple(notes)
