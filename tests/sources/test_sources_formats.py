"""Workbooks, JSON and Parquet: the same text, the same numbering, whatever the file is called."""

from __future__ import annotations

import base64
import datetime
import io
import zipfile
import zlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

XLS = (
    "c-rk)OK4L;6g~5jG#~P<sn7}`6s%g?g$U}VO)b@~QmQWeAjHH(651s4k}h<i)taRsx>8(Ns0$IQZv3DN-6;qaT?j%U(WNUv!9|<r"
    "otqa)BT55WsLTm-=FXkDGdFYR^WJ;25Gc<+=&GOzgRr1#IMLRi6O^3wf*(|G7*ed~4oZf?x`NX|fo!wkspqv_#!$w)0uA@AFNlGU"
    "l#b&x#`3vTcnvYkKE#FeVSrfRCTYCrWUtzpPcm;{zQ-+}F%PlkGV=hnEsJAVh>Z2_F<0>st()t-ko`Vln-8qnfeyTstN8pCQEO|%"
    "UOf|^TxS&_s~dBmfR3heDP5L*xD6L@l+YiI_K%E|5u{+x;hPZ#zSej3^RUvdtzLli-&gAGztKA=h|T(IniZIaae_BV32ua}vc`(Z"
    "Orf}h-LP^AGW@x8A(orUCQ>@Bjlz_ki)T|FAQ>;FV);|CL`E;BZNQ;yrkHlg)1FTU|BBPW!@I^!oP>|%0Ph_?xwmxZ%iCyTJQ8Eg"
    "G~Woddt<Y769z6w3o`a{jmB)D)XVaA=8N3xCYHOHgS4<I?-}nfh5a+!<`UQT&^S98?;=|o<gFx^J|B1-Dt(G<BYA$bayB^sJ~E4L"
    "y2p}aFMl)W6Mf>wb%`gDdM?Z}W|6t`m-EJ<`Ay#q^K$fISxzw_z+5ZI*%3cWnmJd}S~OW(XikJ_?YO(^mNqPH1ot3k=$s}?8u@kg"
    "mB66Zj)y#bLk%~y3knJf3JMAe3JMB;f-s-LE#^yt&3wwYo8NVoDOJ^HlK&P5k*8mgUMlw?N4btOEv=u8u!(wKVwE=a?}ZYFX>=VE"
    "NU$FhEw5jCOB0R%XVr%Ozqf^29lzR&pZ|FLAGpri0{"
)
"""A workbook of Excel 97 with one sheet and one record, packed."""


def rows(read_):
    return [tuple(row.values())[2:] for row in read_.kept.arrow().to_pylist()]


def places(read_):
    return [(row["source_row"], row["line"]) for row in read_.kept.arrow().to_pylist()]


def book(**sheets) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, cells in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in cells:
            sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def test_excel_cells_become_the_text_they_stand_for(read):
    content = book(
        list=[
            ["nhs_number", "date_of_birth", "seen", "carer", "share", "note", "at"],
            [
                9999668577,
                datetime.date(1980, 3, 4),
                datetime.datetime(2020, 4, 1, 9, 30),
                True,
                0.25,
                "007",
                None,
            ],
            [9999668585, datetime.datetime(1980, 3, 4), None, False, 1e20, " x ", datetime.time(9, 30)],
        ]
    )
    assert rows(read(content, "list.xlsx")) == [
        ("9999668577", "1980-03-04", "2020-04-01T09:30:00", "true", "0.25", "007", ""),
        ("9999668585", "1980-03-04", "", "false", "1e+20", " x ", "09:30:00"),
    ]


def test_an_excel_header_is_found_below_titles_and_records_keep_their_rows(read):
    content = book(
        list=[
            ["Shielding list", None, None],
            ["Run on", datetime.date(2020, 4, 1), None],
            [],
            ["NHS Number", "Surname", "Date of birth"],
            [9999668577, "Smith", None],
            [],
            ["NHS number", "surname", "date of birth"],
            [9999668585, "Jones", None],
            ["Total", 2],
        ]
    )
    found = read(content, "list.xlsx")
    assert rows(found) == [("9999668577", "Smith", ""), ("9999668585", "Jones", "")]
    assert places(found) == [(1, 5), (2, 8)]
    assert found.facts.lines == {
        "record": 2, "title": 2, "header": 1, "blank": 2, "repeated_header": 1, "footer": 1,
    }  # fmt: skip
    assert found.facts.header_line == 4


