"""A column's imprint: the share of each shape among its values, how full and how long; never a value.

It is what is remembered of a supplier's columns, so that a delivery whose columns have moved, been renamed or
been written in another way is noticed. Shares are rounded, years come only of thirty values or more, and to
the nearest five: an imprint is not personal data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from sharewell.sources.name_words import FORENAMES, SEXES, SURNAMES, TITLES
from sharewell.vocab import identifiers

if TYPE_CHECKING:
    Column = pa.ChunkedArray[Any]

ROWS: Final = 2_000
_ENOUGH_FOR_YEARS: Final = 30
_LONGEST: Final = 200


class Shape(StrEnum):
    """What one value looks like. Every value has one shape: the first that fits, in this order."""

    NHS_NUMBER = "valid NHS number"
    NINO = "valid National Insurance number"
    UPN = "valid unique pupil number"
    POSTCODE = "postcode"
    EMAIL = "e-mail address"
    DATE_YEAR_FIRST = "date, year first"
    DATE_DAY_FIRST = "date, day first"
    DATE_MONTH_FIRST = "date, month first"
    DATE_EITHER = "date, day or month first"
    DATE_IN_WORDS = "date with its month in letters"
    PHONE = "phone number"
    LONG_NUMBER = "whole number of 6 to 12 digits"
    WHOLE = "whole number"
    DECIMAL = "number with decimals"
    SCIENTIFIC = "number in scientific notation"
    YES_NO = "yes or no"
    ADDRESS = "address"
    CODE = "short code"
    WORD = "one word"
    WORDS = "a few words"
    TEXT = "text"


DATES: Final = frozenset(shape for shape in Shape if shape.name.startswith("DATE"))


@dataclass(frozen=True)
class Imprint:
    """What a column's values look like, of up to 2,000 rows.

    ``shapes`` and ``leans`` are shares of the written values; ``lengths`` are the 5th and 95th percentile;
    ``years`` the 5th, 50th and 95th of its dates. ``distinct`` is different values over written ones.
    """

    rows: int
    filled: float
    shapes: Mapping[str, float] = field(default_factory=dict)
    leans: Mapping[str, float] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    distinct: float = 0.0

    @property
    def values(self) -> int:
        """Return about how many written values it was made of."""
        return round(self.rows * self.filled)

    def share(self, *shapes: Shape) -> float:
        """Return the share of values that have one of these shapes."""
        return sum(self.shapes.get(shape, 0.0) for shape in shapes)

    @property
    def main(self) -> Shape | None:
        """Return its commonest shape, if it has any value."""
        return Shape(max(self.shapes, key=lambda shape: self.shapes[shape])) if self.shapes else None

    @property
    def said(self) -> str:
        """Return in words what most of its values look like; nothing when it has none."""
        return f"{self.share(self.main):.0%} of its values are each a {self.main}" if self.main else ""


def take_imprints(sample: pa.Table, columns: Sequence[str]) -> dict[str, Imprint]:
    """Return the imprint of each column that the sample has."""
    here = set(sample.column_names)
    return {name: take_imprint(sample.column(name)) for name in columns if name in here}


def take_imprint(column: Column) -> Imprint:
    """Return the imprint of a column's first 2,000 rows."""
    rows = min(len(column), ROWS)
    counted = written_values(column)
    total = sum(counted.values())
    if not total:
        return Imprint(rows, 0.0)
    return Imprint(
        rows=rows,
        filled=round(total / rows, 2),
        shapes=_shares(counted, lambda value: shape_of(value)),
        leans=_leans(counted, total),
        lengths=_percentiles([(len(value), times) for value, times in counted.items()], (0.05, 0.95)),
        years=_years(counted) if total >= _ENOUGH_FOR_YEARS else (),
        distinct=round(len(counted) / total, 2),
    )


