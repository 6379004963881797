"""Rules for telephone numbers and email addresses.

Telephone numbers take the international form (E.164). Only the shape is judged, by Ofcom's numbering plan:
the numbers kept for drama are right, and whether a number rings is not known.
"""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.identifiers import expand_scientific, is_scientific, plain_digits
from sharewell.cleaning.rules.text import Draft, nothing_known, tidy
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
    "phone_placeholder": "The telephone number is one that people write when there is none.",
    "phone_not_to_be_used": "What stands beside the telephone number says that it is not to be used.",
}

UK_PHONE_PATTERN: Final = "[+]44(7[0-9]{9}|[23][0-9]{9}|[158][0-9]{8,9}|9[0-9]{9})"
OTHER_PHONE_PATTERN: Final = "[+]([1-35-9][0-9]{7,14}|4[0-35-9][0-9]{6,13})"
PHONE_PATTERN: Final = f"({UK_PHONE_PATTERN}|{OTHER_PHONE_PATTERN})"
PHONE_PLACEHOLDERS: Final = (
    *(f"+44{digit * 10}" for digit in "1235789"),
    *("+441234567890", "+447123456789", "+447000000000", "+441111111111"),
)

_PHONE = re.compile(PHONE_PATTERN)
_LABELS: Final = (
    "home|work|mobile|mob|tel|telephone|phone|landline|contact|no|number|ph|day|daytime|evening|eve|office"
    "|emergency|mum|mother|dad|father|wife|husband|son|daughter|partner|carer|neighbour|friend|sister|brother"
    "|nok|next of kin"
)
_PHONE_LABEL = re.compile(
    f"^(?:(?:{_LABELS}|[tmhw])(?:'s)?(?![A-Za-z])[.:-]* *)+[-:]? *(?=[+(0-9O])", re.IGNORECASE
)
_NUMBER_THEN_NOTE = re.compile("([+(\\[]*[0-9][0-9 ()\\[\\].-]*[0-9])(.*)", re.DOTALL)
_ANOTHER_NUMBER = re.compile("^ *(?:/|,|;|&|\\||or|and)+ *[+(]?[0-9][0-9 ().-]{5,}", re.IGNORECASE)
_NOTE = re.compile(" *(?:[(\\[,;:/-].*|[A-Za-z#].*|[.)\\]]+)", re.DOTALL)
_WARNING = re.compile(
    "(?i)\\b(?:old|wrong|dead|disconnected|invalid|incorrect|unobtainable|cut off|out of order|stolen|lost"
    "|expired|ceased|former|previous"
    "|(?:no longer|not) (?:in use|used|working|valid|active|known|correct|right|his|hers|theirs)"
    "|(?:do not|don'?t|never) (?:use|call|ring|contact|phone))\\b"
)
_SLASHED = re.compile("[+(]?[0-9][0-9 ()-]*(?:/ ?[0-9 -]+){1,2}")
_LETTERED = re.compile("[+]?[0-9OoIl][0-9OoIl ()-]{8,}[0-9OoIl]")
_DIGIT_OF: Final = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_DECIMAL = re.compile("[.]0+$")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_SEPARATORS = re.compile("[ ()\\[\\].-]+")


def phone_rule() -> Rule:
    """Return the rule for telephone numbers."""
    return _decide_phone


def _decide_phone(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’\"=").rstrip("'\""), "text_marker")
    draft.becomes(_DECIMAL.sub("", draft.text), "decimal_added")
    draft.becomes(expand_scientific(draft.text) or draft.text, "scientific_exact")
    if is_scientific(draft.text):
        return blanked("digits_lost")
    draft.becomes(_DASHES.sub("-", draft.text), "phone_separators")
    draft.becomes(_PHONE_LABEL.sub("", draft.text), "phone_label_removed")
    if _LETTERED.fullmatch(draft.text):
        draft.becomes(draft.text.translate(_DIGIT_OF), "letter_for_digit")
    return _cut_note(draft) or _dial(draft, value)


def _cut_note(draft: Draft) -> Decision | None:
    if _SLASHED.fullmatch(draft.text) and _is_phone(draft.text.replace("/", " ")):
        draft.becomes(draft.text.replace("/", " "), "phone_separators")
    if first := _first_of_two(draft.text):
        draft.becomes(first, "phone_first_of_several")
    found = _NUMBER_THEN_NOTE.fullmatch(draft.text)
    if not found:
        return blanked("phone_not_a_number")
    number, rest = found.groups()
    if _WARNING.search(rest):
        return blanked("phone_not_to_be_used")
    if rest and not (_ANOTHER_NUMBER.match(rest) or _NOTE.fullmatch(rest)):
        return blanked("phone_not_a_number")
    several = _ANOTHER_NUMBER.match(rest)
    draft.becomes(number, "phone_first_of_several" if several else "phone_note_removed")
    return None


def _first_of_two(text: str) -> str | None:
    """Return the first of two whole numbers with only a space between them."""
    spots = [at for at, sign in enumerate(text) if sign == " " and text[at + 1 : at + 2] in "+0("]
    return next((text[:at] for at in spots if _is_phone(text[:at]) and _is_phone(text[at:])), None)


def _is_phone(text: str) -> bool:
    return bool(_PHONE.fullmatch(_dialled(text)))


def _dialled(text: str) -> str:
    return international(_SEPARATORS.sub("", re.sub("[(\\[]0[)\\]]", "", text)))


def _dial(draft: Draft, value: str) -> Decision | None:
    draft.becomes(re.sub("[(\\[]0[)\\]]", "", draft.text), "phone_international")
    draft.becomes(_SEPARATORS.sub("", draft.text), "phone_separators")
    lost = draft.text[:1] in "12378" and len(draft.text) == 10
    draft.becomes(international(draft.text), "phone_zero_lost" if lost else "phone_international")
    if not _PHONE.fullmatch(draft.text):
        return blanked("phone_wrong_length")
    if draft.text in PHONE_PLACEHOLDERS:
        return blanked("phone_placeholder")
    return draft.against(value, "phone_international")


def international(number: str) -> str:
    """Return bare digits in the international form, taking a number without a country to be British.

    Ten digits that begin with 1, 2, 3, 7 or 8 lack their 0; with another they are no personal number.
    """
    if number.startswith("00"):
        number = "+" + number[2:]
    elif number.startswith("0"):
        number = "+44" + number[1:]
    elif number.startswith("44") and len(number) in (12, 13):
        number = "+" + number
    elif len(number) == 10 and number.isdigit() and number[0] in "12378":
        number = "+44" + number
    return "+44" + number[4:] if number.startswith("+440") else number
