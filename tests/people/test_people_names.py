"""What a name says besides a name, row by row."""

from __future__ import annotations

import pyarrow as pa
import pytest

from sharewell.people.names import named_sql

SAID = [
    # title, first text, last text -> reading, first name, surname, sex, generation, the other's name and sex
    (None, "Robert", "Hall", "person", "robert", "hall", None, None, None, None),
    (None, "Zoë", "O’Neill-Smith", "person", "zoe", "oneill smith", None, None, None, None),
    ("Mrs", "J", "Hall", "person", "j", "hall", "f", None, None, None),
    (None, "Mr. John", "Hall", "person", "john", "hall", "m", None, None, None),
    (None, "Dr John", "Hall", "person", "john", "hall", None, None, None, None),
    (None, "Major", "Tom", "person", "major", "tom", None, None, None, None),
    (None, "Owner", "Adeyemi", "person", "owner", "adeyemi", None, None, None, None),
    (None, "Charlotte", "Church", "person", "charlotte", "church", None, None, None, None),
    (None, "Estate", "Adeyemi", "person", "estate", "adeyemi", None, None, None, None),
    (None, "John", "Hall Snr", "person", "john", "hall", None, "senior", None, None),
    (None, "John", "Hall (Jnr)", "person", "john", "hall", None, "junior", None, None),
    (None, "The", "Owner", "nobody", None, None, None, None, None, None),
    (None, "The Owner /", "Occupier", "nobody", None, None, None, None, None, None),
    (None, "The lady at", "12A", "nobody", None, None, None, None, None, None),
    (None, "The", "12A", "nobody", None, None, None, None, None, None),
    (None, None, "Occupier", "nobody", None, None, None, None, None, None),
    (None, "Zebrolet Lettings", "Ltd", "nobody", None, None, None, None, None, None),
    (None, "Zebrolet", "plc", "nobody", None, None, None, None, None, None),
    (None, "Zebrolet &", "Co", "nobody", None, None, None, None, None, None),
    (None, "Riverside Housing", "Association", "nobody", None, None, None, None, None, None),
    (None, "Smith & Sons", "Limited", "nobody", None, None, None, None, None, None),
    (None, "Test", "Patient", "nobody", None, None, None, None, None, None),
    (None, "The Executors of Mr John", "Hall", "estate", None, None, None, None, None, None),
    (None, "Executors of Mr John Hall", "(Deceased)", "estate", None, None, None, None, None, None),
    (None, "Exors of the late John", "Hall", "estate", None, None, None, None, None, None),
    (None, "Personal Reps of John", "Hall", "estate", None, None, None, None, None, None),
    (None, "Estate of John", "Hall", "estate", None, None, None, None, None, None),
    (None, "John", "Hall (Deceased)", "estate", None, None, None, None, None, None),
    (None, "Executors", "Hall", "estate", None, None, None, None, None, None),
    (None, "Baby", "Hall", "newborn", None, "hall", None, None, None, None),
    (None, "Baby Boy", "Hall", "newborn", None, "hall", None, None, None, None),
    (None, "Male Infant", "Hall", "newborn", None, "hall", None, None, None, None),
    (None, "Baby of Jane", "Hall", "newborn", None, "hall", None, None, None, None),
    (None, "Infant Of", "Hall", "newborn", None, "hall", None, None, None, None),
    (None, "Twin 1", "Hall", "newborn", None, "hall", None, None, None, None),
    (None, "Unknown", "Hall", "person", None, "hall", None, None, None, None),
    (None, "Mr & Mrs J", "Hall", "couple", "j", "hall", "m", None, None, "f"),
    (None, "Mr and Mrs", "Hall", "couple", None, "hall", "m", None, None, "f"),
    (None, "Mr J & Mrs K", "Hall", "couple", "j", "hall", "m", None, "k", "f"),
    (None, "John & Jane", "Hall", "couple", "john", "hall", None, None, "jane", None),
    (None, None, None, "person", None, None, None, None, None, None),
]


@pytest.fixture(scope="module")
def read():
    from sharewell.store.duckdb import DuckDB, Limits

    engine = DuckDB(limits=Limits(threads=1, memory="1GB"))
    columns = list(zip(*[(place, *row[:3]) for place, row in enumerate(SAID)], strict=True))
    names = ("id", "title", "first", "last")
    kinds = (pa.int64(), pa.string(), pa.string(), pa.string())
    table = pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
    engine.load("told", table)
    lower = ", ".join(
        f"nullif(strip_accents(lower(trim({column}))), '') AS {column}_text"
        for column in ("title", "first", "last")
    )
    engine.create("texts", f"SELECT id, {lower} FROM told")
    rows = engine.fetch(f"SELECT * FROM ({named_sql('texts')}) ORDER BY id").to_pylist()
    engine.close()
    return rows


@pytest.mark.parametrize(
    "place", range(len(SAID)), ids=[" ".join(filter(None, row[:3])) or "nothing" for row in SAID]
)
def test_what_a_name_says(place, read):
    row = read[place]
    parts = ("reading", "first_name", "surname", "title_sex", "generation", "other_name", "other_sex")
    assert tuple(row[part] for part in parts) == SAID[place][3:]
