"""What becomes of text files: encodings, delimiters, headers, odd lines. The tables are the specification."""

from __future__ import annotations

import gzip

import pytest

from sharewell.vocab.errors import HeaderMissing

HEADER = "id,name,born\n"


def rows(read_):
    """Return the records kept, without their places."""
    return [tuple(row.values())[2:] for row in read_.kept.arrow().to_pylist()]


def places(read_):
    return [(row["source_row"], row["line"]) for row in read_.kept.arrow().to_pylist()]


def asides(read_):
    return [
        (r["source_row"], r["line"], *r["reasons"], r["raw"]) for r in read_.set_aside.arrow().to_pylist()
    ]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (HEADER.encode() + b"1,Ann,1980-01-01\n", "utf-8"),
        (HEADER.encode() + "1,Zoë,1980-01-01\n".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + HEADER.encode() + "1,Zoë,1980-01-01\n".encode(), "utf-8-sig"),
        ((HEADER + "1,Zoë,1980-01-01\n").encode("utf-16"), "utf-16-le"),
        ((HEADER + "1,Zoë,1980-01-01\n").encode("utf-16-le"), "utf-16-le"),
        ((HEADER + "1,Zoë,1980-01-01\n").encode("utf-16-be"), "utf-16-be"),
        (b"\xfe\xff" + (HEADER + "1,Zoë,1980-01-01\n").encode("utf-16-be"), "utf-16-be"),
        ((HEADER + "1,Zoë,£20\n").encode("cp1252"), "windows-1252"),
        (
            HEADER.encode() + "1,Siân,£20\n".encode() + "2,Zoë,£20\n".encode("cp1252"),
            "utf-8 and windows-1252",
        ),
    ],
)
def test_every_encoding_that_services_send_is_read(read, content, encoding):
    found = read(content)
    assert found.facts.encoding == encoding
    assert rows(found)[-1][1] in {"Ann", "Zoë"}
    assert found.facts.columns == ("id", "name", "born")


def test_a_pound_sign_in_windows_1252_stays_a_pound_sign(read):
    found = read((HEADER + "1,Ann,£20\n").encode("cp1252"))
    assert rows(found) == [("1", "Ann", "£20")]
    assert [(note.code, note.rows) for note in found.notes] == [("windows_1252", 1)]


def test_bytes_that_windows_1252_leaves_undefined_are_latin_1_and_noted(read):
    found = read(HEADER.encode() + b"1,A\x81\xe9,x\n")
    assert rows(found)[0][1] == "A\x81é"
    assert {note.code for note in found.notes} == {"windows_1252", "undefined_bytes"}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end_is_found(read, delimiter, line_end):
    lines = [["id", "name", "address"], ["1", "Ann", "1 High Street"], ["2", "Bob", "2 High Street"]]
    found = read(line_end.join(delimiter.join(line) for line in lines))
    assert found.facts.delimiter == delimiter
    assert rows(found) == [("1", "Ann", "1 High Street"), ("2", "Bob", "2 High Street")]
    assert found.facts.lines == {"header": 1, "record": 2}


@pytest.mark.parametrize(
    ("content", "header_line", "lines"),
    [
        ("id,name\n1,Ann\n", 1, {"header": 1, "record": 1}),
        ("Report on people\n\nid,name\n1,Ann\n", 3, {"title": 1, "blank": 1, "header": 1, "record": 1}),
        ("A,,\nProduced by,,\nMay 2021,,\n,,\n,,\nid,name,born\n1,Ann,\n", 6, {"title": 3, "blank": 2}),
        (
            "Housing extract,,,\nRun by: Jo,,on:,03/04/2021\n,,,\nid,name,born,town\n1,A,B,C\n",
            4,
            {"title": 2},
        ),
        ("Person,,,Address,,\nid,name,born,line,town,postcode\n1,A,2,B,C,D\n", 2, {"title": 1, "record": 1}),
        ("sep=;\nid;name\n1;Ann\n", 2, {"title": 1, "record": 1}),
        ('"id","full\nname"\n1,Ann\n', 1, {"header": 2, "record": 1}),
        ("Surname,Forename\nSmith,Ann\nJones,Bob\n", 1, {"record": 2}),
        ("\n\n\nid,name\n1,Ann\n", 4, {"blank": 3}),
        ("id,area,0,1,2,3+\n1,Hove,5,5,5,5\n", 1, {"header": 1, "record": 1}),
    ],
)
def test_the_header_is_found_below_titles_and_blank_lines(read, content, header_line, lines):
    facts = read(content).facts
    assert facts.header_line == header_line
    assert facts.lines.items() >= lines.items()
    assert facts.columns[0].lower() in {"id", "surname"}


