"""The matrix of lists: of the people on one, what share is on another; shade and number say it both."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase

from sharewell.look.svg import image, tag, text

CELL, HIGH, NAMES, HEAD = 46, 34, 250, 30
PALE, DEEP = (238, 246, 245), (18, 57, 61)
LIGHTEST_INK = 0.65
"""From this share on, the number is written in white: both keep 4.5 to 1 against the shade."""


def letters(count: int) -> tuple[str, ...]:
    """Return a letter for each list."""
    return tuple(ascii_uppercase[at % 26] * (1 + at // 26) for at in range(count))


def matrix(id: str, title: str, told: str, names: Sequence[str], shares: Sequence[Sequence[float]]) -> str:
    """Return the matrix: one row and one column a list, the column named by its letter."""
    marks = letters(len(names))
    drawn = [
        text(mark, x=NAMES + CELL * at + CELL / 2, y=20, text_anchor="middle", class_="strong")
        for at, mark in enumerate(marks)
    ]
    for at, name in enumerate(names):
        top = HEAD + HIGH * at
        drawn.append(text(f"{marks[at]}  {name}", x=0, y=top + 22, class_="strong"))
        drawn += [
            _cell(share, NAMES + CELL * column, top, at == column) for column, share in enumerate(shares[at])
        ]
    width, height = NAMES + CELL * len(names), HEAD + HIGH * len(names)
    return image(id, title, told, drawn, width=width, height=height, viewBox=f"0 0 {width} {height}")


def _cell(share: float, left: float, top: float, is_self: bool) -> str:
    if is_self:
        return text("–", x=left + CELL / 2, y=top + 22, text_anchor="middle")
    box = tag("rect", x=left, y=top, width=CELL - 2, height=HIGH - 2, fill=shade(share))
    ink = "cell pale" if share >= LIGHTEST_INK else "cell"
    words = f"{100 * share:.0f}" if share >= 0.01 or not share else "<1"
    return box + text(words, x=left + CELL / 2 - 1, y=top + 21, text_anchor="middle", class_=ink)


def shade(share: float) -> str:
    """Return the colour of a share: the more, the darker."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(PALE, DEEP, strict=True))
