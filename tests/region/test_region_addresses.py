"""A list's addresses: clean in its own form, then every kind of error, at its rate, all of them logged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sharewell.demo.region.chance import Chance, texts
from sharewell.demo.region.dirt.address_words import CARERS, SHORT, county_words, towns_near
from sharewell.demo.region.dirt.addresses import (
    ASSUMED,
    DEFAULT_RATES,
    FROM_COUNCILS,
    FROM_STYLES,
    HOUSE_NUMBER,
    KINDS,
    PARTS,
    Layout,
    lay,
    lines_layout,
    one_cell_layout,
    parts_of,
    scaled,
    write_address,
)
from sharewell.demo.region.draft import Draft
from sharewell.demo.region.terms import NOBODY, Homes

FIVE = lines_layout("line {}", 5, "postcode")
STREETS = (("Mill Lane", "BL1 1AA"), ("Station Road", "BL1 1AB"), ("Broadwater Street", "BL1 2DE"),
           ("Park-side Avenue", "BL3 0JG"))  # fmt: skip
FLOOR_FLATS = ("Ground Floor Flat", "First Floor Flat", "Flat Above")
SAON, PAON, STREET, LOCALITY, TOWN, POSTCODE = "SAON", "PAON", "Street", "Locality", "Town", "Postcode"
Cells = dict[str, str]


def homes() -> Homes:
    """Four streets: houses, some with a letter, two blocks, lettered flats, flats by floor, a care home."""
    rows: list[tuple[str, str, str, str, str, int]] = []
    blocks = (
        ("Mill Court", "2", 8, "Flat {}"),
        ("Linden House", "", 6, "Apartment {}"),
        ("", "30", 3, "Flat {}"),
    )
    for at in range(len(STREETS)):
        for number in range(1, 41):
            rows.append(("house", "", "", str(number), "", at))
        rows += [("house", "", "", f"{number}A", "", at) for number in (12, 14, 16)]
        rows.append(("care_home", "", "Larkrise Care Home", "50", "", at))
        for name, number, flats, unit in blocks:
            shell = len(rows)
            rows.append(("block", "", name, number, "", at))
            ids = "ABC" if not name else range(1, flats + 1)
            rows += [("flat", unit.format(each), name, number, str(shell), at) for each in ids]
        shell = len(rows)
        rows.append(("block", "", "", "60", "", at))
        rows += [("converted", unit, "", "60", str(shell), at) for unit in FLOOR_FLATS]
    kind, unit, building, number, parent, street = zip(*rows, strict=True)
    at = np.array(street)
    return Homes(
        uprn=texts([str(999_000_000_000 + each) for each in range(len(rows))]),
        parent=np.array([int(each) if each else NOBODY for each in parent]),
        unit=texts(unit),
        building=texts(building),
        number=texts(number),
        street=texts([STREETS[each][0] for each in street]),
        locality=texts(["Halliwell" if each < 2 else "" for each in street]),
        town=texts(["Bolton"] * len(rows)),
        postcode=texts([STREETS[each][1] for each in street]),
        area=at // 2,
        kind=texts(kind),
        usrn=texts([str(99_000_000 + each) for each in street]),
        easting=300_000 + 100 * at,
        northing=400_000 + 10 * at,
        in_gazetteer=np.arange(len(rows)) % 50 != 7,
    )


WORLD: Any = SimpleNamespace(homes=homes(), rates={"next_number": 0.002})
LIVED_IN = np.flatnonzero(WORLD.homes.kind != "block")


def drafted(
    n: int, layout: Layout, rates: Mapping[str, float], *, seed: int = 1, home: Any = None, hard: str = ""
) -> Draft:
    """Return a list of ``n`` rows about dwellings drawn by chance, its addresses written and spoilt."""
    chance = Chance(seed, "addresses")
    home = chance.pick(LIVED_IN, n) if home is None else home
    draft = Draft("a list", np.arange(n), home, texts([hard] * n), chance.stream("list"))
    write_address(draft, WORLD, layout, rates)
    return draft


def clean(draft: Draft, layout: Layout) -> Mapping[str, Any]:
    return lay(parts_of(WORLD.homes, draft.home), layout)


def rows_with(draft: Draft, kind: str) -> list[int]:
    return sorted({int(row) for each in draft.errors if each.kind == kind for row in each.row})


def home_of(unit: str, building: str, number: str) -> int:
    given = WORLD.homes
    fits = (given.unit == unit) & (given.building == building) & (given.number == number)
    return int(np.flatnonzero(fits & (given.kind != "block"))[0])


LAYOUTS = {
    "five lines": FIVE,
    "two lines, town and postcode, in capitals": Layout(("one", "two"), "code", town="city", capitals=True),
    "one cell": one_cell_layout("address"),
    "one cell of lines": Layout(("address",), "code", separator="\n", shares_line=False),
    "lines without locality and town": Layout(
        ("a", "b", "c"), "code", writes_locality=False, writes_town=False
    ),
    "parts": PARTS,
    "house number and postcode": HOUSE_NUMBER,
}


@pytest.mark.parametrize(
    ("layout", "unit", "building", "number", "cells"),
    [
        ("five lines", "Flat 2", "Mill Court", "2",
         ("Flat 2 Mill Court", "2 Mill Lane", "Halliwell", "Bolton", "", "BL1 1AA")),
        ("five lines", "", "", "12A", ("12A Mill Lane", "Halliwell", "Bolton", "", "", "BL1 1AA")),
        ("two lines, town and postcode, in capitals", "Flat 2", "Mill Court", "2",
         ("FLAT 2 MILL COURT", "2 MILL LANE, HALLIWELL", "BOLTON", "BL1 1AA")),
        ("one cell", "Apartment 3", "Linden House", "",
         ("Apartment 3 Linden House, Mill Lane, Halliwell, Bolton, BL1 1AA",)),
        ("one cell of lines", "Flat 2", "Mill Court", "2",
         ("Flat 2\nMill Court\n2 Mill Lane\nHalliwell\nBolton", "BL1 1AA")),
        ("lines without locality and town", "", "", "3", ("3 Mill Lane", "", "", "BL1 1AA")),
        ("parts", "Flat 2", "Mill Court", "2",
         ("Flat 2", "Mill Court, 2", "Mill Lane", "Halliwell", "Bolton", "BL1 1AA")),
        ("house number and postcode", "Flat 2", "Mill Court", "2", ("Flat 2, 2", "BL1 1AA")),
        ("house number and postcode", "Apartment 3", "Linden House", "",
         ("Apartment 3, Linden House", "BL1 1AA")),
    ],
)  # fmt: skip
def test_an_address_is_laid_as_the_list_has_it(layout, unit, building, number, cells):
    home = np.array([home_of(unit, building, number)])
    laid = lay(parts_of(WORLD.homes, home), LAYOUTS[layout])
    assert tuple(cell[0] for cell in laid.values()) == cells


def test_a_row_with_no_home_in_the_region_has_no_address_and_no_errors():
    draft = drafted(50, FIVE, dict.fromkeys(KINDS, 0.9), home=np.full(50, NOBODY))
    assert all((cell == "").all() for cell in draft.cells.values())
    assert draft.errors == []
    assert (draft.hard == "").all()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_the_log_read_backwards_rebuilds_the_clean_cells(layout):
    draft = drafted(3000, layout, scaled(8))
    cells = {name: cell.copy() for name, cell in draft.cells.items()}
    for error in reversed(draft.errors):
        assert (cells[error.column][error.row] == error.after).all()
        assert (error.before != error.after).all()
        cells[error.column][error.row] = error.before
    for name, cell in clean(draft, layout).items():
        assert (cells[name] == cell).all()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_kind_is_planted_at_its_rate(layout):
    draft = drafted(50_000, layout, DEFAULT_RATES)
    off = {
        kind: tally
        for kind, tally in draft.tally.items()
        if abs(tally[1] - tally[2]) > 1 + 0.1 * tally[2]  # rounding by chance: one row
    }
    assert off == {}
    for kind, (could, has, wanted) in draft.tally.items():
        assert wanted == pytest.approx(could * DEFAULT_RATES.get(kind, WORLD.rates.get(kind)))
        assert has == len(rows_with(draft, kind))


def test_the_same_seed_gives_the_same_cells_and_another_seed_others():
    one, same, other = (drafted(2000, FIVE, DEFAULT_RATES, seed=seed) for seed in (1, 1, 2))
    assert all((one.cells[name] == same.cells[name]).all() for name in one.cells)
    assert [(e.kind, e.column, list(e.row)) for e in one.errors] == [
        (e.kind, e.column, list(e.row)) for e in same.errors
    ]
    assert any((one.cells[name] != other.cells[name]).any() for name in one.cells)


def test_two_addresses_of_one_list_are_spoilt_apart():
    draft = drafted(2000, FIVE, {"street_misspelt": 0.1})
    write_address(draft, WORLD, lines_layout("other {}", 5), {"street_misspelt": 0.1})
    by_list = [
        {int(r) for e in draft.errors if e.column.startswith(name) for r in e.row}
        for name in ("line", "other")
    ]
    assert by_list[0]
    assert by_list[0] != by_list[1]


def test_a_kind_without_a_rate_is_not_planted():
    draft = drafted(2000, FIVE, {"next_number": 0.0})
    assert draft.errors == []
    assert draft.tally == {}


def test_a_rate_scaled_is_never_over_one():
    assert scaled(2)["street_misspelt"] == pytest.approx(2 * DEFAULT_RATES["street_misspelt"])
    assert max(scaled(1000).values()) == 1.0
    assert scaled(3, {"town_wrong": 0.01}) == {"town_wrong": pytest.approx(0.03)}


def test_every_kind_has_a_rate_and_every_rate_a_kind():
    assert set(DEFAULT_RATES) == set(KINDS) - {"next_number"}
    assert set(FROM_COUNCILS) | set(FROM_STYLES) | set(ASSUMED) == set(DEFAULT_RATES)


def ends(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text) is not None


def unit_of(cells: Cells) -> str:
    return re.sub(r"\D", "", cells[SAON])


def number_of(cells: Cells) -> str:
    return cells[PAON].split(", ")[-1]


def short_of(cells: Cells) -> bool:
    return any(word.rstrip(".") in SHORT.values() for word in cells[STREET].split())


def real_numbers(street: str) -> set[str]:
    given = WORLD.homes
    return set(given.number[(given.street == street) & (given.kind == "house")])


IS = {
    "next_number": lambda a, b: abs(int(a[PAON]) - int(b[PAON])) == 2 and b[PAON] in real_numbers(a[STREET]),
    "flat_missing": lambda a, b: b[SAON] in ("", "Flat", "Apartment"),
    "flat_word_dropped": lambda a, b: a[SAON].split()[-1] == b[SAON],
    "flat_other_word": lambda a, b: a[SAON].split()[-1] in b[SAON] and a[SAON].lower() != b[SAON].lower(),
    "flat_number_changed": lambda a, b: b[SAON].startswith(a[SAON].split()[0]) and a[SAON] != b[SAON],
    "flat_before_slash": lambda a, b: b[SAON] == "" and f"{unit_of(a)}/{number_of(a)}" in b[PAON],
    "flat_as_suffix": lambda a, b: b[PAON] == a[PAON] + a[SAON][-1] and b[SAON] == "",
    "suffix_as_flat": lambda a, b: (b[SAON], b[PAON]) == (f"Flat {a[PAON][-1]}", a[PAON][:-1]),
    "flat_added": lambda a, b: a[SAON] == "" and "Flat" in b[SAON],
    "floor_added": lambda a, b: a[SAON] in b[SAON] and re.search("Floor|Basement", b[SAON]),
    "floor_dropped": lambda a, b: a[SAON].endswith("Floor Flat") and b[SAON] == "Flat",
    "floor_other_words": lambda a, b: "Floor" in a[SAON] and b[SAON].endswith("Flat") and a[SAON] != b[SAON],
    "flat_side_added": lambda a, b: b[SAON] in (f"{a[SAON]} Front", f"{a[SAON]} Rear"),
    "room_added": lambda a, b: re.fullmatch(rf"(Room|Rm) \d+ ?{a[SAON]}", b[SAON]),
    "annexe_added": lambda a, b: re.fullmatch(rf"(Annexe at|Annex) ?{a[SAON]}", b[SAON]),
    "rear_of_added": lambda a, b: re.fullmatch(rf"(Rear of|Adj|Land at|R/O|Off) ?{a[SAON]}", b[SAON]),
    "plot_added": lambda a, b: re.fullmatch(rf"Plot \d+ ?{a[SAON]}", b[SAON]),
    "flat_over_added": lambda a, b: re.fullmatch(rf"Flat (over|above|at) ?{a[SAON]}", b[SAON]),
    "flat_at_added": lambda a, b: b[SAON] == f"{a[SAON]} at",
    "flat_in_brackets": lambda a, b: b[SAON] == f"({a[SAON]})",
    "flat_building_swapped": lambda a, b: b[SAON] == a[PAON].split(", ")[0] and b[PAON].startswith(a[SAON]),
    "flat_behind_street": lambda a, b: b[STREET] == f"{a[STREET]} {a[SAON]}" and b[SAON] == "",
    "flat_in_capitals": lambda a, b: b[SAON] == a[SAON].upper(),
    "building_added": lambda a, b: b[PAON].endswith(a[PAON]) and len(b[PAON]) > len(a[PAON]) + 2,
    "building_dropped": lambda a, b: b[PAON] == a[PAON].rpartition(", ")[2] or b[PAON] == "",
    "building_shortened": lambda a, b: len(b[PAON].split()) == len(a[PAON].split()) - 1,
    "building_other_word": lambda a, b: len(set(a[PAON].split()) ^ set(b[PAON].split())) >= 1,
    "building_respelt": lambda a, b: a[PAON][0] == b[PAON][0] and a[PAON] != b[PAON],
    "number_range": lambda a, b: number_of(b) == f"{number_of(a)}-{int(number_of(a)) + 2}",
    "number_dropped": lambda a, b: not re.search(r"\d", b[PAON]),
    "number_added": lambda a, b: number_of(b).isdigit() and not re.search(r"\d", a[PAON]),
    "number_as_name": lambda a, b: b[PAON].istitle() and not re.search(r"\d", b[PAON]),
    "number_wrong": lambda a, b: number_of(b).isdigit() and number_of(a) != number_of(b),
    "suffix_added": lambda a, b: number_of(b) in (f"{number_of(a)}A", f"{number_of(a)}B"),
    "suffix_lost": lambda a, b: b[PAON] in (a[PAON][:-1], a[PAON][:-1] + "B"),
    "suffix_spaced": lambda a, b: b[PAON] == f"{a[PAON][:-1]} A",
    "suffix_small": lambda a, b: b[PAON] == f"{a[PAON][:-1]}a",
    "building_behind_street": lambda a, b: a[PAON].startswith(b[STREET]) and b[PAON].endswith(a[STREET]),
    "number_glued": lambda a, b: b[STREET] == number_of(a) + a[STREET],
    "street_missing": lambda a, b: b[STREET] == "",
    "street_cut_short": lambda a, b: b[STREET] == a[STREET].rsplit(" ", 1)[0],
    "street_wrong": lambda a, b: b[STREET] in dict(STREETS) and b[STREET] != a[STREET],
    "street_abbreviated": lambda a, b: short_of(b) and not short_of(a),
    "street_misspelt": lambda a, b: abs(len(a[STREET]) - len(b[STREET])) <= 1,
    "street_joined": lambda a, b: a[STREET].lower().replace(" ", "").replace("-", "")
    == b[STREET].lower().replace(" ", "").replace("-", ""),
    "street_off_another": lambda a, b: b[STREET].startswith(f"{a[STREET]}, off "),
    "town_wrong": lambda a, b: b[TOWN] in towns_near(a[POSTCODE]) and b[TOWN] != "Bolton",
    "locality_as_town": lambda a, b: (b[LOCALITY], b[TOWN]) == ("", a[LOCALITY]),
    "town_missing": lambda a, b: b[TOWN] == "",
    "locality_respelt": lambda a, b: b[LOCALITY][:1] == "H" and b[LOCALITY] != "Halliwell",
    "county_added": lambda a, b: b[TOWN].removeprefix("Bolton, ") in county_words(a[POSTCODE]),
    "care_of": lambda a, b: re.match("c/o|C/O", b[SAON]) and any(name in b[SAON] for name in CARERS),
    "postcode_of_next_street": lambda a, b: b[POSTCODE] in {code for _, code in STREETS} - {a[POSTCODE]},
    "postcode_wrong_sign": lambda a, b: re.fullmatch(r"BL\d \d[A-Z]{2}", b[POSTCODE])
    and sum(x != y for x, y in zip(a[POSTCODE], b[POSTCODE], strict=True)) == 1,
    "postcode_missing": lambda a, b: b[POSTCODE] == "",
    "postcode_letter_for_figure": lambda a, b: b[POSTCODE].translate({79: "0", 73: "1"}) == a[POSTCODE],
    "postcode_unspaced": lambda a, b: b[POSTCODE] == a[POSTCODE].replace(" ", ""),
    "postcode_small": lambda a, b: b[POSTCODE] == a[POSTCODE].lower(),
}  # fmt: skip
"""What each kind of error of the parts is, of the cells of a row before and after."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("address_")])
def test_every_kind_is_what_it_says(kind):
    draft = drafted(2000, PARTS, {"next_number": 0.0, kind: 0.5})
    before, rows = clean(draft, PARTS), rows_with(draft, kind)
    assert len(rows) > 5
    for row in rows:
        was = {name: cell[row] for name, cell in before.items()}
        now = {name: cell[row] for name, cell in draft.cells.items()}
        assert IS[kind](was, now), (kind, was, now)


