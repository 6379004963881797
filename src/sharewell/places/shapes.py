"""The shapes gazetteers come in, and SQL that makes rows of one kind of them.

One address string per row (AddressBase Core is one), AddressBase-like parts, the Local Land and Property
Gazetteer (LLPG) export, AddressBase Plus. OS Open UPRN has coordinates and no addresses: it joins another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sharewell.places import rules
from sharewell.places.addressbase import plus_variants
from sharewell.places.split import joined, squeezed
from sharewell.places.terms import Standing, Use
from sharewell.store.engine import literal, quoted
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
    "easting": ("easting", "xcoordinate"), "northing": ("northing", "ycoordinate"),
    "change": ("changetype", "changecode"),
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

COLUMNS = (
    "uprn", "parent", "text", "postcode", "shell", "ward", "standing", "use", "easting", "northing",
)  # fmt: skip
"""What every usable row has, whatever the file's shape."""


@dataclass(frozen=True)
class Shape:
    """A gazetteer file understood: its column for each meaning, SQL for its addresses, SQL for its standing.

    ``addresses`` are pairs of SQL, text and postcode: each row has one address or several, and all answer its
    UPRN.
    """

    columns: Mapping[str, str]
    addresses: Sequence[tuple[str, str]]
    standing: str

    def rows_query(self, table: str) -> str:
        """Return SQL for the rows of a raw table that can be used, with COLUMNS; see ``gazetteer``."""
        facts = ", ".join(f"{sql} AS {name}" for name, sql in self._facts().items())
        of = f"FROM {quoted(table)} WHERE {self._usable()}"
        several = len(self.addresses) > 1
        each = f" {'UNION' if several else 'UNION ALL'} ".join(
            f"SELECT {facts}, {text} AS text, {postcode} AS postcode {of}"
            for text, postcode in self.addresses
        )
        return (
            "SELECT CAST(uprn AS VARCHAR) AS uprn, CAST(parent AS VARCHAR) AS parent, text, postcode, shell, "
            f"ward, standing, use, easting, northing FROM ({each}) AS each_address "
            "WHERE uprn IS NOT NULL AND text <> ''"
        )

    def changed_query(self, table: str) -> str:
        """Return SQL for ``uprn`` and whether the row takes it away, of a change-only update."""
        change = f"upper(trim({quoted(self.columns['change'])}))" if "change" in self.columns else "''"
        uprn = digits(self.columns.get("uprn"))
        return (
            f"SELECT CAST({uprn} AS VARCHAR) AS uprn, {change} = 'D' AS gone "
            f"FROM {quoted(table)} WHERE {uprn} IS NOT NULL"
        )

    def _facts(self) -> dict[str, str]:
        columns = self.columns
        code = f"upper(trim({quoted(columns['class'])}))" if "class" in columns else None
        return {
            "uprn": digits(columns.get("uprn")),
            "parent": digits(columns.get("parentuprn")),
            "shell": f"coalesce({code} LIKE 'PP%', false)" if code else "false",
            "ward": f"nullif(trim({quoted(columns['ward'])}), '')"
            if "ward" in columns
            else "CAST(NULL AS VARCHAR)",
            "standing": self.standing,
            "use": use_of(code),
            "easting": _number(columns.get("easting")),
            "northing": _number(columns.get("northing")),
        }

    def _usable(self) -> str:
        """Return SQL for the rows that stand for a place that can be answered."""
        kept = [f"({self.standing}) IS NOT NULL"]
        if "class" in self.columns:
            code = f"coalesce(upper(trim({quoted(self.columns['class'])})), '')"
            kept += [f"NOT starts_with({code}, {literal(prefix)})" for prefix in rules.NO_PLACE_CLASSES]
        if "change" in self.columns:
            kept.append(f"coalesce(upper(trim({quoted(self.columns['change'])})), '') <> 'D'")
        return " AND ".join(kept)


def shape_of(names: Sequence[str], file: str | None) -> Shape:
    """Understand a gazetteer file by its headings. Raises GazetteerInvalid."""
    plain = {"".join(letter for letter in name.lower() if letter.isalnum()): name for name in reversed(names)}
    columns = {
        meaning: next(plain[heading] for heading in headings if heading in plain)
        for meaning, headings in SYNONYMS.items()
        if any(heading in plain for heading in headings)
    }
    if "uprn" not in columns:
        raise GazetteerInvalid(
            "The gazetteer has no column called uprn.",
            "Rename the column that holds the UPRNs to uprn, or export it again with UPRNs.",
            Where(file=file, column="uprn"),
        )
    plus = plus_variants(plain)
    addresses = plus or [(_address(columns, plain, file), squeezed(columns.get("postcode")))]
    standing = _state(plain.get("state")) if plus else _standing(columns.get("status"))
    return Shape(columns, addresses, standing)


