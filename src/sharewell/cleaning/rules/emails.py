"""Rules for email addresses: small letters, nothing round them, slips read where there is one reading."""

from __future__ import annotations

import re
from typing import Final

from sharewell.cleaning.rules.encodings import latin_letters
from sharewell.cleaning.rules.text import nothing_known, tidy, unquoted
from sharewell.cleaning.terms import Decision, Rule, blanked

RULES: Final = {
    "email_lower_case": "The email address was written in small letters.",
    "email_unwrapped": "What stood round the email address (a name, <>, mailto:, a full stop) was taken off.",
    "email_signs": "A word for @, a comma for the full stop or a space beside them was put right.",
    "email_wrong_form": "The cell does not hold one email address.",
    "email_placeholder": "The email address is one that people write when there is none.",
}

EMAIL_PATTERN: Final = (
    "[a-z0-9!#$%&*+/=?^_{|}~'-]+([.][a-z0-9!#$%&*+/=?^_{|}~'-]+)*@[a-z0-9-]+([.][a-z0-9-]+)+"
)
EMAIL_PLACEHOLDERS: Final = frozenset(
    f"{name}@{name}.{end}"
    for name in ("none", "na", "noemail", "test", "unknown", "no", "a", "x", "abc", "email", "nil", "null")
    for end in ("com", "co.uk")
) | {"no@email.com", "noemail@email.com", "none@email.com", "none@nomail.com", "not@known.com", "n/a@na.com"}

NO_EMAIL: Final = "(none|no[._-]?e?mail|unknown|not[._-]?known|not[._-]?provided|donotknow|n/a)@.*"
"""Finds an address of nobody, whatever its domain."""

_EMAIL = re.compile(EMAIL_PATTERN)
_NO_EMAIL = re.compile(NO_EMAIL)
_ANGLED = re.compile("[^<>@]*<([^<>]+)>[.,;]*")
_LABEL = re.compile("^(?:e-?mail(?: address)?|mail|mailto) ?: ?")
_AT_IN_WORDS = re.compile(
    "([^ @]+)(?: at | ?[(\\[{] ?(?:at|@) ?[)\\]}] ?)([^ @]+(?: ?(?:[(\\[{]dot[)\\]}]| dot ) ?[^ @]+)*)"
)
_DOT_IN_WORDS = re.compile(" ?[(\\[{]dot[)\\]}] ?| dot ")
_LOOSE_AT = re.compile(" *@+ *")
_LOOSE_STOP = re.compile(" *[.] *")
_COMMA_FOR_STOP = re.compile("([^@, ]+@[a-z0-9.-]+),([a-z]{2,})")
_SEVERAL = re.compile("[;,/ ]+")


def email_rule() -> Rule:
    """Return the rule for email addresses."""
    return _decide_email


def _decide_email(value: str) -> Decision | None:
    draft = tidy(value)
    if nothing := nothing_known(draft.text):
        return nothing
    draft.becomes(draft.text.lower(), "email_lower_case")
    if not _EMAIL.fullmatch(draft.text):
        draft.becomes(_unwrapped(draft.text), "email_unwrapped")
    if not _EMAIL.fullmatch(draft.text):
        draft.becomes(_with_signs(latin_letters(draft.text)), "email_signs")
    if draft.text in EMAIL_PLACEHOLDERS or _NO_EMAIL.fullmatch(draft.text):
        return blanked("email_placeholder")
    return draft.against(value, "spaces") if _EMAIL.fullmatch(draft.text) else blanked("email_wrong_form")


def _unwrapped(text: str) -> str:
    if angled := _ANGLED.fullmatch(text):
        text = angled[1]
    bare = _LABEL.sub("", unquoted(text.strip(" '‘’`"))).strip(" ,;:'‘’`()[]<>").rstrip(".,;: ")
    several = set(_SEVERAL.split(bare))
    return several.pop() if len(several) == 1 else bare


def _with_signs(text: str) -> str:
    """Return an address with its @ and full stops, where words or a comma stood for them; else the text."""
    if found := _AT_IN_WORDS.fullmatch(text):
        text = f"{found[1]}@{_DOT_IN_WORDS.sub('.', found[2])}"
    local, at, domain = _LOOSE_AT.sub("@", text).partition("@")
    text = f"{local}{at}{_LOOSE_STOP.sub('.', domain)}"
    if found := _COMMA_FOR_STOP.fullmatch(text):
        text = f"{found[1]}.{found[2]}"
    return text
