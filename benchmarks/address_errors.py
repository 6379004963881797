"""Our address errors beside those of the package address-errors, kind by kind, on the same made-up homes.

    python -m benchmarks.address_errors [--python PYTHON]

PYTHON is one that has the package (``pip install address-errors==0.1.1``), here or in
``SHAREWELL_ADDRESS_ERRORS_PYTHON``; without it only our side is measured. Both spoil the same 2,000 homes of
the made-up county, 40 times over: the package with its default profile and pooled rates, each home by itself
(by blocks its rates are the same, its shares less certain), ours at the rates that were derived from it,
without house style and what is assumed of typed lists: the package writes the one into every address and
does not have the other. Tolerance: addresses touched within a tenth of the package's share; each kind
within a fifth, or within 0.15 % of all addresses where that is more, for some of the package's rates differ
between sorts of flats where ours is one (it leaves out 6 % of flats named by floor, 0.7 % of numbered ones).
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Answer, Stopwatch, in_its_own_process, machine, serve, table

if TYPE_CHECKING:
    from sharewell.demo.region.chance import Ints
    from sharewell.demo.region.draft import Draft
    from sharewell.demo.region.terms import Homes

MODULE, PEER = "benchmarks.address_errors", "SHAREWELL_ADDRESS_ERRORS_PYTHON"
PEOPLE, HOMES, TIMES, SEED = 12_000, 2_000, 40, 7
TOUCHED_WITHIN, KIND_WITHIN, OR_WITHIN = 0.1, 0.2, 0.0015
TIMED_ROWS = 50_000
EDITS: Mapping[str, str] = {
    "flat_missing": "SU7:",
    "flat_word_dropped": "SU13:unit_word_dropped|SU13:other",
    "flat_other_word": r"SU10:|TX1:\w+_sub",
    "flat_number_changed": r"SU14:|PN8:|FM6:|SU1:letter_id|FM9:punctuation_sub|TX[23]:\w+_sub",
    "flat_added": "SU15:|PN6:unit_id",
    "floor_added": "SU4:floor_descriptor_added",
    "floor_dropped": "SU4:floor_descriptor_dropped",
    "floor_other_words": "SU3:|SU5:",
    "flat_side_added": "SU6:",
    "annexe_added": "SU8:",
    "rear_of_added": "DQ1:",
    "plot_added": "DQ2:",
    "flat_over_added": "DQ3:",
    "flat_at_added": "FM8:",
    "building_added": "BN1:(second_)?name_added|BN3:generic_name_added|BN8",
    "building_dropped": "BN1:(second_)?name_dropped|BN3:generic_name_dropped",
    "building_shortened": "BN2:name_(shortened|truncated)",
    "building_other_word": "BN2:(name_elaborated|article)|BN4:|BN3:generic_name_swapped",
    "building_respelt": r"TX\d:\w+_name|FM9:punctuation_name",
    "number_range": "PN2:|FM9:punctuation_num",
    "number_dropped": "PN4:",
    "number_added": "PN6:number",
    "number_as_name": "PN3:number_replaced",
    "number_wrong": "PN3:(?!number_replaced)|PN7:",
    "suffix_added": "SU1:suffix_added",
    "suffix_lost": "SU1:suffix_(dropped|swapped)",
    "street_missing": "ST5:",
    "street_cut_short": "ST2:",
    "street_wrong": "ST4:",
    "street_abbreviated": r"TX1:\w+_d?street",
    "street_misspelt": r"TX3:\w+_d?street|FM9:punctuation_street",
    "street_joined": r"TX2:\w+_d?street",
    "locality_respelt": r"TX\d:\w+_(loc|town)|FM9:punctuation_(town|loc)",
    "postcode_of_next_street": "PC3",
    "postcode_wrong_sign": "PC4|PC5",
}
"""The package's edits by our kinds: which of its ids and subtypes begin so."""
COLUMNS = ("uprn", "subname", "name", "number", "streetname", "locality", "townname", "postcode",
           "parentuprn", "usrn", "easting", "northing", "classificationcode")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Spoil the same homes both ways and print the shares side by side, with the rows a second."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {MODULE}", description="Print shares of address errors."
    )
    parser.add_argument("--python", default=os.environ.get(PEER), help="a Python that has address-errors")
    python = parser.parse_args(arguments).python
    print(machine())
    homes = made_up_homes()
    ours, speed = _ours(homes), _speed(homes)
    theirs = _theirs(homes, python) if python else None
    if theirs is None:
        print(f"address-errors is skipped: neither --python nor {PEER} names a Python that has it.")
    _show(ours, theirs)
    print(f"Ours writes and spoils {speed:,.0f} rows/s (five lines, every kind, {TIMED_ROWS:,} rows).")
    if theirs is not None:
        print(f"The package writes and spoils {theirs['rows_a_second']:,.0f} rows/s.")


def made_up_homes() -> Homes:
    """Return the homes of a part of the made-up county."""
    from sharewell.demo.region.frame.build import build_frame
    from sharewell.demo.region.world.homes import lay_out
    from sharewell.demo.region.world.housing import house
    from sharewell.demo.region.world.part import parts_of
    from sharewell.demo.region.world.spots import make_spots

    frame = build_frame(PEOPLE, SEED, None)
    part = parts_of(frame, SEED, date(2021, 3, 21))[0]
    spots = make_spots(frame, part, part.chance.stream("spots"))
    housing = house(frame, part, spots, part.chance.stream("housing"))
    return lay_out(frame, part, spots, housing, part.chance.stream("homes")).homes


