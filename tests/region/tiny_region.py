"""A tiny region written by hand, in the files and columns of a real one, so that every figure is known."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sharewell.demo.region.describe.terms import ACCOMMODATION, BANDS, SIZES, TENURES

AS_OF = date(2021, 3, 21)
HOMES = 240
AREAS = ("M00000001", "M00000002", "M00000003", "M00000004")
DISTRICT = dict(zip(AREAS, ("D1", "D1", "D2", "D2"), strict=True))
NAMES = {"D1": "Oldbeck", "D2": "Newbeck & Moor"}
LISTS = ("gp_register", "council_tax", "assisted_bins")
NOTE = "Every person, number and UPRN is made up."
ATTRIBUTION = "Shares rounded from Census 2021 (ONS, Open Government Licence v3.0)."


def uprn(home: int) -> str:
    return f"9990000{home:05d}"


def area_of(home: int) -> str:
    return AREAS[home * len(AREAS) // HOMES]


def people() -> list[dict]:
    """Homes hold one to four people each; one home in twenty has also somebody who died or left."""
    rows = []
    for home in range(HOMES):
        for at in range(home % 4 + 1):
            rows.append(
                person(len(rows), home, born=date(2020 - (home * 7 + at * 23) % 97, 1 + home % 12, 21))
            )
        if home % 20 == 0:
            gone = {"died_on": date(2021, 1, 5)} if home % 40 else {"left_on": date(2021, 1, 5), "uprn": ""}
            rows.append(person(len(rows), home, is_resident=False, **gone))
    return rows


def person(at: int, home: int, **own: object) -> dict:
    return {
        "person": f"P{at:06d}", "household": f"H{home:05d}", "uprn": uprn(home), "area": area_of(home),
        "district": DISTRICT[area_of(home)], "sex": "12"[at % 2], "born": date(1980, 3, 21), "died_on": None,
        "left_on": None, "is_resident": True, **own,
    }  # fmt: skip


def households() -> list[dict]:
    return [
        {
            "household": f"H{home:05d}", "uprn": uprn(home), "area": area_of(home),
            "district": DISTRICT[area_of(home)], "size": home % 4 + 1, "tenure": TENURES[home % 3],
            "accommodation": ACCOMMODATION[home % 5],
        }
        for home in range(HOMES)
    ]  # fmt: skip


def band(born: date) -> str:
    age = AS_OF.year - born.year - ((born.month, born.day) > (AS_OF.month, AS_OF.day))
    return BANDS[min(age, 90) // 5]


def margins(of_people: list[dict], of_homes: list[dict]) -> list[dict]:
    """What was made is what is published, but for D2's tenure, and its sizes, of which nothing is."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for row in of_people:
        if row["is_resident"]:
            for level in ("area", "district"):
                found[level, row[level], "age", band(row["born"])] += 1
            found["district", row["district"], "sex_by_age", f"{row['sex']} {band(row['born'])}"] += 1
    for row in of_homes:
        for level in ("area", "district"):
            found[level, row[level], "accommodation", row["accommodation"]] += 1
            is_off = row["district"] == "D2" and row["tenure"] == TENURES[0]
            found[level, row[level], "tenure", TENURES[7] if is_off else row["tenure"]] += 1
        if row["district"] == "D1":
            found["district", "D1", "household_size", SIZES[row["size"] - 1]] += 1
    return [
        {"level": level, "area": area, "margin": margin, "category": category, "target": float(n)}
        for (level, area, margin, category), n in found.items()
    ]


def truth(of_people: list[dict]) -> list[dict]:
    """The GP register has everybody, every tenth next door; council tax one a home; bins one in eight."""
    heads = {row["household"]: row for row in reversed(of_people)}
    held = {
        "gp_register": of_people,
        "council_tax": list(heads.values()),
        "assisted_bins": [row for row in of_people if int(row["person"][1:]) % 8 == 0],
    }
    rows = []
    for name in LISTS:
        for at, row in enumerate(held[name], start=1):
            home = int(row["household"][1:])
            moved = name == "gp_register" and at % 10 == 0
            rows.append(
                {
                    "list": name, "source_row": at, "person": row["person"], "household": row["household"],
                    "uprn": uprn(home + 1 if moved else home),
                    "class": "father_and_son" if at % 50 == 0 else "",
                }
            )  # fmt: skip
    return rows


def gazetteer(path: Path) -> None:
    """Two towns: D1 around one spot, D2 a hundred kilometres north; the last home is too new to be known."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["uprn", "usage", "building_name", "easting", "northing"])
        rows.writerow(["999000099999", "Parent shell", 'The "Old" Mill, North', "400000", "400000"])
        for home in range(HOMES - 1):
            far = 100_000 if DISTRICT[area_of(home)] == "D2" else 0
            rows.writerow(
                [uprn(home), "Residential", "", 400_000 + home % 12 * 130, 400_000 + far + home // 12 * 90]
            )


def about(rows: list[dict]) -> dict:
    dirt = {
        "gp_register": {
            "phone_missing": {"could": 2000, "has": 350, "target": 0.17},
            "day_month_swapped": {"could": 4000, "has": 500, "target": 0.10},
            "rare": {"could": 500, "has": 12, "target": 0.01},
        }
    }
    counts = Counter(row["list"] for row in rows)
    return {
        "sharewell": "region/1", "version": "0.1.0", "seed": 7, "as_of": AS_OF.isoformat(), "residents": 600,
        "people_known": 612, "areas": 4, "is_reference": False, "attribution": ATTRIBUTION, "note": NOTE,
        "addresses": HOMES, "districts": NAMES,
        "lists": {
            name: {"file": f"lists/{name}.csv", "sender": "council", "rows": counts[name],
                   "as_of": "2021-03-21", "columns": ["a"], "dirt": dirt.get(name, {})}
            for name in LISTS
        },
        "hard": {
            "father_and_son": {"rate": 1.5, "per": "thousand", "what": "A father and a son of one name."},
            "shared_mobile": {"rate": 6.0, "per": "thousand", "what": "One phone for a household."},
        },
    }  # fmt: skip


def write_region(folder: Path) -> Path:
    of_people, of_homes = people(), households()
    rows = truth(of_people)
    (folder / "lists").mkdir(parents=True)
    for name in LISTS:
        (folder / "lists" / f"{name}.csv").write_text("a\r\n", encoding="utf-8")
    errors = [{"list": "gp_register", "source_row": at + 1, "column": "phone", "kind": "phone_missing",
               "before": "x", "after": ""} for at in range(50)]  # fmt: skip
    pairs = [{"class": "father_and_son", "person": "P000001", "other": "P000002"}]
    tables = {
        "people": of_people, "households": of_homes, "truth": rows, "errors": errors, "pairs": pairs,
        "margins": margins(of_people, of_homes),
    }  # fmt: skip
    for name, held in tables.items():
        pq.write_table(pa.Table.from_pylist(held), folder / f"{name}.parquet")
    gazetteer(folder / "gazetteer.csv")
    (folder / "region.json").write_text(json.dumps(about(rows)), encoding="utf-8")
    return folder
