"""Rules for postcodes, which are mended only in their writing.

That is case, spaces, punctuation at the ends, and O for 0 or I for 1 where one reading alone is a postcode. A
character that could stand for something lost (``B?1 4AB``) is never dropped.
"""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.addresses import NO_ADDRESS
from sharewell.cleaning.rules.encodings import latin_letters
from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.cleaning.rules.text import nothing_known, tidy
from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked
from sharewell.vocab.identifiers import is_postcode

RULES: Final = {
    "postcode_spacing": "The postcode was given its one space, before the last three characters.",
    "postcode_punctuation": "Punctuation at the postcode's ends, or in place of its space, was taken off.",
    "postcode_letter_for_digit": "O and 0, or I and 1, were exchanged where only one reading is a postcode.",
    "postcode_label_removed": "A word for the postcode, or for Britain behind it, was taken off.",
    "postcode_incomplete": "The cell holds only the first part of a postcode.",
    "postcode_pseudo": "The postcode is one of the NHS's ZZ99 codes, which stand for no place in Britain.",
    "postcode_wrong_form": "The cell does not hold a British postcode.",
}

POSTCODE_AREAS: Final = re.compile(
    "A[BL]|B[ABDFHLNRSTX]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]"
    "|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGKLMNOPRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE"
)
"""The letters that postcodes begin with. A figure is read as a letter only where it makes one of these."""
_UNSPACED = re.compile("[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")
"""The commonest thing that is wrong with a postcode, which needs no looking for anything else."""
_DIGIT_AT: Final = {"O": "0", "I": "1"}
_LETTER_AT: Final = {"0": "O", "1": "I"}
_OUTWARD_SHAPES: Final = ("A9", "A99", "A9A", "AA9", "AA99", "AA9A")
_PADDED = re.compile("[A-Z]{1,2}0[0-9]")
_ENDS: Final = " .,;:'\"`’“”‘-–—_/\\()[]{}=*"
_LABEL = re.compile("^(?:POST ?CODE|P[./]?C[.]?|ZIP)[ :.=-]+")
_COUNTRY = re.compile("[, ]+(?:UK|U[.]K[.]?|GB|ENGLAND|SCOTLAND|WALES|UNITED KINGDOM)$")
_INNER = re.compile("[-_.,/\u2010-\u2015\u2212]")


def postcode_rule() -> Rule:
    """Return the rule for postcodes."""
    return _decide_postcode


def _decide_postcode(value: str) -> Decision | None:
    if _UNSPACED.fullmatch(value) and is_postcode(spaced := f"{value[:-3]} {value[-3:]}"):
        return Decision(spaced, "postcode_spacing", Verdict.REPAIRED)
    return decide_mended(value)


def decide_mended(value: str) -> Decision | None:
    """Decide a value of any form."""
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    if draft.text.lower() in NO_ADDRESS:
        return blanked("no_fixed_abode")
    draft.becomes(latin_letters(plain_digits(draft.text)), "look_alikes")
    draft.becomes(_ell_for_one(draft.text), "postcode_letter_for_digit")
    draft.becomes(draft.text.upper(), "capitals")
    draft.becomes(draft.text.strip(_ENDS), "postcode_punctuation")
    draft.becomes(_COUNTRY.sub("", _LABEL.sub("", draft.text)), "postcode_label_removed")
    draft.becomes(_INNER.sub(" ", draft.text).strip(_ENDS), "postcode_punctuation")
    compact = draft.text.replace(" ", "")
    if spaced := mended_postcode(compact):
        swapped = spaced.replace(" ", "") != compact
        draft.becomes(spaced, "postcode_letter_for_digit" if swapped else "postcode_spacing")
        return draft.against(value, "postcode_spacing")
    return blanked(_wrong_postcode(compact))


def _ell_for_one(text: str) -> str:
    """Return a postcode in capitals with its small l as 1, for no capital L was meant."""
    return text.replace("l", "1") if text.replace("l", "").isupper() else text


def mended_postcode(compact: str) -> str | None:
    """Return the one postcode that capitals and digits can be read as, spaced; None if not one alone."""
    outward, inward = compact[:-3], compact[-3:]
    inward = _DIGIT_AT.get(inward[:1], inward[:1]) + inward[1:]
    if is_postcode(f"{outward} {inward}"):
        return f"{outward} {inward}"
    shapes = {reading for shape in _OUTWARD_SHAPES if (reading := _read_as(outward, shape))}
    readings = {reading for reading in shapes if _is_likely(reading, outward)}
    right = [f"{reading} {inward}" for reading in readings if is_postcode(f"{reading} {inward}")]
    return right[0] if len(right) == 1 else None


def _read_as(outward: str, shape: str) -> str | None:
    if len(outward) != len(shape):
        return None
    tables = {"A": _LETTER_AT, "9": _DIGIT_AT}
    return "".join(tables[kind].get(sign, sign) for sign, kind in zip(outward, shape, strict=True))


def _is_likely(reading: str, written: str) -> bool:
    """Return whether no zero opens the district, and no figure became a letter but in an area there is."""
    lettered = any(now.isalpha() and was.isdigit() for now, was in zip(reading, written, strict=True))
    area = re.match("[A-Z]*", reading).group()  # type: ignore[union-attr]
    return not _PADDED.fullmatch(reading) and (not lettered or bool(POSTCODE_AREAS.fullmatch(area)))


def _wrong_postcode(compact: str) -> str:
    if re.fullmatch("ZZ99[0-9][A-Z]{2}", compact):
        return "postcode_pseudo"
    is_part = any(is_postcode(f"{compact}{rest}") for rest in (" 1AA", "1AA")) or is_postcode(
        f"{compact[:-1]} {compact[-1:]}AA"
    )
    return "postcode_incomplete" if is_part else "postcode_wrong_form"
