"""Names that sound alike and are spelt in several ways, and rules for writing down what was heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from sharewell.demo.region.names.wordlists import sections, words


def _groups() -> Iterator[tuple[str, ...]]:
    for section in sections("spellings.txt").values():
        yield from ((name, *words(others)) for name, others in section.items() if name)


def _alternatives() -> dict[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for group in _groups():
        for name in group:
            others = [other for other in group if other != name]
            made[name] = tuple(dict.fromkeys((*made.get(name, ()), *others)))
    return made


SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = _alternatives()
"""By name, the other ways in which names that sound like it are spelt."""
_BEGINNINGS: Final = (
    ("Ph", "F"),
    ("Kn", "N"),
    ("Wr", "R"),
    ("Rh", "R"),
    ("Ca", "Ka"),
    ("Ka", "Ca"),
    ("Ge", "Je"),
    ("Wh", "W"),
)
_INSIDE: Final = (
    ("ph", "f"),
    ("ck", "k"),
    ("ee", "ea"),
    ("ea", "ee"),
    ("ie", "ei"),
    ("ei", "ie"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("ss", "s"),
    ("mm", "m"),
    ("rr", "r"),
    ("gh", ""),
    ("oo", "u"),
    ("ou", "oo"),
    ("ai", "ay"),
    ("ay", "ai"),
    ("th", "t"),
    ("aa", "a"),
    ("sz", "s"),
    ("cz", "ch"),
    ("ow", "ou"),
    ("wa", "wo"),
    ("er", "ar"),
)
_ENDS: Final = (
    ("ly", "lie"),
    ("cy", "cie"),
    ("ny", "nie"),
    ("ry", "rie"),
    ("ey", "y"),
    ("ie", "y"),
    ("e", ""),
    ("a", "ah"),
    ("ah", "a"),
    ("s", "z"),
    ("on", "en"),
)


@lru_cache(maxsize=1 << 16)
def heard_as(name: str) -> tuple[str, ...]:
    """Return how a name may be written by somebody who heard it; empty where no rule fits."""
    if name in SPELLINGS:
        return SPELLINGS[name]
    made = [new + name[len(old) :] for old, new in _BEGINNINGS if name.startswith(old)]
    made += [f"{name[:1]}{name[1:].replace(old, new, 1)}" for old, new in _INSIDE if old in name[1:]]
    made += [name.removesuffix(old) + new for old, new in _ENDS if len(name) > 3 and name.endswith(old)]
    return tuple(dict.fromkeys(other for other in made if other != name))
