"""When an agreement holds, to the minute, whatever the clocks do."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from agreement_samples import changed, good
from hypothesis import given, settings
from hypothesis import strategies as st

from sharewell.agreements.rules import ends_at, require_live, sunset_at
from sharewell.agreements.terms import Agreement, Status
from sharewell.vocab.errors import AgreementEnded, AgreementNotActive, AgreementNotStarted, SharewellError

LIVE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def with_days(starts: str, ends: str) -> Agreement:
    agreement = good("winter-calls")
    days = [date.fromisoformat(each) for each in (starts, starts, ends)]
    return dataclasses.replace(
        agreement,
        time=dataclasses.replace(
            agreement.time, **dict(zip(("starts", "review_by", "ends"), days, strict=True))
        ),
    )


@pytest.mark.parametrize(
    ("ends", "instant"),
    [
        ("2026-12-31", "2027-01-01T00:00Z"),  # winter: London is UTC
        ("2027-06-30", "2027-06-30T23:00Z"),  # summer: London is an hour ahead
        ("2027-03-27", "2027-03-28T00:00Z"),  # the clocks go forward an hour after it ends
        ("2027-03-28", "2027-03-28T23:00Z"),  # the last day has 23 hours
        ("2026-10-24", "2026-10-24T23:00Z"),  # the clocks go back two hours after it ends
        ("2026-10-25", "2026-10-26T00:00Z"),  # the last day has 25 hours
    ],
)
def test_it_ends_at_midnight_in_london_on_the_day_after_its_last(ends: str, instant: str) -> None:
    agreement, end = with_days("2026-01-01", ends), datetime.fromisoformat(instant)
    assert ends_at(agreement) == end
    require_live(agreement, end - timedelta(microseconds=1))
    with pytest.raises(AgreementEnded):
        require_live(agreement, end)


@pytest.mark.parametrize(
    ("starts", "instant"),
    [
        ("2026-11-01", "2026-11-01T00:00Z"),
        ("2026-07-01", "2026-06-30T23:00Z"),
        ("2026-03-29", "2026-03-29T00:00Z"),
        ("2026-03-30", "2026-03-29T23:00Z"),
        ("2026-10-26", "2026-10-26T00:00Z"),
    ],
)
def test_it_starts_at_midnight_in_london_on_its_first_day(starts: str, instant: str) -> None:
    agreement, start = with_days(starts, "2027-03-31"), datetime.fromisoformat(instant)
    require_live(agreement, start)
    with pytest.raises(AgreementNotStarted):
        require_live(agreement, start - timedelta(microseconds=1))


@settings(max_examples=40, deadline=None)
@given(
    offset=st.integers(-12 * 60, 14 * 60),
    at=st.datetimes(datetime(2026, 10, 30), datetime(2027, 4, 2)),
)
def test_the_answer_does_not_hang_on_the_zone_the_question_is_asked_in(offset: int, at: datetime) -> None:
    instant = at.replace(tzinfo=UTC)
    elsewhere = instant.astimezone(timezone(timedelta(minutes=offset)))
    assert answer(good("winter-calls"), instant) == answer(good("winter-calls"), elsewhere)


def answer(agreement: Agreement, at: datetime) -> str:
    try:
        require_live(agreement, at)
    except SharewellError as error:
        return error.code
    return "live"


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.ACTIVE])
def test_nothing_but_an_active_agreement_is_live(status: Status) -> None:
    agreement = dataclasses.replace(good("winter-calls"), status=status)
    with pytest.raises(AgreementNotActive, match=r"bwd-2026-014 is not active.*\(status\)"):
        require_live(agreement, LIVE)


def test_the_message_names_the_agreement_the_clause_and_what_to_do_next() -> None:
    with pytest.raises(AgreementEnded) as caught:
        require_live(good("winter-calls"), datetime(2027, 4, 1, tzinfo=UTC))
    assert "bwd-2026-014" in caught.value.what
    assert "31 March 2027 (time.ends)" in caught.value.what
    assert "new agreement" in caught.value.next_step
    with pytest.raises(AgreementNotStarted, match=r"1 November 2026 \(time.starts\)"):
        require_live(good("winter-calls"), datetime(2026, 10, 1, tzinfo=UTC))


def test_a_time_without_its_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="aware"):
        require_live(good("winter-calls"), LIVE.replace(tzinfo=None))


def test_the_fast_lane_shuts_when_its_hours_are_up() -> None:
    agreement = changed("flood", {"time/ends": "2026-12-31", "emergency/sunset_hours": 36})
    sunset = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert sunset_at(agreement) == sunset
    require_live(agreement, sunset - timedelta(seconds=1))
    with pytest.raises(AgreementEnded, match=r"emergency\.sunset_hours"):
        require_live(agreement, sunset)


def test_an_emergency_that_tried_less_first_does_not_sunset() -> None:
    tried = [{"level": "aggregate", "result": "It does not name the door.", "evidence": "run:1"}]
    agreement = changed("flood", {"time/ends": "2026-12-31", "why/tried_first": tried})
    require_live(agreement, datetime(2026, 12, 24, tzinfo=UTC))


def test_twenty_four_months_to_the_day_is_not_too_long() -> None:
    assert good("one-field").time.ends == date(2028, 10, 31)
