"""Write the town's lists to files in the forms that services really send, and the truth beside them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sharewell.demo.scribe import MadeList
from sharewell.demo.terms import Home, Town
from sharewell.demo.town import TOWN_NAME

GAZETTEER = "gazetteer.csv"
TRUTH = "truth.parquet"


def write_lists(lists: Sequence[MadeList], inbox: Path) -> None:
    """Write each list into its organisation's folder of the inbox."""
    for made in lists:
        folder = inbox / made.organisation
        folder.mkdir(parents=True, exist_ok=True)
        (folder / made.file).write_bytes(_content(made))


def write_truth(lists: Sequence[MadeList], town: Town, path: Path) -> None:
    """Write who and where every row of every list truly is: list, source_row, person, uprn."""
    rows = [
        (made.name, place + 1, f"T{row.person:07d}", town.homes[row.home].uprn)
        for made in lists
        for place, row in enumerate(made.rows)
    ]
    columns = list(zip(*rows, strict=True))
    pq.write_table(pa.table(dict(zip(("list", "source_row", "person", "uprn"), columns, strict=True))), path)


def write_gazetteer(town: Town, path: Path) -> None:
    """Write the town's addresses in the shape of a local gazetteer, blocks and flats."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = (
        "uprn,parentuprn,subname,name,number,streetname,locality,townname,postcode,ward,classificationcode"
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(header + "\r\n")
        csv.writer(file).writerows(_gazetteer_row(home) for home in town.homes)


def _gazetteer_row(home: Home) -> tuple[str, ...]:
    return (
        home.uprn,
        home.parent or "",
        home.unit or "",
        home.building or "",
        home.number,
        home.street,
        "",
        TOWN_NAME,
        home.postcode,
        home.ward,
        "PP" if home.is_block else "RD06" if home.unit else "RD04",
    )


def _content(made: MadeList) -> bytes:
    match made.name:
        case "council-tax":
            return _workbook(made)
        case "housing-tenancy":
            return "".join(json.dumps(dict(row.cells)) + "\n" for row in made.rows).encode()
        case "food-hub":
            return _text(made, delimiter="\t").encode("utf-16")
        case "assisted-bins":
            return _text(made, delimiter=";").encode("cp1252", errors="replace")
        case "adult-social-care":
            title = "Client Level Data,,\r\nMarlbeck Council - produced for internal use,,\r\n\r\n"
            return (title + _text(made)).encode()
        case "shielded-patient-list":
            return _text(made).encode("utf-8-sig")
        case _:
            return _text(made).encode()


def _text(made: MadeList, delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(made.rows[0].cells), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(row.cells for row in made.rows)
    return text.getvalue()


def _workbook(made: MadeList) -> bytes:
    """Return an Excel workbook with a cover sheet's worth of title rows above the header."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Extract")
        sheet.write(0, 0, "Council Tax - liable persons")
        sheet.write(1, 0, f"Run on {made.as_of:%d/%m/%Y}")
        sheet.write_row(3, 0, list(made.rows[0].cells))
        for place, row in enumerate(made.rows):
            sheet.write_row(4 + place, 0, list(row.cells.values()))
    return content.getvalue()
