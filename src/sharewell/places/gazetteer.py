"""Load a place's address gazetteer, in any of the three shapes places have, and make it ready to match.

The shapes: one address string per row; AddressBase-like parts; the Local Land and Property Gazetteer (LLPG)
export. A UPRN may have several rows, which are variants of one address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sharewell.places.index import Index, build_index
from sharewell.places.parse import parse
from sharewell.places.split import joined, squeezed, tokens_query
from sharewell.places.tokens import Lexicon, read_atoms
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.vocab.errors import GazetteerInvalid, Where

PARTS = ("subname", "name", "number", "streetname", "locality", "townname")
LLPG_PARTS = ("unitname", "unitnumber", "buildingname", "buildingnumber", "street", "locality", "town")
LLPG_LINES = ("line1", "line2", "line3", "line4", "town")

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "uprn": ("uprn",),
    "address": (
        "address", "addressconcat", "fulladdress", "addressstring", "addresstext", "singlelineaddress",
    ),
    "postcode": ("postcode", "addresspostcode", "postcodelocator"),
    "parentuprn": ("parentuprn", "parent"),
    "class": ("classificationcode", "blpuclass", "class", "classification"),
    "status": ("status", "logicalstatus", "lpilogicalstatus"),
    "ward": ("ward", "wardcode", "wardname"),
    "subname": ("subname",), "name": ("name",), "number": ("number",), "streetname": ("streetname",),
    "locality": ("locality", "localityname"), "townname": ("townname",),
    "unitnumber": ("unitnumber", "unitno", "saonumber"), "unitname": ("unitname", "saotext", "saoname"),
    "buildingnumber": ("buildingnumber", "buildingno", "paonumber"),
    "buildingname": ("buildingname", "paotext", "paoname"),
    "street": ("street", "streetdescription", "streetdescriptor", "streetname"),
    "town": ("town", "townname", "posttown"),
    "line1": ("line1", "addressline1"), "line2": ("line2", "addressline2"),
    "line3": ("line3", "addressline3"), "line4": ("line4", "addressline4"),
}  # fmt: skip
"""Headings of each column, as letters and digits only: case, spaces and underscores do not matter."""

RETIRED = r"^(hist|rejected|[789]$)"
"""LPI logical statuses that no longer stand for a place (BS 7666 part 2: 8 historical, 7 and 9 rejected)."""


@dataclass(frozen=True)
class Gazetteer:
    """A gazetteer ready to match.

    ``relation`` has ``row, uprn, parent, text, postcode, shell, ward``, one row per usable row of the file.
    """

    relation: Relation
    index: Index

    @property
    def engine(self) -> Engine:
        """Return the engine its rows are in."""
        return self.relation.engine


def load_gazetteer(path: Path, engine: Engine, table: str = "gazetteer") -> Gazetteer:
    """Read a gazetteer file (CSV, compressed CSV, Parquet) and make it ready to match.

    Raises GazetteerInvalid when it has no column of UPRNs or of addresses, or none that can be used.
    """
    from sharewell.sources.read import read_source

    read = read_source(path, engine, f"{table}__raw")
    try:
        return prepare_gazetteer(read.kept, table, file=path.name)
    finally:
        read.kept.drop()
        read.set_aside.drop()


def prepare_gazetteer(raw: Relation, table: str = "gazetteer", *, file: str | None = None) -> Gazetteer:
    """Make a gazetteer's raw rows ready to match, as table ``table``. Rows without a valid UPRN are left out.

    Raises GazetteerInvalid.
    """
    columns = _columns(raw.columns)
    address = _address(columns, file)
    relation = raw.engine.create(table, _rows_query(raw, columns, address))
    if relation.count() == 0:
        raise GazetteerInvalid(
            "No row of the gazetteer has both a valid UPRN (1 to 12 digits) and an address.",
            "Check that its UPRN column holds UPRNs as digits and that its address columns are filled in.",
            Where(file=file, column=columns.get("uprn")),
        )
    return Gazetteer(relation, _index(relation))


def _columns(names: Sequence[str]) -> dict[str, str]:
    """Return the file's column for each meaning it has."""
    plain = {"".join(letter for letter in name.lower() if letter.isalnum()): name for name in reversed(names)}
    return {
        meaning: next(plain[heading] for heading in headings if heading in plain)
        for meaning, headings in SYNONYMS.items()
        if any(heading in plain for heading in headings)
    }


