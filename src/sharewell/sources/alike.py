"""How alike two imprints are, and in what way a column's values are no longer what they were."""

from __future__ import annotations

from math import exp
from typing import Final

from sharewell.sources.imprint import DATES, Imprint, Shape

_FEWEST: Final = 5
_OTHERWISE: Final = 0.5
"""This much of the values must have another shape before a column counts as written in another way."""

_ORDERS: Final = {
    Shape.DATE_DAY_FIRST: "day first",
    Shape.DATE_MONTH_FIRST: "month first",
}


def alike(before: Imprint, now: Imprint) -> float:
    """Return how alike two columns' values are, from 0.0 to 1.0; 0.5 where too few values can be compared."""
    if min(before.values, now.values) < _FEWEST:
        return 0.5
    same = shapes_shared(before, now)
    same *= 1 - abs(_lean_of_names(before) - _lean_of_names(now)) / 2
    same *= 1 - abs(before.leans.get("mobile", 0.0) - now.leans.get("mobile", 0.0)) / 2
    same *= 1 - min(1.0, max(0, _years_apart(before, now) - 5) / 25)
    same *= 1 - 0.3 * (1 - _overlap(before.lengths, now.lengths))
    same *= 1 - 0.3 * abs(before.filled - now.filled)
    return same * (1 - 0.3 * abs(before.distinct - now.distinct))


def shapes_shared(before: Imprint, now: Imprint) -> float:
    """Return how much of two columns' values have the same shapes, from 0.0 to 1.0."""
    names = {*before.shapes, *now.shapes}
    return min(1.0, sum(min(before.shapes.get(name, 0.0), now.shapes.get(name, 0.0)) for name in names))


def sureness(before: Imprint, now: Imprint) -> float:
    """Return how far so many values can be trusted to show a column's ways: nearly 1 from fifty on."""
    return 1 - exp(-min(before.values, now.values) / 12)


def _lean_of_names(imprint: Imprint) -> float:
    """Return where a column of names stands between all surnames (-1) and all forenames (1)."""
    forename, surname = imprint.leans.get("forename", 0.0), imprint.leans.get("surname", 0.0)
    return (forename - surname) / (forename + surname) if forename + surname >= 0.1 else 0.0


def _years_apart(before: Imprint, now: Imprint) -> int:
    return abs(before.years[1] - now.years[1]) if len(before.years) == len(now.years) == 3 else 0


def _overlap(before: tuple[int, ...], now: tuple[int, ...]) -> float:
    if len(before) < 2 or len(now) < 2:
        return 1.0
    common = min(before[1], now[1]) - max(before[0], now[0]) + 1
    return max(0.0, common / (max(before[1], now[1]) - min(before[0], now[0]) + 1))


def retyped(before: Imprint, now: Imprint) -> str | None:
    """Return in words how a column's values are written otherwise than before, or None."""
    if min(before.values, now.values) < _FEWEST:
        return None
    return _dates_turned(before, now) or _another_shape(before, now)


def drifted(before: Imprint, now: Imprint) -> str | None:
    """Return in words how values of the same shape no longer are of the same things, or None."""
    if min(before.values, now.values) < 2 * _FEWEST:
        return None
    was, became = _lean_of_names(before), _lean_of_names(now)
    if abs(was - became) >= 1.2:
        words = ("forenames", "surnames") if became > was else ("surnames", "forenames")
        return f"its values are now mostly {words[0]}; they were mostly {words[1]}"
    if _years_apart(before, now) >= 20:
        return f"its middle date is now of about {now.years[1]}; it was of about {before.years[1]}"
    return None


def _dates_turned(before: Imprint, now: Imprint) -> str | None:
    """Return whether the order of day and month has turned, by the dates that can be read one way only."""
    for was, became in (
        (Shape.DATE_DAY_FIRST, Shape.DATE_MONTH_FIRST),
        (Shape.DATE_MONTH_FIRST, Shape.DATE_DAY_FIRST),
    ):
        new = now.share(became)
        if now.share(*DATES) < 0.5 or new < 0.05 or before.share(became) > 0.25 * new:
            continue
        if now.share(was) <= 0.02 and before.share(was) >= 0.05:
            return f"its dates are now {_ORDERS[became]}; they were {_ORDERS[was]}"
        if before.share(was) >= 0.05:
            return (
                f"{new:.0%} of its dates are now {_ORDERS[became]} and the others {_ORDERS[was]}, as all were"
            )
    return None


def _another_shape(before: Imprint, now: Imprint) -> str | None:
    if _coarse(before, now) > 1 - _OTHERWISE or not before.main or not now.main:
        return None
    return (
        f"{now.shapes[now.main]:.0%} of its values are now each a {now.main}; "
        f"{before.shapes[before.main]:.0%} were each a {before.main}"
    )


_KINDS: Final = {
    **dict.fromkeys((Shape.DATE_DAY_FIRST, Shape.DATE_MONTH_FIRST, Shape.DATE_EITHER), "date in figures"),
    **dict.fromkeys((Shape.WHOLE, Shape.LONG_NUMBER, Shape.DECIMAL), "number"),
    **dict.fromkeys((Shape.WORD, Shape.WORDS, Shape.ADDRESS, Shape.TEXT), "words"),
    **dict.fromkeys((Shape.YES_NO, Shape.CODE), "code"),
}


def _coarse(before: Imprint, now: Imprint) -> float:
    """Return how much of the values have shapes of one kind: whole or decimal is one, a word or a few."""
    kinds = {_KINDS.get(shape, shape.value) for shape in Shape}
    total = 0.0
    for kind in kinds:
        shapes = [shape for shape in Shape if _KINDS.get(shape, shape.value) == kind]
        total += min(before.share(*shapes), now.share(*shapes))
    return min(1.0, total)
