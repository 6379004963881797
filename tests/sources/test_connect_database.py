"""Lists from databases: read only, exact, streamed, whole or not at all; SQLite really, PostgreSQL really."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest

from sharewell.settings import open_place
from sharewell.sources.connect import connect
from sharewell.sources.database import as_text
from sharewell.sources.read import read_source
from sharewell.vocab.errors import (
    ExtraMissing,
    FileMissing,
    FileTooLarge,
    HeaderDuplicate,
    SharewellError,
    SourceInvalid,
    SourceUnreachable,
)

pytest.importorskip("sqlalchemy", reason="the extra [sql] is not installed")


@pytest.fixture
def place(tmp_path):
    (tmp_path / "sharewell.toml").write_text("")
    (tmp_path / "inbox").mkdir()
    return open_place(tmp_path)


@pytest.fixture
def hub(place):
    path = place.inbox / "hub.db"
    with sqlite3.connect(path) as base:
        base.executescript(
            """CREATE TABLE people (uprn INTEGER, "Sur""name" TEXT, cost REAL, born, note BLOB);
            CREATE TABLE "odd; DROP TABLE people" (a TEXT);
            CREATE VIEW shown AS SELECT uprn FROM people;"""
        )
        rows = [
            (100023336956, "O'Brien", 0.1, "1980-01-02", b"\xff\x00"),
            (7, "", 1e22, None, b"caf\xc3\xa9"),
        ]
        base.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?)", rows)
        base.execute("INSERT INTO \"odd; DROP TABLE people\" VALUES ('kept')")
    base.close()
    return path


def fetched(engine, path):
    return read_source(path, engine, "raw").kept.arrow().drop_columns(["source_row", "line"]).to_pylist()


def test_a_table_comes_as_exact_text(place, hub, engine):
    first, second = fetched(engine, connect("sqlite:///inbox/hub.db?table=people", place))
    assert first == {
        "uprn": "100023336956", 'Sur"name': "O'Brien", "cost": "0.1", "born": "1980-01-02", "note": "ff00",
    }  # fmt: skip
    assert second["cost"] == "10000000000000000000000"
    assert second["born"] is None
    assert second["note"] == "café"


def test_a_query_after_the_hash_is_read(place, hub, engine):
    source = "sqlite:///inbox/hub.db#SELECT uprn, 'a:b%' AS mark FROM people WHERE uprn > 7"
    assert fetched(engine, connect(source, place)) == [{"uprn": "100023336956", "mark": "a:b%"}]


def test_a_view_and_a_name_like_an_attack_are_only_names(place, hub, engine):
    assert len(fetched(engine, connect("sqlite:///inbox/hub.db?table=shown", place))) == 2
    odd = connect("sqlite:///inbox/hub.db?table=odd;%20DROP%20TABLE%20people", place)
    assert fetched(engine, odd) == [{"a": "kept"}]
    assert len(fetched(engine, connect("sqlite:///inbox/hub.db?table=people", place))) == 2


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM people",
        "SELECT 1; DROP TABLE people",
        "CREATE TABLE x AS SELECT 1",
        "ATTACH DATABASE 'x' AS y",
        "PRAGMA journal_mode = WAL",
        "not a query at all",
        "WITH gone AS (DELETE FROM people RETURNING uprn) SELECT * FROM gone",
    ],
)
def test_only_one_select_is_let_through(place, hub, query):
    before = hub.read_bytes()
    with pytest.raises(SourceInvalid, match="one SELECT"):
        connect(f"sqlite:///inbox/hub.db#{query}", place)
    assert hub.read_bytes() == before


def test_what_is_not_there_or_outside_is_refused_and_leaves_nothing(place, hub):
    for source, error in (
        ("sqlite:///inbox/hub.db?table=nobody", SourceInvalid),
        ("sqlite:///inbox/none.db?table=people", FileMissing),
        ("sqlite:///../../etc/hub.db?table=people", SourceInvalid),
        ("sqlite:///inbox/hub.db#SELECT nothing FROM people", SourceUnreachable),
        ("sqlite:///inbox/hub.db", SourceInvalid),
        ("sqlite:///inbox/hub.db?table=people&mode=rw", SourceInvalid),
    ):
        with pytest.raises(error):
            connect(source, place)
    assert not [path for path in place.scratch.rglob("*") if path.is_file()]


def test_a_table_over_the_bound_is_refused_and_leaves_nothing(place, hub):
    with pytest.raises(FileTooLarge):
        connect("sqlite:///inbox/hub.db?table=people", place, most=3)
    assert not [path for path in place.scratch.rglob("*") if path.is_file()]


def test_two_columns_of_one_name_are_refused_as_in_any_file(place, hub, engine):
    with pytest.raises(HeaderDuplicate):
        read_source(connect("sqlite:///inbox/hub.db#SELECT 1 AS a, 2 AS a", place), engine, "raw")


def test_many_rows_come_in_batches_and_none_is_lost(place, engine):
    with sqlite3.connect(place.inbox / "big.db") as base:
        base.execute("CREATE TABLE t (n INTEGER)")
        base.executemany("INSERT INTO t VALUES (?)", ((n,) for n in range(50_001)))
    base.close()
    read = read_source(connect("sqlite:///inbox/big.db?table=t", place), engine, "raw")
    assert read.facts.records == 50_001


def test_no_number_is_rounded_or_written_with_an_exponent():
    values = [Decimal("1E+3"), Decimal("0.10"), 1e-7, float("nan"), 2**63, True, {"a": [1]}]
    assert as_text(values) == [
        "1000", "0.10", "0.0000001", "NaN", "9223372036854775808", "true", '{"a": [1]}',
    ]  # fmt: skip


def test_a_driver_that_is_not_installed_is_named_with_its_command(place, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "oracledb", None)
    with pytest.raises(ExtraMissing, match="Reading a database") as caught:
        connect("oracle://reader@127.0.0.1/x?table=PEOPLE", place)
    assert "pip install 'sharewell[sql]'" in caught.value.next_step


@pytest.fixture(scope="module")
def postgres():
    tools = [shutil.which(name) for name in ("initdb", "pg_ctl", "psql")]
    if not all(tools):
        pytest.skip("no PostgreSQL server on this machine")
    pytest.importorskip("psycopg", reason="the extra [sql] is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres", "postgres")

    def run(*words):
        subprocess.run(words, check=True, capture_output=True, cwd=folder, **who)

    data = str(folder / "data")
    try:
        run("initdb", "-D", data, "-U", "owner", "--auth=scram-sha-256", f"--pwfile={_password(folder)}")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield folder
    finally:
        subprocess.run(
            ["pg_ctl", "-D", data, "-m", "immediate", "stop"], cwd=folder, capture_output=True, **who
        )
        shutil.rmtree(folder, ignore_errors=True)


def _password(folder):
    path = folder / "pw"
    path.write_text("hush-hush")
    path.chmod(0o644)
    return path


@pytest.fixture
def filled(postgres):
    import psycopg

    address = f"host={postgres} user=owner password=hush-hush dbname=postgres"
    with psycopg.connect(address, autocommit=True) as base:
        base.execute("DROP SCHEMA IF EXISTS hub CASCADE")
        base.execute("CREATE SCHEMA hub")
        base.execute(
            'CREATE TABLE hub."People" (id bigint, amount numeric, ratio float8, born date, at timestamptz, '
            "ok boolean, more jsonb, tags text[], name text)"
        )
        base.execute("CREATE SEQUENCE hub.s")
        base.execute(
            """INSERT INTO hub."People" VALUES
            (10000000000000001, 12345678901234567890.10, 0.1, '1931-02-03', '2020-05-01 10:00:00+00', true,
             '{"a": 1.50}', '{x,y}', 'Zoë:%s'),
            (2, NULL, NULL, '0044-03-15 BC', 'infinity', NULL, NULL, NULL, '')"""
        )
    return f"postgresql://owner@/postgres?host={postgres}"


SECRET = {"SHAREWELL_SECRET_OWNER_": "hush-hush", "SHAREWELL_SECRET_POSTGRESQL": "hush-hush"}


def test_a_table_of_postgresql_comes_as_exact_text(place, filled, engine):
    first, second = fetched(engine, connect(f"{filled}&table=hub.People", place, environment=SECRET))
    assert first["id"] == "10000000000000001"
    assert first["amount"] == "12345678901234567890.10"
    assert (first["ratio"], first["born"], first["ok"]) == ("0.1", "1931-02-03", "true")
    assert first["at"].startswith("2020-05-01 ")
    assert (first["name"], second["name"], second["amount"]) == ("Zoë:%s", "", None)
    assert (first["more"], second["born"], second["at"]) == ('{"a": 1.50}', "0044-03-15 BC", "infinity")


@pytest.mark.parametrize("query", ["SELECT nextval('hub.s')", "SELECT setval('hub.s', 9)"])
def test_postgresql_itself_refuses_to_write_for_us(place, filled, query):
    with pytest.raises(SourceUnreachable, match="ReadOnlySqlTransaction"):
        connect(f"{filled}#{query}", place, environment=SECRET)


def test_a_wrong_password_says_how_to_give_one_and_nothing_of_it(place, filled):
    with pytest.raises(SourceUnreachable) as caught:
        connect(f"{filled}&table=hub.People", place, environment={"SHAREWELL_SECRET_POSTGRESQL": "wrong-one"})
    said = str(caught.value.as_dict()) + str(caught.value) + repr(caught.value.__context__)
    assert "OperationalError" in said
    assert "sources.toml" in said
    assert "wrong-one" not in str(caught.value.as_dict())


def test_a_server_that_is_not_there_is_said(place):
    pytest.importorskip("psycopg", reason="psycopg (extra sql) is not installed")
    with pytest.raises(SourceUnreachable) as caught:
        connect("postgresql://reader@127.0.0.1:9/x?table=people", place, environment={})
    assert isinstance(caught.value, SharewellError)
    assert caught.value.where.file == "postgresql://127.0.0.1/x"
