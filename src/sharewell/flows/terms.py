"""The nouns of a flow: its sources, its recipient, what a run reports, what a trace shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sharewell.agreements.terms import Level
from sharewell.releases.terms import NOT_NAMED


@dataclass(frozen=True)
class SourceSpec:
    """One list a flow reads. ``file`` is relative to the place, or the address of a database or server.

    ``dataset`` is what the agreement calls it. ``as_of`` is the date the list is for; without it, the day of
    the run. ``supplier`` is whose layout is remembered; without it, the party's organisation,
    with the source's name where it has one of its own.
    """

    name: str
    party: str
    file: str
    standard: str
    dataset: str
    as_of: date | None = None
    sheet: str | None = None
    supplier: str | None = None


@dataclass(frozen=True)
class RecipientSpec:
    """Who the release is for: a party of the agreement, in a role, at a level."""

    party: str
    role: str
    level: Level


@dataclass(frozen=True)
class PeopleSpec:
    """Who the release is about: people in every dataset of ``in_all`` and in none of ``not_in``."""

    in_all: tuple[str, ...]
    not_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """A flow as it is written in its file. ``fields`` names what is asked for; empty means all agreed."""

    id: str
    title: str
    agreement: str
    to: RecipientSpec
    gazetteer: str | None
    sources: tuple[SourceSpec, ...]
    people: PeopleSpec
    fields: tuple[str, ...] = ()


class RunState(StrEnum):
    """Where a run is. ``committed`` is past the point of no return: recovery carries it to ``finished``."""

    RUNNING = "running"
    COMMITTED = "committed"
    FINISHED = "finished"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class SourceReport:
    """What became of one list, in counts. Never a value from a record.

    ``file`` is the path inside the place or the address without user and query, ``people`` the number of
    distinct people its rows are linked to.
    """

    name: str
    organisation: str
    file: str
    sha256: str
    rows_in: int
    kept: int
    set_aside: int
    reasons: Mapping[str, int]
    changed_cells: Mapping[str, int]
    matched_uprn: int
    matched_building: int
    people: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunReport:
    """What a run did, in counts.

    ``released`` rows the agreement allows; ``released_new`` those not sent before. ``clauses`` says by
    which clause and in which form each released field leaves.
    """

    run: str
    flow: str
    title: str
    agreement: str
    recipient: str
    role: str
    level: str
    as_of: str
    sources: tuple[SourceReport, ...]
    people: int
    fields_released: tuple[str, ...]
    fields_withheld: Mapping[str, str]
    clauses: Mapping[str, str]
    ledger: str
    released: int
    released_new: int
    withheld_people: Mapping[str, int]
    went_to: str | None
    release_id: str | None
    audit_entries: int
    seconds: Mapping[str, float] = field(default_factory=dict)
    peak_mb: Mapping[str, float] = field(default_factory=dict)
    is_dry_run: bool = False

    @property
    def fields_named(self) -> dict[str, str]:
        """Return the withheld fields that the agreement speaks of, and why."""
        return named_by_agreement(self.fields_withheld)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready data."""
        return asdict(self)


def named_by_agreement(withheld: Mapping[str, str]) -> dict[str, str]:
    """Return the withheld fields that the agreement speaks of; it need not name every column of a list."""
    return {field: why for field, why in withheld.items() if why != NOT_NAMED}


@dataclass(frozen=True)
class ChangedCell:
    """One change made to the row: the column, the rule and why; the values only when asked for."""

    column: str
    rule: str
    why: str
    verdict: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Trace:
    """One row's way to one recipient. Sections that do not apply are None or empty."""

    file: str
    row: int
    run: str
    flow: str
    source: str
    organisation: str
    outcome: str
    set_aside: tuple[str, ...] = ()
    changes: tuple[ChangedCell, ...] = ()
    place: Mapping[str, Any] | None = None
    link: Mapping[str, Any] | None = None
    decision: Mapping[str, Any] | None = None
    delivery: Mapping[str, Any] | None = None
    audit: Mapping[str, Any] | None = None
    record: Mapping[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the trace as JSON-ready data."""
        return asdict(self)
