"""A made-up crowd in households, with the slips that lists have and the truth in the ninth place."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pyarrow as pa

from sharewell.people.link import Linkage

COLUMNS = ("source", "source_row", "first_name", "surname", "date_of_birth", "postcode", "uprn", "nhs_number")
Row = Sequence[object]


def records_table(rows: Sequence[Row]) -> pa.Table:
    kinds = [(name, pa.int64() if name == "source_row" else pa.string()) for name in COLUMNS]
    padded = [[*row, *[None] * (len(COLUMNS) - len(row))] for row in rows]
    columns = list(zip(*padded, strict=True)) if rows else [[]] * len(COLUMNS)
    return pa.table(
        [pa.array(column, kind) for column, (_, kind) in zip(columns, kinds, strict=True)], COLUMNS
    )


def people_of(linkage: Linkage) -> dict[tuple[str, int], str]:
    rows = linkage.linked.arrow().to_pylist()
    return {(row["source"], row["source_row"]): row["person"] for row in rows}


NAMES = "Ann Ben Cara Dev Ella Femi Grace Hal Ines Jon Kay Leo Mia Ned Ola Pia Quin Ray Sam Tia Uma Vic"
FIRST = NAMES.split()
LAST = [
    a + b
    for a in ["Hart", "Moor", "Wal", "Stan", "Brad", "Ash", "Pen", "Thorn"]
    for b in ["ley", "ton", "field", "well", "ham", "ford", "by", "worth"]
]


def crowd(people: int, lists: int) -> list[tuple[object, ...]]:
    draw = random.Random(7)
    rows: list[tuple[object, ...]] = []
    for person in range(people):
        home = person // 3
        family = random.Random(home)
        surname = family.choice(LAST)
        first = draw.choice(FIRST) + draw.choice(("", "ie", "ette", "son", "a"))
        born = f"{draw.randrange(1930, 2020)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        for number in range(lists):
            rows.append(
                (
                    f"list{number}",
                    person + 1,
                    _slip(first, draw),
                    _slip(surname, draw),
                    None if draw.random() < 0.1 else born,
                    f"E{home % 9 + 1} {home % 7 + 1}AA",
                    str(100000000000 + home),
                    None,
                    str(person),
                )
            )
    return rows


def _slip(word: str, draw: random.Random) -> str:
    if draw.random() > 0.08:
        return word
    place = draw.randrange(len(word))
    return word[:place] + draw.choice("aeirst") + word[place + 1 :]
