"""How well a column's values fit a field of a standard: a confidence and the reason in words.

The confidences are of a column whose heading says nothing. They were set by counting how often each kind of
evidence was right on the thirteen made-up lists (``tests/sources/test_sources_guess.py`` keeps them honest).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sharewell.sources.imprint import DATES, Imprint, Shape, take_imprint, written_values
from sharewell.sources.rules import normal_heading
from sharewell.sources.terms import Field, FieldType, Role

if TYPE_CHECKING:
    from sharewell.sources.imprint import Column

FEWEST: Final = 3
_FEWEST_NAMES: Final = 8
_SHARE: Final = 0.8


@dataclass(frozen=True)
class Looked:
    """A column that was looked at: its imprint and, for the moment only, its counted values."""

    imprint: Imprint
    values: Counter[str]

    @property
    def distinct(self) -> int:
        """Return how many different values it has."""
        return len(self.values)


@dataclass(frozen=True)
class Fit:
    """How sure it is that a column holds a field, and why. ``is_proof``: a check chance seldom passes."""

    confidence: float
    reason: str
    is_proof: bool = False


def look_at(column: Column) -> Looked:
    """Return what can be seen of a column's first 2,000 rows."""
    return Looked(take_imprint(column), written_values(column))


def fit(field: Field, looked: Looked) -> Fit | None:
    """Return how well a column's values fit a field; None when they do not, or say nothing of it."""
    if looked.distinct < 2 or (looked.distinct < FEWEST and not field.categories):
        return None
    if field.type in _CHECKED:
        return _checked(field, looked)
    by_role = _BY_ROLE.get(field.role) if field.role else None
    if by_role:
        return by_role(looked)
    if field.categories:
        return _code_list(field, looked)
    return None


def contradiction(field: Field, looked: Looked) -> Shape | None:
    """Return what a column's values plainly are, when that is not what its heading says, or None.

    Plainly: of twenty different values or more, nine in ten pass one check and not one in ten fits the
    field.
    """
    plain = [shape for shape in _PROOF if looked.imprint.share(shape) >= 0.9]
    own = _OWN.get(field.type)
    if not plain or own is None or looked.distinct < 20:
        return None
    return plain[0] if looked.imprint.share(*own) < 0.1 else None


_PROOF: Final = (Shape.NHS_NUMBER, Shape.NINO, Shape.UPN, Shape.POSTCODE, Shape.EMAIL)
_NAMES: Final = frozenset({Shape.WORD, Shape.WORDS})
_OWN: Final[Mapping[FieldType, frozenset[Shape]]] = {
    FieldType.NHS_NUMBER: frozenset({Shape.NHS_NUMBER}),
    FieldType.NINO: frozenset({Shape.NINO}),
    FieldType.UPN: frozenset({Shape.UPN}),
    FieldType.POSTCODE: frozenset({Shape.POSTCODE}),
    FieldType.EMAIL: frozenset({Shape.EMAIL}),
    FieldType.PHONE: frozenset({Shape.PHONE}),
    FieldType.DATE: DATES,
    FieldType.DATETIME: DATES,
    FieldType.PERSON_NAME: _NAMES,
    FieldType.ADDRESS: frozenset({Shape.ADDRESS, *_NAMES}),
}
_CHECKED: Final[Mapping[FieldType, tuple[frozenset[Shape], float, str]]] = {
    FieldType.NHS_NUMBER: (_OWN[FieldType.NHS_NUMBER], 0.99, "are valid NHS numbers"),
    FieldType.NINO: (_OWN[FieldType.NINO], 0.99, "are valid National Insurance numbers"),
    FieldType.UPN: (_OWN[FieldType.UPN], 0.99, "are valid unique pupil numbers"),
    FieldType.POSTCODE: (_OWN[FieldType.POSTCODE], 0.98, "are postcodes"),
    FieldType.EMAIL: (_OWN[FieldType.EMAIL], 0.98, "are e-mail addresses"),
    FieldType.PHONE: (_OWN[FieldType.PHONE], 0.93, "are phone numbers"),
    FieldType.UPRN: (
        frozenset({Shape.LONG_NUMBER, Shape.NHS_NUMBER}), 0.6, "are whole numbers as long as a UPRN"
    ),
}  # fmt: skip


