"""Errors in the postcode: left out, without its space, letters for figures, another's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sharewell.demo.region.chance import Texts
from sharewell.demo.region.dirt.address_kinds import Chosen, Kind, again, emptying, has, other_than, rewriting
from sharewell.demo.region.dirt.address_traits import LETTER_LIKE, SHAPED

INWARD_LETTERS: Final = tuple("ABDEFGHJLNPQRSTUWXYZ")
"""Royal Mail writes no C, I, K, M, O or V behind the sector."""
FIGURES: Final = tuple("0123456789")


def letter_for_figure(postcode: str, number: float) -> str:
    """Return the postcode with O for one 0, or I for one 1."""
    spots = [at for at, sign in enumerate(postcode) if sign in "01"]
    at = spots[int(number * len(spots))]
    return postcode[:at] + ("O" if postcode[at] == "0" else "I") + postcode[at + 1 :]


def with_wrong_sign(postcode: str, number: float) -> str:
    """Return the postcode with one sign of its second half changed, in the same shape."""
    at = (-3, -3, -2, -1)[int(number * 4)] + len(postcode)
    sign = other_than(postcode[at], FIGURES if postcode[at].isdigit() else INWARD_LETTERS, again(number))
    return postcode[:at] + sign + postcode[at + 1 :]


def _of_next_street(chosen: Chosen) -> Mapping[str, Texts]:
    homes = chosen.near.homes
    return {"postcode": homes.postcode[chosen.near.other_street(chosen.home, chosen.chance)]}


_SHAPED = has("postcode", SHAPED)

KINDS: Final = (
    Kind("postcode_of_next_street", _of_next_street, _SHAPED),
    Kind("postcode_wrong_sign", rewriting("postcode", with_wrong_sign), _SHAPED),
    Kind("postcode_missing", emptying("postcode"), has("postcode")),
    Kind(
        "postcode_letter_for_figure", rewriting("postcode", letter_for_figure), has("postcode", LETTER_LIKE)
    ),
    Kind("postcode_unspaced", rewriting("postcode", lambda postcode, _: postcode.replace(" ", "")), _SHAPED),
    Kind("postcode_small", rewriting("postcode", lambda postcode, _: postcode.lower()), has("postcode")),
)
