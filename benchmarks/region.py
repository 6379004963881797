"""Rules in public use, plain Splink and sharewell on the made-up region's lists, where the truth is known.

The same cleaned records for all, each with the UPRN of sharewell's own address matcher (or its list's own).
sharewell compares all that a flow compares (title, sex, middle name, numbers, phone, e-mail, date of death);
rivals have the columns that their descriptions ask for.
Pairs of rows are counted across lists and within them. A class's pairs are those in which at least one row is
of the class; where a class is of two people alike, it is also said how often the two were taken for one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measure import Answer, Stopwatch, in_its_own_process, machine, serve, shared, table
from benchmarks.region_rules import POSSIBLE

MODULE, CONTENDERS, LISTS = "benchmarks.region", "benchmarks.region_contenders", "benchmarks.region_lists"
PEOPLE, PEOPLE_OF_REFERENCE, SEED = 25_000, 100_000, 1
LINKING = {
    "ours": "sharewell",
    "find_resident": "Hackney FindResident",
    "sui": "DfE cascade, all pairs",
    "sui_register": "DfE cascade, search in GP register",
    "splink_tutorial": "Splink 5, tutorial",
    "splink_home": "Splink 5, home and NHS number",
}
PLACING = {"our_places": "sharewell", "hackney_places": "Hackney's edit distance"}
OVERALL = "overall"
Line = tuple[str, Answer]


def main(people: int | None = None, seed: int = SEED, reference: Path | None = None) -> None:
    """Make the region asked for, or the two usual ones, and print the figures of each."""
    print(machine())
    if people or reference:
        _one(people or (PEOPLE_OF_REFERENCE if reference else PEOPLE), seed, reference)
        return
    _one(PEOPLE, seed, None)
    if census := shared("data", "uk"):
        _one(PEOPLE_OF_REFERENCE, seed, census)


def make(people: str, seed: str, out: str, reference: str = "") -> Answer:
    """Make a region and return how much it cost."""
    from sharewell.demo.region.make import Wish, make_region

    watch = Stopwatch()
    with watch.step("make"):
        make_region(Wish(int(people), int(seed), Path(reference) if reference else None), Path(out))
    return watch.figures()


def _one(people: int, seed: int, reference: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        region, kept = Path(folder) / "region", Path(folder) / "kept"
        kept.mkdir()
        in_its_own_process(
            MODULE, "make", str(people), str(seed), region, *([reference] if reference else [])
        )
        told = in_its_own_process(LISTS, "prepare", region, kept)
        _print_lists(told, seed, reference)
        places = {name: in_its_own_process(CONTENDERS, name, region, kept) for name in PLACING}
        links = {name: in_its_own_process(CONTENDERS, name, region, kept) for name in LINKING}
    _print_places(places)
    _print_links(links)


def _print_lists(told: Answer, seed: int, reference: Path | None) -> None:
    where = "census areas" if reference else "a made-up town"
    print(f"\n### {told['people']:,} people of {where}, seed {seed}, as of {told['as_of']}")
    rows = [[name, read, read - kept] for name, (read, kept) in told["lists"].items()]
    rows.append(["all", *(sum(int(row[place]) for row in rows) for place in (1, 2))])
    table(["list", "rows", "set aside"], rows)
    if told["unsure"]:
        print(f"Columns left out, as nothing certain is known of them: {', '.join(told['unsure'])}.")
    print(f"Read, cleaned and placed in {told['cpu_s']:.1f} CPU s, which is in no figure below.")


def _print_places(answers: Mapping[str, Answer]) -> None:
    first = next(iter(answers.values()))["places"]
    headings = ["addresses stated", "rows"]
    headings += [
        f"{PLACING[name]}: {what}" for name in answers for what in ("answered", "precision", "recall")
    ]
    rows: list[list[object]] = []
    for kind, counts in first.items():
        found = [_place_shares(answer["places"][kind]) for answer in answers.values()]
        rows.append([kind, counts["rows"], *(share for shares in found for share in shares)])
    rows.append(["CPU s", "", *(cell for answer in answers.values() for cell in ("", "", answer["cpu_s"]))])
    table(headings, rows)
    told = first[OVERALL]
    print(
        "Precision is of the UPRNs answered, recall of all rows with an address; UPRNs that lists give are "
        f"not looked at. sharewell answered {told['buildings']:,} rows with a building only, "
        "which counts as no answer. A new build is not in the gazetteer yet, and a next number is a "
        "neighbour's: from the text alone the best answer to the first is none, and the second's is wrong."
    )


def _place_shares(counts: Mapping[str, int]) -> list[str]:
    right, answered, rows = (counts[name] for name in ("right", "answered", "rows"))
    return [_share(answered, rows), _share(right, answered), _share(right, rows)]


def _share(part: float, whole: float) -> str:
    return f"{part / whole:.4f}" if whole else "-"


def _print_links(answers: Mapping[str, Answer]) -> None:
    rows: list[list[object]] = []
    for name, answer in answers.items():
        for place, (line, found) in enumerate(answer["lines"].items()):
            cost = ["", ""] if place else [answer["cpu_s"], answer["peak_mb"]]
            shares = _shares(found["counts"][OVERALL])
            rows.append([f"{LINKING[name]}: {line}", *shares, found["nobody"], *cost])
    true_pairs = next(iter(answers["ours"]["lines"].values()))["counts"][OVERALL]["truly"]
    print(f"Linking people: {true_pairs:,} true pairs of rows. One run each.")
    table(["", "precision", "recall", "F1", "pairs about nobody", "CPU s", "peak MB"], rows)
    print('Pairs about nobody are of two rows that name a company or "The Owner": in no other figure.')
    reach = answers["sui"]["reach"]
    print(
        f"DfE's matcher needs names and a birth date in both rows: {reach:,} of the true pairs have them "
        f"({_share(reach, true_pairs)})."
    )
    blocks = " or ".join(" and ".join(each) for each in answers["splink_tutorial"]["blocks"])
    print(f"Splink's tutorial rule for surnames compared pairs of one {blocks}.")
    for name, answer in answers.items():
        _print_classes(LINKING[name], answer["lines"])
    _print_side_by_side(answers)
    _print_mixed(answers)
    _print_merges(answers)
    _print_units(answers["ours"]["units"])
    _print_households(answers)


def _shares(counts: Mapping[str, float | None]) -> list[str]:
    found = (counts[key] for key in ("precision", "recall", "f1"))
    return ["-" if share is None else f"{share:.4f}" for share in found]


def _print_classes(name: str, lines: Mapping[str, Answer]) -> None:
    """Print one contender's figures by class, its lines side by side."""
    print(f"\n{name}, by hard-pair class")
    headings = ["class", "true pairs"]
    headings += [f"{line}: {what}" for line in lines for what in ("precision", "recall", "F1")]
    rows: list[list[object]] = []
    for kind, counts in next(iter(lines.values()))["counts"].items():
        found = [line["counts"][kind] for line in lines.values()]
        rows.append([kind, counts["truly"], *(share for each in found for share in _shares(each))])
    table(headings, rows)


