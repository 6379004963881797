"""Rules for telephone numbers and email addresses.

Telephone numbers take the international form (E.164). Only the shape is judged, by Ofcom's numbering plan:
the numbers kept for drama are right, and whether a number rings is not known.
"""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.identifiers import expand_scientific, is_scientific, plain_digits
from sharewell.cleaning.rules.text import Draft, nothing_known, tidy, unquoted
from sharewell.cleaning.terms import Decision, Rule, blanked

RULES: Final = {
    "phone_international": "The telephone number was written in the international form, +44 and no 0.",
    "phone_zero_lost": "The 0 that a spreadsheet dropped was counted back in the international form.",
    "phone_separators": "Spaces, brackets and hyphens were taken out of the telephone number.",
    "phone_label_removed": "A word in front of the telephone number was taken off.",
    "phone_note_removed": "A note or extension after the telephone number was taken off.",
    "phone_first_of_several": "Several telephone numbers stood in one cell; the first was kept.",
    "phone_wrong_length": "The telephone number is too short, too long or of no kind that is in use.",
    "phone_not_a_number": "The cell does not hold a telephone number.",
    "email_lower_case": "The email address was written in small letters.",
    "email_unwrapped": "What stood round the email address (a name, <>, mailto:, a full stop) was taken off.",
    "email_wrong_form": "The cell does not hold one email address.",
    "email_placeholder": "The email address is one that people write when there is none.",
}

EMAIL_PATTERN: Final = (
    "[a-z0-9!#$%&*+/=?^_{|}~'-]+([.][a-z0-9!#$%&*+/=?^_{|}~'-]+)*@[a-z0-9-]+([.][a-z0-9-]+)+"
)
UK_PHONE_PATTERN: Final = "[+]44(7[0-9]{9}|[23][0-9]{9}|[158][0-9]{8,9}|9[0-9]{9})"
OTHER_PHONE_PATTERN: Final = "[+]([1-35-9][0-9]{7,14}|4[0-35-9][0-9]{6,13})"
PHONE_PATTERN: Final = f"({UK_PHONE_PATTERN}|{OTHER_PHONE_PATTERN})"
EMAIL_PLACEHOLDERS: Final = frozenset(
    f"{name}@{name}.{end}"
    for name in ("none", "na", "noemail", "test", "unknown", "no")
    for end in ("com", "co.uk")
) | {"no@email.com", "noemail@email.com", "none@email.com", "none@nomail.com"}

_PHONE = re.compile(PHONE_PATTERN)
_EMAIL = re.compile(EMAIL_PATTERN)
_PHONE_LABEL = re.compile(
    "^(?:(?:home|work|mobile|mob|tel|telephone|phone|landline|contact|no|number|[tmh])[.:]* *)+(?=[+(0-9])",
    re.IGNORECASE,
)
_NUMBER_THEN_NOTE = re.compile("([+]?[(]?[+]?[0-9][0-9 ().-]*[0-9])(.*)", re.DOTALL)
_ANOTHER_NUMBER = re.compile("^ *(?:/|,|;|&|\\||or|and)+ *[+(]?[0-9][0-9 ().-]{5,}", re.IGNORECASE)
_NOTE = re.compile(" *(?:[(\\[,;:/-].*|[A-Za-z#].*|[.)]+)", re.DOTALL)
_DECIMAL = re.compile("[.]0+$")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SEPARATORS = re.compile("[ ().-]+")
_ANGLED = re.compile("[^<>@]*<([^<>]+)>[.,;]*")


def phone_rule() -> Rule:
    """Return the rule for telephone numbers."""
    return _decide_phone


def _decide_phone(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’\"").rstrip("'\""), "text_marker")
    draft.becomes(_DECIMAL.sub("", draft.text), "decimal_added")
    draft.becomes(expand_scientific(draft.text) or draft.text, "scientific_exact")
    if is_scientific(draft.text):
        return blanked("digits_lost")
    draft.becomes(_DASHES.sub("-", draft.text), "phone_separators")
    draft.becomes(_PHONE_LABEL.sub("", draft.text), "phone_label_removed")
    return _cut_note(draft) or _dial(draft, value)


def _cut_note(draft: Draft) -> Decision | None:
    found = _NUMBER_THEN_NOTE.fullmatch(draft.text)
    if not found:
        return blanked("phone_not_a_number")
    number, rest = found.groups()
    if rest and _ANOTHER_NUMBER.match(rest):
        draft.becomes(number, "phone_first_of_several")
    elif rest and _NOTE.fullmatch(rest):
        draft.becomes(number, "phone_note_removed")
    elif rest:
        return blanked("phone_not_a_number")
    return None


def _dial(draft: Draft, value: str) -> Decision | None:
    draft.becomes(draft.text.replace("(0)", ""), "phone_international")
    draft.becomes(_SEPARATORS.sub("", draft.text), "phone_separators")
    lost = draft.text[:1] in "1235789" and len(draft.text) == 10
    draft.becomes(international(draft.text), "phone_zero_lost" if lost else "phone_international")
    if not _PHONE.fullmatch(draft.text):
        return blanked("phone_wrong_length")
    return draft.against(value, "phone_international")


def international(number: str) -> str:
    """Return bare digits in the international form, taking a number without a country to be British."""
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0"):
        number = "+44" + number[1:]
    elif number.startswith("44") and len(number) in (12, 13):
        number = "+" + number
    elif len(number) == 10 and number.isdigit():
        number = "+44" + number
    return "+44" + number[4:] if number.startswith("+440") else number


def email_rule() -> Rule:
    """Return the rule for email addresses."""
    return _decide_email


def _decide_email(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(draft.text.lower(), "email_lower_case")
    draft.becomes(_unwrap_email(draft.text), "email_unwrapped")
    if draft.text in EMAIL_PLACEHOLDERS:
        return blanked("email_placeholder")
    return draft.against(value, "spaces") if _EMAIL.fullmatch(draft.text) else blanked("email_wrong_form")


def _unwrap_email(text: str) -> str:
    if angled := _ANGLED.fullmatch(text):
        text = angled[1]
    return unquoted(text.strip()).removeprefix("mailto:").strip(" .,;:")