def _address(columns: Mapping[str, str], file: str | None) -> str:
    """Return SQL for a row's address, whichever the file's shape."""
    if "uprn" not in columns:
        raise GazetteerInvalid(
            "The gazetteer has no column called uprn.",
            "Rename the column that holds the UPRNs to uprn, or export it again with UPRNs.",
            Where(file=file, column="uprn"),
        )
    if "address" in columns:
        return joined([columns["address"]])
    if "streetname" in columns and ("number" in columns or "name" in columns):
        return joined([columns[part] for part in PARTS if part in columns])
    parts = joined([columns[part] for part in LLPG_PARTS if part in columns])
    lines = joined([columns[line] for line in LLPG_LINES if line in columns])
    if "street" in columns and ("buildingnumber" in columns or "buildingname" in columns):
        named = joined([columns[p] for p in ("buildingname", "buildingnumber", "unitnumber") if p in columns])
        return (
            f"CASE WHEN {named} = '' AND {lines} <> '' THEN {lines} ELSE {parts} END"
            if "line1" in columns
            else parts
        )
    if "line1" in columns:
        return lines
    raise GazetteerInvalid(
        "The gazetteer has no column of addresses.",
        "It needs a column called address, or number, streetname and townname, or line1 to line4.",
        Where(file=file, column="address"),
    )


def _rows_query(raw: Relation, columns: Mapping[str, str], address: str) -> str:
    uprn, parent = _digits(columns.get("uprn")), _digits(columns.get("parentuprn"))
    shell = (
        f"coalesce(upper({quoted(columns['class'])}) LIKE 'PP%', false)" if "class" in columns else "false"
    )
    ward = f"nullif(trim({quoted(columns['ward'])}), '')" if "ward" in columns else "NULL::VARCHAR"
    current = "true"
    if "status" in columns:
        current = f"NOT regexp_matches(lower(trim(coalesce({quoted(columns['status'])}, ''))), '{RETIRED}')"
    return f"""
        SELECT row_number() OVER () AS row, uprn::VARCHAR AS uprn, parent::VARCHAR AS parent, text, postcode,
               shell, ward
        FROM (
            SELECT {uprn} AS uprn, {parent} AS parent, {address} AS text,
                   {squeezed(columns.get("postcode"))} AS postcode, {shell} AS shell, {ward} AS ward
            FROM {quoted(raw.name)} WHERE {current}
        ) WHERE uprn IS NOT NULL AND text <> ''"""


def _digits(column: str | None) -> str:
    """Return SQL for a UPRN as a number; NULL unless it is 1 to 12 digits and not nought."""
    if column is None:
        return "NULL::BIGINT"
    text = f"trim({quoted(column)}::VARCHAR)"
    return f"CASE WHEN regexp_matches({text}, '^0*[1-9][0-9]{{0,11}}$') THEN {text}::BIGINT END"


def _index(relation: Relation) -> Index:
    lexicon = Lexicon()
    for word in ("STREET", "SAINT"):
        lexicon.learn(word)
    split = relation.engine.fetch(tokens_query(relation.name, "row")).combine_chunks()
    facts = relation.engine.fetch(
        "SELECT uprn::BIGINT AS uprn, coalesce(parent::BIGINT, 0) AS parent, shell "
        f"FROM {quoted(relation.name)} ORDER BY row"
    )
    tokens = split.column("tokens").combine_chunks()
    parts = parse(read_atoms(tokens, lexicon, learning=True), lexicon)
    return build_index(
        parts, split.column("postcode").combine_chunks(), facts.column("uprn").to_numpy(),
        facts.column("parent").to_numpy(), facts.column("shell").to_numpy(), lexicon,
    )  # fmt: skip
