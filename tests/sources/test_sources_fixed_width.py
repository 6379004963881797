"""Fixed-width text: columns told, ruled or aligned; nothing that crosses a column is cut in two."""

from __future__ import annotations

import pytest

from sharewell.sources.rulers import Span, spans_of
from sharewell.sources.schema import parse_standard
from sharewell.sources.schema_keys import Broken
from sharewell.vocab.errors import FileUnreadable, HeaderDuplicate, NoRecords


def rows(found):
    return [tuple(row.values())[2:] for row in found.kept.arrow().to_pylist()]


def places(found):
    return [(row["source_row"], row["line"]) for row in found.kept.arrow().to_pylist()]


def asides(found):
    return [
        (a["source_row"], a["line"], a["reasons"][0], a["raw"]) for a in found.set_aside.arrow().to_pylist()
    ]


RULED = (
    "Extract of 1 April\n"
    "\n"
    "nhs_number  surname         date of birth\n"
    "----------- --------------- -------------\n"
    " 9999668577 Smith           1980-03-04\n"
    " 9999668585 Ng, Ann         1999-12-31\n"
    "\n"
    " 9999668593 O'Hara\n"
    "(3 rows affected)\n"
)


def test_a_ruler_of_dashes_tells_the_columns(read):
    found = read(RULED, "list.txt")
    assert found.facts.columns == ("nhs_number", "surname", "date of birth")
    assert rows(found) == [
        ("9999668577", "Smith", "1980-03-04"),
        ("9999668585", "Ng, Ann", "1999-12-31"),
        ("9999668593", "O'Hara", ""),
    ]
    assert places(found) == [(1, 5), (2, 6), (3, 8)]
    assert found.facts.lines == {"record": 3, "title": 1, "header": 2, "blank": 2, "footer": 1}
    assert (found.facts.format, found.facts.header_line) == ("fixed", 3)


def test_the_tables_of_database_consoles_are_read(read):
    psql = " id | name \n----+------\n  1 | Ann\n  2 | Zoë\n(2 rows)\n\n"
    assert rows(read(psql, "list.txt")) == [("1", "Ann"), ("2", "Zoë")]
    line = "+----+------+\n"
    boxed = f"{line}| id | name |\n{line}|  1 | Ann  |\n|  2 | Bob  |\n{line}"
    assert rows(read(boxed, "list.txt")) == [("1", "Ann"), ("2", "Bob")]


ALIGNED = (
    "Surname     First name  Age Postcode\n"
    "Smith       Ann          41 BN1 1AA\n"
    "Featherston Bartholomew 102 BN1 1AB\n"
    "Ng          Jo            7 BN1 1AD\n"
)


def test_an_aligned_header_tells_the_columns_where_two_spaces_part_them(read):
    text = ALIGNED.replace(" Postcode", "  Postcode").replace(" BN1", "  BN1")
    found = read(text.replace("Age", " Age").replace("\nSmith      ", "\nSmith      "), "list.txt")
    assert found.facts.format == "fixed"
    assert found.facts.columns[0] == "Surname"
    assert found.facts.columns[-1] == "Postcode"
    assert [row[-1] for row in rows(found)] == ["BN1 1AA", "BN1 1AB", "BN1 1AD"]


def test_a_later_record_longer_than_the_first_ones_is_kept_whole(read):
    head = "Surname         Postcode\n" + "".join(f"Ng{n:<13} BN1 1AA\n" for n in range(300))
    found = read(head + "Featherstonehaw BN1 1AB\n", "list.txt")
    assert rows(found)[-1] == ("Featherstonehaw", "BN1 1AB")
    assert not found.set_aside.count()


def test_a_record_that_crosses_its_columns_is_set_aside_whole(read):
    found = read(RULED.replace(" 9999668585 Ng, Ann", "99996685850 Ng, Ann x"), "list.txt")
    assert len(rows(found)) == 3
    found = read(RULED.replace(" 9999668585 Ng", " 9999668585xNg"), "list.txt")
    [(row, line, reason, raw)] = asides(found)
    assert (row, line, reason) == (2, 6, "shifted_row")
    assert raw == " 9999668585xNg, Ann         1999-12-31"
    assert places(found) == [(1, 5), (3, 8)]


def test_a_page_s_header_and_ruler_again_are_no_records(read):
    head = "\n".join(RULED.split("\n")[2:4])
    found = read(RULED.replace("\n\n 9999668593", f"\n{head}\n 9999668593"), "list.txt")
    assert len(rows(found)) == 3
    assert found.facts.lines["repeated_header"] == 2