@pytest.mark.parametrize(
    ("line", "kept", "aside"),
    [
        ("1,Ann", None, "ragged_row"),
        ("1,Ann,1980,extra", None, "ragged_row"),
        ("1,Ann,1980,,", ("1", "Ann", "1980"), None),
        ('1,"Ann, of Hove",1980', ("1", "Ann, of Hove", "1980"), None),
        ('1,"Ann ""Nan"" Lee",1980', ("1", 'Ann "Nan" Lee', "1980"), None),
        ('1,Ann "Nan" Lee,1980', ("1", 'Ann "Nan" Lee', "1980"), None),
        ('1, "Ann, of Hove",1980', ("1", "Ann, of Hove", "1980"), None),
        ('1,"Ann,1980', ("1", '"Ann', "1980"), None),
        ('1,"Ann\nLee",1980', ("1", "Ann\nLee", "1980"), None),
        ('1,"Ann\n\nLee",1980,,', ("1", "Ann\n\nLee", "1980"), None),
        ("1,A\0nn,1980", ("1", "Ann", "1980"), None),
        ("1,NULL,NA", ("1", "NULL", "NA"), None),
        ("1,,", ("1", "", ""), None),
        ("1, Ann ,1980 ", ("1", " Ann ", "1980 "), None),
    ],
)
def test_an_odd_line_is_read_or_set_aside_with_its_text(read, line, kept, aside):
    found = read(f"{HEADER}0,Zed,1970\n{line}\n2,Bob,1990\n")
    middle = rows(found)[1:-1]
    assert middle == ([kept] if kept else [])
    assert [item[1:] for item in asides(found)] == ([(3, aside, line)] if aside else [])
    assert rows(found)[0] == ("0", "Zed", "1970")
    assert rows(found)[-1] == ("2", "Bob", "1990")
    assert found.kept.count() + found.set_aside.count() == found.facts.records == 3


def test_records_are_numbered_from_one_with_those_set_aside_and_keep_their_lines(read):
    found = read(f'Title\n{HEADER}1,"A\nB",x\n\nshort\n2,C,y\n')
    assert places(found) == [(1, 3), (3, 7)]
    assert asides(found) == [(2, 6, "ragged_row", "short")]
    assert found.facts.lines == {
        "title": 1, "header": 1, "record": 2, "continuation": 1, "blank": 1, "set_aside": 1,
    }  # fmt: skip


def test_an_unclosed_quote_never_eats_the_file(read):
    body = "".join(f"{number},Name {number},19{number % 90 + 10}\n" for number in range(300))
    found = read(f'{HEADER}{body}x,"stray,1980\n{body}y,also",1980\n{body}')
    assert found.kept.count() == 902
    assert ("x", '"stray', "1980") in rows(found)


def test_a_long_quoted_note_is_one_record(read):
    note = "\n".join(f"line {number} of a long case note" for number in range(60))
    found = read(f'id,note,born\n1,"{note}",1980\n2,b,1990\n')
    assert rows(found) == [("1", note, "1980"), ("2", "b", "1990")]


def test_a_row_cut_off_at_the_end_is_set_aside_and_never_taken_for_short(read):
    assert asides(read(f"{HEADER}1,Ann,1980\n2,Bo")) == [(2, 3, "truncated_row", "2,Bo")]


def test_a_row_cut_off_inside_quotes_is_set_aside(read):
    found = read(f'{HEADER}1,Ann,1980\n2,"Bob of\nHo')
    assert asides(found) == [(2, 3, "truncated_row", '2,"Bob of\nHo')]
    assert found.facts.lines == {"header": 1, "record": 1, "set_aside": 1, "continuation": 1}


def test_blank_rows_and_repeated_headers_are_counted_and_left_out(read):
    found = read("Record ID,Full Name,Born\n1,Ann,1980\n,,\nrecord_id,full_name,born\n2,Bob,1990\n\n")
    assert [row[0] for row in rows(found)] == ["1", "2"]
    assert found.facts.lines == {"header": 1, "record": 2, "blank": 2, "repeated_header": 1}


@pytest.mark.parametrize(
    "foot",
    [
        "Total records,2,,",
        "Total,2",
        "End of report",
        "",
        "Total records,2,,\n,,,\nEnd of file",
        "Source: housing,,,",
    ],
)
def test_a_foot_that_sums_up_or_signs_off_is_no_record(read, foot):
    found = read(f"id,name,born,town\n1,Ann,1980,Hove\n2,Bob,1990,Hove\n{foot}\n")
    assert found.facts.records == 2
    assert not found.set_aside.count()


@pytest.mark.parametrize("last", ["Page,Ann,1980,Hove", "Total,Bob,1980,Hove", "3,,,", "Notes,Cy,,"])
def test_a_person_at_the_foot_of_the_list_is_no_footer(read, last):
    found = read(f"surname,name,born,town\nSmith,Ann,1980,Hove\nJones,Bob,1990,Hove\n{last}\n")
    assert found.kept.count() == 3


@pytest.mark.parametrize(
    "content",
    [
        "address\n12 High Street\nFlat 2\n",
        'address\n"12 High Street"\nFlat 2\n',
        "\ufeffaddress\n12 High Street\nFlat 2",
        "List of addresses\n\naddress\n12 High Street\nFlat 2\n",
    ],
)
def test_a_file_of_one_column_is_read(read, content):
    found = read(content)
    assert found.facts.columns == ("address",)
    assert rows(found) == [("12 High Street",), ("Flat 2",)]
    assert found.facts.delimiter is None


