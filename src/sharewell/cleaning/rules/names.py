"""Rules for people's names, which are kept as people write them wherever that can be known.

Accents, apostrophes, hyphens and mixed capitals are never touched. Only a name all in capitals or all in
small letters is given ordinary ones. "Baby" and "Male Infant" are names that newborn children bear in NHS
lists. What another name stands for ("Bob (Robert)", "née Jones") is kept, for it may be what links a person.
"""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.capitals import GENERATIONS, HONOURS, INITIALS, capitalised_name
from sharewell.cleaning.rules.encodings import latin_words, reread
from sharewell.cleaning.rules.text import Draft, nothing_known, settled, tidy, unquoted
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Role

RULES: Final = {
    "name_order": "A name written surname first, with a comma, was put in the order it is said.",
    "name_title_removed": "A title in front of the name, or in brackets behind it, was taken off.",
    "name_capitals": "A name in all capitals or all small letters was given ordinary capitals.",
    "name_punctuation": "Marks that stood for an apostrophe or hyphen, or at the end, were put right.",
    "name_look_alikes": "Letters of another alphabet that look like ordinary ones were written as those.",
    "name_placeholder": "The cell holds a word written for trial or want of a name (such as TEST or XXXX).",
    "name_without_letters": "The cell holds no letters, so it is not a name.",
}

TITLES: Final = ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "reverend")
RANKS: Final = (
    *(
        "sir",
        "dame",
        "lord",
        "lady",
        "master",
        "cllr",
        "councillor",
        "capt",
        "captain",
        "major",
        "maj",
        "col",
    ),
    *("colonel", "lt", "sgt", "cpl", "pte", "rabbi", "imam", "hon", "canon", "ven", "father", "fr", "sister"),
)
"""Titles that are also surnames and forenames, so that two words must follow before one is taken off."""

AFTER_COMMA: Final = GENERATIONS | (HONOURS - INITIALS)
NO_NAME: Final = frozenset(
    {"n/a", "#n/a", "(null)", "unknown", "not known", "nk", "n/k", "not recorded", "not stated", "not given"}
    | {
        "tbc",
        "tba",
        "tbd",
        "<na>",
        "no name",
        "name unknown",
        "not provided",
        "not supplied",
        "not available",
    }
    | {"unknown unknown", "not known not known", "n/a n/a", "to be confirmed", "not applicable", "missing"}
    | {"not disclosed", "name not known", "no name given", "unnamed", "blank", "(blank)", "[null]", "<null>"}
)
NO_NAME_AS_WRITTEN: Final = frozenset({"NULL", "null", "nan", "NaN", "NA"})
"""Marks that are names in any other writing: there are people called Null, Nan and Na."""

PLACEHOLDERS: Final = frozenset(
    {"a n other", "an other", "a.n. other", "a.n.other", "a. n. other", "do not use", "test test"}
    | {"test patient", "test record", "dummy patient", "dummy record", "test test test"}
)
_TITLE = re.compile(f"(?:{'|'.join(TITLES)})(?:[.] *| )(?=.)", re.IGNORECASE)
_RANK = re.compile(f"(?:{'|'.join(RANKS)})(?:[.] *| )(?=[^ ]+ [^ ])", re.IGNORECASE)
_TITLE_BEHIND = re.compile(f" *[(](?:{'|'.join(TITLES)})[.]?[)]$", re.IGNORECASE)
_BARE_TITLE = re.compile(f"(?:{'|'.join(TITLES)})[.]?", re.IGNORECASE)
_TRIAL = re.compile("x{2,}|z{3,}|test|(?:xx|zz)+ ?test ?patient.*", re.IGNORECASE)
_TRIAL_IN_MIXED = re.compile("Xx+|XX+.*")
_TWO_PEOPLE = re.compile("&| and |/", re.IGNORECASE)
_APOSTROPHE = re.compile("(?<=[^\\W\\d_])[`´′ʼʹ＇](?=[^\\W\\d_])")
_DASH = re.compile("(?<=[^\\W\\d_])[\u2010-\u2013\u2212](?=[^\\W\\d_])|(?<=[^\\W\\d_])--(?=[^\\W\\d_])")
_PARTED = re.compile("\\b([ODod]['’]) (?=[^\\W\\d_]{2})")
_SPACED_HYPHEN = re.compile("(?<=[^\\W\\d_]{2}) ?- ?(?=[^\\W\\d_]{2})")


