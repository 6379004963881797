"""What people typed into GOV.UK to ask for support while shielding, as councils were sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Chance, Dates, Ints, Texts, texts
from sharewell.demo.region.dirt.address_rates import ASSUMED, scaled
from sharewell.demo.region.dirt.addresses import (
    ADDRESS_RATES,
    Layout,
    lay,
    lines_layout,
    parts_of,
    write_address,
)
from sharewell.demo.region.dirt.calendar import DMY, YMD, read_days, write_days
from sharewell.demo.region.dirt.dates import TYPED, spoil_dates, write_serials
from sharewell.demo.region.dirt.kinds import Kind, Rates, always, spoil_kinds, taken_from, where
from sharewell.demo.region.dirt.names import NAME_RATES, spoil_names
from sharewell.demo.region.dirt.numbers import NHS_NUMBER_RATES, spoil_nhs_numbers, spoil_uprns
from sharewell.demo.region.dirt.phones import (
    EMAIL_RATES,
    PHONE_RATES,
    spoil_emails,
    spoil_phones,
    spoil_wrong_column,
)
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.lists import rows, writing
from sharewell.demo.region.lists.form import Form
from sharewell.demo.region.lists.known import known
from sharewell.demo.region.lists.pds import held_on
from sharewell.demo.region.lists.shielded_patient_list import category, shielded
from sharewell.demo.region.terms import NOBODY, World

NAME: Final = "shielding-support-submissions"
LAYOUT: Final = Layout(("address_line1", "address_line2"), "address_postcode", town="address_town_city")
SPL_LAYOUT: Final = lines_layout("spl_address_line{}", 5, "spl_address_postcode")
ASKED: Final = (
    "are_you_applying_on_behalf_of_someone_else",
    "have_you_received_an_nhs_letter",
    "do_you_want_supermarket_deliveries",
    "need_someone_to_contact_you_about_local_support",
    "do_you_have_one_of_the_listed_medical_conditions",
    "do_you_have_someone_to_go_shopping_for_you",
)
COLUMNS: Final = (
    "ID", "nhs_number", "first_name", "middle_name", "last_name", "date_of_birth", "address_line1",
    "address_line2", "address_town_city", "address_postcode", "address_uprn", "contact_number_calls",
    "contact_number_texts", "contact_email", "uid_submission", "submission_datetime", *ASKED, "ladcode",
    "active_status", "spl_category", *SPL_LAYOUT.columns, "spl_address_postcode", "spl_address_uprn",
)  # fmt: skip
"""As Hackney's program that took the file in names them (lists-and-roles)."""

RATES: Final[Rates] = {
    **NAME_RATES, **ADDRESS_RATES, **scaled(3, ASSUMED), **TYPED,
    **NHS_NUMBER_RATES, **PHONE_RATES, **EMAIL_RATES,
    "name_nickname": 0.05,  # an assumption
    "sent_again": 0.065,  # lists-and-roles: 5 to 8 % of people, an assumption
    "contact_of_another": 0.12,  # of rows with another adult at home: an assumption
    "nhs_number_missing": 0.3,  # the question could be left out: an assumption
    "nhs_number_digits_swapped": 0.01,  # typed from a letter: an assumption
    "nhs_number_wrong_check_digit": 0.006,  # an assumption
    "nhs_number_of_household": 0.004,  # typed from the letter of another at home: an assumption
    "nhs_number_spaced": 0.35,  # as the letter prints it: an assumption
    "nhs_number_hyphened": 0.01,
    "uprn_missing": 0.45,  # address typed, not picked: an assumption
    "phone_of_household": 0.0,  # told apart as contact_of_another
    "phone_missing": 0.03,  # the question had to be answered: an assumption
    "phone_none_in_words": 0.03,
    "flat_missing": 0.05, "postcode_unspaced": 0.15, "postcode_small": 0.1,  # as the demo's list had them
    "phone_wrong_column": 0.01,  # a phone where the e-mail address belongs: an assumption
    "instant_iso": 0.25, "instant_british": 0.2, "instant_serial": 0.03, "instant_day_only": 0.02,
}  # fmt: skip
"""How often each kind of dirt is planted, of the rows that could have it (assumptions where no more is said).

The times of submission are in mixed forms (lists-and-roles).
"""
SENT, SENT_BY_OTHERS = 0.6, 0.006
"""Of those shielding, and of other adults, who asked for support (assumptions)."""
DAYS: Final = 130
"""The service opened again in November 2020."""