def written_values(column: Column) -> Counter[str]:
    """Return a column's first 2,000 values, cut to 200 signs, trimmed and counted, blanks left out."""
    texts = pc.utf8_slice_codeunits(column.slice(0, ROWS).cast(pa.string()), 0, _LONGEST)
    values, counts = pc.value_counts(texts).flatten()
    counted: Counter[str] = Counter()
    for value, times in zip(values.to_pylist(), counts.to_pylist(), strict=True):
        if text := (value or "").strip():
            counted[text] += int(times or 0)
    return counted


def _shares(counted: Counter[str], kind: Callable[[str], str]) -> dict[str, float]:
    found: Counter[str] = Counter()
    for value, times in counted.items():
        found[str(kind(value))] += times
    total = found.total()
    return {name: share for name, n in found.most_common() if (share := round(n / total, 2))}


_LEANS: Final[Mapping[str, Callable[[str], bool]]] = {
    "forename": lambda word: word in FORENAMES,
    "surname": lambda word: word in SURNAMES,
    "title": lambda word: word in TITLES,
    "sex": lambda word: word in SEXES,
    "mobile": lambda word: bool(re.match(r"(07|\+447|00447|447)", word)),
}


def _leans(counted: Counter[str], total: int) -> dict[str, float]:
    found: Counter[str] = Counter()
    for value, times in counted.items():
        words = value.casefold().replace(",", " ").split()
        for lean, fits in _LEANS.items():
            if any(fits(word.strip(".")) for word in words[:4]):
                found[lean] += times
    return {lean: share for lean, n in found.items() if (share := round(n / total, 2))}


def _percentiles(weighted: Sequence[tuple[int, int]], wanted: Sequence[float]) -> tuple[int, ...]:
    ordered = sorted(weighted)
    total = sum(times for _, times in ordered)
    found: list[int] = []
    for share in wanted:
        passed = 0
        for number, times in ordered:
            passed += times
            if passed >= share * total:
                found.append(number)
                break
    return tuple(found)


def _years(counted: Counter[str]) -> tuple[int, ...]:
    dated = [(year, times) for value, times in counted.items() if (year := year_of(value))]
    if sum(times for _, times in dated) < _ENOUGH_FOR_YEARS:
        return ()
    return tuple(5 * round(year / 5) for year in _percentiles(dated, (0.05, 0.5, 0.95)))


_YEAR_FIRST: Final = re.compile(r"(1[89]|20)[0-9]{2}[-/.](0?[1-9]|1[0-2])[-/.]([0-2]?[0-9]|3[01])([T ].*)?")
_PACKED: Final = re.compile(r"(19|20)[0-9]{2}(0[1-9]|1[0-2])([0-2][0-9]|3[01])")
_PARTS: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})([T ].*)?")
_MONTH: Final = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_IN_WORDS: Final = re.compile(
    rf"([a-z]+,? )?[0-9]{{1,2}}(st|nd|rd|th)?[-/. ]*(of )?{_MONTH}[-/., ]*[0-9]{{2,4}}"
    rf"|{_MONTH}[-/. ]*[0-9]{{1,2}}(st|nd|rd|th)?[-/., ]*[0-9]{{4}}",
    re.IGNORECASE,
)
_FOUR: Final = re.compile(r"(?<![0-9])(1[89][0-9]{2}|20[0-9]{2})")


def year_of(value: str) -> int | None:
    """Return the four-digit year of a value that reads as a date."""
    found = _FOUR.search(value) if shape_of(value) in DATES else None
    return int(found[1]) if found else None


