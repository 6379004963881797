"""Spark answers as DuckDB does: every sign of Unicode in every function, whole lists through cleaning."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from benchmarks.measure import shared
from benchmarks.mess import GENERATOR, make_sample

from sharewell.cleaning.clean import clean
from sharewell.sources.map import apply_mapping, guess_mapping
from sharewell.sources.read import read_source
from sharewell.sources.standards import load_standard
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import Engine
from sharewell.vocab.errors import ExtraMissing

LIMITS = Limits(threads=2, memory="2GB")
AS_OF = date(2026, 1, 1)
MESSY_ROWS = 10_000
FEW = ("gp-register", "assisted-bins")
YOUNG_LETTERS = 60
"""Letters that got a capital in a Unicode later than DuckDB's tables; Spark's are newer."""

EVERY_SIGN = """
    SELECT v, trim(v || 'x' || v) AS trimmed, rtrim(v || 'x' || v) AS r, length(v || 'x') AS n,
      substr('x' || v || 'y', 2, 1) AS one, regexp_full_match(v, '.') AS dot,
      regexp_matches(v, '[^a]$') AS ending, regexp_matches('x' || v, 'x$') AS before_end,
      regexp_matches(v, '(?i)[a-z]') AS any_case, regexp_matches(v, '(?i)ks?|s') AS two_letters,
      regexp_matches(v, '\\s') AS space, regexp_matches(v, '\\w') AS word, regexp_matches(v, '\\d') AS digit,
      regexp_matches(v, '[&&[^-]') AS in_set, regexp_replace('ab' || v || 'ab', 'b', '[\\0]') AS once,
      regexp_replace('ab' || v || 'ab', '(a)(b)', '\\2\\1$', 'g') AS every,
      regexp_replace('x' || v, '(?i)x' || 'K' || '$', '') AS cut,
      CAST(to_json(struct_pack("v" := v, "none" := nullif(v, v))) AS VARCHAR) AS told,
      v LIKE '\\%' AS liked, v < 'é' AS less, ends_with('x' || v, v) AS ends,
      replace('x' || v, v, 'q') AS swapped,
      concat_ws('+', v, NULL, v) AS joined
    FROM signs"""
CASES = "SELECT v, lower(v) AS small, upper('a' || v || 'b') AS great, lower('A' || v) AS final FROM signs"


@pytest.fixture(scope="module")
def spark() -> Iterator[Engine]:
    pytest.importorskip("pyspark", reason="PySpark is not installed (`sharewell[spark]`)")
    from sharewell.store.spark import Spark

    try:
        engine = Spark(limits=LIMITS)
    except ExtraMissing as missing:
        pytest.skip(str(missing))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    engine = DuckDB(limits=LIMITS)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def signs(spark: Engine, duck: Engine) -> None:
    every = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    for engine in (spark, duck):
        engine.load("signs", pa.table({"v": every}))


@pytest.mark.usefixtures("signs")
def test_every_sign_means_the_same_to_both(spark: Engine, duck: Engine):
    answers = [engine.fetch(EVERY_SIGN) for engine in (duck, spark)]
    theirs = {sign: place for place, sign in enumerate(answers[1]["v"].to_pylist())}
    order = pa.array([theirs[sign] for sign in answers[0]["v"].to_pylist()])
    for name in answers[0].column_names:
        assert answers[0][name].to_pylist() == answers[1][name].take(order).to_pylist(), name


@pytest.mark.usefixtures("signs")
def test_capitals_are_the_same_but_for_letters_younger_than_duckdb(spark: Engine, duck: Engine):
    mine, theirs = ({row["v"]: row for row in engine.fetch(CASES).to_pylist()} for engine in (duck, spark))
    other = [sign for sign in mine if mine[sign] != theirs[sign]]
    assert len(other) <= 2 * YOUNG_LETTERS
    assert all(ord(sign) > 0x1C88 or sign in "ƛɤ" for sign in other)


def test_a_relation_can_be_made_of_itself_and_dropped(spark: Engine):
    rows = spark.load("odd `name", pa.table({'a "b`,;{}()=.': ["1", None], "lists": [["x", None], []]}))
    assert rows.columns == ('a "b`,;{}()=.', "lists")
    again = spark.create(rows.name, 'SELECT * FROM "odd `name" WHERE "a ""b`,;{}()=." IS NOT NULL')
    assert again.arrow(["lists"]).to_pydict() == {"lists": [["x", None]]}
    assert spark.stream('SELECT * FROM "odd `name"').read_all().num_rows == again.count() == 1
    again.drop()
    again.drop()


def cleaned(engine: Engine, path: Path, name: str) -> dict[str, Any]:
    """Return everything cleaning made of a list, in an order of its own."""
    standard = load_standard(name)
    read = read_source(path, engine, "raw")
    mapped = apply_mapping(read.kept, guess_mapping(read.facts.columns, standard), standard, "mapped")
    done = clean(mapped, standard, "people", as_of=AS_OF)
    tables = {"kept": done.kept, "set aside": done.set_aside, "changes": done.changes}
    rows = {what: table.arrow().to_pylist() for what, table in tables.items()}
    for what, told in rows.items():
        told.sort(key=lambda row: (row["source_row"], row["column"] if what == "changes" else ""))
    return {**rows, "notes": done.notes, "facts": read.facts}


def same(duck: Engine, spark: Engine, path: Path, name: str) -> dict[str, Any]:
    mine, theirs = (cleaned(engine, path, name) for engine in (duck, spark))
    for what in mine:
        assert mine[what] == theirs[what], f"{name}: {what}"
    return mine


@pytest.mark.real
def test_messy_rows_are_cleaned_alike(spark: Engine, duck: Engine, tmp_path: Path):
    generator = shared(*GENERATOR)
    if not generator:
        pytest.skip("the messy sample's generator is not beside the repository")
    make_sample(generator, tmp_path, MESSY_ROWS, 7)
    found = same(duck, spark, tmp_path / "messy.csv", "messy-sample")
    assert len(found["kept"]) > 9_000
    assert len(found["set aside"]) > 300
    assert len(found["changes"]) > 4_000


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The lists of a made-up region, by their standard's name."""
    from sharewell.demo.region.make import Wish, make_region

    folder = tmp_path_factory.mktemp("spark") / "region"
    told = make_region(Wish(300, 5), folder, workers=1)
    return {name: folder / item["file"] for name, item in told["lists"].items()}


@pytest.mark.parametrize("name", FEW)
def test_region_lists_are_cleaned_alike(spark: Engine, duck: Engine, region: dict[str, Path], name: str):
    assert same(duck, spark, region[name], name)["kept"]


@pytest.mark.slow
def test_all_region_lists_are_cleaned_alike(spark: Engine, duck: Engine, region: dict[str, Path]):
    for name, path in region.items():
        same(duck, spark, path, name)


def test_without_pyspark_it_says_what_to_install():
    code = (
        "import sys; sys.modules['pyspark'] = sys.modules['pyspark.sql'] = None\n"
        "from sharewell.store.spark import Spark\n"
        "from sharewell.vocab.errors import ExtraMissing\n"
        "try: Spark()\n"
        "except ExtraMissing as error: print(error)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "sharewell[spark]" in told