LINES = {
    "address_line_shifted": lambda a, b: b[0] == "" and b[1:] == a[:-1],
    "address_line_broken": lambda a, b: " ".join(b).split() == " ".join(a).split() and len(b[0]) < len(a[0]),
    "address_cut_short": lambda a, b: a[0].startswith(b[0]) and a[1:] == b[1:],
    "address_stops": lambda a, b: re.sub("[,.]", "", b[0]).split() == a[0].split() and b[0] != a[0],
    "address_capitals": lambda a, b: b == [line.upper() for line in a],
    "address_small_letters": lambda a, b: b == [line.lower() for line in a],
    "address_spaces": lambda a, b: b[0].split() == a[0].split() and len(b[0]) == len(a[0]) + 1,
}
"""What each kind of error of the cells is, of a row's five lines before and after."""


@pytest.mark.parametrize("kind", LINES)
def test_every_kind_of_the_lines_is_what_it_says(kind):
    draft = drafted(1000, FIVE, {kind: 0.5, "next_number": 0.0})
    before, rows = clean(draft, FIVE), rows_with(draft, kind)
    assert len(rows) > 100
    for row in rows:
        was, now = ([cells[name][row] for name in FIVE.columns] for cells in (before, draft.cells))
        assert LINES[kind](was, now), (kind, was, now)