def name_rule(role: Role | None) -> Rule:
    """Return the rule for a name; a full name also loses its title and takes the spoken order."""
    return lambda value: _decide_name(value, role)


def _decide_name(value: str, role: Role | None) -> Decision | None:
    draft = tidy(value)
    while True:
        start = draft.text
        draft.becomes(unquoted(draft.text), "quotes_removed")
        if nothing := _no_name(draft.text):
            return nothing
        _unwrap(draft, role)
        if draft.text == start:
            break
    capitals = settled(lambda text: capitalised_name(text, role), draft.text)
    draft.becomes(capitals, "name_capitals")
    return _no_name(draft.text) or draft.against(value, "spaces")


def _unwrap(draft: Draft, role: Role | None) -> None:
    draft.becomes(punctuated(draft.text, role), "name_punctuation")
    draft.becomes(latin_words(draft.text), "name_look_alikes")
    draft.becomes(reread(draft.text), "encoding")
    if role in {Role.FULL_NAME, Role.FIRST_NAME, Role.SURNAME}:
        draft.becomes(without_title(draft.text, ranks=role is Role.FULL_NAME), "name_title_removed")
    if role is Role.FULL_NAME:
        draft.becomes(_calmed_surname(draft.text), "name_capitals")
        draft.becomes(spoken_order(draft.text), "name_order")


def _no_name(text: str) -> Decision | None:
    if text in NO_NAME_AS_WRITTEN:
        return blanked("missing_marker")
    if nothing := nothing_known(text, NO_NAME):
        return nothing
    trial = _TRIAL_IN_MIXED if not (text.isupper() or text.islower()) else _TRIAL
    if trial.fullmatch(text) or text.lower() in PLACEHOLDERS:
        return blanked("name_placeholder")
    return None if any(sign.isalpha() for sign in text) else blanked("name_without_letters")


def punctuated(text: str, role: Role | None) -> str:
    """Return a name with plain apostrophes and hyphens for other marks, and with no mark at its ends."""
    text = _PARTED.sub("\\1", _DASH.sub("-", _APOSTROPHE.sub("'", text)))
    if role is Role.SURNAME:
        text = _SPACED_HYPHEN.sub("-", text)
    return text.strip(" ,;:")


def without_title(text: str, *, ranks: bool = True) -> str:
    """Return a name without the title in front of it. A cell that names two people is left alone."""
    if _TWO_PEOPLE.search(text):
        return text
    text = _TITLE_BEHIND.sub("", text)
    found = _TITLE.match(text) or (_RANK.match(text) if ranks else None)
    rest = text[found.end() :] if found else text
    return rest if any(sign.isalpha() for sign in rest) else text


def _calmed_surname(text: str) -> str:
    """Return "SMITH, Ann" with the surname's ordinary capitals; where all is in capitals, all waits."""
    surname, comma, forenames = text.partition(",")
    if not comma or not surname.isupper() or without_title(forenames.strip()).isupper():
        return text
    return f"{capitalised_name(surname, Role.SURNAME)},{forenames}"


def spoken_order(text: str) -> str:
    """Return "Surname, Forenames" as "Forenames Surname"; letters after a name are not forenames."""
    surname, *others = (part.strip() for part in re.split("(?: *,)+", text))
    if not 1 <= len(others) <= 2 or not all(
        any(sign.isalpha() for sign in part) for part in (surname, *others)
    ):
        return text
    forenames, behind = others[0], _after(others[1]) if len(others) == 2 else ""
    if behind is None or _plain(forenames) in AFTER_COMMA:
        return text
    head, _, last = forenames.rpartition(" ")
    if head and _BARE_TITLE.fullmatch(last):
        forenames, (head, _, last) = head, head.rpartition(" ")
    if head and _plain(last) in GENERATIONS:
        forenames, behind = head, f" {last}{behind}"
    return f"{forenames} {surname}{behind}"


def _after(part: str) -> str | None:
    """Return what a third part becomes behind a name: "" for a title, and None when it is no such part."""
    if _BARE_TITLE.fullmatch(part):
        return ""
    if _plain(part) in GENERATIONS:
        return f" {part}"
    return f", {part}" if _plain(part) in HONOURS else None


def _plain(word: str) -> str:
    return word.lower().replace(".", "")
