"""What each kind of address error claims to have done to an address, said without looking at how it is made.

An address is its lines, top to bottom, without the postcode. Most errors take some words out, put some in,
or both, in one place; ``cores`` finds that place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations

from region.region_sayings import one_slip

Lines = tuple[str, ...]
Home = dict[str, str]
Saying = Callable[[Lines, Lines], bool]
OfHome = Callable[[Lines, Lines, Home], bool]
UNIT = r"(?:Flat No|Flat|Apartment|Apt|Unit|Flt|Pitch|Room|Studio|Maisonette|F(?=\d|[A-Z]\b))"
ID = r"(?:\d+[A-Z]?|[A-Z]\d*|\d+\.1)\.?"
FLOOR = r"(?:Ground|Grd|First|1st|Second|2nd|Third|Top|Basement|Lower Ground|Bsmt|G/F|GF|F/F|T/F)"
NUMBER = r"\d+(?:[A-Za-z]|-\d+)?"
NAME = r"[A-Z][A-Za-z'\-]*(?: [A-Za-z'\-]+)*"
BUILDINGS = ("House", "Court", "Lodge", "Buildings", "Mill", "Place")


def words(lines: Lines) -> list[str]:
    return " ".join(lines).replace(",", " ").split()


def cores(before: Lines, after: Lines) -> list[tuple[str, str]]:
    """Return the words that went and the words that came, wherever they may have stood.

    There are several answers where words only went or only came and like words stand beside them.
    """
    one, two = words(before), words(after)
    if len(one) == len(two) or not one or not two:
        return [core(one, two)]
    longer, shorter = (one, two) if len(one) > len(two) else (two, one)
    odd = len(longer) - len(shorter)
    spots = [at for at in range(len(shorter) + 1) if longer[:at] + longer[at + odd :] == shorter]
    cut_out = [" ".join(longer[at : at + odd]) for at in spots]
    if not cut_out:
        return [core(one, two)]
    return [(each, "") if longer is one else ("", each) for each in cut_out]


def core(one: list[str], two: list[str]) -> tuple[str, str]:
    """Return what stands between the words that both begin and end with."""
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    return " ".join(one), " ".join(two)


def which(test: Callable[[str, str], bool]) -> Saying:
    return lambda before, after: any(test(*each) for each in cores(before, after))


def turned(gone: str, new: str) -> Saying:
    """Say that words which fit one pattern went and words which fit another came."""
    return which(lambda one, two: one != two and bool(re.fullmatch(gone, one) and re.fullmatch(new, two)))


def added(pattern: str) -> Saying:
    return turned("", pattern)


def dropped(pattern: str) -> Saying:
    return turned(pattern, "")


def moved(pattern: str) -> Saying:
    """Say that words which fit a pattern went behind those that stood behind them."""

    def says(before: Lines, after: Lines) -> bool:
        one, two = words(before), words(after)
        spots = combinations(range(len(one) + 1), 3)
        return one != two and any(
            one[:a] + one[b:c] + one[a:b] + one[c:] == two and re.fullmatch(pattern, " ".join(one[a:b]))
            for a, b, c in spots
        )

    return says


def respaced(pattern: str) -> Saying:
    """Say that the same signs stand there without the space, comma or stop that the pattern names."""

    def says(before: Lines, after: Lines) -> bool:
        return before != after and all(
            re.sub(pattern, "", one) == re.sub(pattern, "", two)
            for one, two in zip(before, after, strict=True)
        )

    return says


def shortened(gone: str, new: str) -> bool:
    """Say that a word became a shorter one of its own letters, in their order, from the same first."""
    left = iter(gone.lower())
    short = new.lower().replace("/", "").rstrip(".")
    return (
        gone[:1] == new[:1] and len(new.rstrip(".")) < len(gone) and all(letter in left for letter in short)
    )


def together(gone: str, new: str) -> bool:
    """Say that the letters are the same, with other spaces or hyphens between them."""
    is_other = len(gone.split()) != len(new.split())
    return is_other and re.sub(r"[ \-]", "", gone).lower() == re.sub(r"[ \-]", "", new).lower()


def respelt(gone: str, new: str) -> bool:
    return shortened(gone, new) or together(gone, new) or one_slip(gone, new)


def another_street(gone: str, new: str) -> bool:
    both = all(re.fullmatch(NAME, each) for each in (gone, new))
    return both and gone.casefold() != new.casefold() and not respelt(gone, new)


def other_number(gone: str, new: str) -> bool:
    stem = re.sub(r"\d+$", "", gone)
    figures = gone[len(stem) :] or "1"
    near = {str(int(figures) + 1), str(int(figures) - 1)}
    forms = {f"0{figures}", f"A{figures}", f"B{figures}", f"{figures}A", f"{figures}.1"}
    return gone != new and new.removeprefix(stem) in near | forms


def slip_of_number(gone: str, new: str) -> bool:
    if not (gone.isdigit() and new.isdigit()) or gone == new:
        return False
    return abs(int(gone) - int(new)) in (1, 10) or new in (gone[::-1], gone + gone[-1])


def same_flat(gone: str, new: str) -> bool:
    """Say that a flat has the same number or letter and another word."""
    bare = rf"^{UNIT}\b\.? ?|^F(?=\d|[A-Z]$)|\.$"
    if (gone, new) == ("", "No"):
        return True
    return (
        gone != new
        and all(re.match(UNIT, each) or re.fullmatch(ID, each) for each in (gone, new))
        and (re.sub(bare, "", gone) == re.sub(bare, "", new))
    )


def other_building(gone: str, new: str) -> bool:
    is_word = re.fullmatch(r"\w*", gone) is not None
    return is_word and gone != new and new in (*BUILDINGS, "The")


def before_slash(before: Lines, after: Lines) -> bool:
    """Say that "Flat 2", "12 Mill Lane" is "2/12 Mill Lane" now."""
    found = re.search(rf"({ID})/(?=\d)", " ".join(after))
    without = tuple(line.replace(found[0], "", 1) for line in after) if found else after
    return found is not None and bool(
        re.fullmatch(rf"{UNIT} ?{re.escape(found[1])}", cores(before, without)[0][0])
    )


def as_suffix(before: Lines, after: Lines) -> bool:
    """Say that "Flat A", "12 Mill Lane" is "12A Mill Lane" now."""
    found = re.search(r"(?<![\w/])(\d+)([A-Z])(?!\w)", " ".join(after))
    without = tuple(line.replace(found[0], found[1], 1) for line in after) if found else after
    return found is not None and bool(re.fullmatch(rf"{UNIT} {found[2]}", cores(before, without)[0][0]))


def shifted(before: Lines, after: Lines) -> bool:
    """Say that each line stands one lower, or, in BS 7666's parts, the primary where the other goes."""
    *lines, town = before
    lower = (("", *lines), ("", *lines[:-1], town), (before[1], "", *before[2:]))
    return before != after and sorted(before) == sorted(after) and after in lower