def test_an_error_starts_from_what_the_one_before_it_left():
    draft = drafted(500, FIVE, {"number_range": 1.0, "street_abbreviated": 1.0, "address_capitals": 1.0})
    rows = set(rows_with(draft, "number_range")) & set(rows_with(draft, "street_abbreviated"))
    lines = [re.fullmatch(r"\d+-\d+ [A-Z -]+ (LN|RD|ST|AVE)\.?", draft.cells["line 1"][row]) for row in rows]
    assert sum(line is not None for line in lines) > 20


def test_a_flat_is_missing_where_its_block_has_two_or_more():
    draft = drafted(4000, FIVE, {"flat_missing": 0.3, "next_number": 0.0})
    rows = rows_with(draft, "flat_missing")
    parent = WORLD.homes.parent[draft.home[rows]]
    assert (np.bincount(WORLD.homes.parent[WORLD.homes.parent >= 0])[parent] >= 2).all()
    assert set(draft.hard[rows]) == {"flat_missing", "new_build"}
    others = np.setdiff1d(draft.every, rows)
    assert set(draft.hard[others]) <= {"", "new_build"}


def test_rows_of_the_hard_classes_keep_what_they_are_an_example_of():
    rates = dict.fromkeys(KINDS, 0.5) | {"next_number": 0.2}
    draft = drafted(
        4000, PARTS, {kind: rate for kind, rate in rates.items() if not kind.startswith("address")}
    )
    before = clean(draft, PARTS)
    rows = np.flatnonzero(draft.hard == "next_number")
    assert len(rows) > 100
    for row in rows:
        assert abs(int(draft.cells[PAON][row]) - int(before[PAON][row])) == 2
        assert draft.cells[STREET][row] == before[STREET][row]
    missing = np.flatnonzero(draft.hard == "flat_missing")
    assert len(missing) > 100
    assert set(draft.cells[SAON][missing]) <= {"", "Flat", "Apartment"}


