"""SVG written by hand: widths are shares of the page's, so that words keep their size on a phone."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import escape

INK, GRID, GREEN, ORANGE, GREY, PALE, DARK, RED, LIGHT = (
    "#0b0c0c", "#b1b4b6", "#28827a", "#c76a15", "#6f777b", "#5ab4a8", "#12393d", "#b10e1e", "#dfeeec",
)  # fmt: skip
Value = str | float


def tag(name: str, inside: str = "", **attributes: Value) -> str:
    """Return one element; underscores in attributes' names stand for hyphens, floats are kept short."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_text(value)}"' for key, value in attributes.items()
    )
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _text(value: Value) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(escape(value))


def part(share: float) -> str:
    """Return a share of the width as a percentage."""
    return _text(100.0 * share) + "%"


def text(words: str, **attributes: Value) -> str:
    """Return words in a drawing."""
    return tag("text", str(escape(words)), **attributes)


def rect(x: float, y: float, width: float, height: float, fill: str) -> str:
    """Return a filled bar; ``x`` and ``width`` are shares of the drawing's width."""
    return tag("rect", x=part(x), y=y, width=part(width), height=height, fill=fill)


def outline(x: float, y: float, width: float, height: float) -> str:
    """Return the outline that stands for what a bar is compared with."""
    return tag(
        "rect", x=part(x), y=y, width=part(width), height=height, fill="none", stroke=INK, stroke_width=2
    )


def rule(x: float, top: float, bottom: float, colour: str = GRID, dashes: str = "none") -> str:
    """Return an upright line across a drawing; ``dashes`` are SVG's, such as "4 4"."""
    return tag("line", x1=part(x), x2=part(x), y1=top, y2=bottom, stroke=colour, stroke_dasharray=dashes)


def base(y: float, colour: str = INK) -> str:
    """Return a level line across a whole drawing."""
    return tag("line", x1="0%", x2="100%", y1=y, y2=y, stroke=colour)


def image(id: str, title: str, told: str, inside: Iterable[str], **attributes: Value) -> str:
    """Return a whole drawing with its title and what it shows for those who do not see it."""
    head = tag("title", str(escape(title)), id=f"{id}-t") + tag("desc", str(escape(told)), id=f"{id}-d")
    return tag(
        "svg", head + "".join(inside), xmlns="http://www.w3.org/2000/svg", role="img",
        aria_labelledby=f"{id}-t {id}-d", class_="drawing", **attributes,
    )  # fmt: skip


def round_up(value: float) -> float:
    """Return the next number that reads well as the end of an axis: 1 to 6 or 8 times a power of ten."""
    step = 1.0
    while step < value:
        step *= 10
    while step / 10 >= value > 0:
        step /= 10
    return next((step * part for part in (0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if step * part >= value), step)