def broken(before: Lines, after: Lines) -> bool:
    """Say that the same words stand on other lines, or, in a single one, with a comma fewer."""
    if len(before) == 1:
        return before[0].count(", ") == after[0].count(", ") + 1 and words(before) == words(after)
    return (
        before != after and words(before) == words(after) and before[0].split()[-1:] == after[1].split()[:1]
    )


def cut(before: Lines, after: Lines) -> bool:
    changed = [(one, two) for one, two in zip(before, after, strict=True) if one != two]
    return (
        len(changed) == 1
        and changed[0][0].startswith(changed[0][1])
        and 0 < len(changed[0][0]) - len(changed[0][1]) < 6
    )


def cased(write: Callable[[str], str]) -> Saying:
    return lambda before, after: before != after == tuple(write(line) for line in before)


ADDRESSES: dict[str, Saying] = {
    "address_capitals": cased(str.upper),
    "address_small_letters": cased(str.lower),
    "address_cut_short": cut,
    "address_line_broken": broken,
    "address_line_shifted": shifted,
    "address_spaces": respaced(r" "),
    "address_stops": respaced(r"[ ,.]"),
    "annexe_added": added(r"Annexe at|Annex"),
    "building_added": added(NAME),
    "building_behind_street": moved(NAME),
    "building_other_word": which(other_building),
    "building_respelt": which(respelt),
    "building_shortened": dropped(r"[^\W\d]+"),
    "care_of": added(r"[cC]/[oO] .+"),
    "county_added": added(NAME),
    "flat_added": added(r"Flat [123AB]|(?:Ground Floor|Upstairs) Flat"),
    "flat_as_suffix": as_suffix,
    "flat_at_added": added(r"at"),
    "flat_before_slash": before_slash,
    "flat_behind_street": moved(rf".*(?:{UNIT}|{ID}).*"),
    "flat_building_swapped": moved(rf".*(?:{UNIT}|{ID}).*"),
    "flat_in_brackets": which(lambda gone, new: new == f"({gone})"),
    "flat_in_capitals": which(lambda gone, new: new == gone.upper() != gone),
    "flat_missing": dropped(rf"(?:{UNIT} )?{ID}|.*Flat.*|Pitch \d+"),
    "flat_number_changed": which(other_number),
    "flat_other_word": which(same_flat),
    "flat_over_added": added(r"Flat (?:over|above|at)|(?:over|above|at) Flat"),
    "flat_side_added": added(r"Front|Rear"),
    "flat_word_dropped": dropped(UNIT),
    "floor_added": added(rf"\(?{FLOOR}(?: Floor)?\)?"),
    "floor_dropped": turned(rf"\(?{FLOOR}(?: Floor| Flr)?\)?", r"(?:Flat)?"),
    "floor_other_words": turned(
        rf"\(?(?:{FLOOR})?(?: ?Floor)?\)?", rf"\(?(?:{FLOOR})?(?: ?Floor| ?Flr)?\)?|Flat"
    ),
    "locality_respelt": which(respelt),
    "number_added": added(r"\d+"),
    "number_as_name": turned(NUMBER, NAME),
    "number_dropped": turned(NUMBER, rf"(?:{NAME})?"),
    "number_glued": which(together),
    "number_range": which(
        lambda gone, new: new == f"{gone}-{int(gone) + 2}" if gone.isdigit() else gone.startswith(f"{new}-")
    ),
    "number_wrong": which(slip_of_number),
    "plot_added": added(r"Plot \d+"),
    "rear_of_added": added(r"Rear of|Adj|Land at|R/O|Off"),
    "room_added": added(r"(?:Room|Rm) \d+"),
    "street_abbreviated": which(shortened),
    "street_cut_short": dropped(r"[^\W\d]+"),
    "street_joined": which(together),
    "street_misspelt": which(one_slip),
    "street_off_another": added(rf"off {NAME}"),
    "street_wrong": which(another_street),
    "suffix_added": which(lambda gone, new: gone.isdigit() and new in (f"{gone}A", f"{gone}B")),
    "suffix_as_flat": lambda before, after: as_suffix(after, before),
    "suffix_lost": turned(r"\d+[A-Z]", r"\d+[AB]?"),
    "suffix_small": which(lambda gone, new: new == gone.lower() != gone),
    "suffix_spaced": which(together),
}
"""Of kinds that the words alone show."""
