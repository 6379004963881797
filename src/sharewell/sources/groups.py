"""Headers of two rows: groups of columns above, their names below, joined as ``Group - Name``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from sharewell.sources.rules import are_headings, column_names, duplicate_name, filled, is_heading
from sharewell.sources.rules import normal_heading as plain

Cells = Sequence[str]

_BETWEEN: Final = " - "
_LONGEST_GROUP: Final = 40
_ABOUT_THE_PERSON: Final = frozenset(
    """person persondetails personal personaldetails personalinformation persondata patient patientdetails
    patientinformation client clientdetails customer customerdetails resident residentdetails serviceuser
    serviceuserdetails citizen individual subject pupil pupildetails student studentdetails identity
    identifiers demographics demographicdetails name names fullname""".split()  # noqa: SIM905 - read by people
)
_ABOUT_AN_ADDRESS: Final = frozenset(
    """address addressdetails home homeaddress currentaddress fulladdress propertyaddress
    residence""".split()  # noqa: SIM905
)
_A_CONTACT: Final = frozenset("contact contacts contactdetails contactinformation contactinfo".split())  # noqa: SIM905
_NESTED: Final = re.compile(r"(.*[a-z]{2})\.([a-z]{2}.*)", re.IGNORECASE | re.DOTALL)
"""A value of an object within a JSON or XML record: a dot between words, not in an abbreviation."""

_SOMEBODY_ELSE: Final = frozenset(
    """carer carers caregiver kin nok gp doctor practice surgery consultant clinician nurse parent parents
    mother father guardian guardians spouse partner husband wife son daughter brother sister sibling
    relative relatives relation emergency landlord agent appointee attorney advocate representative
    referrer referred worker keyworker officer staff friend neighbour employer school teacher informant
    caller completed submitted""".split()  # noqa: SIM905
)


class About(Enum):
    """Whom the group of a heading is about."""

    NO_GROUP = "no group"
    PERSON = "the person"
    ADDRESS = "an address"
    CONTACT = "how to reach the person, or somebody to contact"
    SOMEBODY_ELSE = "somebody else"
    UNKNOWN = "not known"


def part_heading(heading: str) -> tuple[str, str, About]:
    """Return a heading's group, the name after it and whom the group is about."""
    group, _, name = heading.rpartition(_BETWEEN)
    if nested := _NESTED.fullmatch(heading) if not group else None:
        group, name = nested.groups()
    if not group.strip() or not name.strip():
        return "", heading, About.NO_GROUP
    if _SOMEBODY_ELSE & set(re.findall("[a-z]+", group.casefold())):
        return group, name, About.SOMEBODY_ELSE
    if plain(group) in _ABOUT_THE_PERSON:
        return group, name, About.PERSON
    if plain(group) in _A_CONTACT:
        return group, name, About.CONTACT
    return group, name, About.ADDRESS if plain(group) in _ABOUT_AN_ADDRESS else About.UNKNOWN


def is_pair(groups: Cells, names: Cells, merged: Sequence[tuple[int, int]]) -> bool:
    """Return whether two rows are one header: groups of columns above, their names below.

    Merged cells that span some columns, not all, say so. Without them (not every format tells) it takes two
    groups with room beside each, a name under every column and no column without one.
    """
    if not _are_two_rows_of_headings(groups, names):
        return False
    spanning = [pair for pair in merged if 1 < pair[1] - pair[0] < len(groups) and groups[pair[0]].strip()]
    if spanning:
        return all(any(names[place].strip() for place in range(*pair)) for pair in spanning)
    return len(_roomy(groups, names)) >= 2


def _are_two_rows_of_headings(groups: Cells, names: Cells) -> bool:
    named, above = filled(names), filled(groups)
    if not above or len(named) < 2 or not are_headings(named) or not are_headings(above):
        return False
    return all(group.strip() or name.strip() for group, name in zip(groups, names, strict=True))


def _roomy(groups: Cells, names: Cells) -> list[int]:
    """Return the groups with an empty cell to the right that has a name under it."""
    places = range(len(groups) - 1)
    return [
        at
        for at in places
        if groups[at].strip() and names[at].strip() and not groups[at + 1].strip() and names[at + 1].strip()
    ]


def have_room(groups: Cells, names: Cells) -> bool:
    """Return whether a group spans more than one column: a header with a name for each column has none."""
    return bool(_roomy(*_trimmed(groups, names)))


def join_names(groups: Cells, names: Cells, merged: Sequence[tuple[int, int]]) -> list[str]:
    """Return the names of the columns under two rows of a header: ``Group - Name``, or the one there is."""
    spans = dict(merged)
    joined, group, until = list[str](), "", len(groups)
    for place, (above, name) in enumerate(zip(groups, names, strict=True)):
        if above.strip():
            group, until = above.strip(), spans.get(place, place + 1 if spans else len(groups))
        elif place >= until:
            group = ""
        joined.append(
            f"{group}{_BETWEEN}{name.strip()}" if group and name.strip() else name.strip() or above.strip()
        )
    return joined


def join_if_needed(groups: Cells, names: Cells) -> list[str] | None:
    """Return the joined names of a header in text, where its names cannot do without the row above; or None.

    Text has no merged cells, and a title stands above a header just as a group does. So the row above is
    taken for groups only where names repeat and the groups part them, where a column is named above alone,
    or where one of several groups is about somebody else.
    """
    groups, names = _trimmed(groups, names)
    if not _are_two_rows_of_headings(groups, names) or any(map(_is_sentence, groups)):
        return None
    joined = join_names(groups, names, [])
    if duplicate_name(column_names(joined)):
        return None
    repeats = duplicate_name(column_names(names)) is not None
    needed = repeats or _named_above_alone(groups, names) or _parts_people(groups, names)
    return joined if needed else None


def _trimmed(groups: Cells, names: Cells) -> tuple[Cells, Cells]:
    """Return both rows up to the last filled cell, a group written over each of its columns only once."""
    size = max((at for row in (groups, names) for at, cell in enumerate(row, 1) if cell.strip()), default=0)
    above, below = ([*row, *[""] * (size - len(row))][:size] for row in (groups, names))
    once = ["" if at and cell == above[at - 1] else cell for at, cell in enumerate(above)]
    return once, below


def _named_above_alone(groups: Cells, names: Cells) -> bool:
    alone = any(group.strip() and not name.strip() for group, name in zip(groups, names, strict=True))
    return alone and bool(_roomy(groups, names))


def _is_sentence(group: str) -> bool:
    return ":" in group or len(group) > _LONGEST_GROUP


def _parts_people(groups: Cells, names: Cells) -> bool:
    """Return whether groups of several columns each, or one that begins in mid-row, tell people apart."""
    if len(_roomy(groups, names)) < len(filled(groups)):
        return False
    others = [part_heading(f"{group}{_BETWEEN}x")[2] is About.SOMEBODY_ELSE for group in filled(groups)]
    return any(others) and (len(others) > 1 or not groups[0].strip())


def are_names_below(groups: Cells, names: Cells, body: Sequence[Cells]) -> bool:
    """Return whether the row under a header is its second row rather than the first record.

    It takes two groups with room beside each, and a column that is named in words while its records are
    mostly numbers, dates or postcodes.
    """
    groups, names = _trimmed(groups, names)
    if not is_pair(groups, names, []):
        return False
    return any(_is_of_no_words(place, body) for place, name in enumerate(names) if name.strip())


def _is_of_no_words(place: int, body: Sequence[Cells]) -> bool:
    values = filled([row[place] for row in body if place < len(row)])
    return bool(values) and sum(not is_heading(value) for value in values) * 2 > len(values)
