"""Values that engines may read differently, of every field type, with and without what a standard asks.

Made by a seed from right values and awkward signs: digits of other scripts, combining marks, signs of no
width, odd spaces and line ends, letters with no single other case, quotes, backslashes, dollars, the signs of
LIKE and of regular expressions, emoji, the signs beside the surrogates, and values of great length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

import pyarrow as pa

from sharewell.sources.terms import Bounds, Field, FieldType, OnFailure, Role, Standard

VALUES: Final = 3_000
SEED: Final = 11
_LONG: Final = (300, 5_000)
_EMPTY: Final = 50
"""One cell in so many has no text, and as many are missing."""

SIGNS: Final = (
    *("０", "٣", "२", "¹", "½", "Ⅷ", "①", "𝟗", "\u0660"),
    *("\u0301", "e\u0301", "\u0308", "\u034f", "\u0345", "\u1100\u1161", "\u0e33", "ﬁ", "Ａ", "\u0489"),
    *("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e", "\u202e", "\u180e"),
    *(" ", "  ", "\t", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\u00a0", "\u1680"),
    *("\u2003", "\u2007", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u3164", "\u2800"),
    *("ß", "ẞ", "İ", "ı", "ſ", "\u212a", "Å", "Ω", "ς", "Σ", "ΑΣ", "ŉ", "ǆ", "ǅ", "ΐ", "ᾳ", "ა", "Ა"),
    *("k", "K", "s", "S", "i", "I", "ꭰ", "ꮓ", "Ɥ", "ɥ", "é", "É", "ö", "Ö", "о", "А", "中"),
    *("'", "''", "’", '"', '""', "“", "”", "`", "´", "«"),
    *("\\", "\\\\", "\\n", "\\0", "\\1", "\\u0041", "\\E", "\\Q", "\\d", "\\'"),
    *("$", "$1", "${a}", "$$", "\\$1", "%", "%%", "_", "\\%", "\\_"),
    *(".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "^", "&&", "[^a]", "(?i)", ".*", "a|b", "{2}"),
    *("😀", "👩\u200d👧", "🇬🇧", "✓", "\ud7ff", "\ue000", "\ufffd", "\uffff", "\U00010000", "\U0010ffff"),
    *(
        "\x00",
        "\x01",
        "\x7f",
        "\x80",
        "\x9f",
        "Ã©",
        "â€™",
        "Â£",
        "&amp;",
        "&#39;",
        "&eacute;",
        "=",
        '="',
        "-",
    ),
    *("–", "—", "−", "/", ",", ";", ":", "#", "@", "<", ">", "~", "0", "9", "e", "E5", "d", "f", "N/A"),
)
ALONE: Final = (
    *("n/a", "N/A", "#N/A", "null", "NULL", "(null)", "nan", "NaN", "Infinity", "-inf", "none", "Unknown"),
    *("unk", "tbc", "-", "--", "...", "?", "??", "#REF!", "####", "##", "xxx", "XXXX", "=1+1", '="12"'),
    *("0", "00", "-0", "0.0", "1e5", "1E400", "1_000", "0x1A", "1d", "1f", "9" * 19, "9" * 40, "9" * 400),
    *("true", "TRUE", "İ", "ſ", "ß", "' '", '""', "\\N", "\\\\N", "&nbsp;", "a;b&c;d", "&;", "=", "\\"),
)
RIGHT: Final[Mapping[FieldType, tuple[str, ...]]] = {
    FieldType.NHS_NUMBER: ("9434765919", "943 476 5919", "9434765918", "0000000000", "9.434765919E+09"),
    FieldType.NINO: ("AB123456C", "ab 12 34 56 c", "KN123456A", "SK123456S", "AB12O456C"),
    FieldType.UPN: ("Q651695112951", "H801200001001", "q651695112951", "TN010160M", "Q65169511295A"),
    FieldType.UPRN: ("100012", "999999999999", "0010012", "100012.0", "1000000000000"),
    FieldType.USRN: ("20500123", "1", "0", "123456789", "020500123"),
    FieldType.POSTCODE: ("SW1A 1AA", "BN3 2QZ", "bn32qz", "BN1O 4AB", "GIR 0AA", "E1 6AN", "SK1 1KS"),
    FieldType.PHONE: ("+447700900123", "07700 900123", "+33123456789", "0207 946 0018 x12", "+442079460018"),
    FieldType.EMAIL: ("a@b.org", "Ann.Smith@Example.ORG", "x+y@k.co.uk", "a@b", "none@b.org", "k_s@sk.is"),
    FieldType.PERSON_NAME: (
        *("Ann Smith", "SMITH, John", "O'Brien", "Siân O’Neill", "de souza", "McKAY", "Mr Jo King", "Strauß"),
        *("İnci Kaya", "JOSÉ", "Anne-Marie", "Jack -Smith", "X", "Baby", "ŁUKASZ", "Ẹniọlá"),
    ),
    FieldType.DATE: (
        *("1985-03-12", "12/03/1985", "1900-01-01", "29/02/2000", "2001-02-29", "12 Mar 85", "31117"),
        *("9999-12-31", "2030-01-01", "1850-01-01", "1985-03-12T00:00:00Z"),
    ),
    FieldType.DATETIME: (
        *("2021-03-04T09:30:00", "2021-03-04T09:30:00Z", "04/03/2021 9:30 pm", "2021-03-28T01:30:00+01:00"),
        *("1900-01-01T00:00:00", "2021-02-30T10:00:00", "9999-12-31T23:59:59"),
    ),
    FieldType.ADDRESS: (
        *("12 High Street, Hove", "12 HIGH STREET,, HOVE", "Flat 2, 7 King's Road", "1 Kirk St.", "nfa"),
        *("12a high st\nhove", "XXX", "5 Ffordd Siân, Bala", "The Old Bakery, 3 Kings Ct"),
    ),
    FieldType.BOOLEAN: ("true", "false", "Y", "no", "1", "T", "TRUE", "İ"),
    FieldType.CODE: ("A1", "M", "b-2", "other thing", "1 - Male", "A  1", "K", "ks"),
    FieldType.INTEGER: ("0", "-12", "1200", "1,200", "007", "12.0", "9223372036854775808", "(12)"),
    FieldType.NUMBER: ("10.50", "£1,234.50 CR", "-0.1", "12", "1e-05", "0.30000000000000004", "100", "5"),
    FieldType.TEXT: ("Rings before noon", "a  b", "None", "100%_sure", "key = value; x", "Tom & Jerry; ok"),
}
_PATTERNS: Final[Mapping[FieldType, tuple[str, ...]]] = {
    FieldType.NHS_NUMBER: ("9[0-9]*",),
    FieldType.NINO: ("[A-K].*",),
    FieldType.UPN: (".*[0-9]$",),
    FieldType.UPRN: ("^(1|9)[0-9]+",),
    FieldType.USRN: ("\\d{1,8}",),
    FieldType.POSTCODE: ("(SW|BN|SK).*",),
    FieldType.PHONE: ("[+]44.+",),
    FieldType.EMAIL: ("[^@]+@[^@]+[.](org|uk)",),
    FieldType.PERSON_NAME: (".*[A-Za-z]", "[\\w ’'-]+", "(?i)[a-z ]+"),
    FieldType.DATE: ("(19|20).*",),
    FieldType.DATETIME: (".{19}",),
    FieldType.ADDRESS: ("[^&&]+", "(.|\n)*"),
    FieldType.BOOLEAN: ("t?.*e",),
    FieldType.CODE: ("[A-Z]{1,2}[0-9]?", "[a-z[0-9-]*|M"),
    FieldType.INTEGER: ("-?\\d+",),
    FieldType.NUMBER: ("[^.]*[.]?[0-9]{0,2}",),
    FieldType.TEXT: (".*", "\\S.*\\S", "[^$]+", "(a|b|R).*", "[ -~]{0,20}"),
}
_SEX: Final = {"1": ("Male", "M"), "2": ("Female", "F"), "0": ("Not known", ""), "A-1": ("Other thing", "k")}
_ODD_CODES: Final = {
    "%": ("any",),
    "K": ("Kelvin",),
    "a_b": ("ſ",),
    "\\": ("back",),
    "'": ("quote",),
    "$1": (),
}
_ASKED: Final = (
    Field("full_name", FieldType.PERSON_NAME, "Name", role=Role.FULL_NAME),
    Field("first_name", FieldType.PERSON_NAME, "First name", role=Role.FIRST_NAME),
    Field("surname", FieldType.PERSON_NAME, "Surname", role=Role.SURNAME),
    Field("title", FieldType.PERSON_NAME, "Title", role=Role.TITLE),
    Field("born", FieldType.DATE, "Born", role=Role.DATE_OF_BIRTH, earliest="1900-01-01", latest="today"),
    Field("died", FieldType.DATE, "Died", role=Role.DATE_OF_DEATH, latest="2020-12-31"),
    Field("read_at", FieldType.DATETIME, "Read at", earliest="2000-01-01", latest="today"),
    Field("sex", FieldType.CODE, "Sex", role=Role.SEX, categories=_SEX),
    Field("odd", FieldType.CODE, "Odd code", categories=_ODD_CODES),
    Field("is_it", FieldType.BOOLEAN, "Is it", categories={"true": ("ja", "ſ"), "false": ("nein", "%")}),
)


@dataclass(frozen=True)
class Awkward:
    """A mapped table of awkward values with the standard that it is to be cleaned by."""

    standard: Standard
    mapped: pa.Table


def awkward_values(kind: FieldType, count: int = VALUES, seed: int = SEED) -> list[str]:
    """Return so many distinct values of a type, awkward ones and right ones, in an order of their own."""
    random = Random(f"{kind} {seed}")
    right = [*RIGHT[kind], *(value for other in RIGHT.values() for value in other[:1])]
    long = [value * (length // len(value) + 1) for value in RIGHT[kind][:3] for length in _LONG]
    found = dict.fromkeys((*right, *ALONE, *SIGNS, *long))
    while len(found) < count:
        found.setdefault(_spoilt(random.choice(RIGHT[kind]), random))
    values = list(found)[:count]
    random.shuffle(values)
    return values


def _spoilt(value: str, random: Random) -> str:
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        at, sign = random.randrange(len(value) + 1), random.choice(SIGNS)
        at = random.choice((0, at, at, len(value)))
        value = value[:at] + sign + value[at + random.choice((0, 0, 1)) :]
    return random.choice((value, value, value, value.upper(), value.lower(), value.swapcase(), value * 2))


def _name(kind: FieldType) -> str:
    return kind.value.replace(".", "_").replace("-", "_")


def _bounded() -> Iterator[Field]:
    for kind, patterns in _PATTERNS.items():
        for place, pattern in enumerate(patterns):
            yield Field(f"{_name(kind)}_{place}", kind, "V", bounds=Bounds(pattern=pattern))
    for kind in (FieldType.TEXT, FieldType.PERSON_NAME, FieldType.CODE, FieldType.INTEGER):
        yield Field(f"{_name(kind)}_length", kind, "V", bounds=Bounds(shortest=3, longest=12))
    for kind in (FieldType.INTEGER, FieldType.NUMBER, FieldType.TEXT, FieldType.UPRN):
        yield Field(f"{_name(kind)}_amount", kind, "V", bounds=Bounds(least="-0.1", most="100012"))


def _side_by_side(name: str, fields: Sequence[Field], count: int) -> Awkward:
    """Return a table with a column of values for each field; some cells are empty, some missing."""
    columns = {
        field.name: _with_gaps(awkward_values(field.type, count, SEED + place), place)
        for place, field in enumerate(fields)
    }
    return _awkward(Standard(name, "1", name, "", tuple(fields)), columns)


def _with_gaps(values: Sequence[str], place: int) -> list[str | None]:
    gaps: Mapping[int, str | None] = {0: "", _EMPTY // 2: None}
    return [gaps.get((row + place) % _EMPTY, value) for row, value in enumerate(values)]


def _in_blocks(name: str, count: int) -> Awkward:
    """Return rows with an awkward value in one column each, for a standard that sets rows aside."""
    aside = OnFailure.SET_ASIDE
    fields = [
        Field(_name(kind), kind, "V", required=place % 2 == 0, on_failure=aside, categories=_codes(kind))
        for place, kind in enumerate(FieldType)
    ]
    columns: dict[str, list[str | None]] = {field.name: [] for field in fields}
    for block in fields:
        for value in _with_gaps(awkward_values(block.type, count, SEED + 100), 0):
            for field in fields:
                right = _right(field) if field.required else None
                columns[field.name].append(value if field is block else right)
    return _awkward(Standard(name, "1", name, "", tuple(fields)), columns)


def _codes(kind: FieldType) -> Mapping[str, tuple[str, ...]]:
    return {"A1": ("other thing",), "M": ("1 - Male",)} if kind is FieldType.CODE else {}


def _right(field: Field) -> str:
    return RIGHT[field.type][0]


def _addresses(count: int) -> Awkward:
    """Return addresses that end in their row's own postcode, in many writings, or nearly do."""
    random = Random(SEED)
    line = Field("address", FieldType.ADDRESS, "Address", role=Role.ADDRESS_LINE)
    fields = (
        line,
        replace(line, name="line_2", required=True),
        Field("postcode", FieldType.POSTCODE, "Postcode", role=Role.POSTCODE),
    )
    lines = awkward_values(FieldType.ADDRESS, count, SEED + 1)
    codes = [random.choice(("SW1A 1AA", "BN3 2QZ", "SK1 1KS", "E1 6KS", "S1 1SK", "")) for _ in lines]
    columns: dict[str, list[str | None]] = {
        "address": [_ended(value, code, random) for value, code in zip(lines, codes, strict=True)],
        "line_2": [_ended("Hove", code, random) for code in codes],
        "postcode": [_written(code, random) if row % 3 else code for row, code in enumerate(codes)],
    }
    return _awkward(Standard("addresses", "1", "Addresses", "", fields), columns)


