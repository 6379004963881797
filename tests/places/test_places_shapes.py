"""AddressBase, Open UPRN and bad gazetteers: what each row stands for, and what it may answer."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from places_cases import answers, as_table, said

from sharewell.places.addressbase import PLUS
from sharewell.places.gazetteer import Gazetteer, load_gazetteer, prepare_gazetteer
from sharewell.store.duckdb import DuckDB
from sharewell.vocab.errors import GazetteerInvalid

HIGH = "ZZ1 1AA"
_CORE = (
    "UPRN,PARENT_UPRN,UDPRN,USRN,TOID,CLASSIFICATION_CODE,EASTING,NORTHING,LATITUDE,LONGITUDE,RPC,"
    "LAST_UPDATE_DATE,SINGLE_LINE_ADDRESS,PO_BOX,ORGANISATION,SUB_BUILDING,BUILDING_NAME,BUILDING_NUMBER,"
    "STREET_NAME,LOCALITY,TOWN_NAME,POST_TOWN,ISLAND,POSTCODE,DELIVERY_POINT_SUFFIX,GSS_CODE,CHANGE_CODE"
)
CORE = _CORE.split(",")
LIVING = {
    "UPRN": "100", "CHANGE_TYPE": "I", "STATE": "2", "CLASS": "RD06", "PARENT_UPRN": "99",
    "X_COORDINATE": "530000.50", "Y_COORDINATE": "180000", "SUB_BUILDING_NAME": "FLAT 2",
    "BUILDING_NUMBER": "20", "SAO_START_NUMBER": "2", "PAO_START_NUMBER": "20", "PAO_TEXT": "TY GWYN",
    "STREET_DESCRIPTION": "CHURCH ROAD", "ALT_LANGUAGE_STREET_DESCRIPTION": "HEOL YR EGLWYS",
    "THOROUGHFARE": "CHURCH ROAD", "WELSH_THOROUGHFARE": "HEOL YR EGLWYS", "TOWN_NAME": "SANDHAM",
    "POST_TOWN": "SANDHAM", "WELSH_POST_TOWN": "TYWOD", "POSTCODE": HIGH, "POSTCODE_LOCATOR": HIGH,
}  # fmt: skip
PLUS_ROWS = (
    LIVING,
    {**LIVING, "UPRN": "101", "SAO_START_NUMBER": "3", "SAO_START_SUFFIX": "A",
     "SUB_BUILDING_NAME": "FLAT 3A"},
    {**LIVING, "UPRN": "99", "PARENT_UPRN": "", "CLASS": "PP", "SAO_START_NUMBER": "",
     "SUB_BUILDING_NAME": ""},
    {"UPRN": "102", "STATE": "6", "CLASS": "RD04", "PAO_START_NUMBER": "30", "PAO_END_NUMBER": "32",
     "STREET_DESCRIPTION": "CHURCH ROAD", "TOWN_NAME": "SANDHAM", "POSTCODE_LOCATOR": HIGH},
    {"UPRN": "103", "STATE": "2", "CLASS": "PS", "PAO_TEXT": "STREET RECORD",
     "STREET_DESCRIPTION": "CHURCH ROAD", "TOWN_NAME": "SANDHAM", "POSTCODE_LOCATOR": ""},
)  # fmt: skip


def write_plus(path: Path, *, header: bool) -> Path:
    rows = [[row.get(name, "") for name in PLUS] for row in PLUS_ROWS]
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC if not header else csv.QUOTE_MINIMAL)
        writer.writerows([PLUS, *rows] if header else rows)
    return path


def loaded(engine: DuckDB, headings: str, *rows: tuple[object, ...]) -> Gazetteer:
    return prepare_gazetteer(engine.load("raw", as_table(headings.split("|"), rows)))


def test_addressbase_core_is_read_by_its_published_columns(engine: DuckDB, tmp_path: Path):
    filled = {"PARENT_UPRN": "10", "CLASSIFICATION_CODE": "RD", "SINGLE_LINE_ADDRESS": "", "POSTCODE": HIGH}
    texts = {
        "11": "FLAT 1, 20 HIGH STREET, SANDHAM, ZZ1 1AA",
        "12": "FLAT 2, 20 HIGH STREET, SANDHAM, ZZ1 1AA",
    }
    rows = [{**filled, "UPRN": uprn, "SINGLE_LINE_ADDRESS": text} for uprn, text in texts.items()]
    with (tmp_path / "AddressBaseCore_FULL.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, CORE)
        writer.writeheader()
        writer.writerows(rows)
    gazetteer = load_gazetteer(tmp_path / "AddressBaseCore_FULL.csv", engine)
    found = answers(engine, gazetteer, [("2, 20 High St", HIGH), ("20 High Street", HIGH)])
    assert [said(row) for row in found] == [("unit", "12"), ("building", "10")]


@pytest.mark.parametrize(("name", "header"), [("p.csv", True), ("p.csv", False), ("p.csv.gz", False)])
def test_addressbase_plus_is_read_with_its_header_and_without(
    engine: DuckDB, tmp_path: Path, name: str, header: bool
):
    gazetteer = load_gazetteer(write_plus(tmp_path / name, header=header), engine)
    asked = [
        ("Flat 2, Ty Gwyn, 20 Church Road", HIGH), ("Flat 2, 20 Heol Yr Eglwys, Tywod", HIGH),
        ("3A, 20 Church Road", HIGH), ("20 Church Road", HIGH), ("30 Church Road", HIGH),
        ("Church Road", HIGH),
    ]  # fmt: skip
    found = answers(engine, gazetteer, asked)
    assert [said(row) for row in found] == [
        ("unit", "100"), ("unit", "100"), ("unit", "101"),
        ("building", "99"), ("unit", "102"), ("none", None),
    ]  # fmt: skip
    assert str(found[4]["evidence"]).endswith("+provisional")
    places = engine.fetch("SELECT DISTINCT easting, northing FROM gazetteer WHERE uprn = '100'").to_pylist()
    assert places == [{"easting": 530000.5, "northing": 180000.0}]
    assert "103" not in engine.fetch("SELECT uprn FROM gazetteer").column(0).to_pylist()


def test_open_uprn_gives_coordinates_and_is_no_gazetteer_alone(engine: DuckDB, tmp_path: Path):
    points, file = tmp_path / "osopenuprn.csv", tmp_path / "gazetteer.csv"
    points.write_text(
        "UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\n7,358260.66,172796.5,51.4,-2.6\n8,1,2,3,4\n"
    )
    file.write_text("uprn,address,postcode\n007,12 High Street,ZZ1 1AA\n9,14 High Street,ZZ1 1AA\n")
    with pytest.raises(GazetteerInvalid) as refused:
        load_gazetteer(points, engine)
    assert "coordinates" in refused.value.next_step
    gazetteer = load_gazetteer(file, engine, coordinates=points)
    rows = engine.fetch(f"SELECT uprn, easting, northing FROM {gazetteer.relation.name} ORDER BY uprn")
    assert rows.to_pylist() == [
        {"uprn": "7", "easting": 358260.66, "northing": 172796.5},
        {"uprn": "9", "easting": None, "northing": None},
    ]
    with pytest.raises(GazetteerInvalid):
        load_gazetteer(file, engine, coordinates=file)


def test_what_is_gone_answers_only_where_nothing_stands(engine: DuckDB):
    gazetteer = loaded(
        engine, "uprn|address|postcode|logical_status",
        (1, "12 High Street, Sandham", HIGH, 1), (2, "12 High Street, Sandham", HIGH, 8),
        (3, "14 High Street, Sandham", HIGH, 8), (4, "16 High Street, Sandham", HIGH, 6),
        (5, "18 High Street, Sandham", HIGH, 9), (1, "The Forge, High Street, Sandham", HIGH, 3),
        (1, "The Old Smithy, High Street, Sandham", HIGH, 8),
    )  # fmt: skip
    asked = [
        "12 High Street",
        "14 High Street",
        "16 High Street",
        "18 High Street",
        "The Forge",
        "The Old Smithy",
    ]
    found = answers(engine, gazetteer, [(text, HIGH) for text in asked])
    assert [said(row) for row in found] == [
        ("unit", "1"), ("unit", "3"), ("unit", "4"), ("none", None), ("unit", "1"), ("unit", "1"),
    ]  # fmt: skip
    told = [str(row["evidence"]).rpartition("+")[2] for row in found]
    assert (told[1], told[2], told[5]) == ("historic", "provisional", "historic")
    assert not {told[0], told[4]} & {"historic", "provisional"}


def test_a_home_is_preferred_to_a_shop_and_what_is_approved_to_what_is_planned(engine: DuckDB):
    gazetteer = loaded(
        engine, "uprn|address|postcode|class|status",
        (1, "12 High Street", HIGH, "CR08", "approved"), (2, "12 High Street", HIGH, "RD04", "approved"),
        (3, "14 High Street", HIGH, "RD04", "provisional"), (4, "14 High Street", HIGH, "RD04", "approved"),
        (5, "16 High Street", HIGH, "CR08", "approved"),
        (6, "Cut Above, 18 High Street", HIGH, "CR08", "approved"),
    )  # fmt: skip
    asked = [
        "12 High St",
        "12 High Street",
        "14 High St",
        "14 High Street",
        "16 High Street",
        "Cut Above, High St",
    ]
    found = answers(engine, gazetteer, [(text, HIGH) for text in asked])
    assert [row["uprn"] for row in found] == ["2", "2", "4", "4", "5", "6"]
    assert all("provisional" not in str(row["evidence"]) for row in found)


def test_garages_streets_and_telephone_boxes_are_nobodys_home(engine: DuckDB):
    gazetteer = loaded(
        engine, "uprn|address|postcode|class",
        (1, "High Street", HIGH, "PS"), (2, "Telephone Box, High Street", HIGH, "CU11"),
        (3, "12 High Street", HIGH, "RG02"), (4, "Garage 3, 14 High Street", HIGH, "RG02"),
        (5, "Garage 3, 16 High Street", HIGH, "RG02"), (6, "16 High Street", HIGH, "RD04"),
        (7, "Flat 1, 18 High Street", HIGH, "RD06"), (8, "Flat 1, 18 High Street", HIGH, "RC"),
    )  # fmt: skip
    asked = ["High Street", "Telephone Box, High Street", "12 High Street", "14 High Street",
             "Garage 3, 14 High Street", "16 High Street", "Garage 3, 16 High Street",
             "Flat 1, 18 High St"]  # fmt: skip
    found = answers(engine, gazetteer, [(text, HIGH) for text in asked])
    assert [row["uprn"] for row in found] == [None, "2", None, None, "4", "6", "5", "7"]


def test_variants_answer_one_uprn_wherever_their_postcodes_differ(engine: DuckDB):
    gazetteer = loaded(
        engine, "uprn|address|postcode",
        (1, "12 High Street", HIGH), (1, "12 High Street", "ZZ1 1AB"), (1, "12 High Street", "QQ9 9QQ"),
    )  # fmt: skip
    asked = [("12 High Street", "ZZ1 1AB"), ("12 High Street", "QQ9 9QQ"), ("12 High Street", "")]
    assert [said(row) for row in answers(engine, gazetteer, asked)] == [("unit", "1")] * 3


def test_a_gazetteer_without_postcodes_is_searched_by_number_and_word(engine: DuckDB):
    gazetteer = loaded(engine, "uprn|address", (1, "12 High Street, Sandham"), (2, "14 Mill Lane, Sandham"))
    asked = [("12 High St, Sandham", HIGH), ("14 Mill Lane", ""), ("13 Mill Lane", "")]
    assert [said(row) for row in answers(engine, gazetteer, asked)] == [
        ("unit", "1"),
        ("unit", "2"),
        ("none", None),
    ]


def test_a_gazetteer_of_what_is_gone_is_refused(engine: DuckDB):
    with pytest.raises(GazetteerInvalid) as refused:
        loaded(engine, "uprn|address|postcode|status", (1, "12 High Street", HIGH, "historical"))
    assert refused.value.where.column == "status"
