"""Rules for NHS numbers, National Insurance numbers, UPNs, UPRNs and USRNs.

A repair either changes only the writing (spaces, hyphens, what a spreadsheet added) or must pass the number's
own check afterwards. A number in scientific form has lost digits unless every digit is still there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

from sharewell.cleaning.rules.encodings import latin_letters
from sharewell.cleaning.rules.text import Draft, nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked
from sharewell.vocab.identifiers import (
    NINO_UNUSED_PREFIXES,
    is_nhs_number,
    is_nino,
    is_upn,
    is_uprn,
    is_usrn,
)

RULES: Final = {
    "separators": "Spaces, hyphens and other separators were taken out of the number.",
    "label_removed": "The number's own name, written in front of it, was taken off.",
    "full_width_digits": "Digits of another alphabet were written as plain digits.",
    "text_marker": "The mark that a spreadsheet puts in front of text was taken off.",
    "decimal_added": "The .0 that a spreadsheet added to a whole number was taken off.",
    "scientific_exact": "A number in scientific form was written out; every digit was still there.",
    "leading_zeros": "Zeros in front of the number were taken off.",
    "thousands_commas": "Commas between thousands were taken out.",
    "capitals": "Letters were written as capitals.",
    "look_alikes": "Letters of another alphabet that look like ordinary ones were written as those.",
    "letter_for_digit": "The letter O or I stood where only a digit can stand, and was written as 0 or 1.",
    "nhs_number_bad_check_digit": "The NHS number's last digit does not agree with the other nine.",
    "nhs_number_wrong_length": "An NHS number has ten digits; this has more or fewer.",
    "nhs_number_placeholder": "The NHS number is one digit ten times, which is written when none is known.",
    "nhs_number_not_digits": "The NHS number holds something other than digits.",
    "digits_lost": "The number is in scientific form and its last digits are gone.",
    "nino_temporary": "The number is a temporary one (TN), made from a date of birth, and points at nobody.",
    "nino_unused_prefix": "No National Insurance number begins with these letters.",
    "nino_no_suffix": "The National Insurance number lacks its last letter.",
    "nino_wrong_form": "A National Insurance number is two letters, six digits and a letter from A to D.",
    "upn_bad_check_letter": "The pupil number's first letter does not agree with its other characters.",
    "upn_wrong_form": "A pupil number is a letter and twelve digits (a temporary one ends in a letter).",
    "uprn_wrong_form": "A UPRN is a whole number above 0 of at most 12 digits.",
    "usrn_wrong_form": "A USRN is a whole number above 0 of at most 8 digits.",
}

SEPARATORS: Final = re.compile("[ \u2010-\u2015\u2212./_-]+")
_LABEL = re.compile(
    "^(?:(?:nhs|uprn|usrn)(?: ?(?:number|num|no|id))?|number|num|no)[.:#= -]*(?=[0-9(])", re.IGNORECASE
)
_NINO_LABEL = re.compile(
    "^(?:NINO|N[.]?I[.]?|NAT(?:IONAL)? INS(?:URANCE)?)(?: ?(?:NUMBER|NUM|NO))?[.:#= -]+(?=[A-Z]{2} ?[0-9OI])"
)
_UPN_LABEL = re.compile("^UPN(?: ?(?:NUMBER|NUM|NO))?[.:#= -]+(?=[A-Z])")
_BRACKETED = re.compile("[(]([^()]+)[)]|\\[([^\\[\\]]+)\\]")
_DIGIT_WITH_LETTERS = re.compile("[0-9OoIl]+")
_DIGIT_OF: Final = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1"})
_IN_THREES = re.compile("[0-9]{3}([ -])[0-9]{3}\\1[0-9]{4}")
"""The commonest form of an NHS number, which needs no looking for anything else."""
_BARE = re.compile("[0-9](?:[0-9 -]*[0-9])?")
_DECIMAL = re.compile("[.]0+$")
_SCIENTIFIC = re.compile("([0-9])(?:[.]([0-9]+))?[eE][+]?([0-9]{1,2})")
_SPACED_DIGITS = re.compile("[0-9]+(?: [0-9]{2,})+")
_GROUPED = re.compile("[0-9]{1,3}(?:,[0-9]{3})+")
_LETTERS_AS_DIGITS: Final = str.maketrans({"O": "0", "I": "1"})


def plain_digits(text: str) -> str:
    """Return the text with the digits of other alphabets as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def expand_scientific(text: str) -> str | None:
    """Return the digits of a whole number in scientific form, if all of them are there; else None.

    ``9.434765919E+09`` has all ten; ``9.43E+09`` may have been rounded and has lost seven.
    """
    found = _SCIENTIFIC.fullmatch(text)
    if not found or len(found[2] or "") != int(found[3]):
        return None
    return found[1] + (found[2] or "")


def is_scientific(text: str) -> bool:
    """Return whether the text is a number in scientific form."""
    return not text.isdigit() and bool(_SCIENTIFIC.fullmatch(text))


def unwrap_number(draft: Draft) -> Draft:
    """Take off what spreadsheets and people put round a whole number: quotes, apostrophe, name, ``.0``."""
    if not _BARE.fullmatch(draft.text):
        take_off_wrapping(draft)
    return draft


def take_off_wrapping(draft: Draft) -> None:
    """Do what ``unwrap_number`` does to a number that is more than digits, spaces and hyphens."""
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'\"‘’`=").rstrip("'\"’;,").strip(), "text_marker")
    draft.becomes(_unbracketed(draft.text), "separators")
    draft.becomes(_LABEL.sub("", draft.text), "label_removed")
    draft.becomes(_DECIMAL.sub("", draft.text), "decimal_added")
    draft.becomes(expand_scientific(draft.text) or draft.text, "scientific_exact")


