"""Rules for whole numbers and amounts: how they are written is changed, how much they are never."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from sharewell.cleaning.rules.identifiers import expand_scientific, is_scientific, plain_digits
from sharewell.cleaning.rules.text import Draft, nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked

RULES: Final = {
    "currency_sign_removed": "The pound sign was taken off the amount.",
    "pence_as_pounds": "An amount in pence (such as 50p) was written in pounds.",
    "minus_sign": "A minus sign of another kind, or at the end, was written as - in front.",
    "brackets_mean_minus": "Brackets round an amount mean less than nothing, and became a minus sign.",
    "credit_debit": "CR after an amount became a minus sign; DR was taken off.",
    "float_noise": "A trace of how computers hold fractions (under a hundred-millionth) was rounded away.",
    "number_written_plainly": "The number was written without +, needless zeros or an open decimal point.",
    "number_not_understood": "The cell does not hold one number.",
    "number_not_whole": "The field holds whole numbers, and this has a fraction.",
}

INTEGER_PATTERN: Final = "(0|-?[1-9][0-9]*)"
NUMBER_PATTERN: Final = "-?(0|[1-9][0-9]*)([.][0-9]{1,7})?"

_DECIMAL_ADDED = re.compile("[.]0+$")
_GROUPED = re.compile("(-?[(]?[0-9]{1,3})((?:,[0-9]{3})+)(?![0-9,])(.*)")
_THIN_SPACE = re.compile("[\u00a0\u2007\u2009\u202f]")
_SPACED = re.compile("([-+(£]*)([0-9]{1,3}(?: [0-9]{3})+)(?![0-9 ])(.*)")
_PLAIN = re.compile("([+-]?)0*([0-9]*)(?:[.]([0-9]*))?")
_SMALL = re.compile("-?[0-9](?:[.][0-9]+)?[eE]-[0-9]{1,2}")
_IN_POUNDS = re.compile("£(0|[1-9][0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)[.][0-9]{2}")
"""The commonest form of an amount of money, which needs no looking for anything else."""
_UNSIGNED = re.compile("-?[0-9](?:[0-9.,]*[0-9])?")
_SIGNS: Final = (
    (re.compile("[\u2010-\u2015\u2212\ufe63\uff0d]"), "-", "minus_sign"),
    (re.compile("^([-+(]*) ?(?:£|GBP) ?"), "\\g<1>", "currency_sign_removed"),
    (re.compile("^([0-9][0-9.,]*) ?(?:£|GBP)$"), "\\g<1>", "currency_sign_removed"),
    (re.compile("^[(] ?([0-9][0-9.,]*) ?[)]$"), "-\\g<1>", "brackets_mean_minus"),
    (re.compile("^([0-9](?:[0-9.,]*[0-9])?) ?-$"), "-\\g<1>", "minus_sign"),
    (re.compile("^- ([0-9])"), "-\\g<1>", "minus_sign"),
)
"""The ways of writing a sign or a currency, in the order in which they are undone."""
_CREDIT = re.compile("([0-9][0-9.,]*) ?(CR|DR|cr|dr|Cr|Dr)[.]?")
_NOISE: Final = Decimal("0.000000005")
_PENCE: Final = Decimal("0.01")


def integer_rule() -> Rule:
    """Return the rule for whole numbers."""
    return _decide_integer


def _decide_integer(value: str) -> Decision | None:
    found = _read_number(value)
    if not isinstance(found, Draft):
        return found
    if "brackets_mean_minus" in found.rules and "currency_sign_removed" not in found.rules:
        return blanked("number_not_understood")
    found.becomes(_DECIMAL_ADDED.sub("", found.text), "decimal_added")
    found.becomes("0" if found.text == "-0" else found.text, "number_written_plainly")
    return (
        blanked("number_not_whole") if "." in found.text else found.against(value, "number_written_plainly")
    )


def number_rule() -> Rule:
    """Return the rule for amounts: the form is changed, the amount never."""
    return _decide_number


def _decide_number(value: str) -> Decision | None:
    if _IN_POUNDS.fullmatch(value):
        rules = "currency_sign_removed+thousands_commas" if "," in value else "currency_sign_removed"
        return Decision(value[1:].replace(",", ""), rules, Verdict.REPAIRED)
    return decide_amount(value)


def decide_amount(value: str) -> Decision | None:
    """Decide an amount of any form."""
    found = _read_number(value, is_money=True)
    if not isinstance(found, Draft):
        return found
    found.becomes(without_noise(found.text), "float_noise")
    return found.against(value, "number_written_plainly")


def _read_number(value: str, *, is_money: bool = False) -> Draft | Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’\"=").rstrip('"'), "text_marker")
    if _THIN_SPACE.search(value) and (found := _SPACED.fullmatch(draft.text)):
        draft.becomes(found[1] + found[2].replace(" ", "") + found[3], "thousands_commas")
    _signed(draft)
    if "," in draft.text and (found := _GROUPED.fullmatch(draft.text)):
        draft.becomes(found[1] + found[2].replace(",", "") + found[3], "thousands_commas")
    if is_money:
        _in_pounds(draft)
    return _plainly(draft)


def _plainly(draft: Draft) -> Draft | Decision:
    draft.becomes(expand_scientific(draft.text) or draft.text, "scientific_exact")
    if _SMALL.fullmatch(draft.text):
        draft.becomes(f"{Decimal(draft.text):f}", "number_written_plainly")
    if is_scientific(draft.text.lstrip("-")):
        return blanked("digits_lost")
    plain = _written_plainly(draft.text)
    if plain is None:
        return blanked("number_not_understood")
    draft.becomes(plain, "number_written_plainly")
    return draft


def _signed(draft: Draft) -> None:
    """Bring every way of writing a sign and a currency to one minus sign in front."""
    for written, plainly, rule in _SIGNS:
        if _UNSIGNED.fullmatch(draft.text):
            return
        draft.becomes(written.sub(plainly, draft.text), rule)
    if found := _CREDIT.fullmatch(draft.text):
        draft.becomes(f"-{found[1]}" if found[2].upper() == "CR" else found[1], "credit_debit")


def _in_pounds(draft: Draft) -> None:
    """Write 50p as 0.50. The p of £1.50p says nothing."""
    if "currency_sign_removed" not in draft.rules:
        if found := re.fullmatch("(-?[0-9]+) ?[pP]", draft.text):
            draft.becomes(f"{Decimal(found[1]) * _PENCE:f}", "pence_as_pounds")
    else:
        draft.becomes(re.sub("^(-?[0-9]+[.][0-9]{2}) ?[pP]$", "\\g<1>", draft.text), "currency_sign_removed")


def _written_plainly(text: str) -> str | None:
    found = _PLAIN.fullmatch(text)
    if not found or not (found[2] or found[3] or "0" in text):
        return None
    sign, whole, fraction = found[1].replace("+", ""), found[2] or "0", found[3] or ""
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def without_noise(text: str) -> str:
    """Return an amount whose trace beyond pence is under 0.000000005 rounded to pence; others unchanged."""
    _, _, fraction = text.partition(".")
    if len(fraction) < 8:
        return text
    amount = Decimal(text)
    rounded = amount.quantize(_PENCE)
    return f"{rounded:f}" if abs(amount - rounded) < _NOISE else text
