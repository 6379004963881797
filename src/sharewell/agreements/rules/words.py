"""Reading what people wrote: is it a reason, is it a person, are two names the same."""

from __future__ import annotations

import re
from typing import Final

MACHINE_WHOLE: Final = frozenset(
    {"system", "the_system", "admin", "root", "api", "batch", "bot", "robot", "cron", "daemon", "automation"}
    | {"service", "noreply", "no_reply", "donotreply", "do_not_reply", "mailer_daemon", "postmaster"}
    | {"sharewell", "nobody", "unknown"}
)
MACHINE_START: Final = re.compile(
    r"(svc|srv|sa|sys|app|api|bot)[-_.]|(no|do[-_.]?not)[-_.]?reply|mailer-daemon"
)
MACHINE_PART: Final = re.compile(
    r"(^|[^a-z])bot([^a-z]|$)|(service|system|machine)[^a-z](account|user|principal)"
)
LOOKS_ALIKE: Final = str.maketrans({"l": "1", "o": "0", "s": "5", "b": "8", "z": "2"})


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
    local = name.casefold().split("@")[0].strip()
    whole = re.sub(r"[^a-z0-9]+", "_", local).strip("_")
    if not whole or whole in MACHINE_WHOLE:
        return True
    return bool(MACHINE_START.match(local) or MACHINE_PART.search(local))


def skeleton(name: str) -> str:
    """Return a name with letters and digits that look alike made one (after Unicode TR 39)."""
    return name.casefold().replace("rn", "m").replace("vv", "w").translate(LOOKS_ALIKE)