@dataclass(frozen=True)
class Sent:
    """Submissions in the order they came: who is to be helped, on which day, and which of theirs it is."""

    person: Ints
    day: Dates
    nth: Ints


def draft(world: World, chance: Chance) -> Draft:
    """Return one row for each submission; some people sent two or three."""
    sent = _sent(world, chance.stream("sent"))
    held = known(world, sent.person, sent.day)
    made = writing.begin(NAME, world, chance, sent.person, held.home)
    _write_typed(made, world, held.surname)
    _write_sending(made, world, sent)
    _write_answers(made, world)
    _write_list_side(made, world)
    _spoil(made, world, sent)
    return rows.in_order(made, COLUMNS)


FORM: Final = Form(NAME, "council", "govuk submissions.csv", "csv", draft, line_end="\n")


def _sent(world: World, chance: Chance) -> Sent:
    people = world.people
    listed = shielded(world, world.today)
    others = np.flatnonzero(~people.is_shielding & (world.ages() >= 18))
    person = np.concatenate(
        [chance.share(len(listed), SENT), len(listed) + chance.share(len(others), SENT_BY_OTHERS)]
    )
    person = np.concatenate([listed, others])[person]
    since = np.where(people.is_shielding[person], people.shielding_since[person], np.datetime64("2000-01-01"))
    most = np.minimum((world.today - since).astype(np.int64), DAYS)
    day = world.today - (chance.random(len(person)) * most).astype(np.int64).astype("timedelta64[D]")
    here = rows.lived_here(world, person, day)
    person, day = person[here], day[here]
    return _in_time(world, person, day, chance.stream("again"))


def _in_time(world: World, person: Ints, day: Dates, chance: Chance) -> Sent:
    """Return the submissions by day, those sent again some days later among them."""
    at = rows.again(chance, len(person), RATES["sent_again"])
    nth = np.zeros(len(at), dtype=np.int64)
    for place in range(len(person), len(at)):
        nth[place] = 1 + np.count_nonzero(at[len(person) : place] == at[place])
    later = (chance.integers(1, 30, len(at)) * nth).astype("timedelta64[D]")
    when = np.minimum(day[at] + later, world.today)
    order = np.lexsort((nth, when))
    return Sent(person[at][order], when[order], nth[order])


def _write_typed(draft: Draft, world: World, surname: Texts) -> None:
    """Write what people typed about whom to help, as if nobody had slipped."""
    people, person, n = world.people, draft.person, len(draft)
    chance = draft.chance.stream("typed")
    texted = (people.mobile[person] != "") & chance.happens(0.6, n)
    draft.fill(
        {
            "nhs_number": people.nhs_number[person],
            "first_name": people.first_name[person],
            "middle_name": writing.only_where(chance.happens(0.3, n), people.middle_name[person]),
            "last_name": surname,
            "date_of_birth": write_days(people.born[person], DMY),
            "address_uprn": world.homes.uprn[draft.home],
            "contact_number_calls": rows.best_phones(world, person),
            "contact_number_texts": writing.only_where(texted, people.mobile[person]),
            "contact_email": writing.only_where(chance.happens(0.7, n), people.email[person]),
        }
    )


def _write_sending(draft: Draft, world: World, sent: Sent) -> None:
    """Write the numbers of each submission, when it came, and the council it went to."""
    chance, n = draft.chance.stream("sending"), len(draft)
    second = chance.integers(6 * 3600, 23 * 3600, n).tolist()
    clock = texts([f" {each // 3600:02}:{each // 60 % 60:02}:{each % 60:02}" for each in second])
    halves = zip(
        chance.integers(0, 1 << 60, n).tolist(), chance.integers(0, 1 << 60, n).tolist(), strict=True
    )
    hexes = (f"{one:016x}{two:016x}" for one, two in halves)
    draft.fill(
        {
            "ID": writing.references_of_people(world, sent.person, "", 37)
            + sent.nth.astype(str).astype(object),
            "uid_submission": texts([f"{x[:8]}-{x[8:12]}-{x[12:16]}-{x[16:20]}-{x[20:]}" for x in hexes]),
            "submission_datetime": write_days(sent.day, YMD) + clock,
            "ladcode": world.areas.district[world.homes.area[draft.home]],
            "active_status": "active",
        }
    )
    rows.note_deaths(draft, "active_status", world.people.died_on[draft.person], "inactive")


