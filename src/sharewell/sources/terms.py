"""The nouns of reading: standards and their fields, what a file turned out to be, column mappings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from sharewell.vocab.sensitivity import Sensitivity


class FieldType(StrEnum):
    """What a field holds. The type decides how a value is cleaned, guessed, linked and let out."""

    NHS_NUMBER = "uk.nhs-number"
    NINO = "uk.nino"
    UPN = "uk.upn"
    UPRN = "uk.uprn"
    USRN = "uk.usrn"
    POSTCODE = "uk.postcode"
    PHONE = "uk.phone"
    EMAIL = "email"
    PERSON_NAME = "person-name"
    DATE = "date"
    DATETIME = "datetime"
    ADDRESS = "address"
    BOOLEAN = "boolean"
    CODE = "code"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"


class DateOrder(StrEnum):
    """Which of a date's first two numbers is the day, where a standard or a person says so."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class Role(StrEnum):
    """What a field does for the steps that follow, whatever it is called."""

    RECORD_ID = "record_id"
    NHS_NUMBER = "nhs_number"
    NINO = "nino"
    UPN = "upn"
    TITLE = "title"
    FIRST_NAME = "first_name"
    MIDDLE_NAMES = "middle_names"
    SURNAME = "surname"
    FULL_NAME = "full_name"
    DATE_OF_BIRTH = "date_of_birth"
    DATE_OF_DEATH = "date_of_death"
    SEX = "sex"
    ADDRESS_LINE = "address_line"
    POSTCODE = "postcode"
    UPRN = "uprn"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH_PLACE = "birth_place"
    OCCUPATION = "occupation"
    OBJECTION = "objection"
    PROTECTED = "protected"


class OnFailure(StrEnum):
    """What becomes of a value that no rule can mend: the cell is blanked or the row is set aside."""

    BLANK = "blank"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True)
class Bounds:
    """What Table Schema's constraints ask beyond our types; None where they ask nothing.

    ``pattern`` must match all of a value; ``shortest`` and ``longest`` count its characters; ``least`` and
    ``most`` bound a number, as plain text such as ``-12.5``.
    """

    pattern: str | None = None
    shortest: int | None = None
    longest: int | None = None
    least: str | None = None
    most: str | None = None

    def allow(self, value: str) -> bool:
        """Return whether a value keeps to them; a bound on numbers asks nothing of what is no number."""
        if self.pattern is not None and not re.fullmatch(self.pattern, value, re.ASCII):
            return False
        longest = len(value) if self.longest is None else self.longest
        return (self.shortest or 0) <= len(value) <= longest and self._allow_number(value)

    def _allow_number(self, value: str) -> bool:
        if self.least is None and self.most is None:
            return True
        try:
            number = Decimal(value)
        except InvalidOperation:
            return True
        least, most = (Decimal(told) if told else number for told in (self.least, self.most))
        return least <= number <= most


@dataclass(frozen=True)
class Field:
    """One data item of a standard. Names are snake_case; ``synonyms`` are headings seen in real files.

    ``categories`` maps each code to the words that mean it. Several fields may share the role
    ``address_line``; their order in the standard is the order of the lines. ``unique`` says that no two
    rows may hold one value. ``example`` is a made-up value in its canonical form. ``characters`` are the
    first and last character, counted from 1, of its column where the list is fixed-width text.
    ``date_order`` says how 03/04 is to be read; where it is not said the column's dates are evidence.
    """

    name: str
    type: FieldType
    title: str
    description: str = ""
    required: bool = False
    role: Role | None = None
    synonyms: tuple[str, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    on_failure: OnFailure = OnFailure.BLANK
    earliest: str | None = None
    latest: str | None = None
    unique: bool = False
    example: str = ""
    bounds: Bounds = Bounds()
    characters: tuple[int, int] | None = None
    date_order: DateOrder | None = None


@dataclass(frozen=True)
class Standard:
    """What a list should hold: a Table Schema with our types. ``name`` is its file's stem.

    ``primary_key`` and each of ``unique_keys`` are fields whose values together no two rows may share.
    ``newest_by`` is the field that says which of two rows with one key came later.
    """

    name: str
    version: str
    title: str
    description: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    newest_by: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the field names in order."""
        return tuple(item.name for item in self.fields)

    def field(self, name: str) -> Field | None:
        """Return the field of that name, if the standard has it."""
        return next((item for item in self.fields if item.name == name), None)

    def with_role(self, role: Role) -> tuple[Field, ...]:
        """Return the fields that play a role, in order."""
        return tuple(item for item in self.fields if item.role is role)


@dataclass(frozen=True)
class FileFacts:
    """What a file turned out to be, told to people so that they can check it.

    ``lines`` counts every physical line by what became of it (record, continuation, title, header, blank,
    repeated_header, footer, set_aside, ...); the counts add up to the file's lines. ``records`` is the
    number of records after the header, kept or set aside. ``sha256`` is of the file's bytes.
    """

    name: str
    sha256: str
    format: str
    encoding: str | None
    delimiter: str | None
    header_line: int
    columns: tuple[str, ...]
    records: int
    lines: Mapping[str, int] = field(default_factory=dict)


class HowMapped(StrEnum):
    """How sure a column's meaning is: only exact names and known synonyms go unattended."""

    EXACT = "exact"
    SYNONYM = "synonym"
    CONFIRMED = "confirmed"
    VALUES = "values"
    SIMILAR = "similar"
    DOUBTED = "doubted"
    NOTHING = "nothing"


@dataclass(frozen=True)
class ColumnGuess:
    """What a column of a file is taken to be, and why. ``field`` None means the column is left out."""

    column: str
    field: str | None
    how: HowMapped
    confidence: float
    reason: str = ""


@dataclass(frozen=True)
class ColumnMapping:
    """Every column of a file with its field in a standard."""

    standard: str
    guesses: tuple[ColumnGuess, ...]

    @property
    def is_certain(self) -> bool:
        """Return whether it may go unattended: every heading exact, a known synonym or confirmed."""
        sure = {HowMapped.EXACT, HowMapped.SYNONYM, HowMapped.CONFIRMED}
        return all(guess.how in sure for guess in self.guesses)