def sampled(homes: Homes) -> Ints:
    """Return the sample: 2,000 dwellings, the same for both."""
    import numpy as np

    from sharewell.demo.region.chance import Chance

    dwellings = np.flatnonzero(~np.isin(homes.kind.astype("U10"), ("block", "shop")))
    return Chance(SEED, "sample").some(dwellings, HOMES)


def spoilt(homes: Homes, home: Ints, rates: Mapping[str, float], seed: int) -> Draft:
    """Return a list of these homes, written in five lines and spoilt at the rates."""
    import numpy as np

    from sharewell.demo.region.chance import Chance
    from sharewell.demo.region.dirt.addresses import lines_layout, write_address
    from sharewell.demo.region.draft import Draft

    n = len(home)
    draft = Draft("sample", np.arange(n), home, np.full(n, "", dtype=object), Chance(seed, "spoilt"))
    world: Any = SimpleNamespace(homes=homes, rates={"next_number": 0.0})
    write_address(draft, world, lines_layout("line {}", 5, "postcode"), rates)
    return draft


def _ours(homes: Homes) -> Answer:
    from sharewell.demo.region.dirt.addresses import FROM_COUNCILS

    home, touched, kinds = sampled(homes), 0, Counter[str]()
    for seed in range(TIMES):
        draft = spoilt(homes, home, FROM_COUNCILS, seed)
        rows = [each.row for each in draft.errors if not each.kind.startswith("postcode")]
        touched += len({int(row) for part in rows for row in part})
        kinds.update({kind: int(has) for kind, (_, has, _) in draft.tally.items()})
    return _shares(touched, kinds, TIMES * len(home))


def _speed(homes: Homes) -> float:
    """Return how many rows a second are written and spoilt with every kind of error: the best of three."""
    import numpy as np

    from sharewell.demo.region.dirt.addresses import DEFAULT_RATES

    home, seconds = np.resize(sampled(homes), TIMED_ROWS), []
    for seed in range(3):
        watch = Stopwatch()
        with watch.step("ours"):
            spoilt(homes, home, DEFAULT_RATES, seed)
        seconds.append(watch.steps["ours"]["s"])
    return TIMED_ROWS / min(seconds)


def _theirs(homes: Homes, python: str) -> Answer:
    with tempfile.TemporaryDirectory() as folder:
        components = Path(folder) / "components.csv"
        _write_components(homes, components)
        return in_its_own_process(MODULE, "corrupt", components, python=python)


def _write_components(homes: Homes, path: Path) -> None:
    """Write the homes as the package wants them; the last column says which are in the sample."""
    chosen = {int(each) for each in sampled(homes)}
    given = (
        homes.unit,
        homes.building,
        homes.number,
        homes.street,
        homes.locality,
        homes.town,
        homes.postcode,
    )
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow((*COLUMNS, "sampled"))
        for at, uprn in enumerate(homes.uprn):
            parent = homes.uprn[homes.parent[at]] if homes.parent[at] >= 0 else ""
            where = (parent, homes.usrn[at], homes.easting[at], homes.northing[at], "RD04")
            writer.writerow((uprn, *(part[at].upper() for part in given), *where, int(at in chosen)))


def corrupt(components: str) -> Answer:
    """Run the package over the sample; this side needs only the package and its Python."""
    from address_errors import Controls, Corruptor, Profile, load_components  # type: ignore[import-not-found]

    records, profile = load_components(components), Profile.load()
    sample = [record["uprn"] for record in records if record["sampled"] == "1"]
    alone = Controls(building_conventions=False)
    touched, kinds, watch = 0, Counter[str](), Stopwatch()
    for seed in range(TIMES):
        corruptor = Corruptor(profile, seed=seed, rates="pooled", controls=alone).index(records)
        with watch.step("corrupt"):
            rows = corruptor.generate(sample)
        for row in rows:
            edits = [
                each for each in row["applied_rules"].split("|") if each and not each.startswith("verify")
            ]
            touched += bool(edits)
            kinds.update(_our_kinds([*edits, row["postcode_edit"]]))
    n = TIMES * len(sample)
    return _shares(touched, kinds, n) | {"rows_a_second": n / watch.steps["corrupt"]["s"]}


def _our_kinds(edits: Iterable[str]) -> list[str]:
    edits = list(edits)
    return [kind for kind, begins in EDITS.items() if any(re.match(begins, edit) for edit in edits)]


def _shares(touched: int, kinds: Mapping[str, int], n: int) -> Answer:
    return {"touched": touched / n, "kinds": {kind: kinds.get(kind, 0) / n for kind in EDITS}}


def _show(ours: Answer, theirs: Answer | None) -> None:
    kinds = theirs["kinds"] if theirs else {}
    touched = theirs["touched"] if theirs else None
    rows = [_row("touched (postcodes apart)", ours["touched"], touched, TOUCHED_WITHIN)]
    rows += [_row(kind, ours["kinds"][kind], kinds.get(kind), KIND_WITHIN) for kind in EDITS]
    table(("% of addresses", "ours", "address-errors", "within tolerance"), rows)


def _row(name: str, ours: float, theirs: float | None, within: float) -> tuple[str, str, str, str]:
    if theirs is None:
        return name, f"{ours:.2%}", "-", "-"
    is_near = abs(ours - theirs) <= max(within * theirs, OR_WITHIN)
    return name, f"{ours:.2%}", f"{theirs:.2%}", "yes" if is_near else "NO"


if __name__ == "__main__":
    if sys.argv[1:2] == ["corrupt"]:
        serve({"corrupt": corrupt})
    else:
        main()