def test_the_first_sheet_with_a_table_is_read_unless_one_is_named(read):
    table = [["id", "name"], ["1", "Ann"]]
    content = book(
        Cover=[["Confidential"], ["Prepared by Jo for the council"]],
        List=table,
        Old=[["id", "name"], ["2", "Bob"]],
    )
    found = read(content, "list.xlsx")
    assert rows(found) == [("1", "Ann")]
    assert [note.code for note in found.notes] == ["other_sheets"]
    assert rows(read(content, "list.xlsx", sheet="Old")) == [("2", "Bob")]


def test_a_sheet_of_one_column_is_read(read):
    found = read(book(list=[["address"], ["1 High Street"], ["2 High Street"]]), "list.xlsx")
    assert rows(found) == [("1 High Street",), ("2 High Street",)]


def test_a_workbook_is_known_by_its_content(read):
    assert read(book(list=[["id", "name"], ["1", "Ann"]]), "list.csv").facts.format == "xlsx"


def test_excel_97_is_read(read):
    found = read(zlib.decompress(base64.b85decode(XLS)), "list.xls")
    assert found.facts.format == "xls"
    assert rows(found) == [("9999668577", "Smith", "1980-03-04")]


def test_open_document_is_read(read):
    def cell(text):
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    lines = "".join(
        f"<table:table-row>{cell(a)}{cell(b)}</table:table-row>" for a, b in [("id", "name"), ("1", "Zoë")]
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="list">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    found = read(file.getvalue(), "list.ods")
    assert found.facts.format == "ods"
    assert rows(found) == [("1", "Zoë")]


def test_json_lines_keep_numbers_as_written_and_name_nested_values_with_dots(read):
    found = read(
        '{"id": 1, "born": "1980-01-01", "share": 0.10, "home": {"postcode": "BN1 1AA"}}\n'
        "\n"
        '{"id": 2, "carer": true, "tags": ["a", "b"], "home": {}}\n'
        '{"id": 3, "born": \n',
        "list.jsonl",
    )
    assert found.facts.columns == ("id", "born", "share", "home.postcode", "carer", "tags", "home")
    assert rows(found) == [
        ("1", "1980-01-01", "0.10", "BN1 1AA", None, None, None),
        ("2", None, None, None, "true", '["a", "b"]', "{}"),
    ]
    assert places(found) == [(1, 1), (2, 3)]
    [aside] = found.set_aside.arrow().to_pylist()
    assert (aside["source_row"], aside["line"], aside["reasons"]) == (3, 4, ["bad_json"])
    assert aside["raw"] == '{"id": 3, "born": '
    assert found.facts.lines == {"record": 2, "blank": 1, "set_aside": 1}


def test_a_json_array_of_objects_is_read(read):
    found = read('[{"id": "1", "name": null},\n {"id": "2", "name": "Bob"}, 7]', "list.json")
    assert rows(found) == [("1", None), ("2", "Bob")]
    assert found.set_aside.count() == 1
    assert found.facts.records == 3


def test_a_name_given_twice_in_an_object_loses_no_value(read):
    found = read('{"id": "1", "id": "2"}\n{"id": "3"}\n', "list.jsonl")
    assert rows(found) == [("3",)]
    assert found.set_aside.count() == 1


def test_parquet_columns_of_any_type_become_text(read):
    table = pa.table(
        {
            "nhs_number": pa.array([9999668577.0, None]),
            "uprn": pa.array([10001, 10002], pa.int64()),
            "born": pa.array([datetime.date(1980, 3, 4), None]),
            "seen": pa.array([datetime.datetime(2020, 4, 1, 9, 30), datetime.datetime(2020, 4, 1)]),
            "carer": pa.array([True, False]),
            "share": pa.array([0.5, float("nan")]),
            "name": pa.array(["Zoë", " Ann "]).dictionary_encode(),
            "tags": pa.array([["a"], None]),
        }
    )
    file = io.BytesIO()
    pq.write_table(table, file)
    found = read(file.getvalue(), "list.parquet")
    assert rows(found) == [
        ("9999668577", "10001", "1980-03-04", "2020-04-01T09:30:00", "true", "0.5", "Zoë", '["a"]'),
        (None, "10002", None, "2020-04-01", "false", None, " Ann ", None),
    ]
    assert places(found) == [(1, None), (2, None)]


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xlsx"])
def test_a_list_reads_the_same_from_every_format(read, kind):
    content: str | bytes = {
        "csv": "id,name\n1,Ann\n2,Zoë\n",
        "jsonl": '{"id": "1", "name": "Ann"}\n{"id": "2", "name": "Zoë"}\n',
        "xlsx": book(list=[["id", "name"], [1, "Ann"], [2, "Zoë"]]),
    }[kind]
    assert rows(read(content, f"list.{kind}")) == [("1", "Ann"), ("2", "Zoë")]