def _print_side_by_side(answers: Mapping[str, Answer]) -> None:
    print("\nF1 by hard-pair class, side by side")
    lines = _chief_lines(answers)
    kinds = lines[0][1]["counts"]
    rows = [[kind, *(_shares(line["counts"][kind])[2] for _, line in lines)] for kind in kinds]
    table(["class", *(name for name, _ in lines)], rows)


def _chief_lines(answers: Mapping[str, Answer]) -> Sequence[Line]:
    """Return each contender's lines to set side by side: people rather than pairs, matches that are sure."""
    return [
        (f"{LINKING[name]}: {line}", found)
        for name, answer in answers.items()
        for line, found in answer["lines"].items()
        if not line.endswith("pairs") and not line.startswith(str(POSSIBLE))
    ]


def _print_mixed(answers: Mapping[str, Answer]) -> None:
    """Print how many couples of people alike were taken for one, and the pairs of their rows joined."""
    print("\nTwo people alike taken for one: couples of those that are both listed, and pairs of their rows")
    lines = _chief_lines(answers)
    rows: list[list[object]] = []
    for kind, counts in lines[0][1]["mixed"].items():
        found = [line["mixed"][kind] for _, line in lines]
        cells = [f"{each['mixed']:,} ({each['joined']:,})" for each in found]
        rows.append([kind, f"{counts['couples']:,} ({counts['possible']:,})", *cells])
    table(["class", "could be", *(name for name, _ in lines)], rows)


def _print_merges(answers: Mapping[str, Answer]) -> None:
    """Print how many people as linked are really several, and how many of them no review shows."""
    print(
        f"\nPeople as linked who are really several, and those nobody could see in the review "
        f"({answers['ours']['seen']:,} pairs)"
    )
    lines = [(name, found) for name, found in _chief_lines(answers) if "merges" in found]
    rows = [
        [kind, *(f"{found['merges'][kind][0]:,} ({found['merges'][kind][1]:,})" for _, found in lines)]
        for kind in lines[0][1]["merges"]
    ]
    table(["class", *(name for name, _ in lines)], rows)


def _print_units(units: Mapping[str, Answer]) -> None:
    """Print the rows with the right unit before and after a person's other rows name their flat."""
    print("\nRows with the right unit, before and after joint resolution; UPRNs that lists give among them")
    rows = []
    for kind, before in units["before"].items():
        after = units["after"][kind]
        wrong = [each["answered"] - each["right"] for each in (before, after)]
        shares = [_share(each["right"], each["rows"]) for each in (before, after)]
        rows.append([kind, before["rows"], *shares, *wrong])
    table(["addresses stated", "rows", "before", "after", "wrong before", "wrong after"], rows)


def _print_households(answers: Mapping[str, Answer]) -> None:
    print("\nHouseholds: F1 over pairs of rows of two people put into one home, by hard-pair class")
    lines = [(name, found) for name, found in _chief_lines(answers) if "households" in found]
    rows = [
        [kind, *(_shares(found["households"][kind])[2] for _, found in lines)]
        for kind in lines[0][1]["households"]
    ]
    table(["class", *(name for name, _ in lines)], rows)


if __name__ == "__main__":
    serve({"make": make})