_PHONE: Final = re.compile(r"(\+44|0044|44|0)[1-9][0-9]{8,9}|7[1-9][0-9]{8}")
_NUMBER: Final = re.compile(r"[-+]?[£$]?(?P<whole>[0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.(?P<decimals>[0-9]+))?")
_SCIENTIFIC: Final = re.compile(r"[-+]?[0-9](\.[0-9]+)?[eE][-+]?[0-9]{1,3}")
_ADDRESS: Final = re.compile(
    r"[0-9]+[a-z]?[,/ -]+[0-9]*[a-z].*[a-z]{3,}.*|.*\b(flat|house|court|street|st|road|rd|avenue|ave|lane"
    r"|ln|close|drive|dr|way|gardens|terrace|crescent|place|grove|cottage|farm|lodge|apartment|unit)\b.+"
    r"|.+\b(street|st|road|rd|avenue|ave|lane|ln|close|drive|dr|way|gardens|gdns|terrace|crescent|cres|grove)\.?",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"[A-Za-z]{1,2}|(?=[^0-9]*[0-9])[A-Za-z0-9][A-Za-z0-9/_.-]{0,14}")
_LETTERS: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.`-])*")
_YES_NO: Final = frozenset("y n yes no true false".split())  # noqa: SIM905 - read by people


def shape_of(value: str) -> Shape:
    """Return what a trimmed value looks like."""
    bare = value.replace(" ", "").replace("-", "").removesuffix(".0").upper()
    for look in (_identifier, _date, _number, _words):
        if shape := look(value, bare):
            return shape
    return Shape.TEXT


def spaced_postcode(bare: str) -> str:
    """Return a postcode written without its space in the canonical form."""
    return f"{bare[:-3]} {bare[-3:]}"


def _identifier(value: str, bare: str) -> Shape | None:
    if identifiers.is_nhs_number(bare):
        return Shape.NHS_NUMBER
    if len(bare) == 9 and identifiers.is_nino(bare):
        return Shape.NINO
    if len(bare) == 13 and identifiers.is_upn(bare):
        return Shape.UPN
    if 5 <= len(bare) <= 7 and identifiers.is_postcode(spaced_postcode(bare)):
        return Shape.POSTCODE
    return Shape.EMAIL if _is_email(value) else None


def _is_email(value: str) -> bool:
    return value.count("@") == 1 and "." in value.partition("@")[2] and " " not in value


def _date(value: str, bare: str) -> Shape | None:
    if _YEAR_FIRST.fullmatch(value) or _PACKED.fullmatch(value):
        return Shape.DATE_YEAR_FIRST
    if parts := _PARTS.fullmatch(value):
        return _order(int(parts[1]), int(parts[2]))
    return Shape.DATE_IN_WORDS if _IN_WORDS.fullmatch(value) else None


def _order(first: int, second: int) -> Shape | None:
    if not (0 < first <= 31 and 0 < second <= 31) or (first > 12 and second > 12):
        return None
    if first > 12:
        return Shape.DATE_DAY_FIRST
    return Shape.DATE_MONTH_FIRST if second > 12 else Shape.DATE_EITHER


def _number(value: str, bare: str) -> Shape | None:
    if _PHONE.fullmatch(
        re.sub(r"[()./]|\(0\)", "", value.replace("(0)", "").replace(" ", "").replace("-", ""))
    ):
        return Shape.PHONE
    if _SCIENTIFIC.fullmatch(value):
        return Shape.SCIENTIFIC
    if not (found := _NUMBER.fullmatch(value.replace(" ", ""))):
        return None
    if (found["decimals"] or "").strip("0") or value.lstrip("+-").startswith(("£", "$")):
        return Shape.DECIMAL
    return Shape.LONG_NUMBER if 6 <= len(found["whole"].replace(",", "")) <= 12 else Shape.WHOLE


def _words(value: str, bare: str) -> Shape | None:
    if value.casefold() in _YES_NO:
        return Shape.YES_NO
    if _CODE.fullmatch(value):
        return Shape.CODE
    words = value.replace(",", " ").split()
    if len(words) > 1 and len(value) <= 200 and _ADDRESS.fullmatch(value):
        return Shape.ADDRESS
    if len(words) > 5 or not all(_LETTERS.fullmatch(word) for word in words):
        return None
    return Shape.WORD if len(words) == 1 else Shape.WORDS