def _checked(field: Field, looked: Looked) -> Fit | None:
    shapes, confidence, words = _CHECKED[field.type]
    share = looked.imprint.share(*shapes)
    if field.type is FieldType.UPRN:
        if looked.imprint.share(Shape.NHS_NUMBER) > 0.5:
            return None
        confidence = 0.65 if looked.imprint.lengths[-1] >= 10 else 0.4
    if share < _SHARE:
        return None
    return _said(share, looked, words, confidence * share, is_proof=field.type is not FieldType.UPRN)


def _said(share: float, looked: Looked, words: str, confidence: float, *, is_proof: bool = False) -> Fit:
    few = 1 - 0.5 / looked.distinct
    return Fit(confidence * few, f"{share:.0%} of its values {words}", is_proof)


def _born(looked: Looked) -> Fit | None:
    dated, years = looked.imprint.share(*DATES), looked.imprint.years
    if dated < _SHARE or len(years) < 3:
        return None
    spread = years[2] - years[0]
    if spread < 10:
        return None
    sure = 0.9 if spread >= 40 else 0.6
    return _said(dated, looked, f"are dates, spread over {spread} years as dates of birth are", sure * dated)


def _forename(looked: Looked) -> Fit | None:
    return _leaning(looked, "forename", "surname", "common forenames")


def _surname(looked: Looked) -> Fit | None:
    return _leaning(looked, "surname", "forename", "common surnames")


def _leaning(looked: Looked, lean: str, other: str, words: str) -> Fit | None:
    imprint = looked.imprint
    share, rival = imprint.leans.get(lean, 0.0), imprint.leans.get(other, 0.0)
    if looked.distinct < _FEWEST_NAMES or share < 0.15 or share < 3 * rival:
        return None
    if imprint.share(Shape.WORD, Shape.WORDS) < 0.7:
        return None
    return _said(share, looked, f"are {words}", 0.9 if imprint.share(Shape.WORD) >= 0.6 else 0.6)


def _full_name(looked: Looked) -> Fit | None:
    imprint = looked.imprint
    both = min(imprint.leans.get("forename", 0.0), imprint.leans.get("surname", 0.0))
    if both < 0.15 or imprint.share(Shape.WORDS) < 0.7:
        return None
    return _said(imprint.share(Shape.WORDS), looked, "are a forename with a surname", 0.85)


def _title(looked: Looked) -> Fit | None:
    share = looked.imprint.leans.get("title", 0.0)
    return _said(share, looked, "are titles", 0.95) if share >= 0.9 and looked.distinct <= 40 else None


def _sex(looked: Looked) -> Fit | None:
    share = looked.imprint.leans.get("sex", 0.0)
    if share < 0.9 or looked.distinct > 20:
        return None
    return _said(share, looked, "say male or female", 0.95)


def _address(looked: Looked) -> Fit | None:
    share = looked.imprint.share(Shape.ADDRESS)
    return _said(share, looked, "look like the first line of an address", 0.75) if share >= 0.6 else None


def _record_id(looked: Looked) -> Fit | None:
    imprint = looked.imprint
    codes = imprint.share(Shape.CODE, Shape.WHOLE, Shape.LONG_NUMBER)
    if imprint.distinct < 1 or imprint.filled < 1 or codes < 0.95 or looked.distinct < 10:
        return None
    sure = 0.6 if imprint.share(Shape.CODE) >= 0.5 else 0.45
    return _said(codes, looked, "are codes that never repeat, in every row", sure)


_BY_ROLE: Final[Mapping[Role, Callable[[Looked], Fit | None]]] = {
    Role.DATE_OF_BIRTH: _born,
    Role.FIRST_NAME: _forename,
    Role.SURNAME: _surname,
    Role.FULL_NAME: _full_name,
    Role.TITLE: _title,
    Role.SEX: _sex,
    Role.ADDRESS_LINE: _address,
    Role.RECORD_ID: _record_id,
}


def _code_list(field: Field, looked: Looked) -> Fit | None:
    known = {
        normal_heading(text) or text
        for code, words in field.categories.items()
        for text in (code, *words)
        if text
    }
    fitting = [value for value in looked.values if (normal_heading(value) or value) in known]
    share = sum(looked.values[value] for value in fitting) / looked.values.total()
    if share < 0.95 or looked.distinct > 2 * len(known):
        return None
    telling = sum(len(value) > 1 and not value.isdigit() for value in fitting) / len(fitting)
    return _said(share, looked, "are on the field's code list", 0.45 + 0.4 * telling)
