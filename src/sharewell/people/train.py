"""Learn what each agreement is worth from the records themselves, without labels.

Between people of different places Splink learns: how often strangers agree from random pairs, how often one
person's records agree by expectation maximisation on two blocks. Between people of one address the figures
are learned apart, because families share a surname: taking strangers' figures there is what makes
households collapse into one person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow.compute as pc
from splink import DuckDBAPI, Linker, block_on
from splink.internals.exceptions import EMTrainingException

from sharewell.people.evidence import NEVER_TRAINED, Comparison, Nearness
from sharewell.people.prepare import Prepared
from sharewell.people.rules import FEWEST_TO_LEARN_FROM, MOSTLY
from sharewell.people.splinked import learned_odds, linker_on, place_comparison, plain_comparison
from sharewell.people.weights import Odds, Weights, learn_from_patterns
from sharewell.store.duckdb import DuckDB
from sharewell.store.engine import quoted

RANDOM_PAIRS = 150_000
EM_PAIRS = 100_000
FEWEST_PAIRS = 500
"""Fewer pairs than this of one address, or of one postcode, and the starting figures are used."""


def starting_weights(prepared: Prepared, comparisons: Sequence[Comparison]) -> Weights:
    """Return the starting figures, for lists too short to learn from."""
    plain = {comparison.column: Odds.of(comparison) for comparison in comparisons}
    home = {comparison.column: Odds.of(comparison, home=True) for comparison in comparisons}
    tables = {Nearness.HOME: home, Nearness.STREET: plain, Nearness.ELSEWHERE: plain}
    return Weights(_shown(prepared, tables), learned=False)


def train(
    prepared: Prepared, comparisons: Sequence[Comparison], engine: DuckDB, database: DuckDBAPI, seed: int
) -> Weights:
    """Return the figures learned from the records, or the starting ones where there are too few."""
    if prepared.rows < FEWEST_TO_LEARN_FROM:
        return starting_weights(prepared, comparisons)
    linker = linker_on(
        database,
        prepared,
        [*(plain_comparison(comparison) for comparison in comparisons), place_comparison()],
        _places_to_learn(prepared),
        show_levels=True,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=seed)
    elsewhere = _learn_elsewhere(linker, prepared, comparisons, engine)
    tables = {Nearness.ELSEWHERE: elsewhere}
    pairs = linker.inference.predict(warning_mode="never").physical_name
    for nearness, test in ((Nearness.HOME, "gamma_place = 3"), (Nearness.STREET, "gamma_place = 2")):
        tables[nearness] = _learn_near(engine, pairs, test, comparisons, elsewhere) or _starting_near(
            nearness, comparisons, elsewhere
        )
    return Weights(_shown(prepared, tables), learned=True)


def _places_to_learn(prepared: Prepared) -> list[tuple[str]]:
    """Return the samples of whole addresses, or of whole postcodes where most addresses are unknown."""
    return [("home_sample",)] if prepared.homes_known >= MOSTLY else [("home_sample",), ("street_sample",)]


def _shown(
    prepared: Prepared, tables: Mapping[Nearness, Mapping[str, Odds]]
) -> dict[Nearness, Mapping[str, Odds]]:
    """Return the tables for the places that these records have and that tell more, nearest first."""
    needs = {Nearness.HOME: "home", Nearness.STREET: "postcode"}
    return {
        nearness: {column: odds.tidied() for column, odds in tables[nearness].items()}
        for nearness in Nearness
        if nearness is Nearness.ELSEWHERE
        or (needs[nearness] in prepared.holds and tables[nearness] != tables[Nearness.ELSEWHERE])
    }


def _learn_elsewhere(
    linker: Linker, prepared: Prepared, comparisons: Sequence[Comparison], engine: DuckDB
) -> dict[str, Odds]:
    starting = {comparison.column: Odds.of(comparison) for comparison in comparisons}
    random_pairs = learned_odds(linker._settings_obj.core_model_settings, starting)
    sessions = [
        learned
        for rule in _training_blocks(prepared)
        if (learned := _session(linker, rule, prepared, starting)) is not None
    ]
    elsewhere = {}
    for comparison in comparisons:
        column = comparison.column
        if column in NEVER_TRAINED:
            elsewhere[column] = starting[column]
            continue
        u = random_pairs[column].u
        if comparison.rare_weighs_more:
            u = (_chance_of_agreeing(engine, prepared, column), *u[1:])
        m = _mean([session[column].m for session in sessions if column in session]) or starting[column].m
        odds = Odds(m, u)
        elsewhere[column] = odds if odds.is_plausible else Odds(starting[column].m, u)
    return elsewhere


def _training_blocks(prepared: Prepared) -> list[tuple[str, ...]]:
    """Return blocks that between them leave every comparison free to be learned at least once."""
    blocks: tuple[tuple[str, ...], ...] = (
        ("first_name", "surname"),
        ("date_of_birth",),
        ("nhs_number",),
        ("postcode", "surname"),
    )
    possible = [block for block in blocks if all(column in prepared.holds for column in block)]
    return possible[:3]


def _session(
    linker: Linker, rule: Sequence[str], prepared: Prepared, starting: Mapping[str, Odds]
) -> dict[str, Odds] | None:
    """Return what one block teaches, or nothing where expectation maximisation cannot run or goes astray."""
    try:
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule),
            estimate_without_term_frequencies=True,
            max_pairs=EM_PAIRS,
            record_sample_proportion=1.0 if prepared.rows < 50_000 else 0.2,
        )
    except (EMTrainingException, ValueError, ZeroDivisionError):
        return None
    learned = learned_odds(session.core_model_settings, starting)
    return {column: odds for column, odds in learned.items() if odds.is_plausible}


def _mean(rows: Sequence[Sequence[float]]) -> tuple[float, ...] | None:
    return tuple(float(value) for value in np.mean(np.array(rows), axis=0)) if rows else None


def _chance_of_agreeing(engine: DuckDB, prepared: Prepared, column: str) -> float:
    """Return how likely two records drawn at random are to hold the same value: exact, not sampled."""
    row = engine.fetch(f"""
        WITH sizes AS (
          SELECT count(*)::DOUBLE AS size FROM {quoted(prepared.table)}
          WHERE {column} IS NOT NULL GROUP BY {column}
        ) SELECT sum(size * (size - 1)) / (sum(size) * greatest(sum(size) - 1, 1)) AS chance FROM sizes""")
    return float(row["chance"][0].as_py() or 0.0)


def _learn_near(
    engine: DuckDB, pairs: str, test: str, comparisons: Sequence[Comparison], elsewhere: Mapping[str, Odds]
) -> dict[str, Odds] | None:
    """Return the figures for pairs of one address or postcode, or nothing where they cannot be told apart."""
    names = [f"gamma_{comparison.column}" for comparison in comparisons]
    found = engine.fetch(
        f"SELECT {', '.join(names)}, count(*)::DOUBLE AS pairs FROM {quoted(pairs)} WHERE {test} "
        f"GROUP BY ALL ORDER BY ALL"
    )
    if (pc.sum(found["pairs"]).as_py() or 0) < FEWEST_PAIRS:
        return None
    levels = np.stack(
        [
            np.where(gamma < 0, -1, len(comparison.levels) - 1 - gamma)
            for comparison, gamma in (
                (comparison, found[name].to_numpy().astype(np.int64))
                for comparison, name in zip(comparisons, names, strict=True)
            )
        ],
        axis=1,
    )
    starting = [elsewhere[comparison.column] for comparison in comparisons]
    share, odds = learn_from_patterns(levels, found["pairs"].to_numpy(), starting, share=0.2)
    if not 0.01 <= share <= 0.9:
        return None
    return {
        comparison.column: table if table.is_plausible else before
        for comparison, table, before in zip(comparisons, odds, starting, strict=True)
    }


def _starting_near(
    nearness: Nearness, comparisons: Sequence[Comparison], elsewhere: Mapping[str, Odds]
) -> dict[str, Odds]:
    """Return m as learned elsewhere; at home with the u of families, in a postcode with that of strangers."""
    if nearness is Nearness.STREET:
        return dict(elsewhere)
    return {
        comparison.column: Odds(elsewhere[comparison.column].m, Odds.of(comparison, home=True).u)
        for comparison in comparisons
    }
