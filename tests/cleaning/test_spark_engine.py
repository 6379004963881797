"""Spark answers as DuckDB does: every sign of Unicode, numbers, patterns; and says when it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from benchmarks.spark_values import awkward_values
from tests.cleaning.spark_engines import FEW_VALUES, NO_PYSPARK, Engines, open_engines

from sharewell.sources.terms import FieldType
from sharewell.store.engine import Engine, literal

YOUNG_LETTERS = 60
"""Letters that got a capital in a Unicode later than DuckDB's tables; Spark's are newer."""

NUMBERS = ("1", "12.50", "0", "1_000", "1__0", ".5", "5.", "1e5", "9" * 30, "inf", "Infinity", "NaN", "x")
AROUND = (
    "",
    " ",
    "\t",
    "\x00",
    "\x1c",
    "\u00a0",
    "+",
    "-",
    "+-",
    "_",
    "1",
    ".",
    "e5",
    "e-400",
    "d",
    "f",
    "nan(",
)
PATTERNS = (
    *("a.b$", "[A-Z&&x].*", "[[].*", "[]a].*", "[^^]+", ".*[.$]", "x{", "a{,3}", "a{2}b{1,}", "{a}|b"),
    *("(|a)+", "(a*)*b?", "()*", "[a-z-]+", "[a||b]*", "(^a)+.*", ".*(a$|[0-9]$)", "[\\]\\[]+", "[ -~]*"),
    *("(.|[a-z])*", "[A-Z]{1,2}[0-9]?.*", ".{3,12}", "[^@]+@[^@]+", "#.*", "(a|b)*?c??.*", ".*\\.", "\\d+"),
)

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
def engines() -> Iterator[Engines]:
    yield from open_engines()


@pytest.fixture(scope="module")
def spark(engines: Engines) -> Engine:
    return engines[1]


@pytest.fixture(scope="module")
def signs(engines: Engines) -> None:
    every = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for engine in engines:
        engine.load("signs", pa.table({"v": every}))


@pytest.mark.usefixtures("signs")
def test_every_sign_means_the_same_to_both(engines: Engines):
    answers = [engine.fetch(EVERY_SIGN) for engine in engines]
    theirs = {sign: place for place, sign in enumerate(answers[1]["v"].to_pylist())}
    order = pa.array([theirs[sign] for sign in answers[0]["v"].to_pylist()])
    for name in answers[0].column_names:
        assert answers[0][name].to_pylist() == answers[1][name].take(order).to_pylist(), name


@pytest.mark.usefixtures("signs")
def test_capitals_are_the_same_but_for_letters_younger_than_duckdb(engines: Engines):
    mine, theirs = ({row["v"]: row for row in engine.fetch(CASES).to_pylist()} for engine in engines)
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


def test_texts_become_numbers_alike(engines: Engines):
    texts = {before + number + after for before in AROUND for number in NUMBERS for after in AROUND}
    answers = []
    for engine in engines:
        engine.load("texts", pa.table({"v": sorted(texts)}))
        rows = engine.fetch("SELECT v, TRY_CAST(v AS DOUBLE) AS n FROM texts ORDER BY v")
        answers.append(repr(rows.to_pylist()))
    assert answers[0] == answers[1]


def test_patterns_of_a_standard_find_the_same(engines: Engines):
    columns = ", ".join(
        f"regexp_full_match(v, {literal(pattern)}) AS m{at}" for at, pattern in enumerate(PATTERNS)
    )
    values = sorted({value for kind in FieldType for value in awkward_values(kind, FEW_VALUES)} | {*PATTERNS})
    answers = []
    for engine in engines:
        engine.load("awkward", pa.table({"v": values}))
        answers.append(engine.fetch(f"SELECT v, {columns} FROM awkward ORDER BY v").to_pydict())
    for name, found in answers[0].items():
        assert found == answers[1][name], PATTERNS[int(name[1:])]


@pytest.mark.usefixtures("spark")
def test_a_spark_that_ended_is_told_plainly_and_without_values():
    code = (
        "import os, signal, pyarrow as pa\n"
        "from sharewell.store.spark import Spark\n"
        "from sharewell.vocab.errors import OutOfMemory\n"
        "engine = Spark()\n"
        "engine.load('t', pa.table({'v': ['a value']}))\n"
        "process = engine._session.sparkContext._gateway.proc\n"
        "os.kill(process.pid, signal.SIGKILL); process.wait()\n"
        "for work in (lambda: engine.fetch('SELECT * FROM t'), lambda: engine.drop('t'), Spark):\n"
        "    try: work()\n"
        "    except OutOfMemory as error: print(error)\n"
        "engine.close()\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.count("`memory`") == 3
    assert "a value" not in told


def test_without_java_it_says_what_to_install():
    pytest.importorskip("pyspark", reason=NO_PYSPARK)
    code = (
        "from sharewell.store.spark import Spark\n"
        "from sharewell.vocab.errors import ExtraMissing\n"
        "try: Spark()\n"
        "except ExtraMissing as error: print(error)\n"
    )
    bare = {**os.environ, "JAVA_HOME": "/no/java/here"}
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=bare)
    assert "Install Java 17" in told.stdout


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
