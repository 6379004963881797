"""Weigh pairs by figures learned before, each comparison apart, so that a weight can be explained.

The same sums as Splink's: log2(m/u) of the level that two values come to, at the nearness of their places. A
rare value counts by its own frequency in place of the mean one (Winkler, 2000).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sharewell.people.evidence import Comparison, Nearness
from sharewell.people.score import PLACES
from sharewell.people.weights import Floats, Numbers, Odds, Weights
from sharewell.store.engine import Engine, quoted

Frequencies = Mapping[str, str]
"""For each column whose rare values weigh more, the table of its values and their shares: value, share."""

_PLACED = ("home", "postcode", "sector", "source")
_BESIDE = ("first_name", "surname", "known_as", "iso_date")
"""Columns that the levels of other columns look at."""


@dataclass(frozen=True)
class Model:
    """What a linkage learned: enough to weigh any two records laid out as it laid them out."""

    comparisons: tuple[Comparison, ...]
    weights: Weights
    priors: Mapping[str, float]


@dataclass(frozen=True)
class Weighed:
    """The evidence of each pair asked about, in the order of ``left`` and ``right``.

    ``levels``: by column, the place of the level from 0, -1 where a value is unknown. ``bits``: by column
    what that adds. ``place``: the kind of place, in words, by ``PLACES``; ``within``: both of one list.
    """

    left: Numbers
    right: Numbers
    levels: Mapping[str, Numbers]
    bits: Mapping[str, Floats]
    prior: Floats
    place: Numbers
    within: Numbers

    @property
    def total(self) -> Floats:
        """Return the pairs' bits: the prior odds of their places and all that their fields say."""
        found: Floats = np.round(np.sum(list(self.bits.values()), axis=0), 6) + self.prior
        return np.round(found, 6)


def weigh(
    engine: Engine,
    table: str,
    asked: str,
    model: Model,
    frequencies: Frequencies | None,
    *,
    beside: str | None = None,
) -> Weighed:
    """Weigh the pairs of ``asked`` (l, r: ids of ``table``), a table that ``prepare`` laid out.

    ``frequencies``: None where the tables have them themselves, in the columns of ``share_column``.
    ``beside``: a second such table, whose ids ``r`` then are.
    """
    found = engine.fetch(_levels_query((table, beside or table), asked, model, frequencies))
    place, within, near = (_numbers(found[name]) for name in ("place", "within", "near"))
    levels = {each.column: _numbers(found[f"level_{each.column}"]) for each in model.comparisons}
    bits = {
        each.column: _bits(each, levels[each.column], near, _shares(found, each), model)
        for each in model.comparisons
    }
    return Weighed(
        _numbers(found["l"]), _numbers(found["r"]), levels, bits, _priors(model, place, within), place, within
    )


def count_values(engine: Engine, table: str, columns: Sequence[str], only: str | None = None) -> Frequencies:
    """Make a table of each column's values and their shares of all; ``only``: those of another table."""
    made = {}
    for column in columns:
        made[column] = f"{only or table}_share_{column}"
        chosen = f" AND {column} IN (SELECT {column} FROM {quoted(only)})" if only else ""
        total = f"(SELECT count({column}) FROM {quoted(table)})"
        engine.create(
            made[column],
            f"SELECT {column} AS value, CAST(count(*) AS DOUBLE) / {total} AS share FROM {quoted(table)} "
            f"WHERE {column} IS NOT NULL{chosen} GROUP BY {column}",
        )
    return made


def share_column(column: str) -> str:
    """Return the column that holds how large a share of all records has a record's own value."""
    return f"share_of_{column}"


def rare_columns(model: Model) -> list[str]:
    """Return the columns whose rare values weigh more than their common ones."""
    return [each.column for each in model.comparisons if each.rare_weighs_more and model.weights.learned]


