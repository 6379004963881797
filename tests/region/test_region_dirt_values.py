"""Dirt in dates, numbers and phones: every kind is found, is what it says, and can be taken back."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from sharewell.cleaning.rules.contacts import phone_rule
from sharewell.demo.region.chance import Chance, texts
from sharewell.demo.region.dirt import calendar, dates, numbers, phones
from sharewell.demo.region.dirt.calendar import DMY, FORMS, RUN, YMD, form_of, read_days, write_days
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.world.numbers import nhs_numbers, upns
from sharewell.vocab.identifiers import is_nhs_number, is_upn

ROWS = 20_000
EVEN = 0.05
"""A rate for every kind, high enough that each is seen often."""


def a_draft(seed: int = 1, **cells: object) -> Draft:
    nobody = np.arange(ROWS)
    made = Draft("list", nobody, nobody, texts([""] * ROWS), Chance(seed, "dirt"))
    made.fill(cells)  # type: ignore[arg-type]
    return made


def birthdays() -> np.ndarray:
    return np.datetime64("1925-01-01") + Chance(3).integers(0, 35_000, ROWS).astype("timedelta64[D]")


def mobiles(digits: int = 3, start: str = "07700900") -> np.ndarray:
    return texts([f"{start}{number:0{digits}d}" for number in Chance(4).integers(0, 1000, ROWS).tolist()])


def even(kinds: object) -> dict[str, float]:
    return dict.fromkeys(kinds, EVEN)  # type: ignore[call-overload]


def seen(draft: Draft) -> dict[str, list[tuple[str, str]]]:
    """Return before and after of every cell spoilt, by kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in draft.errors:
        found.setdefault(each.kind, []).extend(zip(each.before, each.after, strict=True))
    return found


def replayed(draft: Draft) -> dict[str, np.ndarray]:
    """Return the cells as they were before any dirt, and check that the errors chain."""
    cells = {name: column.copy() for name, column in draft.cells.items()}
    for each in reversed(draft.errors):
        assert (cells[each.column][each.row] == each.after).all()
        cells[each.column][each.row] = each.before
    return cells


