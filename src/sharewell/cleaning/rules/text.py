"""Rules for any text: what a computer did to it on the way, and the marks that mean "nothing here"."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sharewell.cleaning.terms import Decision, Rule, Verdict, blanked

RULES: Final = {
    "encoding": "Text that had been read in the wrong encoding was put right, exactly.",
    "html_entities": "Codes left by a web page (such as &#39;) were turned back into letters.",
    "composed_letters": "Letters stored as a letter and a separate accent were joined into one.",
    "invisible_characters": "Invisible characters were taken out.",
    "spaces": "Spaces at the ends were taken off, and odd or doubled spaces became one plain space.",
    "line_ends": "Line ends were written in one way.",
    "quotes_removed": "Quotation marks round the whole value were taken off.",
    "missing_marker": "The value only says that nothing is known (such as N/A), so the cell was left empty.",
    "spreadsheet_error": "The value is a spreadsheet's error (such as #REF!), so the cell was left empty.",
}

SPREADSHEET_ERRORS: Final = frozenset(
    {"#ref!", "#value!", "#name?", "#div/0!", "#null!", "#num!", "#spill!", "#calc!"}
)
NOTHING_IN_TEXT: Final = frozenset(
    {
        "n/a",
        "n.a.",
        "#n/a",
        "null",
        "(null)",
        "<null>",
        "nan",
        "-",
        "--",
        "---",
        "–",
        "—",
        ".",
        "..",
        "...",
        "?",
        "??",
        "\\n",
    }
)
"""Marks that mean nothing is known even in free text, where "none" and "unknown" may be the answer."""

NOTHING: Final = NOTHING_IN_TEXT | frozenset(
    {
        "na",
        "none",
        "nil",
        "unknown",
        "unk",
        "not known",
        "notknown",
        "nk",
        "n/k",
        "not recorded",
        "not stated",
    }
    | {
        "not provided",
        "not given",
        "not available",
        "not applicable",
        "tbc",
        "tba",
        "missing",
        "blank",
        "<na>",
        "nat",
    }
)

_ENTITY = re.compile("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_JOINERS = re.compile("[\u200c\u200d]")
_JOINING_SCRIPT = re.compile("[\u0600-\u0dff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SPACES = re.compile("[\\s\u2800\u3164]+")
_LINE_ENDS = re.compile("\r\n|\r|\u2028|\u2029")
_PASSES: Final = 6


@dataclass
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


def misread(text: str) -> str:
    """Return the text as it is seen when its UTF-8 bytes are read as Windows-1252.

    The five bytes that Windows-1252 leaves undefined stand for themselves, as browsers and Excel have it.
    """
    return "".join(_seen_as(byte) for byte in text.encode("utf-8"))


def _seen_as(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_BYTE_OF: Final = {_seen_as(byte): byte for byte in range(256)}


def reread(text: str) -> str:
    """Return the text that was misread as Windows-1252, or the text itself when it was not.

    Only an exact round trip counts: the answer, misread again, gives the value letter for letter.
    """
    if text.isascii() or any(letter not in _BYTE_OF for letter in text):
        return text
    try:
        found = bytes(_BYTE_OF[letter] for letter in text).decode("utf-8")
    except UnicodeDecodeError:
        return text
    return found if misread(found) == text and not _CONTROL.search(found) else text


def decode_entities(text: str) -> str:
    """Return the text with its closed HTML entities decoded; a bare ampersand is left alone."""
    return _ENTITY.sub(lambda found: html.unescape(found.group()), text)


def drop_invisible(text: str) -> str:
    """Return the text without control and zero-width characters, but joiners where a script needs them."""
    text = _CONTROL.sub("", _INVISIBLE.sub("", text))
    return text if _JOINING_SCRIPT.search(text) else _JOINERS.sub("", text)


def single_spaced(text: str) -> str:
    """Return the text with every run of white space made one space, and none at the ends."""
    return _SPACES.sub(" ", text).strip()


def mend(draft: Draft, spaced: Callable[[str], str], *, entities: bool = True) -> Draft:
    """Undo what computers did to the text: wrong encoding, entities, split accents, invisible characters.

    ``spaced`` puts its spaces right; that comes last, for a misread letter may hold what looks like a space.
    """
    for _ in range(_PASSES):
        start = draft.text
        draft.becomes(reread(draft.text), "encoding")
        if entities and "&" in draft.text:
            draft.becomes(decode_entities(draft.text), "html_entities")
        draft.becomes(unicodedata.normalize("NFC", draft.text), "composed_letters")
        draft.becomes(drop_invisible(draft.text), "invisible_characters")
        draft.becomes(spaced(draft.text), "spaces")
        if draft.text == start:
            break
    return draft


def tidy(value: str) -> Draft:
    """Return the value mended and single-spaced: where the rule of every short field starts."""
    draft = Draft(value)
    if value.isascii() and value.isprintable() and "&" not in value:
        draft.becomes(single_spaced(draft.text), "spaces")
        return draft
    return mend(draft, single_spaced)


def unquoted(text: str) -> str:
    """Return the text without quotation marks that stand round all of it."""
    while len(text) > 2 and text[0] + text[-1] in {'""', "“”"} and text[0] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def settled(change: Callable[[str], str], text: str) -> str:
    """Return the changed text, or the text itself where the change would not be the last.

    A few letters (ŉ, ǆ) have no one capital and would go to and fro; a few pairs would look misread.
    """
    changed = change(text)
    return changed if change(changed) == changed == reread(changed) else text


def nothing_known(text: str, markers: frozenset[str] = NOTHING) -> Decision | None:
    """Return the decision to blank a text that says nothing is known; None when it says something."""
    low = text.strip().lower()
    if not low or low in markers:
        return blanked("missing_marker")
    if low in SPREADSHEET_ERRORS or (len(low) > 2 and set(low) == {"#"}):
        return blanked("spreadsheet_error")
    return None


def text_rule() -> Rule:
    """Return the rule for free text: ends trimmed, encoding mended, nothing inside it judged."""
    return _decide_text


def _decide_text(value: str) -> Decision | None:
    draft = Draft(value)
    draft.becomes(_LINE_ENDS.sub("\n", draft.text), "line_ends")
    mend(draft, str.strip, entities=False)
    return nothing_known(draft.text, NOTHING_IN_TEXT) or draft.against(value, "spaces")
