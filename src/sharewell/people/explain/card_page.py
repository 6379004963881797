"""The page of a model card: one section a question, each with its drawing and its numbers as a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from sharewell.look.bars import Bar, lying, standing
from sharewell.look.pages import render, write_page
from sharewell.look.terms import Drawing, Section, Table
from sharewell.people.explain.card import BIN, REACH, Card, make_card
from sharewell.people.explain.drawn_weights import weights_section
from sharewell.people.explain.scene import Scene
from sharewell.people.explain.waterfall import TEMPLATES
from sharewell.people.explain.words import FEWEST, PLACE_WORDS, capital, counted, one_in, percent, signed
from sharewell.people.link import Linkage

_ESTIMATE = (
    "This is the model’s own estimate, from the probabilities of the pairs that it compared. It is no test "
    "against the truth.\nIt does not see pairs that were never compared, nor what the model takes wrongly."
)


def write_card(
    linkage: Linkage | Scene, out: Path, inputs: Iterable[Path] = (), *, day: date | None = None
) -> tuple[Path, Path]:
    """Write the model card of a linkage to ``out`` and its JSON beside it, and return both paths.

    The linkage must have been made with ``is_held``. ``day``: when, for the page to say. Raises ValueError
    where it was not, OutputIsInput, DiskFull, FolderReadOnly, OutOfMemory.
    """
    card = make_card(linkage if isinstance(linkage, Scene) else Scene.of(linkage))
    told = {**card.as_dict(), **({"day": day.isoformat()} if day else {})}
    return write_page(
        out, render_card(card, day), json.dumps(told, ensure_ascii=False, indent=2) + "\n", inputs
    )


def render_card(card: Card, day: date | None = None) -> str:
    """Return the page of a card."""
    made = (expected_section, histogram_section, weights_section, priors_section, blocks_section)
    sections = [section for make in made if card.compared and (section := make(card))]
    sections += [sizes_section(card), *([doubts_section(card)] if card.doubts is not None else [])]
    title = f"{card.records:,} records linked to {card.people:,} people"
    return render(
        "card.html", TEMPLATES, title=title, card=card, facts=list(_facts(card, day)), sections=sections,
        share=percent(card.compared / card.possible) if card.possible else "none",
    )  # fmt: skip


def _facts(card: Card, day: date | None) -> Iterator[tuple[str, str]]:
    yield "Lists", "; ".join(f"{name}: {counted(count)}" for name, count in card.lists) or "none"
    yield "Compared", ", ".join(card.columns) or "nothing: no column tells two records apart"
    yield "Pairs", f"{card.compared:,} compared, of {card.possible:,} that there are"
    yield "One person from", f"{signed(card.threshold)} bits on, on the mean between two groups of records"
    yield (
        "Figures",
        "learned from these lists" if card.is_learned else "general ones: too few records to learn from",
    )
    yield "Address known", f"{percent(card.homes_known)} of records"
    yield "Made by", f"sharewell {card.version}, seed {card.seed}{f', {day:%-d %B %Y}' if day else ''}"


def expected_section(card: Card) -> Section:
    """Return how often the linkage is wrong, as its model expects."""
    found = card.expected
    precision = "none joined" if found.precision is None else percent(found.precision)
    recall = "none to join" if found.recall is None else percent(found.recall)
    rows = (
        ("Pairs of records joined", f"{found.joined:,}"),
        ("Of these, expected to be of two people", f"{found.wrong:,.0f}"),
        ("Pairs of one person expected to be kept apart", f"{found.missed:,.0f}"),
        ("Expected precision", precision),
        ("Expected recall", recall),
    )
    title = "No pair was joined"
    if found.precision is not None:
        title = f"{capital(precision)} of joined pairs are expected to be right, {recall} of true ones found"
    bars = [
        Bar("Expected precision", found.precision or 0.0, precision),
        Bar("Expected recall, of pairs compared", found.recall or 0.0, recall),
    ]
    told = f"Expected precision {precision}; expected recall {recall}."
    table = Table("What the model expects of itself", ("Figure", "Estimate"), rows)
    return Section("error", title, _ESTIMATE, (Drawing(lying("error-bars", title, told, bars)),), (table,))


def histogram_section(card: Card) -> Section:
    """Return how many pairs came to how many bits."""
    counts = [FEWEST // 2 if each.pairs is None else each.pairs for each in card.histogram]
    most = max(counts) or 1
    names = [_between(each.least) for each in card.histogram]
    bars = [Bar(name, count / most, name) for name, count in zip(names, counts, strict=True)]
    unsure = sum(n for n, each in zip(counts, card.histogram, strict=True) if -4 <= each.least < 4)
    title = (
        f"{capital(percent(unsure / card.compared))} of pairs compared are unsure, within 4 bits of even odds"
    )
    summary = (
        "Each bar holds the pairs whose bits, places and all comparisons together, are in a range of two. "
        "The line is the threshold."
    )
    told = "; ".join(
        f"{name}: {counted(each.pairs)}" for name, each in zip(names, card.histogram, strict=True)
    )
    svg = standing("bits-bars", title, told, bars, [(card.threshold + REACH) / BIN])
    rows = tuple((name, counted(each.pairs)) for name, each in zip(names, card.histogram, strict=True))
    return Section(
        "bits", title, summary, (Drawing(svg),), (Table("Pairs by bits", ("Bits", "Pairs"), rows),)
    )


def _between(least: int) -> str:
    low, high = (signed(float(at)).removesuffix(".0") for at in (least, least + BIN))
    if least == -REACH:
        return f"under {high}"
    return f"{low} or more" if least + BIN == REACH else f"{low} to {high}"


def priors_section(card: Card) -> Section:
    """Return what the places of two records say before anything is compared."""
    rows = tuple((PLACE_WORDS[each.place], one_in(each.across), one_in(each.within)) for each in card.priors)
    home = card.priors[0]
    title = f"Of two records at one address in two lists, {one_in(home.across)} are one person"
    summary = (
        "The odds before anything is compared: how near two records stand, and whether one list holds both."
    )
    header = ("Two records stand", "In two lists", "In one list")
    return Section("places", title, summary, shown=(Table("Pairs that are one person", header, rows),))


def blocks_section(card: Card) -> Section:
    """Return what brought pairs together to be compared."""
    most = max((each.pairs or 0 for each in card.blocks), default=0) or 1
    bars = [Bar(_label(each.on), (each.pairs or 0) / most, counted(each.pairs)) for each in card.blocks]
    best = max(card.blocks, key=lambda each: each.pairs or 0)
    title = f"Most pairs were compared for one and the same {best.on}"
    summary = "Two records are compared if they agree on any of these. No other pair was looked at."
    told = "; ".join(f"{each.on}: {counted(each.pairs)}" for each in card.blocks)
    rows = tuple(
        (each.on, counted(each.pairs), counted(each.new), f"{each.largest:,}" if each.largest else "any")
        for each in card.blocks
    )
    header = ("Both have the same", "Pairs", "Not brought by those above", "Records of one value, at most")
    table = Table("Pairs by what brought them", header, rows)
    return Section("blocks", title, summary, (Drawing(lying("blocks-bars", title, told, bars)),), (table,))


def _label(words: str) -> str:
    return capital(words if len(words) <= 38 else words[:37] + "…")


def sizes_section(card: Card) -> Section:
    """Return how many records people have."""
    alone = dict(card.sizes).get(1, 0)
    title = f"{'Few' if alone is None else f'{alone:,}'} of {card.people:,} people have one record alone"
    shown = card.sizes[:12]
    most = max((count or 0 for _, count in shown), default=0) or 1
    bars = [Bar(_records(size), (count or 0) / most, counted(count)) for size, count in shown]
    told = "; ".join(f"{_records(size)}: {counted(count)}" for size, count in card.sizes)
    rows = tuple((f"{size:,}", counted(count)) for size, count in card.sizes)
    table = Table("People by how many records they have", ("Records", "People"), rows)
    summary = "A person with far more records than there are lists is worth a look."
    return Section("sizes", title, summary, (Drawing(lying("sizes-bars", title, told, bars)),), (table,))


def _records(size: int) -> str:
    return "1 record" if size == 1 else f"{size:,} records"


def doubts_section(card: Card) -> Section:
    """Return how many pairs were left to a person, and why."""
    rows = tuple((capital(words), counted(count)) for words, count in card.doubts or ())
    if not rows:
        return Section(
            "doubts", "No pair was left to a person", "None broke a rule that its evidence outweighs."
        )
    title = f"Pairs to look at, most of them because: {(card.doubts or ())[0][0]}"
    summary = (
        "These pairs are in the review, each with its reason. A steward’s word on them is kept for ever."
    )
    return Section("doubts", title, summary, shown=(Table("Pairs to look at", ("Why", "Pairs"), rows),))
