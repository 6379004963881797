"""Plain Splink 5 with the settings of its tutorial, on the columns that the region's records have.

https://moj-analytical-services.github.io/splink/demos/tutorials/04_Estimating_model_parameters.html

Kept as there: one table deduplicated, the comparisons of names and date of birth, the deterministic rules
and their recall of 0.7, two million pairs for u, the two rules of training, pairs of one surname compared.
Changed, as the records have neither: the city is the postcode, the e-mail address the NHS number, compared
whole. Homes are not compared: the tutorial compares nothing of the kind.
"""

from __future__ import annotations

from math import log2

import splink.comparison_library as cl
from duckdb import DuckDBPyConnection
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.splink_dataframe import SplinkDataFrame

QUIET = 50
DOCUMENTED = log2(0.95 / 0.05)
WEIGHTS = (-3.0, 0.0, 2.0, DOCUMENTED, 6.0, 8.0, 10.0, 12.0, 15.0, 18.0, 22.0)
"""Match weights to try: the second is even odds, the fourth a probability of 0.95."""
MOST_PAIRS = 100_000_000
"""Beyond so many pairs of one surname, the surname's rule is narrowed, as Splink's own advice has it."""


def link(engine: DuckDBPyConnection) -> tuple[Linker, SplinkDataFrame]:
    """Train on the table ``records`` and predict, keeping every pair that any weight to try would."""
    engine.execute(
        "CREATE OR REPLACE TABLE people AS SELECT id AS unique_id, first_name, surname, "
        "date_of_birth AS dob, postcode, nhs_number FROM records"
    ).fetchall()
    database = DuckDBAPI(engine)
    linker = Linker(database.register("people"), _settings(surname_rules(engine)), log_level=QUIET)
    linker.training.estimate_probability_two_random_records_match(
        [
            block_on("first_name", "dob"),
            "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
            block_on("nhs_number"),
        ],
        recall=0.7,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker, linker.inference.predict(threshold_match_weight=min(WEIGHTS))


def surname_rules(engine: DuckDBPyConnection) -> list[tuple[str, ...]]:
    """Return the columns to block on for surnames: the surname alone, as in the tutorial, if few pairs."""
    [[pairs]] = engine.execute(
        "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM "
        "(SELECT count(*) AS n FROM records WHERE surname IS NOT NULL GROUP BY surname)"
    ).fetchall()
    return [("surname",)] if pairs <= MOST_PAIRS else [("surname", "dob"), ("surname", "postcode")]


def clusters(linker: Linker, predicted: SplinkDataFrame, weight: float) -> str:
    """Return the table of records clustered at a match weight: ``cluster_id, unique_id``."""
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_weight=weight
    )
    return str(grouped.physical_name)


def _settings(surnames: list[tuple[str, ...]]) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("dob", 1),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            cl.ExactMatch("nhs_number"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first_name", "postcode"),
            *(block_on(*columns) for columns in surnames),
        ],
    )