def _write_answers(draft: Draft, world: World) -> None:
    """Write the answers to the questions; a later submission may answer otherwise."""
    chance, n = draft.chance.stream("answers"), len(draft)
    is_shielding = world.people.is_shielding[draft.person]
    rest = np.ones(n)
    letter, condition = np.where(is_shielding, 0.96, 0.1), np.where(is_shielding, 0.97, 0.5)
    answers = zip(ASKED, (0.0 * rest, letter, 0.55 * rest, 0.3 * rest, condition, 0.6 * rest), strict=True)
    draft.fill({name: writing.yes_no(chance.happens(share, n), "yes", "no") for name, share in answers})


def _write_list_side(draft: Draft, world: World) -> None:
    """Write what the shielded patient list has of those on it, beside what they typed."""
    person = draft.person
    held = held_on(world, person, world.today)
    on_list = np.isin(person, shielded(world, world.today))
    home = np.where(on_list, held.known.home, NOBODY)
    has_uprn = draft.chance.stream("list uprn").happens(0.6, len(draft))
    draft.fill(
        {
            "spl_category": writing.only_where(on_list, category(world, person, held.is_known_dead)),
            **lay(parts_of(world.homes, home), SPL_LAYOUT),
            "spl_address_uprn": rows.of(world.homes.uprn, np.where(has_uprn, home, NOBODY)),
        }
    )


def _spoil(draft: Draft, world: World, sent: Sent) -> None:
    """Note what is out of date and plant the dirt of people who type."""
    draft.count("sent_again", int((sent.nth == 0).sum()), int((sent.nth == 1).sum()), RATES["sent_again"])
    rows.note_old_addresses(draft, world, "address_postcode")
    rows.note_former_surnames(draft, world, "last_name")
    write_address(draft, world, LAYOUT, RATES)
    spoil_names(draft, "first_name", "last_name", RATES)
    spoil_dates(draft, "date_of_birth", RATES, DMY)
    others = rows.others_at_home(world)[draft.person]
    spoil_nhs_numbers(draft, "nhs_number", RATES, rows.of(world.people.nhs_number, others))
    spoil_uprns(draft, "address_uprn", RATES)
    _on_behalf(draft, world)
    spoil_phones(draft, "contact_number_calls", RATES, world.people.landline[draft.person])
    spoil_phones(draft, "contact_number_texts", {**RATES, "phone_none_in_words": 0.0})
    spoil_emails(draft, "contact_email", RATES)
    spoil_wrong_column(draft, "contact_number_calls", "contact_email", RATES["phone_wrong_column"])
    spoil_kinds(draft, "submission_datetime", INSTANTS, RATES)


def _on_behalf(draft: Draft, world: World) -> None:
    """Put another adult of the household down as the one to contact, in a share of the rows with one."""
    other = rows.others_at_home(world, 18)[draft.person]
    phone = np.where(other == NOBODY, "", rows.best_phones(world, other)).astype(object)
    calls, share = draft.cells["contact_number_calls"], RATES["contact_of_another"]
    among = np.flatnonzero((phone != "") & (phone != calls))
    chosen = draft.spoil("contact_number_calls", "contact_of_another", share, taken_from(phone), among=among)
    emails = rows.of(world.people.email, other)
    draft.plant("contact_email", "contact_of_another", chosen, emails[chosen])
    draft.plant("contact_number_texts", "contact_of_another", chosen, texts([""] * len(chosen)))
    draft.cells[ASKED[0]][chosen] = "yes"


def _is_clean(value: str) -> bool:
    return len(value) == 19 and value[10] == " "


def _british(value: str) -> str:
    return f"{value[8:10]}/{value[5:7]}/{value[:4]} {value[11:16]}"


def _serial(value: str) -> str:
    day = write_serials(read_days(texts([value[:10]]), YMD))[0]
    minutes = int(value[11:13]) * 60 + int(value[14:16])
    return f"{day}.{minutes * 10000 // 1440:04d}"


INSTANTS: Final[Mapping[str, Kind]] = {
    "instant_iso": Kind(where(_is_clean), always(lambda value: value.replace(" ", "T") + ".000Z")),
    "instant_british": Kind(where(_is_clean), always(_british)),
    "instant_serial": Kind(where(_is_clean), always(_serial)),
    "instant_day_only": Kind(where(_is_clean), always(lambda value: value[:10])),
}
"""How else the moment of a submission is written."""
