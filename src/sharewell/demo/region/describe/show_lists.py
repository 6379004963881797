"""Charts of the lists: who is on which, and the rows that time has overtaken or that fool a matcher."""

from __future__ import annotations

from sharewell.demo.region.describe.bars import STACKED, Bar, above, beside
from sharewell.demo.region.describe.counted import Counted
from sharewell.demo.region.describe.figures import Overlap
from sharewell.demo.region.describe.matrix import letters, matrix
from sharewell.demo.region.describe.terms import Stale
from sharewell.demo.region.describe.words import label, listed, many, number, percent, within
from sharewell.look.terms import Drawing, Section, Table

USUAL = 0.5
"""A list with more than this share of residents is a register of everybody: being on it is no finding."""


def overlap_section(counted: Counted) -> Section:
    """Return the matrix of lists: of the people on one, what share is on another."""
    overlap = counted.overlap
    names = [label(name) for name in overlap.lists]
    shared = _shared(overlap)
    told = "Each row is a list, each column another: the percentage of the row’s people on the column’s list."
    rows = tuple(
        (names[at], number(overlap.both[at][at]), *_row_words(row, at))
        for at, row in enumerate(shared)
    )  # fmt: skip
    return Section(
        "overlap", _overlap_title(overlap, shared),
        "Read along a row: of the people on that list, the percentage who are on each other list too. "
        f"{_largest(overlap)}",
        (Drawing(matrix("overlap-matrix", "Overlap of lists", told, names, shared)),),
        (Table("Of the people on the list, the share on each other list", ("List", "People", *names), rows),),
        layout="scroll",
        key=tuple(f"{mark} {name}" for mark, name in zip(letters(len(names)), names, strict=True)),
    )  # fmt: skip


def _row_words(row: list[float], own: int) -> list[str]:
    return ["–" if at == own else percent(share) for at, share in enumerate(row)]


def _shared(overlap: Overlap) -> list[list[float]]:
    return [[n / row[at] if row[at] else 0.0 for n in row] for at, row in enumerate(overlap.both)]


def _overlap_title(overlap: Overlap, shared: list[list[float]]) -> str:
    """Name the strongest overlap with a list that is not of nearly everybody."""
    everybody = sum(overlap.residents)
    some = [at for at in range(len(shared)) if overlap.both[at][at] <= USUAL * everybody]
    found = [(shared[one][two], one, two) for one in range(len(shared)) for two in some if one != two]
    if not found:
        return "Who is on which list"
    share, one, two = max(found, key=lambda each: each[0])
    first, second = label(overlap.lists[one]), label(overlap.lists[two])
    return (
        f"{percent(share, 1 if 0.995 <= share < 1 else 0)} of the people on “{first}” are on “{second}” too"
    )


def _largest(overlap: Overlap) -> str:
    sizes = {name: overlap.both[at][at] for at, name in enumerate(overlap.lists)}
    if not sizes:
        return "There are no lists."
    ranked = sorted(sizes, key=lambda name: -sizes[name])
    first, last = ranked[0], ranked[-1]
    return (
        f"The largest list is “{label(first)}”, {number(sizes[first])} people; "
        f"the smallest is “{label(last)}”, {number(sizes[last])}."
    )


def reach_section(counted: Counted) -> Section:
    """Return on how many lists residents are."""
    residents = counted.overlap.residents
    last = max((at for at, n in enumerate(residents) if n), default=0)
    everybody = sum(residents) or 1
    bars = [
        Bar(str(at), (n / everybody,), percent(n / everybody)) for at, n in enumerate(residents[: last + 1])
    ]
    mode = max(range(len(residents)), key=lambda at: residents[at])
    mean = sum(at * n for at, n in enumerate(residents)) / everybody
    told = "; ".join(f"on {many(at, 'list')}: {bar.words}" for at, bar in enumerate(bars)) + "."
    rows = tuple((str(at), number(n), percent(n / everybody)) for at, n in enumerate(residents))
    return Section(
        "reach",
        f"More residents are on {many(mode, 'list')} than on any other number; "
        f"{percent(residents[0] / everybody)} are on none",
        f"A resident is on {mean:.1f} lists on average, and nobody is on more than {many(last, 'list')}. "
        "Bars are the share of residents.",
        (Drawing(beside("reach-bars", "Residents by the number of lists they are on", told, bars)),),
        (Table("Residents by the number of lists they are on", ("Lists", "Residents", "Share"), rows),),
    )


def stale_section(counted: Counted) -> Section:
    """Return by list the rows whose person does not live at the address the row states."""
    stale = sorted(counted.stale, key=lambda each: -each.share)
    bars = [_stale_bar(each) for each in stale]
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars) + "."
    rows = tuple(
        (
            label(each.list), number(each.rows), number(each.moved), number(each.left), number(each.died),
            percent(each.share),
        )
        for each in stale
    )  # fmt: skip
    header = ("List", "Rows with an address", "Lives elsewhere", "Left the region", "Died", "Share")
    return Section(
        "stale", _stale_title(stale),
        "Rows whose true address is not where the person lives on the region’s day. Services hear of moves "
        "and deaths late, each by its own lag; some hold another address on purpose: a care setting’s.",
        (Drawing(above("stale-bars", "Stale rows by list", told, bars)),),
        (Table("Stale rows by list", header, rows),),
        legend=tuple(zip(("Lives elsewhere", "Left the region", "Died"), STACKED, strict=True)),
    )  # fmt: skip


def _stale_bar(each: Stale) -> Bar:
    rows = each.rows or 1
    return Bar(label(each.list), (each.moved / rows, each.left / rows, each.died / rows), percent(each.share))


def _stale_title(stale: list[Stale]) -> str:
    if not stale:
        return "No list states an address"
    first, last = stale[0], stale[-1]
    said = (
        f"“{label(first.list)}” is the stalest list: {percent(first.share)} of its rows are not where the "
        "person lives"
    )
    return said if first is last else f"{said}; “{label(last.list)}” is the freshest, {percent(last.share)}"


def hard_section(counted: Counted) -> Section:
    """Return the hard pairs by class: rows of lists that carry it, and the pairs made on purpose."""
    hard = sorted(counted.hard, key=lambda each: -each.rows)
    bars = [
        Bar(label(each.name), (float(each.rows),), _rows_and_pairs(each.rows, each.pairs)) for each in hard
    ]
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars) + "."
    rows = tuple(
        (label(each.name), each.what, number(each.pairs), number(each.people), number(each.rows))
        for each in hard
    )
    bare = [within(each.name) for each in hard if not each.rows]
    return Section(
        "hard", _hard_title(counted),
        "Each is a case that fools a matcher, labelled in truth.parquet: errors can be counted by class. "
        + (f"No row carries {listed(bare)}." if bare else "Every class is in the lists."),
        (Drawing(above("hard-bars", "Rows by class of hard pair", told, bars)),),
        (Table("Hard pairs by class", ("Class", "What it is", "Made on purpose", "People", "Rows"), rows),),
    )  # fmt: skip


def _rows_and_pairs(rows: int, pairs: int) -> str:
    return f"{number(rows)} rows" + (f", {number(pairs)} made" if pairs else "")


def _hard_title(counted: Counted) -> str:
    rows = sum(each.rows for each in counted.hard)
    met = sum(1 for each in counted.hard if each.rows)
    share = percent(rows / (sum(each["rows"] for each in counted.region.told["lists"].values()) or 1))
    if met < 2:
        return f"{share} of all rows belong to {many(met, 'class', 'classes')} of hard pairs"
    return f"{share} of all rows belong to one of {number(met)} classes of hard pairs"
