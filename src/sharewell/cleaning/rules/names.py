"""Rules for people's names, which are kept as people write them wherever that can be known.

Accents, apostrophes, hyphens and mixed capitals are never touched. Only a name all in capitals or all in
small letters is given ordinary ones. "Baby" and "Male Infant" are names that newborn children bear in NHS
lists.
"""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.text import Draft, nothing_known, settled, tidy, unquoted
from sharewell.cleaning.terms import Decision, Rule, blanked
from sharewell.sources.terms import Role

RULES: Final = {
    "name_order": "A name written surname first, with a comma, was put in the order it is said.",
    "name_title_removed": "A title in front of the full name was taken off.",
    "name_capitals": "A name in all capitals or all small letters was given ordinary capitals.",
    "name_placeholder": "The cell holds a word written for trial or want of a name (such as TEST or XXXX).",
    "name_without_letters": "The cell holds no letters, so it is not a name.",
}

TITLES: Final = ("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "rev", "revd", "reverend")
RANKS: Final = ("sir", "dame", "lord", "lady", "master", "cllr", "councillor", "capt", "captain")
"""Titles that are also surnames and forenames, so that two words must follow before one is taken off."""

PARTICLES: Final = frozenset(
    {"de", "da", "di", "do", "del", "della", "dos", "das", "du", "van", "von", "der", "den", "ter", "ten"}
    | {"bin", "ibn", "bint", "ap", "zu", "af", "e", "y"}
)
AFTER_COMMA: Final = frozenset(
    {"jr", "snr", "jnr", "sr", "esq", "mbe", "obe", "cbe", "kbe", "bem", "phd", "md", "ba", "bsc", "ma", "rn"}
    | {"ii", "iii", "iv", "deceased", "dec'd", "decd"}
)
NO_NAME: Final = frozenset(
    {"n/a", "#n/a", "(null)", "unknown", "not known", "nk", "n/k", "not recorded", "not stated", "not given"}
    | {"tbc", "-", "--", "---", ".", "..", "...", "?", "??", "<na>", "no name", "name unknown"}
)
NO_NAME_AS_WRITTEN: Final = frozenset({"NULL", "null", "nan", "NaN", "NA"})
"""Marks that are names in any other writing: there are people called Null, Nan and Na."""

TITLE_PATTERN: Final = f"(?i)^({'|'.join((*TITLES, *RANKS))})[. ]"
"""Finds what may be a title; every engine reads it alike."""

_TITLE = re.compile(f"(?:{'|'.join(TITLES)})(?:[.] *| )(?=.)", re.IGNORECASE)
_RANK = re.compile(f"(?:{'|'.join(RANKS)})(?:[.] *| )(?=[^ ]+ [^ ])", re.IGNORECASE)
_TRIAL = re.compile("x{2,}|z{3,}|test|test test|test patient|(?:xx|zz)+ ?test ?patient.*", re.IGNORECASE)
_TRIAL_IN_MIXED = re.compile("Xx+|Test (?:Test|Patient)|XX+.*")
_TWO_PEOPLE = re.compile("&| and ", re.IGNORECASE)
_PIECES = re.compile('([-–. /(&"])')
_ROMAN: Final = frozenset({"II", "III", "IV"})


def name_rule(role: Role | None) -> Rule:
    """Return the rule for a name; a full name also loses its title and takes the spoken order."""
    return lambda value: _decide_name(value, role)


def _decide_name(value: str, role: Role | None) -> Decision | None:
    draft = tidy(value)
    draft.becomes(unquoted(draft.text), "quotes_removed")
    if nothing := _no_name(draft.text):
        return nothing
    if role is Role.FULL_NAME:
        _say_in_order(draft)
        if nothing := _no_name(draft.text):
            return nothing
    capitals = settled(lambda text: capitalised_name(text, role), draft.text)
    draft.becomes(capitals, "name_capitals")
    return draft.against(value, "spaces")


def _no_name(text: str) -> Decision | None:
    if text in NO_NAME_AS_WRITTEN:
        return blanked("missing_marker")
    if nothing := nothing_known(text, NO_NAME):
        return nothing
    trial = _TRIAL_IN_MIXED if not (text.isupper() or text.islower()) else _TRIAL
    if trial.fullmatch(text):
        return blanked("name_placeholder")
    return None if any(sign.isalpha() for sign in text) else blanked("name_without_letters")


def _say_in_order(draft: Draft) -> None:
    while True:
        start = draft.text
        draft.becomes(without_title(draft.text), "name_title_removed")
        draft.becomes(spoken_order(draft.text), "name_order")
        if draft.text == start:
            return


def without_title(text: str) -> str:
    """Return a full name without the title in front of it. A cell that names two people is left alone."""
    if _TWO_PEOPLE.search(text):
        return text
    found = _TITLE.match(text) or _RANK.match(text)
    rest = text[found.end() :] if found else text
    return rest if any(sign.isalpha() for sign in rest) else text


def spoken_order(text: str) -> str:
    """Return "Surname, Forenames" as "Forenames Surname"; letters after a name are not forenames."""
    surname, comma, forenames = (part.strip() for part in text.partition(","))
    if not comma or not surname or "," in forenames or not any(sign.isalpha() for sign in forenames):
        return text
    if forenames.lower().replace(".", "") in AFTER_COMMA or not any(sign.isalpha() for sign in surname):
        return text
    return f"{forenames} {surname}"


def capitalised_name(text: str, role: Role | None = None) -> str:
    """Return a name all in capitals or all in small letters with ordinary capitals; others unchanged.

    Two capitals alone may be initials, so they stay, but for a surname.
    """
    if not (text.islower() or (text.isupper() and sum(sign.isalpha() for sign in text) > 1)):
        return text
    words = text.split(" ")
    if len(words) == 1 and len(text) == 2 and text.isupper() and role is not Role.SURNAME:
        return text
    return " ".join(_capitalised(word, place, len(words), role) for place, word in enumerate(words))


def _capitalised(word: str, place: int, words: int, role: Role | None) -> str:
    is_first, is_last = place == 0, place == words - 1
    if word.upper() in _ROMAN and is_last and not is_first:
        return word.upper()
    may_be_particle = not is_last and role is not Role.FIRST_NAME and (not is_first or role is Role.SURNAME)
    if may_be_particle and word.lower() in PARTICLES:
        return word.lower()
    return capitalised_word(word)


def capitalised_word(word: str) -> str:
    """Return one word with ordinary capitals: O'Brien, McKenzie, John's, Smith-Jones, J.R.

    "Mac" is not split: Mackie and Machin are as common as MacDonald, and capitals do not tell them apart.
    """
    return "".join(_capitalised_piece(piece) for piece in _PIECES.split(word))


def _capitalised_piece(piece: str) -> str:
    head, mark, tail = re.match("([^'’]*)(['’]?)(.*)", piece, re.DOTALL).groups()  # type: ignore[union-attr]
    if mark and len(head) <= 2 <= len(tail):
        return _opened(head) + mark + _opened(tail)
    return _opened(head) + mark + tail.lower()


def _opened(letters: str) -> str:
    low = letters.lower()
    if low.startswith("mc") and len(low) > 3:
        return f"Mc{low[2].title()}{low[3:]}"
    return letters[:1].title() + low[1:] if len(low) == len(letters) else letters
