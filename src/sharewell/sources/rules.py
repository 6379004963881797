"""What looks like a heading, a footer or a repeated header: decisions about words, not about files."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

RESERVED: Final = ("source_row", "line")
"""Columns that reading adds to every table; a file's own columns of these names are renamed."""

_LONGEST_HEADING: Final = 255
_STEM: Final = re.compile(r"([A-Za-z][A-Za-z _.]{0,19})?")
_VALUE_LIKE: Final = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"  # an email address
    r"|[A-Za-z]{1,2}[0-9][0-9A-Za-z]? ?[0-9][A-Za-z]{2}"  # a postcode
    r"|[0-9]{1,2}[- ./][A-Za-z]{3,9}[- ./][0-9]{2,4}"  # a date with its month in letters
)
_TOTAL: Final = re.compile(
    r"(grand |sub[ -]?)?totals?( (number|count))?( of)?( (records|rows|people|cases|clients|residents))?"
    r"\s*[:=]?\s*[0-9,]*"
    r"|(record|row) count\s*[:=]?\s*[0-9,]*|(number|no\.?|count) of \w+\s*[:=]?\s*[0-9,]*"
    r"|[-*=# ]*end of (file|report|extract|list|data|records)\W*"
    r"|\(?[0-9,]+ (records?|rows?|row\(s\))( selected| affected)?\W*",
    re.IGNORECASE,
)
_CLOSING_WORDS: Final = re.compile(
    r"\W*((grand |sub[ -]?)?totals?\b|end of\b|(number|no\.?|count) of\b|count\s*:"
    r"|records? (count|returned|found)\b|report (run|date|generated|produced|ends?)\b"
    r"|(printed|produced|generated|extracted|run) (on|by|at|from|date)\b"
    r"|(source|notes?|report|records?)\s*:|official([- ]sensitive)?\W*$|confidential\W*$|page [0-9]+)",
    re.IGNORECASE,
)


def normal_heading(text: str) -> str:
    """Return a heading's letters and digits alone, in lower case and without accents.

    ``"D.O.B."`` and ``"d o b"`` both give ``"dob"``: two headings with one normal form mean one thing.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum() and not unicodedata.combining(sign))


def is_heading(cell: str) -> bool:
    """Return whether a cell reads as the name of a column rather than as somebody's value."""
    text = cell.strip()
    if not text or len(text) > _LONGEST_HEADING or text[0].isdigit() or _VALUE_LIKE.fullmatch(text):
        return False
    digits = sum(sign.isdigit() for sign in text)
    return any(sign.isalpha() for sign in text) and digits * 2 < len(text)


def are_headings(cells: Sequence[str]) -> bool:
    """Return whether cells read as a header: names, perhaps with a run of numbers.

    A run is ``0 1 2 ... 90+``, or, with one stem throughout, ``Q1 Q2 Q3 ...``.
    """
    others = [cell.strip().removesuffix("+") for cell in cells if not is_heading(cell)]
    if not others:
        return True
    stem = others[0].rstrip("0123456789")
    numbers = [other.removeprefix(stem) for other in others]
    if len(others) < 3 or len(cells) - len(others) < (1 if stem else 2):
        return False
    if not _STEM.fullmatch(stem) or not all(re.fullmatch("[0-9]{1,5}", number) for number in numbers):
        return False
    first = int(numbers[0])
    return [int(number) for number in numbers] == list(range(first, first + len(numbers)))


def filled(cells: Sequence[str]) -> list[str]:
    """Return the cells that are not blank."""
    return [cell for cell in cells if cell and not cell.isspace()]


def is_footer(cells: Sequence[str], width: int) -> bool:
    """Return whether a row at the foot of a list sums it up or signs it off, and is nobody's record.

    Lists of one or two columns must say so in so many words; in wider lists a nearly empty row that
    begins with a closing word will do. Anything doubtful is no footer: it is kept, or set aside as it is.
    """
    words = filled(cells)
    if not words:
        return False
    first = words[0].strip()
    if len(words) > max(2, width // 3):
        return False
    return bool(_TOTAL.fullmatch(first) or (width > 2 and _CLOSING_WORDS.match(first)))


def repeats_header(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """Return whether a row is the header again: at least half its filled cells stand under their own name."""
    pairs = [(normal_heading(cell), normal_heading(name)) for cell, name in zip(cells, columns, strict=False)]
    written = [pair for pair in pairs if pair[0]]
    same = sum(cell == name for cell, name in written)
    return same >= min(2, len(columns)) and same * 2 >= len(written)


def column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return a header's cells as column names: trimmed, one line each, blanks numbered, none reserved."""
    names = [
        " ".join(cell.replace("\ufeff", "").split()) or f"column_{place}"
        for place, cell in enumerate(cells, 1)
    ]
    return tuple(f"{name}_in_file" if name.lower() in RESERVED else name for name in names)


def duplicate_name(columns: Sequence[str]) -> str | None:
    """Return the first name that two columns share, capitals aside, or None."""
    counted = Counter(name.casefold() for name in columns)
    return next((name for name in columns if counted[name.casefold()] > 1), None)
