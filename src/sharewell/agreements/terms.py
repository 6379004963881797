"""The nouns of an agreement: parties, data items, forms, levels, row tests, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """How a data item may leave: from a direct identifier as it is, down to a count."""

    IDENTIFIABLE = "identifiable"
    AS_IS = "as_is"
    PSEUDONYM = "pseudonym"
    AGE_BAND_5 = "age_band_5"
    AGE_BAND_10 = "age_band_10"
    YEAR = "year"
    OUTCODE = "outcode"
    WARD = "ward"
    FLAG = "flag"
    EXISTENCE = "existence"
    COUNT = "count"


class Level(StrEnum):
    """How much a use may see; each level shows some forms and no others."""

    AGGREGATE = "aggregate"
    EXISTENCE = "existence"
    PSEUDONYMISED = "pseudonymised"
    IDENTIFIABLE = "identifiable"


class Status(StrEnum):
    """Where an agreement is in its life. Only ``active`` releases."""

    DRAFT = "draft"
    REVIEW = "review"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Severity(StrEnum):
    """How a finding bites: may not be signed; a named person must still say so; cannot be seen here."""

    REFUSE = "refuse"
    ATTEST = "attest"
    WARN = "warn"


class Test(StrEnum):
    """The row tests an agreement may make. ``between`` is inclusive at both ends."""

    IS = "is"
    IN = "in"
    BETWEEN = "between"
    SINCE = "since"
    IS_PLACE = "is_place"


Value = str | int | bool


@dataclass(frozen=True)
class RowTest:
    """One test on one field. ``values`` holds one value (is, since, is_place), two (between) or more (in)."""

    field: str
    test: Test
    values: tuple[Value, ...]


@dataclass(frozen=True)
class FieldTerm:
    """One data item that may leave: in what form, and why it is needed."""

    name: str
    form: Form
    why: str


@dataclass(frozen=True)
class DataTerm:
    """What one party lets out of one dataset: which rows, which fields, and what never."""

    party: str
    dataset: str
    rows: tuple[RowTest, ...]
    fields: tuple[FieldTerm, ...]
    never: tuple[str, ...]
    redaction: str | None = None

    def field(self, name: str) -> FieldTerm | None:
        """Return the term for a field, if the agreement has one."""
        return next((item for item in self.fields if item.name == name), None)


@dataclass(frozen=True)
class UseTerm:
    """Which roles of a party may see which level, and what they may do with it."""

    party: str
    roles: tuple[str, ...]
    level: Level
    may: tuple[str, ...]
    k: int | None = None


@dataclass(frozen=True)
class Party:
    """One organisation of the agreement. ``key`` is its short name inside the file."""

    key: str
    org: str
    types: tuple[str, ...]
    role: str
    contact: str
    requested_by: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True)
class LawfulTerm:
    """The basis one party relies on."""

    party: str
    article6: str
    gateway: str | None = None
    special: str | None = None
    policy_document: str | None = None
    article10: str | None = None
    confidentiality: str | None = None
    request: str | None = None


@dataclass(frozen=True)
class SmallNumbers:
    """The disclosure rule for counts: hide at or below, then round to the nearest."""

    suppress_at_or_below: int = 7
    round_to: int = 5


@dataclass(frozen=True)
class TimeTerm:
    """The agreement's dates, inclusive. It ends at 00:00 Europe/London on the day after ``ends``."""

    starts: date
    review_by: date
    ends: date
    delete_within_days: int


@dataclass(frozen=True)
class Agreement:
    """An agreement as it was written. ``canonical`` is the JSON that is hashed and signed, status left out.

    ``document`` is the whole parsed file, for the parts that later steps read (attestations, DPIA, rights).
    ``lines`` gives the line of the file each clause stands on, so that a finding can point at it.
    """

    id: str
    title: str
    status: Status
    place: str
    purpose: str
    plain_words: str
    parties: Mapping[str, Party]
    lawful: tuple[LawfulTerm, ...]
    data: tuple[DataTerm, ...]
    use: tuple[UseTerm, ...]
    small_numbers: SmallNumbers
    time: TimeTerm
    document: Mapping[str, object]
    canonical: str
    sha256: str
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Finding:
    """One thing the check has to say: where in the file (``data[0].fields.phone``), what, and what instead.

    ``line`` is the clause's line in the file, counted from 1, where it is known.
    """

    severity: Severity
    code: str
    clause: str
    what: str
    instead: str
    line: int | None = None


@dataclass(frozen=True)
class SignatureState:
    """What the signatures beside an agreement prove, by party.

    ``signed`` verifies over the file as it is; ``missing`` has not signed; ``stale`` signed another text, or
    the signature does not verify; ``unknown`` cannot be checked: no public key for the organisation is
    held, or the signer is no party.
    """

    signed: tuple[str, ...]
    missing: tuple[str, ...]
    stale: tuple[str, ...]
    unknown: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Return whether every party has signed the file as it is."""
        return not (self.missing or self.stale or self.unknown)
