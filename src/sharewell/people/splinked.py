"""Speak to Splink 5: its comparisons, its settings, its silence and the tables it leaves behind."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import splink.comparison_level_library as level_library
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison
from splink.internals.comparison_level_creator import ComparisonLevelCreator
from splink.internals.exceptions import SplinkException
from splink.internals.settings import CoreModelSettings

from sharewell.people.evidence import Comparison, Level, Nearness
from sharewell.people.prepare import Prepared
from sharewell.people.weights import Odds, Weights
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import OutOfMemory

Levels = ComparisonLevelCreator | dict[str, Any]

GUARD = {Nearness.HOME: "home_l = home_r", Nearness.STREET: "postcode_l = postcode_r"}


@contextmanager
def splink_on(engine: DuckDB) -> Iterator[DuckDBAPI]:
    """Lend the engine's connection to Splink, keep it quiet, and drop every table that it made.

    Raises OutOfMemory.
    """
    logger = logging.getLogger("splink")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    database = DuckDBAPI(engine.connection)
    try:
        yield database
    except SplinkException as error:
        if isinstance(error.__cause__, duckdb.OutOfMemoryException):
            raise OutOfMemory(
                "The memory allowed for this run was not enough to link the records.",
                "Raise `memory` under [store] in sharewell.toml, or free space for the scratch folder.",
            ) from None
        raise
    finally:
        drop: Callable[[], None] = database.delete_tables_created_by_splink_from_db
        drop()
        database._ddb_con.close()
        logger.setLevel(level)


def linker_on(
    database: DuckDBAPI,
    prepared: Prepared,
    comparisons: Sequence[CustomComparison],
    rules: Sequence[Sequence[str]],
    *,
    show_levels: bool,
) -> Linker:
    """Return a Splink linker over the prepared records, which it sees as one list to dedupe.

    Linking across lists and within them is one question here; how much likelier a match across lists is, is
    learned as prior odds afterwards. ``show_levels``: predictions say which level each comparison came to.
    """
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=list(comparisons),
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in rules],
        probability_two_random_records_match=1 / max(prepared.rows, 10_000) if show_levels else 0.5,
        retain_matching_columns=show_levels,
        max_iterations=20,
        em_convergence=0.001,
    )
    return Linker(database.register(prepared.table), settings, log_level=None)


def plain_comparison(comparison: Comparison) -> CustomComparison:
    """Return a comparison with its starting figures, for training."""
    starting = Odds.of(comparison)
    levels = _levels(comparison, starting, None, rare=comparison.rare_weighs_more)
    return CustomComparison(
        [level_library.NullLevel(comparison.column), *levels], output_column_name=comparison.column
    )


def place_comparison() -> CustomComparison:
    """Return how places are compared while training: it helps to tell matches from strangers."""
    unknown = level_library.CustomLevel(
        "(home_l IS NULL OR home_r IS NULL) AND (postcode_l IS NULL OR postcode_r IS NULL)"
    ).configure(is_null_level=True)
    outcomes = (
        (GUARD[Nearness.HOME], 0.6, 0.00002),
        (GUARD[Nearness.STREET], 0.15, 0.0002),
        ("sector_l = sector_r", 0.05, 0.003),
    )
    levels: list[Levels] = [
        level_library.CustomLevel(sql).configure(m_probability=m, u_probability=u) for sql, m, u in outcomes
    ]
    other = level_library.ElseLevel().configure(m_probability=0.2, u_probability=0.99678)
    return CustomComparison([unknown, *levels, other], output_column_name="place")


def near_comparison(comparison: Comparison, weights: Weights) -> CustomComparison:
    """Return a comparison whose levels weigh differently at one address, in one postcode and elsewhere.

    Rare values weigh more only between strangers' addresses: a rare surname is shared by its family.
    """
    levels: list[Levels] = [level_library.NullLevel(comparison.column)]
    for nearness, table in weights.items():
        rare = comparison.rare_weighs_more and nearness is Nearness.ELSEWHERE and weights.learned
        levels += _levels(comparison, table[comparison.column], GUARD.get(nearness), rare=rare)
    return CustomComparison(levels, output_column_name=comparison.column)


def _levels(comparison: Comparison, odds: Odds, guard: str | None, *, rare: bool) -> list[Levels]:
    made: list[Levels] = []
    for level, m, u in zip(comparison.levels, odds.m, odds.u, strict=True):
        made.append(
            _level(comparison.column, level, guard, rare=rare).configure(m_probability=m, u_probability=u)
        )
    return made


def _level(column: str, level: Level, guard: str | None, *, rare: bool) -> ComparisonLevelCreator:
    if not level.sql and guard is None:
        return level_library.ElseLevel()
    if guard is None and level.name == "exact":
        return level_library.ExactMatchLevel(column, term_frequency_adjustments=rare)
    tests = [test for test in (guard, f"({level.sql})" if level.sql else None) if test]
    return level_library.CustomLevel(" AND ".join(tests), f"{column}: {level.name}")


def learned_odds(core_settings: CoreModelSettings, starting: Mapping[str, Odds]) -> dict[str, Odds]:
    """Return the m and u that Splink holds, with the starting figure where it met no such pair."""
    learned = {}
    for comparison in core_settings.comparisons:
        before = starting.get(comparison.output_column_name)
        if before is None:
            continue
        levels = comparison._comparison_levels_excluding_null
        learned[comparison.output_column_name] = Odds(
            tuple(_number(level._m_probability, old) for level, old in zip(levels, before.m, strict=True)),
            tuple(_number(level._u_probability, old) for level, old in zip(levels, before.u, strict=True)),
        )
    return learned


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, (int, float)) else otherwise
