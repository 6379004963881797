"""Charts of the errors planted in lists: how near each kind is to its rate, and which are the commonest."""

from __future__ import annotations

from collections.abc import Sequence

from sharewell.demo.region.describe.bars import Bar, above
from sharewell.demo.region.describe.counted import Counted
from sharewell.demo.region.describe.strip import strip
from sharewell.demo.region.describe.terms import (
    DIRT_BAR,
    LEAST_DIRT,
    NOT_WITHIN,
    Dirt,
)
from sharewell.demo.region.describe.words import capital, label, many, number, percent, rate
from sharewell.look.svg import GREEN, ORANGE
from sharewell.look.terms import Drawing, Section, Table

COMMONEST = 6
"""Kinds drawn for each list; the table has them all."""
BAR = percent(DIRT_BAR, 0)
HEADER = ("Kind", "Rows that could", "Rows that have", "Rate", "Wanted", "Off by", "Rows logged", "Verdict")


def dirt_section(counted: Counted) -> Section:
    """Return how near every kind of error came to its rate, list by list."""
    held = counted.likeness.held
    rows = [(label(name), _held_words(kinds), kinds) for name, kinds in _by_list(counted, held)]
    told = "; ".join(f"{name}: {words}" for name, words, _ in rows) + "."
    drawing = Drawing(strip("dirt-strip", "Rates of errors against their targets", told, rows))
    return Section(
        "dirt", _title(counted), _summary(held), (drawing,) if rows else (),
        tuple(_table(name, kinds) for name, kinds in _by_list(counted, counted.likeness.dirt)),
        legend=((f"Within {BAR} of its rate", GREEN), ("Not within", ORANGE)) if rows else (),
    )  # fmt: skip


def _by_list(counted: Counted, dirt: Sequence[Dirt]) -> list[tuple[str, list[Dirt]]]:
    by_list = {name: [each for each in dirt if each.list == name] for name in counted.region.lists}
    return [(name, kinds) for name, kinds in by_list.items() if kinds]


def _held_words(kinds: Sequence[Dirt]) -> str:
    missed = sum(1 for each in kinds if each.verdict == NOT_WITHIN)
    return many(len(kinds), "kind") + (f", {number(missed)} not within" if missed else "")


def _title(counted: Counted) -> str:
    held, missed = counted.likeness.held, counted.likeness.missed
    if not held:
        return "The lists are too short to hold their errors to a rate"
    if not missed:
        return f"Every kind of error in {LEAST_DIRT} rows or more is within {BAR} of the rate it was to have"
    worst = f"“{label(missed[0].kind)}” in “{label(missed[0].list)}”"
    return capital(
        f"{many(len(missed), 'kind')} of error of {number(len(held))} missed the rate, {worst} worst"
    )


def _summary(held: Sequence[Dirt]) -> str:
    said = (
        f"Each dot is a kind in {LEAST_DIRT} rows or more; the band is {BAR} of the rate either way. "
        "Errors that a list comes by honestly, such as stale addresses, have no rate to miss."
    )
    if not held:
        return said
    worst = max(held, key=lambda each: abs(each.miss))
    return (
        f"{said} The furthest off is “{label(worst.kind)}” in “{label(worst.list)}”: {rate(worst.rate)} of "
        f"the rows that could have it, where {rate(worst.target)} was wanted, {percent(abs(worst.miss))} off."
    )


def _table(name: str, kinds: Sequence[Dirt]) -> Table:
    return Table(f"Errors in {label(name)}", HEADER, tuple(map(_cells, kinds)))


def _cells(each: Dirt) -> tuple[str, ...]:
    rates = (rate(each.rate), rate(each.target), percent(each.miss)) if each.could else ("–", "–", "–")
    return (label(each.kind), number(each.could), number(each.has), *rates, number(each.logged), each.verdict)


def kinds_section(counted: Counted) -> Section:
    """Return the commonest errors of each list, with the rate each was to have."""
    by_list = _by_list(counted, [each for each in counted.likeness.dirt if each.could and each.has])
    top = {name: sorted(kinds, key=lambda each: -each.has)[:COMMONEST] for name, kinds in by_list}
    rows = tuple(
        (label(name), *(f"{label(each.kind)}: {number(each.has)}" for each in kinds))
        + ("",) * (COMMONEST - len(kinds))
        for name, kinds in top.items()
    )
    header = ("List", *(f"Commonest {at}" for at in range(1, COMMONEST + 1)))
    return Section(
        "kinds", _kinds_title(counted),
        f"The {COMMONEST} commonest kinds of each list: of the rows that could have the error, the "
        "percentage that have it and, in brackets, the percentage that were to.",
        tuple(Drawing(_drawing(name, kinds), label(name)) for name, kinds in top.items()),
        (Table("The commonest errors by list, and how many rows have them", header, rows),),
        layout="small", legend=(("Planted", GREEN), ("Wanted", "")),
    )  # fmt: skip


def _drawing(name: str, kinds: Sequence[Dirt]) -> str:
    bars = [
        Bar(label(each.kind), (each.rate,), f"{rate(each.rate)} ({rate(each.target)})", each.target)
        for each in kinds
    ]
    told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars) + "."
    return above(f"kinds-{name}", f"Commonest errors in {label(name)}", told, bars)


def _kinds_title(counted: Counted) -> str:
    by_kind: dict[str, int] = {}
    for each in counted.likeness.dirt:
        by_kind[each.kind] = by_kind.get(each.kind, 0) + each.has
    if not any(by_kind.values()):
        return "No list has an error"
    most = max(by_kind, key=lambda kind: by_kind[kind])
    return (
        f"Of {many(len(by_kind), 'kind')} of error, “{label(most)}” is the commonest: "
        f"{many(by_kind[most], 'row')} in all lists"
    )


def missed_table(held: Sequence[Dirt], missed: Sequence[Dirt]) -> Table:
    """Return how many kinds are held to a rate, and every one that missed it."""
    words = f"{len(held) - len(missed)} within, {len(missed)} not within"
    rows = [("All kinds held to a rate", number(len(held)), words)]
    for each in missed:
        said = f"{each.verdict}: {rate(each.rate)} for {rate(each.target)}"
        rows.append((f"{label(each.list)}: {label(each.kind)}", number(each.has), said))
    caption = f"Errors in lists; the bar is {BAR} of the rate, for kinds in {LEAST_DIRT} rows or more"
    return Table(caption, ("Kind of error", "Kinds or rows", "Verdict"), tuple(rows))
