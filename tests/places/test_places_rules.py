"""How one token of an address is read, and what parts whole addresses fall into."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharewell.places.parse import Parts, parse
from sharewell.places.reading import SUFFIXED_CODE
from sharewell.places.rules import atoms_of, letter_code, mixed_code, storey_code
from sharewell.places.split import tokens_query
from sharewell.places.terms import Kind
from sharewell.places.tokens import Lexicon, read_atoms
from sharewell.store.duckdb import DuckDB

TOKENS = (
    ("39", [(Kind.NUMBER, "39")]),
    ("007", [(Kind.NUMBER, "7")]),
    ("39A", [(Kind.NUMBER, "39"), (Kind.SUFFIX, "A")]),
    ("12-14", [(Kind.NUMBER, "12"), (Kind.UPTO, "14")]),
    ("15/17", [(Kind.NUMBER, "15"), (Kind.UPTO, "17")]),
    ("2/1", [(Kind.MIXED, "2/1")]),
    ("3F1", [(Kind.MIXED, "3F1")]),
    ("B12", [(Kind.MIXED, "B12")]),
    ("FLT10", [(Kind.UNIT, "FLAT"), (Kind.NUMBER, "10")]),
    ("FLATA", [(Kind.UNIT, "FLAT"), (Kind.LETTER, "A")]),
    ("FLATS", [(Kind.WORD, "FLATS")]),
    ("APT", [(Kind.UNIT, "FLAT")]),
    ("RD", [(Kind.WORD, "ROAD")]),
    ("ST", [(Kind.SAINT_OR_STREET, "ST")]),
    ("1ST", [(Kind.STOREY, "1ST")]),
    ("GFF", [(Kind.STOREY, "GFF"), (Kind.FLOOR, "FLOOR"), (Kind.UNIT, "FLAT")]),
    ("86IRVINE", [(Kind.NUMBER, "86"), (Kind.WORD, "IRVINE")]),
    ("BURTON-ON-TRENT", [(Kind.WORD, "BURTON"), (Kind.WORD, "ON"), (Kind.WORD, "TRENT")]),
    (",", [(Kind.COMMA, ",")]),
    ("-", []),
    ("", []),
)


@pytest.mark.parametrize(("token", "atoms"), TOKENS)
def test_a_token_is_read_as_its_parts(token: str, atoms: list[tuple[Kind, str]]):
    assert [(atom.kind, atom.text) for atom in atoms_of(token)] == atoms


@given(st.text(alphabet="ABFLTGR0123456789-/,", max_size=12))
def test_no_token_makes_the_reader_stumble(token: str):
    assert all(atom.text for atom in atoms_of(token))


A, B = letter_code("A"), letter_code("B")
ADDRESSES = (
    # address, unit, number, range to, suffix, storey
    ("Flat 2, 35 Longdown Road", 2, 35, 0, 0, 0),
    ("Flat A 37 Roman Road", A, 37, 0, 0, 0),
    ("37A Roman Road", 0, 37, 0, A, 0),
    ("37 A Roman Road", 0, 37, 0, A, 0),
    ("46, Park Court, 12 Wade Road", 46, 12, 0, 0, 0),
    ("41 43 Jamaica Street", 0, 41, 43, 0, 0),
    ("12-14 High Street", 0, 12, 14, 0, 0),
    ("2B-2C Dealtry Road", 0, 2, 2, B, 0),
    ("202 B 202 Brooke Road", 0, 202, 0, B, 0),
    ("109 B 107 109 Victoria Road", 0, 107, 109, B, 0),
    ("Flat A 74 74 76 Bounds Road", A, 74, 76, 0, 0),
    ("Rm 5 Flat 22 Sundial Court 38-42 Chiswell Street", 22, 38, 42, 0, 0),
    ("Ground Floor Flat 115 Harewood Street", 0, 115, 0, 0, storey_code("GROUND")),
    ("Flat Ground Floor Flat 24, Peel House", 24, 0, 0, 0, storey_code("GROUND")),
    ("Flat A first and second floors 21 Pepper Road", A, 21, 0, 0, 1),
    ("Flat, 5, Moor Road", 0, 5, 0, 0, 0),
    ("2/1 12 High Street", mixed_code("2/1"), 12, 0, 0, 0),
    ("A15 Forster Court 7 Babbage Road", mixed_code("A15"), 7, 0, 0, 0),
    ("Flat 5B, 98 Folkestone Road", SUFFIXED_CODE + 5 * 27 + 2, 98, 0, 0, 0),
    ("Zebra House 25 Flat 45 Government Road", 45, 25, 0, 0, 0),
    ("First Avenue 3", 0, 3, 0, 0, 0),
    ("Rose Cottage", 0, 0, 0, 0, 0),
)


def read(engine: DuckDB, address: str) -> tuple[Parts, Lexicon, str]:
    engine.load("texts", pa.table({"id": [0], "text": [address], "postcode": [""]}))
    split = engine.fetch(tokens_query("texts", "id"))
    lexicon = Lexicon()
    lexicon.learn("STREET"), lexicon.learn("SAINT")
    parts = parse(read_atoms(split["tokens"].combine_chunks(), lexicon, learning=True), lexicon)
    return parts, lexicon, split["postcode"][0].as_py()


@pytest.mark.parametrize(("address", "unit", "number", "upto", "suffix", "storey"), ADDRESSES)
def test_an_address_falls_into_its_parts(
    engine: DuckDB, address: str, unit: int, number: int, upto: int, suffix: int, storey: int
):
    parts, _, _ = read(engine, address)
    found = (parts.unit[0], parts.number[0], parts.upto[0], parts.suffix[0], parts.storey[0])
    assert found == (unit, number, upto, suffix, storey)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("7 St George St", ["SAINT", "GEORGE", "STREET"]),
        ("1 Church St, Sandham", ["CHURCH", "STREET", "SANDHAM"]),
        ("Balfron Tower St Leonards Rd", ["BALFRON", "TOWER", "SAINT", "LEONARDS", "ROAD"]),
        ("39 Air Balloon Rd St George", ["AIR", "BALLOON", "ROAD", "SAINT", "GEORGE"]),
        ("12 King's Ave", ["KINGS", "AVENUE"]),
    ],
)
def test_abbreviations_are_spelt_out_and_saints_told_from_streets(
    engine: DuckDB, address: str, words: list[str]
):
    parts, lexicon, _ = read(engine, address)
    names = {number: word for word, number in lexicon.ids.items()}
    assert [names[int(word)] for word in parts.words.word] == words


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        ("12 High Street LS13 4BU", "LS134BU"),
        ("12 High Street, ls134bu", "LS134BU"),
        ("12 High Street EC1V4LB ", "EC1V4LB"),
        ("12 High Street E1 6FL.", "E16FL"),
        ("12 High Street", ""),
        ("Flat B12 1AB Road", ""),
    ],
)
def test_a_postcode_is_taken_off_the_end(engine: DuckDB, address: str, postcode: str):
    assert read(engine, address)[2] == postcode


@pytest.mark.parametrize(
    ("word", "mended"),
    [("MARLWO", ("MARLOW",)), ("MARLOWW", ("MARLOW",)), ("MARLOWCOURT", ("MARLOW", "COURT")), ("XYZZY", ())],
)
def test_a_misspelt_word_is_mended_to_the_gazetteers(word: str, mended: tuple[str, ...]):
    lexicon = Lexicon()
    lexicon.learn("MARLOW")
    assert lexicon.mend(word) == mended