def test_the_neighbours_number_follows_the_worlds_rate_unless_one_is_given():
    assert drafted(50_000, FIVE, {}).tally["next_number"][1] > 20
    assert "next_number" not in drafted(50_000, FIVE, {"next_number": 0.0}).tally


def test_homes_the_gazetteer_lacks_are_new_builds_whatever_the_person_is():
    draft = drafted(2000, FIVE, {}, hard="father_and_son")
    is_new = ~WORLD.homes.in_gazetteer[draft.home]
    assert (draft.hard[is_new] == "new_build").all()
    assert set(draft.hard[~is_new]) <= {"father_and_son", "next_number"}


def test_a_class_that_a_row_already_has_of_its_own_stays():
    draft = drafted(2000, FIVE, {"flat_missing": 0.5}, hard="husbands_initials")
    assert set(draft.hard) == {"husbands_initials"}


def test_what_falls_on_blocks_falls_on_whole_ones():
    draft = drafted(10_000, FIVE, {"street_missing": 0.3, "next_number": 0.0})
    has = np.isin(draft.every, rows_with(draft, "street_missing"))
    block = WORLD.homes.parent[draft.home]
    named = (WORLD.homes.building[draft.home] != "") & (block != NOBODY)
    shares = [has[named & (block == each)].mean() for each in np.unique(block[named])]
    assert sum(0 < share < 1 for share in shares) <= 1


def test_a_list_that_shows_little_has_only_the_errors_that_show():
    draft = drafted(5000, HOUSE_NUMBER, scaled(5))
    hidden = ("street", "building", "town", "locality", "county", "care_of")
    assert [kind for kind in draft.tally if kind.startswith(hidden)] == []
    assert {"flat_other_word", "number_wrong", "postcode_missing"} <= set(draft.tally)


def test_no_county_is_added_to_a_made_up_town():
    assert county_words("ZM1 1AA") == ()
    assert county_words("BL1 1AA") != ()


def test_a_part_with_one_street_and_few_homes_can_still_be_written():
    small: Any = SimpleNamespace(
        homes=Homes(**{name: getattr(WORLD.homes, name)[:3] for name in Homes.__dataclass_fields__}),
        rates={},
    )
    draft = Draft("a list", np.arange(9), np.arange(9) % 3, texts([""] * 9), Chance(1, "small"))
    write_address(draft, small, FIVE, scaled(20))
    assert set(draft.cells) == {*FIVE.columns, "postcode"}
