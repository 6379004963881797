"""When an agreement holds: its dates in order, and whether it is live at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sharewell.agreements.rules.parts import day, has_use_at, part, parts, whole
from sharewell.agreements.rules.say import refuse, warn
from sharewell.agreements.terms import Agreement, Finding, Level, Status
from sharewell.vocab.clock import LONDON
from sharewell.vocab.errors import AgreementEnded, AgreementNotActive, AgreementNotStarted

LONGEST_YEARS: Final = 2

ENDS_BEFORE_START: Final = refuse(
    "ends_before_start", "time.ends", "It ends before it starts.", "Write a later last day."
)
REVIEW_BEFORE_START: Final = refuse(
    "review_before_start", "time.review_by", "The review is before the start.", "Review while it runs."
)
REVIEW_AFTER_END: Final = refuse(
    "review_after_end", "time.review_by", "The review is after the end.", "Review on or before the last day."
)
OVER_24_MONTHS: Final = refuse(
    "over_24_months",
    "time.ends",
    "It runs for more than 24 months.",
    "End it within 24 months of the start, and renew it after a review.",
)
NEGATIVE_DELETION: Final = refuse(
    "negative_deletion",
    "time.delete_within_days",
    "A deletion cannot be due before the end.",
    "Write the days after the end within which the data is deleted, from 0.",
)
ACTIVE_AFTER_END: Final = refuse(
    "active_after_end", "status", "It is active after its last day.", "Set the status to ended, or renew it."
)
REVIEW_DUE: Final = warn(
    "review_due", "time.review_by", "The review was due.", "Review it and write the next date."
)


def check_dates(agreement: Agreement, today: date) -> Iterator[Finding]:
    """Yield what is wrong with the dates: their order, the length, the end, the review, the deletion."""
    terms = agreement.time
    faults = (
        (terms.ends < terms.starts, ENDS_BEFORE_START),
        (terms.review_by < terms.starts, REVIEW_BEFORE_START),
        (terms.review_by > terms.ends, REVIEW_AFTER_END),
        (_is_too_long(terms.starts, terms.ends), OVER_24_MONTHS),
        (terms.delete_within_days < 0, NEGATIVE_DELETION),
        (agreement.status is Status.ACTIVE and today > terms.ends, ACTIVE_AFTER_END),
        (agreement.status is Status.ACTIVE and terms.review_by < today <= terms.ends, REVIEW_DUE),
    )
    yield from (finding for is_so, finding in faults if is_so)


def _is_too_long(starts: date, ends: date) -> bool:
    latest = (starts.year + LONGEST_YEARS, starts.month, starts.day)
    return (ends.year, ends.month, ends.day) > latest


def ends_at(agreement: Agreement) -> datetime:
    """Return the instant it ends: 00:00 Europe/London on the day after ``ends``, as UTC."""
    return _midnight(agreement.time.ends + timedelta(days=1))


def sunset_at(agreement: Agreement) -> datetime | None:
    """Return the instant the fast lane shuts, as UTC; None without an emergency.

    Only the day of the request is written, so ``sunset_hours`` run from 00:00 Europe/London on the day after.
    """
    emergency = part(agreement, "emergency")
    made_on = day(emergency, "made_on")
    if made_on is None:
        return None
    return _midnight(made_on + timedelta(days=1)) + timedelta(hours=whole(emergency, "sunset_hours"))


def is_emergency_live(agreement: Agreement, today: date) -> bool:
    """Return whether an emergency request has been made and has not sunset when the day begins."""
    made_on, sunset = day(part(agreement, "emergency"), "made_on"), sunset_at(agreement)
    return made_on is not None and sunset is not None and made_on <= today and _midnight(today) < sunset


def rests_on_emergency(agreement: Agreement) -> bool:
    """Return whether only an emergency stands in for trying lower levels first."""
    tried = parts(agreement, "why", "tried_first") or part(agreement, "why", "not_tried")
    return (
        has_use_at(agreement, Level.IDENTIFIABLE) and not tried and part(agreement, "emergency") is not None
    )


def require_live(agreement: Agreement, at: datetime) -> None:
    """Refuse unless the agreement is active, has started and has not ended; ``at`` must know its time zone.

    Raises AgreementNotActive, AgreementNotStarted or AgreementEnded; ValueError when ``at`` is naive.
    """
    if at.tzinfo is None:
        raise ValueError("at must be an aware datetime")
    if agreement.status is not Status.ACTIVE:
        raise AgreementNotActive(
            f"Agreement {agreement.id} is not active: its status is {agreement.status} (status).",
            "Once every party has signed, set `status: active`; changing the status voids no signature.",
        )
    if at < _midnight(agreement.time.starts):
        raise AgreementNotStarted(
            f"Agreement {agreement.id} starts on {_said(agreement.time.starts)} (time.starts).",
            "Run this again on or after that day, or agree an earlier start and sign again.",
        )
    if at >= ends_at(agreement):
        raise AgreementEnded(
            f"Agreement {agreement.id} ended: its last day was {_said(agreement.time.ends)} (time.ends).",
            "If the data is still needed, write a new agreement with new dates, check it and have it signed.",
        )
    _require_before_sunset(agreement, at)


def _require_before_sunset(agreement: Agreement, at: datetime) -> None:
    sunset = sunset_at(agreement)
    if sunset is not None and at >= sunset and rests_on_emergency(agreement):
        raise AgreementEnded(
            f"The emergency lane of agreement {agreement.id} has shut (emergency.sunset_hours).",
            "Write why.tried_first, or why.not_tried with the statutory exception, and have it signed again.",
        )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, LONDON).astimezone(UTC)


def _said(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