def digits(column: str | None) -> str:
    """Return SQL for a UPRN as a number; NULL unless it is 1 to 12 digits and not nought."""
    if column is None:
        return "CAST(NULL AS BIGINT)"
    text = f"trim(CAST({quoted(column)} AS VARCHAR))"
    return f"CASE WHEN regexp_matches({text}, '^0*[1-9][0-9]{{0,11}}$') THEN CAST({text} AS BIGINT) END"


def use_of(code: str | None) -> str:
    """Return SQL for what a classification code says a place is used for, as ``Use``."""
    if code is None:
        return str(int(Use.HOME))

    def among(prefixes: Sequence[str]) -> str:
        return " OR ".join(f"starts_with({code}, {literal(prefix)})" for prefix in prefixes)

    return (
        f"CASE WHEN {among(rules.ANCILLARY_CLASSES)} THEN {int(Use.ANCILLARY)} "
        f"WHEN {among(rules.WORK_CLASSES)} THEN {int(Use.WORK)} ELSE {int(Use.HOME)} END"
    )


def _number(column: str | None) -> str:
    return (
        f"TRY_CAST(trim(CAST({quoted(column)} AS VARCHAR)) AS DOUBLE)" if column else "CAST(NULL AS DOUBLE)"
    )


def _standing(column: str | None) -> str:
    """Return SQL for a row's standing from its logical status; NULL for those that never stood."""
    if column is None:
        return str(int(Standing.LIVE))
    status = f"lower(trim(coalesce(CAST({quoted(column)} AS VARCHAR), '')))"
    return (
        f"CASE WHEN regexp_matches({status}, {literal(rules.REJECTED)}) THEN NULL "
        f"WHEN regexp_matches({status}, {literal(rules.HISTORIC)}) THEN {int(Standing.HISTORIC)} "
        f"WHEN regexp_matches({status}, {literal(rules.PROVISIONAL)}) THEN {int(Standing.PROVISIONAL)} "
        f"ELSE {int(Standing.LIVE)} END"
    )


def _state(column: str | None) -> str:
    """Return SQL for a row's standing from the state of its BLPU: 4 is gone, 1 and 6 are not there yet."""
    if column is None:
        return str(int(Standing.LIVE))
    state = f"trim(coalesce(CAST({quoted(column)} AS VARCHAR), ''))"
    return (
        f"CASE WHEN {state} = '4' THEN {int(Standing.HISTORIC)} "
        f"WHEN {state} = '1' OR {state} = '6' THEN {int(Standing.PROVISIONAL)} ELSE {int(Standing.LIVE)} END"
    )


def _address(columns: Mapping[str, str], plain: Mapping[str, str], file: str | None) -> str:
    """Return SQL for a row's address, whichever the file's shape."""
    if "address" in columns:
        return joined([columns["address"]])
    if "streetname" in columns and ("number" in columns or "name" in columns):
        return joined([columns[part] for part in PARTS if part in columns])
    if "street" in columns and ("buildingnumber" in columns or "buildingname" in columns):
        return _llpg(columns)
    if "line1" in columns:
        return joined([columns[line] for line in LLPG_LINES if line in columns])
    if "latitude" in plain or "xcoordinate" in plain:
        raise GazetteerInvalid(
            "The file has UPRNs and coordinates, as OS Open UPRN has, and no addresses.",
            "Give a gazetteer with addresses, and this file as its --coordinates.",
            Where(file=file, column="address"),
        )
    raise GazetteerInvalid(
        "The gazetteer has no column of addresses.",
        "It needs a column called address, or number, streetname and townname, or line1 to line4.",
        Where(file=file, column="address"),
    )


def _llpg(columns: Mapping[str, str]) -> str:
    """Return SQL for an LLPG row's address: its parts, or its lines where no part names the building."""
    parts = joined([columns[part] for part in LLPG_PARTS if part in columns])
    if "line1" not in columns:
        return parts
    lines = joined([columns[line] for line in LLPG_LINES if line in columns])
    named = joined([columns[p] for p in ("buildingname", "buildingnumber", "unitnumber") if p in columns])
    return f"CASE WHEN {named} = '' AND {lines} <> '' THEN {lines} ELSE {parts} END"
