"""What each outcome of each comparison weighs, by how near two records stand, drawn either side of 0."""

from __future__ import annotations

from collections.abc import Sequence

from sharewell.look.svg import DARK, GREEN, GRID, ORANGE, image, rect, rule, text
from sharewell.look.terms import Drawing, Section, Table
from sharewell.people.explain.card import Card, LevelWeight
from sharewell.people.explain.words import NEARNESS_WORDS, capital, signed

COLOURS = {"home": DARK, "street": ORANGE, "elsewhere": GREEN}
HEAD, BAR, GAP = 22, 9, 14
"""Pixels of a level's words, of one of its bars, and of the space beneath them."""


def weights_section(card: Card) -> Section:
    """Return the weights as one drawing a comparison, and as tables of m, u and bits."""
    columns = list(dict.fromkeys(each.column for each in card.weights))
    nearest = list(dict.fromkeys(each.near for each in card.weights))
    most = max((abs(each.bits) for each in card.weights), default=1.0)
    best = max(card.weights, key=lambda each: each.bits)
    by_column = {name: [each for each in card.weights if each.column == name] for name in columns}
    summary = (
        "Bars to the right speak for one person, to the left against. An agreement is worth less between "
        "people of one address, who share surnames and telephones, than between places apart; there, a rare "
        "value is worth more than is shown, and a common one less."
    )
    return Section(
        "weights",
        f"Nothing weighs more than {best.column}, {best.found}: {signed(best.bits)} bits",
        summary,
        tuple(_drawing(place, name, by_column[name], most) for place, name in enumerate(columns)),
        tuple(_table(name, by_column[name]) for name in columns),
        layout="pair",
        legend=tuple((NEARNESS_WORDS.get(near, near), COLOURS.get(near, GREEN)) for near in nearest),
    )


def _drawing(place: int, name: str, weights: Sequence[LevelWeight], most: float) -> Drawing:
    levels = list(dict.fromkeys(each.found for each in weights))
    drawn, top = [], 0
    for found in levels:
        own = [each for each in weights if each.found == found]
        drawn.append(text(found, x="0", y=top + 15, class_="clear"))
        drawn.append(
            text(" / ".join(signed(each.bits) for each in own), x="100%", y=top + 15, text_anchor="end")
        )
        drawn += [_bar(each, top + HEAD + BAR * n, most) for n, each in enumerate(own)]
        top += HEAD + BAR * len(own) + GAP
    told = "; ".join(f"{each.found}, {each.near}: {signed(each.bits)}" for each in weights)
    inside = [rule(0.5, HEAD, top - GAP, GRID), *drawn]
    svg = image(f"weights-{place}", f"Bits of {name}", told, inside, width="100%", height=top)
    return Drawing(svg, capital(name))


def _bar(weight: LevelWeight, top: int, most: float) -> str:
    width = 0.495 * abs(weight.bits) / most
    left = 0.5 if weight.bits >= 0 else 0.5 - width
    return rect(left, top, max(width, 0.003), BAR - 2, COLOURS.get(weight.near, GREEN))


def _table(name: str, weights: Sequence[LevelWeight]) -> Table:
    how = "learned from these lists" if weights[0].is_learned else "general figures, not learned"
    rows = tuple(
        (
            each.found,
            NEARNESS_WORDS.get(each.near, each.near),
            f"{each.m:.3g}",
            f"{each.u:.3g}",
            signed(each.bits),
        )
        for each in weights
    )
    header = ("Found", "Two records stand", "m: of one person", "u: of two people", "Bits")
    return Table(f"{capital(name)}: {how}", header, rows)
