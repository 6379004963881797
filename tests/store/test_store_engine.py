from __future__ import annotations

import subprocess
import sys

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharewell.store.duckdb import DuckDB, Limits
from sharewell.store.engine import literal, quoted
from sharewell.vocab.errors import OutOfMemory

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)


on_one_engine = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@on_one_engine
@given(TEXT)
def test_no_column_name_is_read_as_sql(engine, name):
    made = engine.create("t", f"SELECT 1 AS {quoted(name)}")
    assert made.columns == (name,)
    assert made.arrow([name])[name].to_pylist() == [1]


@on_one_engine
@given(TEXT)
def test_no_text_is_read_as_sql(engine, text):
    assert engine.fetch(f"SELECT {literal(text)} AS t")["t"].to_pylist() == [text]


def test_a_relation_knows_its_rows_and_columns(engine):
    made = engine.load("t", pa.table({"a": [1, 2], "b": ["x", None]}))
    assert (made.count(), made.columns) == (2, ("a", "b"))
    assert made.arrow(["b"]).to_pydict() == {"b": ["x", None]}
    made.drop()
    made.drop()


def test_a_query_is_streamed_in_batches_while_others_run(engine):
    stream = engine.stream("SELECT * FROM range(250000) r(i)", rows=100_000)
    first = next(stream)
    assert engine.fetch("SELECT 1 AS one")["one"].to_pylist() == [1]
    assert first.num_rows + sum(batch.num_rows for batch in stream) == 250_000


def test_a_run_that_outgrows_its_memory_is_refused_plainly():
    engine = DuckDB(limits=Limits(threads=1, memory="20MB"))
    try:
        with pytest.raises(OutOfMemory):
            engine.create("t", "SELECT md5(i::VARCHAR) AS t FROM range(3000000) r(i) ORDER BY t")
    finally:
        engine.close()


_OUT_OF_MEMORY = """
import sys
import pyarrow as pa
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.vocab.errors import OutOfMemory
schema = pa.schema([("a", pa.string())])
rows = ([f"{at}-{row}" * 9 for row in range(20_000)] for at in range(500))
batches = (pa.record_batch([batch], schema=schema) for batch in rows)
try:
    DuckDB(limits=Limits(2, "20MB")).load("t", pa.RecordBatchReader.from_batches(schema, batches))
except OutOfMemory as refusal:
    sys.exit(refusal.exit_code)
"""


def test_running_out_of_memory_while_rows_arrive_is_a_refusal_and_no_crash() -> None:
    done = subprocess.run([sys.executable, "-c", _OUT_OF_MEMORY], check=False, timeout=60)
    assert done.returncode == OutOfMemory.exit_code
