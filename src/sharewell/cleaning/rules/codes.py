"""Rules for codes, and for yes and no."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from sharewell.cleaning.rules.encodings import latin_letters, reread
from sharewell.cleaning.rules.identifiers import plain_digits
from sharewell.cleaning.rules.text import NOTHING_IN_TEXT, nothing_known, tidy, unformulated
from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked
from sharewell.sources.terms import Field, Role

RULES: Final = {
    "code_from_word": "A word, or the code in another writing, was replaced by the code that it stands for.",
    "code_from_empty": "An empty cell was given the code that the standard has for it.",
    "code_not_in_list": "The value is none of the standard's codes and none of the words for them.",
    "boolean_from_word": "A word or mark for yes or no was written as true or false.",
    "boolean_not_understood": "The value says neither yes nor no.",
}

TRUE_WORDS: Final = frozenset({"y", "yes", "true", "t", "1", "1.0", "01", "-1", "on", "✓", "✔", "☑", "✅"})
FALSE_WORDS: Final = frozenset({"n", "no", "false", "f", "0", "0.0", "00", "off", "✗", "✘", "☒", "☐", "❌"})
SEX_WORDS: Final = (
    frozenset({"m", "male", "man", "boy", "gwryw"}),
    frozenset({"f", "female", "woman", "girl", "benyw"}),
)
"""Words for a sex in English and Welsh, for a list that names one of them but not all."""

_DECIMAL_ADDED = re.compile("[.]0+$")
_LABEL = re.compile(" *[-–—:=(/] *| +")
_ENDS: Final = " .,;:!\"'’()[]"
_BETWEEN_WORDS = re.compile("(?<=[^\\W_])[-_/.,'’ ]+(?=[^\\W_])")
_FEWEST_LETTERS: Final = 3


def code_rule(field: Field) -> Rule:
    """Return the rule for a code list; without a list the code is only tidied."""
    if not field.categories:
        return _decide_free_code
    known = _meanings(field.categories)
    if field.role is Role.SEX:
        known = _with_words_for_sex(known)
    return lambda value: _decide_code(value, known)


def code_for_empty(field: Field) -> str | None:
    """Return the code that an empty cell stands for, when the standard lists "" among its words."""
    return next((code for code, words in field.categories.items() if "" in words), None)


def _meanings(categories: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, words in categories.items():
        for word in (*words, code):
            known.setdefault(_folded(word), code)
    plain = {
        word: code for code, words in categories.items() for word in map(_in_words, (*words, code)) if word
    }
    sure = {word: code for word, code in plain.items() if _codes_of(word, categories) == {code}}
    short = Counter(_unpadded(code) for code in categories)
    unpadded = {_unpadded(code): code for code in categories if short[_unpadded(code)] == 1}
    exact = {_folded(code): code for code in categories} | {code: code for code in categories}
    return sure | unpadded | known | exact


def _codes_of(word: str, categories: Mapping[str, tuple[str, ...]]) -> set[str]:
    return {code for code, words in categories.items() if word in map(_in_words, (*words, code))}


def _with_words_for_sex(known: Mapping[str, str]) -> dict[str, str]:
    added: dict[str, str] = {}
    for words in SEX_WORDS:
        codes = {known[word] for word in words if word in known}
        if len(codes) == 1:
            added |= dict.fromkeys(words, codes.pop())
    return added | dict(known)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _in_words(text: str) -> str:
    """Return a label by its words, so that & and "and", hyphens and spaces are alike; "" if too short."""
    if sum(sign.isalpha() for sign in text) < _FEWEST_LETTERS:
        return ""
    return _folded(_BETWEEN_WORDS.sub(" ", text.replace("&", " and ")))


def _unpadded(code: str) -> str:
    return code.lstrip("0") or "0" if code.isascii() and code.isdigit() else code


def _decide_code(value: str, known: Mapping[str, str]) -> Decision | None:
    text = plain_digits(tidy(value).text)
    code = _code_meant(text, known) or _code_meant(latin_letters(text), known)
    if code is not None:
        return None if code == value else Decision(code, "code_from_word", Verdict.REPAIRED)
    return nothing_known(text) or blanked("code_not_in_list")


def _code_meant(text: str, known: Mapping[str, str]) -> str | None:
    bare = _DECIMAL_ADDED.sub("", unformulated(text)).lstrip("'‘’")
    code = next((known[form] for form in _writings(text, bare) if form in known), None)
    label = _LABEL.split(bare, maxsplit=1)
    if code is None and len(label) == 2:
        meant = known.get(_folded(label[1].rstrip(") ")))
        code = meant if meant == known.get(_folded(label[0]), "") else None
    return code


def _writings(text: str, bare: str) -> tuple[str, ...]:
    written = (text, _folded(text), bare, _folded(bare), _folded(bare.strip(_ENDS)))
    return *written, bare.lstrip("0") or bare[-1:], _in_words(bare.strip(_ENDS)) or bare


def _decide_free_code(value: str) -> Decision | None:
    draft = tidy(value)
    draft.becomes(unformulated(draft.text), "text_formula")
    draft.becomes(plain_digits(draft.text), "full_width_digits")
    draft.becomes(reread(draft.text), "encoding")
    return nothing_known(draft.text, NOTHING_IN_TEXT) or draft.against(value, "spaces")


def boolean_rule(field: Field) -> Rule:
    """Return the rule for yes and no, with the field's own words for them if it has any."""
    known = dict.fromkeys(TRUE_WORDS, "true") | dict.fromkeys(FALSE_WORDS, "false")
    known |= _meanings(field.categories)
    return lambda value: _decide_boolean(value, known)


def _decide_boolean(value: str, known: Mapping[str, str]) -> Decision | None:
    text = _folded(plain_digits(tidy(value).text))
    bare = text.lstrip("'‘’").strip(_ENDS)
    meant = known.get(text, known.get(bare, known.get(latin_letters(bare))))
    if meant is not None:
        return None if meant == value else Decision(meant, "boolean_from_word", Verdict.REPAIRED)
    return nothing_known(text) or blanked("boolean_not_understood")