def _unbracketed(text: str) -> str:
    found = _BRACKETED.fullmatch(text)
    return (found[1] or found[2]).strip() if found else text


def nhs_number_rule() -> Rule:
    """Return the rule for NHS numbers: separators out, then the check digit must agree."""
    return _decide_nhs_number


def _decide_nhs_number(value: str) -> Decision | None:
    if _IN_THREES.fullmatch(value):
        number = value[:3] + value[4:7] + value[8:]
        wrong = wrong_nhs_number(number)
        return blanked(wrong) if wrong else Decision(number, "separators", Verdict.REPAIRED)
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    unwrap_number(draft)
    if is_scientific(draft.text):
        return blanked("digits_lost")
    if "," in draft.text and _GROUPED.fullmatch(draft.text):
        draft.becomes(draft.text.replace(",", ""), "thousands_commas")
    draft.becomes(SEPARATORS.sub("", draft.text), "separators")
    if len(draft.text) != 10 or not draft.text.isdigit():
        _check_digits(draft)
    if wrong := wrong_nhs_number(draft.text):
        return blanked(wrong)
    return draft.against(value, "separators")


def _check_digits(draft: Draft) -> None:
    """Take O for 0, I for 1 and zeros in front for padding, where the check digit then agrees."""
    if _DIGIT_WITH_LETTERS.fullmatch(draft.text) and not draft.text.isdigit():
        figures = draft.text.translate(_DIGIT_OF)
        if wrong_nhs_number(figures) is None:
            draft.becomes(figures, "letter_for_digit")
    bare = draft.text.lstrip("0")
    if len(draft.text) > len(bare) == 10 and wrong_nhs_number(bare) is None:
        draft.becomes(bare, "leading_zeros")


def wrong_nhs_number(text: str) -> str | None:
    """Return why bare text is not an NHS number, or None when it is one."""
    if not (text.isascii() and text.isdigit()):
        return "nhs_number_not_digits"
    if len(text) != 10:
        return "nhs_number_wrong_length"
    if len(set(text)) == 1:
        return "nhs_number_placeholder"
    return None if is_nhs_number(text) else "nhs_number_bad_check_digit"


def nino_rule() -> Rule:
    """Return the rule for National Insurance numbers (HMRC NIM39110); temporary numbers are blanked."""
    return _decide_nino


def _decide_nino(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(latin_letters(plain_digits(draft.text)), "look_alikes")
    draft.becomes(draft.text.upper(), "capitals")
    draft.becomes(draft.text.lstrip("'‘’\"=").rstrip("\"'’;,"), "text_marker")
    draft.becomes(_NINO_LABEL.sub("", _unbracketed(draft.text)), "label_removed")
    draft.becomes(SEPARATORS.sub("", draft.text), "separators")
    text = draft.text
    draft.becomes(text[:2] + text[2:8].translate(_LETTERS_AS_DIGITS) + text[8:], "letter_for_digit")
    if wrong := _wrong_nino(draft.text):
        return blanked(wrong)
    return draft.against(value, "separators")


def _wrong_nino(text: str) -> str | None:
    if is_nino(text):
        return None
    if re.fullmatch("TN[0-9]{6}[A-Z]", text):
        return "nino_temporary"
    if re.fullmatch("[A-Z]{2}[0-9]{6}", text):
        return "nino_no_suffix"
    if re.fullmatch("[A-Z]{2}[0-9]{6}[A-D]", text) or text[:2] in NINO_UNUSED_PREFIXES:
        return "nino_unused_prefix"
    return "nino_wrong_form"


def upn_rule() -> Rule:
    """Return the rule for unique pupil numbers: a repair must pass the check letter."""
    return _decide_upn


def _decide_upn(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(latin_letters(draft.text), "look_alikes")
    draft.becomes(draft.text.upper(), "capitals")
    draft.becomes(draft.text.lstrip("'‘’\"=").rstrip("\"'’;,"), "text_marker")
    draft.becomes(_UPN_LABEL.sub("", _unbracketed(draft.text)), "label_removed")
    if "E+" not in draft.text:
        draft.becomes(SEPARATORS.sub("", draft.text), "separators")
    swapped = draft.text[:1] + draft.text[1:].translate(_LETTERS_AS_DIGITS)
    if is_upn(swapped):
        draft.becomes(swapped, "letter_for_digit")
    if is_upn(draft.text):
        return draft.against(value, "separators")
    right_form = re.fullmatch("[A-Z][0-9]{11}[0-9A-Z]", draft.text)
    return blanked("upn_bad_check_letter" if right_form else "upn_wrong_form")


def uprn_rule() -> Rule:
    """Return the rule for unique property reference numbers."""
    return lambda value: _decide_reference(value, is_uprn, "uprn_wrong_form")


def usrn_rule() -> Rule:
    """Return the rule for unique street reference numbers."""
    return lambda value: _decide_reference(value, is_usrn, "usrn_wrong_form")


def _decide_reference(value: str, is_right: Callable[[str], bool], wrong: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    unwrap_number(draft)
    if is_scientific(draft.text):
        return blanked("digits_lost")
    if "," in draft.text and _GROUPED.fullmatch(draft.text):
        draft.becomes(draft.text.replace(",", ""), "thousands_commas")
    if " " in draft.text and _SPACED_DIGITS.fullmatch(draft.text):
        draft.becomes(draft.text.replace(" ", ""), "separators")
    draft.becomes(draft.text.lstrip("0"), "leading_zeros")
    return draft.against(value, "separators") if is_right(draft.text) else blanked(wrong)