def _ended(value: str, code: str, random: Random) -> str:
    ends = (
        f"{value}, {code}",
        f"{value} {code}.",
        f"{value}{code} {code}",
        code,
        f"{value}, {code} x",
        value,
    )
    return _written(random.choice(ends), random)


def _written(text: str, random: Random) -> str:
    """Return a text as it is or in another writing, mostly one that looks the same."""
    swaps = (("K", "\u212a"), ("S", "ſ"), (" ", "\u00a0"), (" ", ""), (" ", "  "), ("1", "I"), ("", ""))
    text = text.replace(*random.choice(swaps))
    return random.choice((text, text, text.lower(), text.swapcase(), text + random.choice(SIGNS)))


def _repeated(count: int) -> Awkward:
    """Return rows whose keys come again, alike or nearly alike, some newer than others."""
    random = Random(SEED)
    fields = (
        Field("record_id", FieldType.TEXT, "Id", required=True),
        Field("code", FieldType.CODE, "Code", unique=True),
        Field("name", FieldType.PERSON_NAME, "Name"),
        Field("seen", FieldType.DATE, "Seen"),
    )
    some = awkward_values(FieldType.TEXT, count // 3, SEED + 2)
    codes = awkward_values(FieldType.CODE, count, SEED + 3)
    columns: dict[str, list[str | None]] = {
        "record_id": [random.choice(some) for _ in range(count)],
        "code": [random.choice((None, code, code)) for code in codes],
        "name": [random.choice(("Ann Smith", "ANN SMITH", "Ann Smıth", "Bo Ng")) for _ in range(count)],
        "seen": [random.choice(("2020-01-01", "2020-02-01", "01/03/2020", "", None)) for _ in range(count)],
    }
    standard = Standard(
        "repeated", "1", "Repeats", "", fields, ("record_id",), (("name", "seen", "code"),), "seen"
    )
    return _awkward(standard, columns)


def _awkward(standard: Standard, columns: Mapping[str, Sequence[str | None]]) -> Awkward:
    rows = len(next(iter(columns.values())))
    numbers = pa.array(range(1, rows + 1), pa.int64())
    cells = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    return Awkward(standard, pa.table({"source_row": numbers, "line": numbers, **cells}))


AWKWARD: Final[Mapping[str, Callable[[int], Awkward]]] = {
    "plain": lambda count: _side_by_side(
        "plain", [Field(_name(kind), kind, "V") for kind in FieldType], count
    ),
    "asked": lambda count: _side_by_side("asked", _ASKED, count),
    "bounded": lambda count: _side_by_side("bounded", list(_bounded()), count),
    "set_aside": lambda count: _in_blocks("set_aside", count // 6),
    "addresses": _addresses,
    "repeated": _repeated,
}
"""Tables of so many awkward values: plain, with what a standard asks, in bounds, set aside, repeated."""