def test_addresses_with_commas_alone_in_a_column_are_not_split(read):
    found = read("address\n12 High Street, Hove, BN1 1AA\nRose Cottage, Hove\n3 Mill Lane, Hove, BN1 1AB\n")
    assert rows(found)[0] == ("12 High Street, Hove, BN1 1AA",)
    assert found.kept.count() == 3


def test_a_comma_without_quotes_is_put_right_where_only_one_way_fits(read):
    body = "".join(
        f"{number},{number} High Street,BN1 {number % 10}AB,1980-01-{number % 28 + 1:02}\n"
        for number in range(40)
    )
    found = read(f"id,address,postcode,born\n{body}99,Flat 2, Mill Lane,BN3 2AA,1990-05-06\n")
    assert rows(found)[-1] == ("99", "Flat 2, Mill Lane", "BN3 2AA", "1990-05-06")


def test_a_comma_that_could_belong_to_two_columns_is_set_aside(read):
    body = "".join(f"{number},Ann,Some note\n" for number in range(40))
    found = read(f"id,name,note\n{body}99,Lee, Ann,A note\n")
    assert [item[2] for item in asides(found)] == ["ragged_row"]


def test_gzip_is_unwrapped_whatever_the_name(read):
    found = read(gzip.compress(f"{HEADER}1,Ann,1980\n".encode()), "list.csv")
    assert rows(found) == [("1", "Ann", "1980")]
    assert found.facts.format == "csv.gz"


def test_columns_named_like_ours_are_renamed(read):
    found = read("line,Source_Row,name\n7,8,Ann\n")
    assert found.facts.columns == ("line_in_file", "Source_Row_in_file", "name")
    assert found.kept.columns == ("source_row", "line", "line_in_file", "Source_Row_in_file", "name")


def test_columns_without_name_and_value_are_dropped_and_others_numbered(read):
    assert read("id,name,,\n1,Ann,,\n").facts.columns == ("id", "name")
    assert read("id,,name\n1,x,Ann\n").facts.columns == ("id", "column_2", "name")
    assert rows(read("id,name\n1,Ann,\n2,Bob,\n3,Cy,\n")) == [("1", "Ann"), ("2", "Bob"), ("3", "Cy")]


def test_the_hash_is_of_the_bytes_as_sent(read):
    import hashlib

    content = f"{HEADER}1,Ann,1980\n".encode("utf-16")
    assert read(content).facts.sha256 == hashlib.sha256(content).hexdigest()


def test_a_list_longer_than_many_blocks_is_read_whole(read, monkeypatch):
    monkeypatch.setattr("sharewell.sources.archives.BLOCK", 997)
    body = "".join(
        f'{n},"Name, {n}\nof Hove",19{n % 90 + 10}\r\n' if n % 7 else f"{n},N,1980\n" for n in range(3000)
    )
    found = read(HEADER + body + "x,short\n" + body)
    assert [row[0] for row in rows(found)] == [str(n) for n in range(3000)] * 2
    assert [row for row, _ in places(found)] == [*range(1, 3001), *range(3002, 6002)]
    assert found.facts.lines["set_aside"] == 1


def test_a_row_with_cells_too_many_is_never_squeezed_into_an_email_address(read):
    header = "id,email,practice,language,flag,out\n"
    good = "".join(f"{at},person{at}@example.org,Z{at:05d},English,,\n" for at in range(40))
    taken = read(header + good + "41,ann@example.org,Z00041,English,,,x,x\n")
    assert taken.kept.count() == 40
    assert [reason for _, _, reason, _ in asides(taken)] == ["ragged_row"]


@pytest.mark.parametrize("ruler", ["---,---,-----", ":---,:---:,---", '"====","====","===="'])
def test_a_line_of_dashes_under_the_header_is_no_record(read, ruler):
    found = read(f"id,name,town\n{ruler}\n1,Ann,Hove\n2,Bob,Leeds\n")
    assert rows(found) == [("1", "Ann", "Hove"), ("2", "Bob", "Leeds")]
    assert found.facts.lines == {"header": 2, "record": 2}


def test_a_record_of_dashes_that_say_nothing_is_still_a_record(read):
    assert read("id,name,town\n-,-,-\n1,Ann,Hove\n---,---,---\n").facts.records == 3


@pytest.mark.parametrize("stem", ["Q", "q_", "", "Item "])
def test_a_run_of_numbered_names_is_a_header(read, stem):
    names = ["id", "ward", *[f"{stem}{number}" for number in range(1, 13)]]
    found = read(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n")
    assert (found.facts.columns, found.facts.records) == (tuple(names), 1)


@pytest.mark.parametrize("row", ["id,A1,A3,A2", "A1,A2,A3,A4", "id,A1,B2,C3", "Ann,Q1,Q1,Q2"])
def test_codes_that_are_no_run_are_no_header(read, row):
    with pytest.raises(HeaderMissing):
        read(row + "\n" + row.replace("A", "D") + "\n")
