"""Whatever a CSV writer can write is read back exactly, and no damage makes a line vanish."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sharewell.sources.read import read_source
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.vocab.errors import RowsNotConserved, SharewellError

ENGINE = DuckDB(limits=Limits(threads=1, memory="1GB"))
PRINTABLE = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x1f")
CELL = st.text(PRINTABLE | st.sampled_from(" ,;|\"'\t\n\r£é"), max_size=12).filter(
    lambda text: text.count("\n") < 4
)
LATIN = st.text(st.sampled_from("abc 12,;|\"'\t\n\réÉñü"), max_size=12)
"""Letters whose Windows-1252 bytes can never be UTF-8 by chance, as an accented letter before £ can."""

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tables(cell):
    """Return a strategy for records of one width; a record whose cells are all empty is a blank line."""
    return st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(cell, min_size=width, max_size=width).filter(any), min_size=1, max_size=12
        )
    )


def read_back(content: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        return read_source(path, ENGINE, "raw")


def written(records, delimiter, line_end, quoting):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerow(["surname", "first_name", "postcode", "uprn"][: len(records[0])])
    writer.writerows(records)
    return text.getvalue()


@quick
@given(
    tables(CELL),
    st.sampled_from(",\t;|"),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(ENCODINGS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_csv_writer_writes_is_read_back_exactly(records, delimiter, line_end, encoding, quoting):
    # Python 3.11's writer leaves the other line end without quotes when it ends lines with one sign
    other = {"\n": "\r", "\r": "\n"}.get(line_end, "")
    records = [[cell.replace(other, "x") if other else cell for cell in record] for record in records]
    text = written(records, delimiter, line_end, quoting)
    if encoding.startswith("utf-16-") and not text[:60].isascii():
        encoding = "utf-16"
    found = read_back(text.encode(encoding))
    assert [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()] == [tuple(r) for r in records]
    assert found.facts.records == len(records)
    assert not found.set_aside.count()


@quick
@given(tables(LATIN), st.sampled_from(",\t;|"))
def test_windows_1252_is_read_back_exactly(records, delimiter):
    content = written(records, delimiter, "\r\n", csv.QUOTE_MINIMAL).encode("cp1252")
    got = [tuple(row.values())[2:] for row in read_back(content).kept.arrow().to_pylist()]
    assert got == [tuple(record) for record in records]


@quick
@given(tables(LATIN), st.data())
def test_damage_never_makes_a_line_vanish(records, data):
    content = bytearray(written(records, ",", "\n", csv.QUOTE_MINIMAL).encode("cp1252"))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content)))
        content[at:at] = data.draw(st.sampled_from([b'"', b"\n", b",", b"\x00", b"\xff", b"\r"]))
    content = content[: data.draw(st.integers(1, len(content)))]
    try:
        found = read_back(bytes(content))
    except RowsNotConserved:
        raise
    except SharewellError:
        return
    assert found.kept.count() + found.set_aside.count() == found.facts.records
    text = bytes(content).replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert sum(found.facts.lines.values()) == text.count(b"\n") + (not text.endswith(b"\n"))
