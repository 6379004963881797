"""Plain Splink 5, as its users run it: the settings its documentation gives, or made by the same recipe.

The historical figures: https://moj-analytical-services.github.io/splink/demos/examples/duckdb/deduplicate_50k_synthetic.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log2

import splink.comparison_library as cl
from duckdb import DuckDBPyConnection
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.splink_dataframe import SplinkDataFrame

QUIET = 50


@dataclass(frozen=True)
class Rival:
    """One set that Splink is to link: what is done on the clock, and the thresholds to try afterwards.

    ``told`` has ``person`` and ``truth`` for each record, clustered at a match weight.
    """

    engine: DuckDBPyConnection
    begin: Callable[[DuckDBPyConnection], tuple[Linker, SplinkDataFrame]]
    documented: float
    others: tuple[float, ...]
    id_columns: str

    def link(self) -> tuple[Linker, SplinkDataFrame]:
        """Train, predict and cluster at the documented threshold."""
        linker, predicted = self.begin(self.engine)
        self._cluster(linker, predicted, self.documented)
        return linker, predicted

    def told(self, linker: Linker, predicted: SplinkDataFrame, weight: float) -> str:
        """Return SQL for each record's cluster at a match weight, and its truth."""
        clusters = self._cluster(linker, predicted, weight)
        return (
            f'SELECT c.cluster_id AS person, e.truth FROM "{clusters}" AS c '
            f"JOIN everyone AS e ON {self.id_columns}"
        )

    def _cluster(self, linker: Linker, predicted: SplinkDataFrame, weight: float) -> str:
        grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_weight=weight
        )
        return str(grouped.physical_name)


def historical_figures(engine: DuckDBPyConnection) -> Rival:
    """Return the documentation's model of 50,000 historical figures: one list, deduplicated at 0.95."""
    return Rival(engine, _link_figures, log2(0.95 / 0.05), (0, 2, 4, 6, 8), "c.unique_id = e.source_row")


def borough(engine: DuckDBPyConnection) -> Rival:
    """Return a model of seven lists made by the same recipe, the home address among its comparisons."""
    same = "c.source_dataset = e.source AND c.unique_id = e.source_row"
    return Rival(engine, _link_borough, 12, (4, 8, 10, 14, 16), same)


def _link_figures(engine: DuckDBPyConnection) -> tuple[Linker, SplinkDataFrame]:
    engine.execute(
        "CREATE OR REPLACE TABLE figures AS SELECT source_row AS unique_id, first_name, surname, "
        "date_of_birth AS dob, postcode AS postcode_fake, birth_place, occupation, "
        "first_name || ' ' || surname AS first_name_surname_concat FROM everyone"
    ).fetchall()
    database = DuckDBAPI(engine)
    linker = Linker(database.register("figures"), _figures_settings(), log_level=QUIET)
    linker.training.estimate_probability_two_random_records_match(
        [
            block_on("first_name", "surname", "dob"),
            block_on("substr(first_name,1,2)", "surname", "substr(postcode_fake,1,2)"),
            block_on("dob", "postcode_fake"),
        ],
        recall=0.6,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True
        )
    return linker, linker.inference.predict()


def _figures_settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("substr(first_name,1,3)", "substr(surname,1,4)"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode_fake", "first_name"),
            block_on("postcode_fake", "surname"),
            block_on("dob", "birth_place"),
            block_on("substr(postcode_fake,1,3)", "dob"),
            block_on("substr(postcode_fake,1,3)", "first_name"),
            block_on("substr(postcode_fake,1,3)", "surname"),
            block_on("substr(first_name,1,2)", "substr(surname,1,2)", "substr(dob,1,4)"),
        ],
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="first_name_surname_concat"
            ),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode_fake"),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
    )


def _link_borough(engine: DuckDBPyConnection) -> tuple[Linker, SplinkDataFrame]:
    names = [row[0] for row in engine.execute("SELECT DISTINCT source FROM everyone ORDER BY 1").fetchall()]
    database = DuckDBAPI(engine)
    lists = []
    for name in names:
        engine.execute(
            f'CREATE OR REPLACE TABLE "list_{name}" AS SELECT source_row AS unique_id, first_name, surname, '
            f"date_of_birth AS dob, postcode, uprn, nhs_number FROM everyone WHERE source = '{name}'"
        ).fetchall()
        lists.append(database.register(f"list_{name}", dataset_display_name=name))
    linker = Linker(lists, _borough_settings(), log_level=QUIET)
    linker.training.estimate_probability_two_random_records_match([block_on("nhs_number")], recall=0.3)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob", "uprn")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker, linker.inference.predict(threshold_match_weight=0)


def _borough_settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="link_and_dedupe",
        comparisons=[
            cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True, invalid_dates_as_null=True),
            cl.ExactMatch("uprn").configure(term_frequency_adjustments=True),
            cl.ExactMatch("nhs_number"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("uprn", "first_name"),
            block_on("uprn", "surname"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("nhs_number"),
        ],
    )