def _levels_query(tables: tuple[str, str], asked: str, model: Model, told: Frequencies | None) -> str:
    frequencies = told or {}
    columns = sorted({*_PLACED, *_BESIDE, *(each.column for each in model.comparisons)})
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in columns)
    levels = "".join(f", {_level_sql(each)} AS level_{each.column}" for each in model.comparisons)
    same = "".join(f", CASE WHEN l.{c} = r.{c} THEN l.{c} END AS same_{c}" for c in frequencies)
    shares = "".join(f", {quoted(name)}.share AS share_{column}" for column, name in frequencies.items())
    joins = "".join(
        f" LEFT JOIN {quoted(name)} ON {quoted(name)}.value = same_{column}"
        for column, name in frequencies.items()
    )
    for column in rare_columns(model) if told is None else ():
        same += f", coalesce(l.{share_column(column)}, r.{share_column(column)}) AS share_{column}"
        shares += f", share_{column}"
    return f"""
        WITH both_sides AS (
          SELECT asked.l, asked.r, {sides}{same} FROM {quoted(tables[0])} AS l
          JOIN {quoted(asked)} AS asked ON l.id = asked.l JOIN {quoted(tables[1])} AS r ON r.id = asked.r
        )
        SELECT l, r, {_near_sql(model)} AS near, {_PLACE} AS place,
          CASE WHEN source_l = source_r THEN 1 ELSE 0 END AS within{levels}{shares}
        FROM both_sides{joins} ORDER BY l, r"""


_PLACE = f"""CASE WHEN home_l = home_r THEN {PLACES.index("home")}
          WHEN postcode_l = postcode_r AND (home_l IS NULL OR home_r IS NULL) THEN {PLACES.index("postcode")}
          WHEN postcode_l = postcode_r THEN {PLACES.index("next_door")}
          WHEN sector_l = sector_r THEN {PLACES.index("near")} ELSE {PLACES.index("elsewhere")} END"""


def _near_sql(model: Model) -> str:
    """Return SQL for which table of the weights two records fall under, by its place in them."""
    tests = {Nearness.HOME: "home_l = home_r", Nearness.STREET: "postcode_l = postcode_r"}
    nearest = [nearness for nearness, _ in model.weights.items()]
    whens = "".join(f"WHEN {tests[each]} THEN {nearest.index(each)} " for each in nearest if each in tests)
    return f"CASE {whens}ELSE {len(nearest) - 1} END" if whens else "0"


def _level_sql(comparison: Comparison) -> str:
    name = comparison.column
    tests = [level.sql for level in comparison.levels if level.sql]
    whens = "".join(f"WHEN {test} THEN {place} " for place, test in enumerate(tests))
    return f"CASE WHEN {name}_l IS NULL OR {name}_r IS NULL THEN -1 {whens}ELSE {len(tests)} END"


def _numbers(column: pa.ChunkedArray[Any]) -> Numbers:
    return column.to_numpy().astype(np.int64)


def _shares(found: pa.Table, comparison: Comparison) -> Floats | None:
    name = f"share_{comparison.column}"
    return found[name].to_numpy().astype(np.float64) if name in found.column_names else None


def _bits(
    comparison: Comparison, levels: Numbers, near: Numbers, shares: Floats | None, model: Model
) -> Floats:
    tables = [table[comparison.column] for _, table in model.weights.items()]
    worth = np.stack([_log_odds(odds) for odds in tables])
    bits: Floats = worth[near, levels]
    if shares is not None:
        last = len(tables) - 1
        rare = (levels == 0) & (near == last) & (shares > 0)
        bits[rare] = np.log2(tables[last].m[0] / shares[rare])
    return bits


def _log_odds(odds: Odds) -> Floats:
    """Return log2(m/u) of each level, and 0 after them: that is what an unknown value (-1) says."""
    return np.append(np.log2(np.array(odds.m) / np.array(odds.u)), 0.0)


def _priors(model: Model, place: Numbers, within: Numbers) -> Floats:
    shares = np.array(
        [[model.priors[f"{name}/{lists}"] for lists in ("across", "within")] for name in PLACES]
    )
    odds: Floats = np.log2(shares / (1 - shares))[place, within]
    return odds
