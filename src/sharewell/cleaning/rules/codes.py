"""Rules for codes, yes and no, whole numbers and amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from sharewell.cleaning.rules.identifiers import expand_scientific, is_scientific, plain_digits
from sharewell.cleaning.rules.text import NOTHING_IN_TEXT, Draft, nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked
from sharewell.sources.terms import Field

RULES: Final = {
    "code_from_word": "A word, or the code in another writing, was replaced by the code that it stands for.",
    "code_from_empty": "An empty cell was given the code that the standard has for it.",
    "code_not_in_list": "The value is none of the standard's codes and none of the words for them.",
    "boolean_from_word": "A word or mark for yes or no was written as true or false.",
    "boolean_not_understood": "The value says neither yes nor no.",
    "currency_sign_removed": "The pound sign was taken off the amount.",
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
TRUE_WORDS: Final = frozenset({"y", "yes", "true", "t", "1", "1.0", "on", "yes.", "✓", "✔"})
FALSE_WORDS: Final = frozenset({"n", "no", "false", "f", "0", "0.0", "off", "no.", "✗", "✘"})

_DECIMAL_ADDED = re.compile("[.]0+$")
_GROUPED = re.compile("(-?[(]?[0-9]{1,3})((?:,[0-9]{3})+)(?![0-9,])(.*)")
_PLAIN = re.compile("([+-]?)0*([0-9]*)(?:[.]([0-9]*))?")
_SMALL = re.compile("-?[0-9](?:[.][0-9]+)?[eE]-[0-9]{1,2}")
_NOISE: Final = Decimal("0.000000005")
_PENCE: Final = Decimal("0.01")


def code_rule(field: Field) -> Rule:
    """Return the rule for a code list; without a list the code is only tidied."""
    if not field.categories:
        return _decide_free_code
    known = _meanings(field.categories)
    return lambda value: _decide_code(value, known)


def code_for_empty(field: Field) -> str | None:
    """Return the code that an empty cell stands for, when the standard lists "" among its words."""
    return next((code for code, words in field.categories.items() if "" in words), None)


def _meanings(categories: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, words in categories.items():
        for word in words:
            known.setdefault(_folded(word), code)
    return known | {_folded(code): code for code in categories} | {code: code for code in categories}


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _decide_code(value: str, known: Mapping[str, str]) -> Decision | None:
    text = plain_digits(tidy(value).text)
    bare = _DECIMAL_ADDED.sub("", text).lstrip("'‘’")
    label = re.split(" *[-–:=(] *", bare, maxsplit=1)
    code = next((known[form] for form in _writings(text, bare) if form in known), None)
    if code is None and len(label) == 2:
        meant = known.get(_folded(label[1].rstrip(") ")))
        code = meant if meant == known.get(_folded(label[0]), "") else None
    if code is not None:
        return None if code == value else Decision(code, "code_from_word", Verdict.REPAIRED)
    return nothing_known(text) or blanked("code_not_in_list")


def _writings(text: str, bare: str) -> tuple[str, ...]:
    return text, _folded(text), bare, _folded(bare), _folded(bare.rstrip(".")), bare.lstrip("0") or bare[-1:]


def _decide_free_code(value: str) -> Decision | None:
    draft = tidy(value)
    return nothing_known(draft.text, NOTHING_IN_TEXT) or draft.against(value, "spaces")


def boolean_rule(field: Field) -> Rule:
    """Return the rule for yes and no, with the field's own words for them if it has any."""
    known = dict.fromkeys(TRUE_WORDS, "true") | dict.fromkeys(FALSE_WORDS, "false")
    known |= _meanings(field.categories)
    return lambda value: _decide_boolean(value, known)


def _decide_boolean(value: str, known: Mapping[str, str]) -> Decision | None:
    text = tidy(value).text
    meant = known.get(_folded(text), known.get(_folded(text.lstrip("'‘’"))))
    if meant is not None:
        return None if meant == value else Decision(meant, "boolean_from_word", Verdict.REPAIRED)
    return nothing_known(text) or blanked("boolean_not_understood")


def integer_rule() -> Rule:
    """Return the rule for whole numbers."""
    return _decide_integer


def _decide_integer(value: str) -> Decision | None:
    found = _read_number(value)
    if not isinstance(found, Draft):
        return found
    found.becomes(_DECIMAL_ADDED.sub("", found.text), "decimal_added")
    found.becomes("0" if found.text == "-0" else found.text, "number_written_plainly")
    return (
        blanked("number_not_whole") if "." in found.text else found.against(value, "number_written_plainly")
    )


def number_rule() -> Rule:
    """Return the rule for amounts: the form is changed, the amount never."""
    return _decide_number


def _decide_number(value: str) -> Decision | None:
    found = _read_number(value)
    if not isinstance(found, Draft):
        return found
    found.becomes(without_noise(found.text), "float_noise")
    return found.against(value, "number_written_plainly")


def _read_number(value: str) -> Draft | Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(draft.text.lstrip("'‘’"), "text_marker")
    _signed(draft)
    found = _GROUPED.fullmatch(draft.text)
    if found:
        draft.becomes(found[1] + found[2].replace(",", "") + found[3], "thousands_commas")
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
    draft.becomes(re.sub("[\u2212\u2012-\u2014\ufe63\uff0d]", "-", draft.text), "minus_sign")
    draft.becomes(re.sub("^([-+(]*) ?(?:£|GBP) ?", "\\g<1>", draft.text), "currency_sign_removed")
    draft.becomes(re.sub("^[(] ?([0-9][0-9.,]*) ?[)]$", "-\\g<1>", draft.text), "brackets_mean_minus")
    draft.becomes(re.sub("^([0-9][0-9.,]*) ?-$", "-\\g<1>", draft.text), "minus_sign")
    draft.becomes(re.sub("^- ([0-9])", "-\\g<1>", draft.text), "minus_sign")
    if found := re.fullmatch("([0-9][0-9.,]*) ?(CR|DR|cr|dr|Cr|Dr)", draft.text):
        draft.becomes(f"-{found[1]}" if found[2].upper() == "CR" else found[1], "credit_debit")


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
