"""A whole name in one cell, as bills, registers and rent books write it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from sharewell.demo.region.chance import Texts, texts
from sharewell.demo.region.dirt.kinds import Rates, is_there, taken_from
from sharewell.demo.region.draft import Draft

FULL_NAME_RATES: Final[Rates] = {
    "full_name_surname_first": 0.05,
    "full_name_title_and_initial": 0.1,
    "full_name_initial": 0.05,
    "full_name_couple": 0.01,
    "full_name_executors": 0.002,
}
"""For a list that keeps names in one cell (assumptions; initials are at 15 to 25 % on bills)."""
Form = Callable[[str, str, str], str]
"""Takes title, forename and surname."""
FULL_NAMES: Final[Mapping[str, Form]] = {
    "full_name_surname_first": lambda title, first, last: f"{last.upper()}, {first}",
    "full_name_title_and_initial": lambda title, first, last: f"{title} {first[:1]} {last}".lstrip(),
    "full_name_initial": lambda title, first, last: f"{first[:1]} {last}",
    "full_name_couple": lambda title, first, last: f"Mr & Mrs {first[:1]} {last}",
    "full_name_executors": lambda title, first, last: f"The Executors of the late {first[:1]} {last}",
}


def full_names(kind: str, title: Texts, first: Texts, surname: Texts) -> Texts:
    """Return names in one of the forms of ``FULL_NAMES``; ``title`` may be "" in any row."""
    write = FULL_NAMES[kind]
    rows = zip(title.tolist(), first.tolist(), surname.tolist(), strict=True)
    return texts([write(called, one, last) for called, one, last in rows])


def spoil_full_names(
    draft: Draft, column: str, rates: Rates, *, title: Texts, first: Texts, surname: Texts
) -> None:
    """Write a share of a column of whole names in other forms.

    A rate is a share of the rows with a forename and a surname whose cell is not in that form already.
    """
    named = is_there(first) & is_there(surname)
    for kind in FULL_NAMES:
        if rates.get(kind, 0.0) > 0.0:
            written = full_names(kind, title, first, surname)
            among = np.flatnonzero(named & (draft.cells[column] != written))
            draft.spoil(column, kind, rates[kind], taken_from(written), among=among)
