"""How much a value can hurt if it is seen by someone who should not see it."""

from __future__ import annotations

from enum import StrEnum


class Sensitivity(StrEnum):
    """What kind of data a field holds, in the words of UK GDPR and the ICO's code.

    ``direct`` names, numbers and contacts that point at one person by themselves; ``quasi`` values that
    point at one person together (date of birth, postcode); ``special`` Article 9 data; ``criminal``
    Article 10 data; ``personal`` anything else about a person; ``open`` nobody's.
    """

    DIRECT = "direct"
    QUASI = "quasi"
    SPECIAL = "special"
    CRIMINAL = "criminal"
    PERSONAL = "personal"
    OPEN = "open"