def at_their_rates(draft: Draft) -> list[str]:
    """Return the kinds whose rate is more than a tenth off."""
    return [
        kind for kind, (_, has, wanted) in draft.tally.items() if abs(has - wanted) > max(1.0, 0.1 * wanted)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_calendar_reads_what_it_writes_and_knows_its_form(form):
    when = birthdays()
    written = write_days(when, form)
    again = read_days(written, form)
    assert form_of(written) == form
    if "{yy}" not in form:
        assert (again == when).all()
    assert write_days(np.array(["NaT"], dtype="datetime64[D]"), form).tolist() == [""]
    assert write_days(when[:50], form).tolist() == written[:50].tolist()


@pytest.mark.parametrize("form", (DMY, YMD, RUN, calendar.D_MONTH_Y))
def test_every_kind_of_date_is_planted_at_its_rate_and_can_be_taken_back(form):
    made = a_draft(born=write_days(birthdays(), form))
    dates.spoil_dates(made, "born", even(dates.date_kinds(form, np.datetime64("2021-01-01"))))
    assert at_their_rates(made) == []
    assert set(made.tally) == set(seen(made))
    assert (replayed(made)["born"] == write_days(birthdays(), form)).all()


def test_each_kind_of_date_is_what_it_says():
    made = a_draft(born=write_days(birthdays(), DMY))
    dates.spoil_dates(made, "born", even(dates.date_kinds(DMY, np.datetime64("2021-01-01"))))
    found = seen(made)
    for before, after in found["date_day_month_swapped"]:
        assert (before[:2], before[3:5], before[6:]) == (after[3:5], after[:2], after[6:])
    for kind, years in (("date_year_off_by_one", 1), ("date_year_off_by_ten", 10), ("date_century", 100)):
        for before, after in found[kind]:
            assert abs(int(before[6:]) - int(after[6:])) == years
            assert before[:6] == after[:6]
    for before, after in found["date_year_digits_swapped"]:
        assert (before[:8], before[8:]) == (after[:8], after[:7:-1])
    assert {after for _, after in found["date_default"]} == {"01/01/1900"}
    assert all(after == f"01/01/{before[6:]}" for before, after in found["date_first_of_january"])
    assert all(after == before[:6] + before[8:] for before, after in found["date_two_figure_year"])
    assert all(after == f"{before} 00:00" for before, after in found["date_with_time"])
    assert {after for _, after in found["date_missing"]} == {""}


def test_impossible_days_serials_and_other_forms_are_what_they_say():
    made = a_draft(born=write_days(birthdays(), DMY))
    dates.spoil_dates(made, "born", even(dates.date_kinds(DMY, np.datetime64("2021-01-01"))))
    found = seen(made)
    for before, after in found["date_impossible"]:
        day, month, year = map(int, after.split("/"))
        assert year == int(before[6:])
        with pytest.raises(ValueError, match="day"):
            date(year, month, day)
    for before, after in found["date_serial"]:
        counted = date(1899, 12, 30) + timedelta(days=int(after))
        assert counted.strftime("%d/%m/%Y") == before
    for before, after in found["date_other_form"]:
        form = form_of(texts([after]))
        assert form != DMY
        assert (read_days(texts([after]), form) == read_days(texts([before]), DMY)).all()


def test_no_slip_of_a_date_leads_past_the_newest_day_of_its_column():
    when = np.minimum(birthdays() + np.timedelta64(9000, "D"), np.datetime64("2021-03-21"))
    made = a_draft(born=write_days(when, YMD))
    dates.spoil_dates(made, "born", even(dates.SLIPS))
    assert max(made.cells["born"].tolist()) <= "2021-03-21"


def test_a_column_without_days_is_left_alone():
    made = a_draft(born="")
    dates.spoil_dates(made, "born")
    assert made.errors == []


def test_nhs_numbers_are_spoilt_as_each_kind_says():
    clean = nhs_numbers(np.arange(ROWS))
    others = np.roll(clean, 1)
    others[::2] = ""
    made = a_draft(number=clean)
    rates = even(("nhs_number_of_household", *numbers.NHS_NUMBER_KINDS))
    numbers.spoil_nhs_numbers(made, "number", rates, others)
    found = seen(made)
    assert at_their_rates(made) == []
    assert (replayed(made)["number"] == clean).all()
    assert all(is_nhs_number(after) for _, after in found["nhs_number_of_household"])
    for kind in ("nhs_number_wrong_check_digit", "nhs_number_digits_swapped"):
        assert not any(is_nhs_number(after) for before, after in found[kind] if is_nhs_number(before))
    assert all(sorted(before) == sorted(after) for before, after in found["nhs_number_digits_swapped"])
    assert all(
        after.replace(" ", "") == before and len(after) == 12 for before, after in found["nhs_number_spaced"]
    )
    assert all(after.replace("-", "") == before for before, after in found["nhs_number_hyphened"])
    assert all(after == f"{before}.0" for before, after in found["nhs_number_decimal"])
    assert all(abs(float(after) - int(before)) <= 5000 for before, after in found["nhs_number_scientific"])
    assert {after for _, after in found["nhs_number_missing"]} == {""}


def test_ninos_upns_uprns_and_ids_are_spoilt_and_can_be_taken_back():
    ninos = texts([f"ZX{number:06d}A" for number in range(ROWS)])
    made = a_draft(
        nino=ninos,
        upn=upns(np.arange(ROWS)),
        uprn=texts([f"9990{number:07d}" for number in range(ROWS)]),
    )
    clean = {name: column.copy() for name, column in made.cells.items()}
    numbers.spoil_ninos(made, "nino", even(numbers.NINO_KINDS))
    numbers.spoil_upns(made, "upn", even(numbers.UPN_KINDS))
    numbers.spoil_uprns(made, "uprn", even(numbers.UPRN_KINDS))
    assert at_their_rates(made) == []
    for name, column in replayed(made).items():
        assert (column == clean[name]).all()
    found = seen(made)
    assert not any(is_upn(after) for before, after in found["upn_wrong_letter"] if is_upn(before))
    assert all(len(after) == 8 for _, after in found["nino_last_letter_lost"])


def phones_spoilt(seed: int = 1) -> Draft:
    made = a_draft(seed, mobile=mobiles(), note="")
    made.cells["mobile"][::10] = ""
    rates = even((*phones.WRONG_NUMBERS, *phones.PHONE_FORMS, "phone_of_household", "phone_two_in_cell"))
    landlines = mobiles(4, "0161496")
    phones.spoil_phones(made, "mobile", rates, landlines, np.roll(mobiles(), 1))
    phones.spoil_wrong_column(made, "mobile", "note", EVEN)
    return made


def test_phones_are_spoilt_at_their_rates_and_can_be_taken_back():
    made = phones_spoilt()
    clean = mobiles()
    clean[::10] = ""
    assert at_their_rates(made) == []
    assert (replayed(made)["mobile"] == clean).all()
    assert set(replayed(made)["note"].tolist()) == {""}


def test_odd_forms_of_a_phone_still_mean_the_number():
    read, found = phone_rule(), seen(phones_spoilt())
    for kind in ("phone_plus_44", "phone_0044", "phone_bracketed_zero", "phone_spaced", "phone_zero_lost"):
        for before, after in found[kind]:
            decision = read(after)
            meant = decision.after if decision else after
            assert meant == f"+44{before[1:]}"


def test_wrong_phones_stay_within_the_numbers_kept_for_drama():
    found = seen(phones_spoilt())
    for kind in ("phone_wrong_figure", "phone_figures_swapped", "phone_of_household"):
        for before, after in found[kind]:
            assert after != before
            assert after.startswith("07700900")
            assert len(after) == 11
    assert all(
        after.startswith(before) and " / 0161496" in after for before, after in found["phone_two_in_cell"]
    )
    assert {after for _, after in found["phone_none_in_words"]} == set(phones.NONE_IN_WORDS)
    assert {after for before, after in found["phone_missing"]} == {""}


def test_landlines_get_extensions_and_mobiles_do_not():
    made = a_draft(phone=np.where(np.arange(ROWS) % 2, mobiles(), mobiles(4, "0161496")))
    phones.spoil_phones(made, "phone", {"phone_extension": EVEN})
    assert all(
        before.startswith("0161") and " ext " in after for before, after in seen(made)["phone_extension"]
    )


def test_a_share_of_rows_has_no_phone_in_any_column():
    made = a_draft(mobile=mobiles(), landline=mobiles(4, "0161496"))
    made.cells["mobile"][::3] = ""
    made.cells["landline"][::4] = ""
    phones.spoil_no_phone(made, ("mobile", "landline"), 0.19)
    none = (made.cells["mobile"] == "") & (made.cells["landline"] == "")
    assert none.mean() == pytest.approx(0.19, abs=0.001)
    assert made.tally["phone_missing"][:2] == [ROWS, int(none.sum())]


def test_emails_are_spoilt_at_their_rates_and_can_be_taken_back():
    clean = texts([f"a.b{number}@example.org" if number % 5 else "" for number in range(ROWS)])
    made = a_draft(email=clean)
    phones.spoil_emails(made, "email", even(phones.EMAIL_KINDS))
    assert at_their_rates(made) == []
    assert (replayed(made)["email"] == clean).all()
    assert all(after.endswith(".con") for _, after in seen(made)["email_wrong_ending"])


def test_the_same_seed_spoils_the_same_cells_and_another_seed_others():
    once, again, other = phones_spoilt(), phones_spoilt(), phones_spoilt(2)
    assert (once.cells["mobile"] == again.cells["mobile"]).all()
    assert (once.cells["mobile"] != other.cells["mobile"]).any()
