"""Rules for any text: what a computer did to it on the way, and the marks that mean "nothing here"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sharewell.cleaning.rules.encodings import (
    CONTROL,
    decode_entities,
    decode_escapes,
    from_c1,
    half_width,
    latin_words,
    reread,
)
from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked

RULES: Final = {
    "encoding": "Text that had been read in the wrong encoding was put right, exactly.",
    "html_entities": "Codes left by a web page (such as &#39;) were turned back into letters.",
    "escaped_letters": "Codes left by a program (such as \\\\u00e9) were turned back into letters.",
    "full_width_letters": "Full-width letters and signs were written as ordinary ones.",
    "composed_letters": "Letters stored as a letter and a separate accent were joined into one.",
    "invisible_characters": "Invisible characters were taken out.",
    "spaces": "Spaces at the ends were taken off, and odd or doubled spaces became one plain space.",
    "line_ends": "Line ends were written in one way.",
    "quotes_removed": "Quotation marks round the whole value were taken off.",
    "text_formula": 'The ="…" that keeps a spreadsheet from changing a text was taken off.',
    "missing_marker": "The value only says that nothing is known (such as N/A), so the cell was left empty.",
    "spreadsheet_error": "The value is a spreadsheet's error (such as #REF!), so the cell was left empty.",
}

SPREADSHEET_ERRORS: Final = frozenset(
    {"#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#spill!", "#calc!"}
)
NOTHING_IN_TEXT: Final = frozenset(
    {"n/a", "n.a.", "n/a.", "n\\a", "#n/a", "#n/a n/a", "null", "(null)", "<null>", "[null]", "nan", "\\n"}
)
"""Marks that mean nothing is known even in free text, where "none" and "unknown" may be the answer."""

NOTHING: Final = NOTHING_IN_TEXT | frozenset(
    {"na", "none", "nil", "unknown", "unk", "not known", "notknown", "nk", "n/k", "n.k.", "d/k", "dk"}
    | {"not recorded", "not stated", "not provided", "not given", "not available", "not applicable"}
    | {"not collected", "not supplied", "not held", "not yet known", "not disclosed", "not entered"}
    | {"no data", "no information", "no info", "no record", "don't know", "dont know", "do not know"}
    | {"tbc", "tba", "tbd", "to be confirmed", "to be advised", "to follow", "pending", "awaited", "awaiting"}
    | {
        "missing",
        "blank",
        "(blank)",
        "[blank]",
        "empty",
        "<na>",
        "nat",
        "undefined",
        "unspecified",
        "none given",
    }
    | {"none known", "none recorded", "unavailable", "unobtainable", "n/avail", "info not available"}
)
MARKS_ALONE: Final = "[?._–—-][?._–— -]*"
"""Finds a value of nothing but question marks, dots, dashes and lines."""
CROSSES: Final = "[Xx]{3,}"
"""Finds a value of crosses, which says in a short field that nothing is known."""

_MARKS_ALONE = re.compile(MARKS_ALONE)
_CROSSES = re.compile(CROSSES)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]")
_JOINING_SCRIPT = re.compile("[\u0600-\u0dff\u2600-\u27bf\U0001f000-\U0001faff]")
_SPACES = re.compile("[\\s\u2800\u3164]+")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164]")
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029")
_FORMULA = re.compile('="([^"]+)"')
_PLAIN_SIGNS = re.compile("[ -%'-\\[\\]-~£−–’]*")
"""ASCII without & and the backslash, and signs that are no misread letter unless another stands before."""
_MARKS: Final = frozenset("?._–—-")
_PASSES: Final = 6


@dataclass(slots=True)
class Draft:
    """A value on its way through the rules, with the rules that changed it."""

    text: str
    rules: list[str] = field(default_factory=list)

    def becomes(self, text: str, rule: str) -> None:
        """Take the text a rule made, and remember the rule if it changed anything."""
        if text != self.text:
            self.text = text
            if rule not in self.rules:
                self.rules.append(rule)

    def against(self, before: str, otherwise: str) -> Decision | None:
        """Return the decision that the draft makes of the value as it came."""
        if self.text == before:
            return None
        return Decision(self.text, "+".join(self.rules) or otherwise, Verdict.REPAIRED)


def drop_invisible(text: str) -> str:
    """Return the text without control and zero-width characters, but joiners where a script needs them."""
    text = CONTROL.sub("", _INVISIBLE.sub("", text))
    return text if _JOINING_SCRIPT.search(text) else _JOINERS.sub("", text)


def single_spaced(text: str) -> str:
    """Return the text with every run of white space made one space, and none at the ends."""
    return _SPACES.sub(" ", text).strip()


def mend(draft: Draft, spaced: Callable[[str], str], *, half_wide: bool = True) -> Draft:
    """Undo what computers did to the text: wrong encoding, entities, split accents, invisible characters.

    ``spaced`` puts its spaces right; that comes last, for a misread letter may hold what looks like a space.
    """
    if is_plain(draft.text):
        draft.becomes(spaced(draft.text), "spaces")
        return draft
    for _ in range(_PASSES):
        start = draft.text
        draft.becomes(reread(from_c1(draft.text)), "encoding")
        if "&" in draft.text:
            draft.becomes(decode_entities(draft.text), "html_entities")
        if "\\" in draft.text:
            draft.becomes(decode_escapes(draft.text), "escaped_letters")
        draft.becomes(unicodedata.normalize("NFC", draft.text), "composed_letters")
        draft.becomes(drop_invisible(draft.text), "invisible_characters")
        if half_wide:
            draft.becomes(half_width(draft.text), "full_width_letters")
        draft.becomes(spaced(draft.text), "spaces")
        if draft.text == start:
            break
    return draft


def tidy(value: str) -> Draft:
    """Return the value mended and single-spaced: where the rule of every short field starts."""
    draft = Draft(value)
    if not (is_plain(value) and _is_single_spaced(value)):
        mend(draft, single_spaced)
    return draft


def is_plain(text: str) -> bool:
    """Return whether no computer can have done anything to the text but space it: plain signs alone."""
    if text.isascii():
        return text.isprintable() and "&" not in text and "\\" not in text
    return _PLAIN_SIGNS.fullmatch(text) is not None


def _is_single_spaced(text: str) -> bool:
    """Return whether plain text has no space at its ends and none beside another."""
    return "  " not in text and text[:1] != " " and text[-1:] != " "


def plainly_spaced(text: str) -> str:
    """Return the text with odd spaces as plain ones, and none at the ends; doubled spaces and lines stay."""
    return _ODD_SPACE.sub(" ", text).strip()


def unquoted(text: str) -> str:
    """Return the text without quotation marks that stand round all of it."""
    while len(text) > 2 and text[0] + text[-1] in {'""', "“”"} and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def unformulated(text: str) -> str:
    """Return the text inside ="…", which keeps a spreadsheet from changing it."""
    found = _FORMULA.fullmatch(text)
    return found[1].strip() if found else text


def settled(change: Callable[[str], str], text: str) -> str:
    """Return the changed text, or the text itself where the change would not be the last.

    A few letters (ŉ, ǆ) have no one capital and would go to and fro; a few pairs would look misread.
    """
    changed = unicodedata.normalize("NFC", change(text))
    if changed == text:
        return text
    is_last = change(changed) == changed == reread(changed) == latin_words(changed)
    return changed if is_last else text


def nothing_known(text: str, markers: frozenset[str] = NOTHING) -> Decision | None:
    """Return the decision to blank a text that says nothing is known; None when it says something."""
    if "0" <= text[:1] <= "9":
        return None
    low = text.strip().lower()
    if not low or low in markers or (low[0] in _MARKS and _MARKS_ALONE.fullmatch(low)):
        return blanked("missing_marker")
    if low[0] == "x" and markers is NOTHING and _CROSSES.fullmatch(low):
        return blanked("missing_marker")
    if low[0] == "#" and (low in SPREADSHEET_ERRORS or (len(low) > 2 and set(low) == {"#"})):
        return blanked("spreadsheet_error")
    return None


def text_rule() -> Rule:
    """Return the rule for free text: ends trimmed, encoding mended, nothing inside it judged."""
    return _decide_text


def _decide_text(value: str) -> Decision | None:
    draft = Draft(value)
    draft.becomes(_LINE_ENDS.sub("\n", draft.text), "line_ends")
    mend(draft, plainly_spaced, half_wide=False)
    draft.becomes(unformulated(draft.text), "text_formula")
    return nothing_known(draft.text, NOTHING_IN_TEXT) or draft.against(value, "spaces")