def test_told_columns_are_read_without_a_header(read):
    spans = (Span("id", 0, 3), Span("name", 3, 8), Span("born", 8, 16))
    found = read("001Ann  19800304\n002Zoë  19991231\n003Bob\n", "list.dat", spans=spans)
    assert found.facts.columns == ("id", "name", "born")
    assert rows(found) == [("001", "Ann", "19800304"), ("002", "Zoë", "19991231"), ("003", "Bob", "")]
    assert found.facts.header_line == 0


def test_a_standard_tells_the_characters_of_its_columns():
    fields = [
        {"name": "id", "sharewell:characters": [1, 3]},
        {"name": "name", "sharewell:characters": [4, 8]},
        {"name": "note"},
    ]
    told = {"name": "bins", "version": "1", "title": "Bins", "fields": fields}
    assert spans_of(parse_standard(told, "bins")) == (Span("id", 0, 3), Span("name", 3, 8))
    fields[0]["sharewell:characters"] = [3, 1]
    with pytest.raises(Broken):
        parse_standard(told, "bins")


def test_told_columns_know_their_header_when_it_is_there(read):
    spans = (Span("id", 0, 3), Span("first_name", 3, 8))
    found = read("id First\n001Ann  \n", "list.dat", spans=spans)
    assert rows(found) == [("001", "Ann")]
    assert found.facts.header_line == 1


def test_text_beyond_told_columns_is_never_dropped(read):
    spans = (Span("id", 0, 3), Span("name", 3, 8))
    found = read("001Ann  \n002Bob  and more\n", "list.dat", spans=spans)
    assert rows(found) == [("001", "Ann")]
    assert asides(found) == [(2, 2, "shifted_row", "002Bob  and more")]


def test_a_last_line_cut_off_is_set_aside(read):
    spans = (Span("id", 0, 3), Span("name", 3, 8))
    found = read("001Ann  \n002Bob  \n003C", "list.dat", spans=spans)
    assert asides(found) == [(3, 3, "truncated_row", "003C")]


def test_told_columns_that_overlap_are_refused(read):
    with pytest.raises(FileUnreadable) as caught:
        read("001Ann\n", "list.dat", spans=(Span("id", 0, 3), Span("name", 2, 6)))
    assert caught.value.where.column == "name"


def test_two_columns_of_one_name_and_a_header_alone_are_refused(read):
    with pytest.raises(HeaderDuplicate):
        read("id  ID  \n--- ----\n1   2\n", "list.txt")
    with pytest.raises(NoRecords):
        read("id  name\n--- ----\n", "list.txt")


def test_addresses_with_spaces_and_delimited_lists_are_not_taken_for_fixed_width(read):
    assert read("address\n1  High Street\n22 High  Street\n", "list.csv").facts.columns == ("address",)
    found = read("id,full  name\n1,Ann  Ng\n2,Bob  Ng\n", "list.csv")
    assert (found.facts.format, found.facts.columns) == ("csv", ("id", "full name"))


def test_windows_1252_and_long_lists_are_accounted_for(read, monkeypatch):
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", 997)
    body = "".join(f"{n:>11} {'Zoë' if n % 3 else 'Ann':<15} 1980-03-04\r\n" for n in range(2000))
    head = "\r\n".join(RULED.split("\n")[2:4]) + "\r\n"
    found = read((head + body + "Total 2000\r\n").encode("cp1252"), "list.txt")
    assert found.facts.lines == {"record": 2000, "header": 2, "footer": 1}
    assert {row[1] for row in rows(found)} == {"Zoë", "Ann"}
    assert [note.code for note in found.notes] == ["windows_1252", "footer"]


def test_a_ruler_that_its_header_does_not_stand_over_tells_no_columns(read):
    text = "| ID | First name | Town |\n|----|----|----|\n| 1 | Ann | Hove |\n| 2 | Zoë | Leeds |\n"
    found = read(text, "list.txt")
    assert (found.facts.delimiter, found.facts.columns) == ("|", ("ID", "First name", "Town"))
    kept = [[cell.strip() for cell in tuple(row.values())[2:]] for row in found.kept.arrow().to_pylist()]
    assert kept == [["1", "Ann", "Hove"], ["2", "Zoë", "Leeds"]]
