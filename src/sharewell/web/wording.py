"""The words that people read for each code. A code without words here is written out plainly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = Mapping[str, _StrPromise]

STATES: Final[Words] = {
    "running": _("Running"),
    "committed": _("Being handed over"),
    "finished": _("Finished"),
    "refused": _("Refused"),
    "stopped": _("Stopped"),
}
LEVELS: Final[Words] = {
    "aggregate": _("Aggregate: counts only"),
    "existence": _("Existence: only whether something is known"),
    "pseudonymised": _("Pseudonymised: one row a person, without names"),
    "identifiable": _("Identifiable: one row a person, with what names them"),
}
FORMS: Final[Words] = {
    "identifiable": _("As it is; it can name the person"),
    "as_is": _("As it is"),
    "pseudonym": _("A reference in its place"),
    "age_band_5": _("An age band of five years"),
    "age_band_10": _("An age band of ten years"),
    "year": _("The year only"),
    "outcode": _("The first half of the postcode"),
    "ward": _("The ward"),
    "flag": _("Yes or no"),
    "existence": _("Only that there is a record"),
    "count": _("A count"),
}
PEOPLE_LEFT_OUT: Final[Words] = {
    "protected": _("They are protected people, who are never in a list"),
    "not_in_all": _("They are not in every list that the flow asks for"),
    "objection": _("They objected to sharing"),
    "row_test": _("Their row does not meet the agreement's conditions"),
    "in_excluded_list": _("They are in a list whose people are left out"),
    "small_group": _("Too few people are like them"),
    "nothing_known": _("The lists asked know nothing of them"),
}
PERSON_LEFT_OUT: Final[Words] = {
    "protected": _("This is a protected person, who is never in a list."),
    "not_in_all": _("The person is not in every list that the flow asks for."),
    "objection": _("The person objected to sharing."),
    "row_test": _("The person's row does not meet the agreement's conditions."),
    "in_excluded_list": _("The person is in a list whose people are left out."),
    "small_group": _("Too few people are like this person, so they could be recognised."),
    "nothing_known": _("The lists asked know nothing of the person."),
}
SET_ASIDE: Final[Words] = {
    "ragged_row": _("The row has more or fewer cells than the header"),
    "truncated_row": _("The file breaks off inside the row"),
    "bad_json": _("The line is not valid JSON"),
}
OUTCOMES: Final[Words] = {
    "released": _("This row's person is in the release."),
    "withheld": _("This row's person was not let out."),
    "not_asked_for": _("Nothing was asked about this row's person, so nothing was let out."),
    "set_aside": _("This row was set aside. It was not used, and nothing of it was let out."),
}
PLACE_ANSWERS: Final[Words] = {
    "unit": _("The address was matched to one home."),
    "building": _("The address was matched to a building, but not to one home in it."),
    "none": _("The address was not matched to any place."),
}
PLACE_EVIDENCE: Final[Words] = {
    "no address": _("The list has no address, or the flow has no gazetteer to match it with."),
    "no_candidate": _("No address of the gazetteer comes near it."),
    "undecided": _("Several addresses of the gazetteer fit it about equally well."),
    "given_uprn": _("The list gave the place's own number (UPRN), which is in the gazetteer."),
    "exact+postcode": _("The address and its postcode stand in the gazetteer exactly so."),
    "exact+ambiguous": _("Several places of the gazetteer have exactly this address."),
}
PLACE_STANDING: Final[Words] = {
    "historic": _("The place stood once and is gone."),
    "provisional": _("The place is planned and not there yet."),
}
PLACE_PARTS: Final[Words] = {
    "postcode": _("postcode"),
    "number": _("number"),
    "unit": _("flat or unit"),
    "name": _("name of the building"),
    "street": _("street"),
}
LINKED_BY: Final[Words] = {
    "nhs_number": _("the same NHS number"),
    "first_name": _("the same first name"),
    "surname": _("the same surname"),
    "date_of_birth": _("the same date of birth"),
    "postcode": _("the same postcode"),
    "uprn": _("the same home"),
    "similar_first_name": _("a similar first name"),
    "similar_surname": _("a similar surname"),
    "similar_date_of_birth": _("a similar date of birth"),
}


def say(words: Words, code: str) -> str:
    """Return the words for a code, or the code written out plainly."""
    return str(words[code]) if code in words else plain(code)


def plain(code: str) -> str:
    """Return a code written out: ``ragged_row`` becomes ``Ragged row``."""
    text = code.replace("_", " ").replace("-", " ").strip()
    return text[:1].upper() + text[1:]
