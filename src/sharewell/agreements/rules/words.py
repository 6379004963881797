"""Reading what people wrote: is it a reason, is it a person, are two names the same."""

from __future__ import annotations

import re
from typing import Final

MACHINE_WHOLE: Final = frozenset(
    "system the_system admin administrator root api batch bot robot cron daemon scheduler automation automated "
    "service noreply no_reply donotreply do_not_reply mailer_daemon postmaster sharewell nobody unknown".split()
)
MACHINE_START: Final = re.compile(r"(svc|srv|sa|sys|app|bot|api|no_?reply|do_?not_?reply|mailer_daemon)_")
MACHINE_PART: Final = re.compile(
    r"(^|_)(bot|robot|no_?reply|do_?not_?reply|automated)(_|$)|(service|system|machine)_(account|user|principal)"
)
LOOKS_ALIKE: Final = str.maketrans({"l": "1", "i": "1", "o": "0", "s": "5", "b": "8", "z": "2"})


def words_in(sentence: str) -> int:
    """Return how many words with a letter in them a sentence has."""
    return sum(any(each.isalpha() for each in word) for word in sentence.split())


def same_words(sentence: str) -> str:
    """Return a sentence in the form in which copies are equal: small letters and digits only."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def is_machine(name: str) -> bool:
    """Return whether a name is a machine account's and not a person's or a role's.

    An e-mail address is judged by what stands before the @.
    """
    local = re.sub(r"[^a-z0-9]+", "_", name.casefold().split("@")[0]).strip("_")
    if not local:
        return True
    return bool(local in MACHINE_WHOLE or MACHINE_START.match(local) or MACHINE_PART.search(local))


def skeleton(name: str) -> str:
    """Return a name with letters and digits that look alike made one (after Unicode TR 39), to find doubles."""
    return name.casefold().replace("rn", "m").replace("vv", "w").translate(LOOKS_ALIKE)
