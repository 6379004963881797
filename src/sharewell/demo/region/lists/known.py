"""What a service knew of people on the day it last heard of them: staleness is earned, not sprinkled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sharewell.demo.region.chance import Bools, Chance, Dates, Ints, Texts
from sharewell.demo.region.terms import NOBODY, World

Lag = Sequence[tuple[float, int]]
"""How long after the event a service hears of it: (share of people, days), rising, from 0.0 to 1.0."""


@dataclass(frozen=True)
class Known:
    """What a service held about some people: where they lived, their surname, whether it thinks they live."""

    home: Ints
    surname: Texts
    is_stale: Bools
    """The address is not where the person lives today (moved, died, left, gone into care)."""
    has_former_name: Bools
    is_dead_unknown: Bools
    """Died, and the service has not heard."""


def heard_on(chance: Chance, n: int, as_of: np.datetime64, lag: Lag) -> Dates:
    """Return the day a service last heard of each of ``n`` people."""
    shares, days = zip(*lag, strict=True)
    ago = np.interp(chance.random(n), shares, days).astype(np.int64)
    made: Dates = as_of - ago.astype("timedelta64[D]")
    return made


def known(world: World, person: Ints, heard: Dates) -> Known:
    """Return what a service that last heard on these days holds about these people.

    ``home`` is never NOBODY: somebody whose earlier address lies outside the region is known by today's.
    """
    people = world.people
    before, now, moved = people.home_before[person], people.home[person], people.moved_on[person]
    is_late = (moved > heard) & (before != NOBODY)
    gone = now == NOBODY
    home = np.where(is_late | gone, np.where(before == NOBODY, now, before), now)
    former = (people.renamed_on[person] > heard) & (people.former_surname[person] != "")
    died = people.died_on[person]
    return Known(
        home=home,
        surname=np.where(former, people.former_surname[person], people.surname[person]),
        is_stale=(home != now) | ~np.isnat(died),
        has_former_name=former,
        is_dead_unknown=~np.isnat(died) & (died > heard),
    )


def is_listed(world: World, person: Ints, heard: Dates) -> Bools:
    """Return who a service that last heard on these days still lists: born, not known to be dead or gone."""
    people = world.people
    is_born = people.born[person] <= heard
    died, left = people.died_on[person], people.left_on[person]
    is_gone = (~np.isnat(died) & (died <= heard)) | (~np.isnat(left) & (left <= heard))
    return is_born & ~is_gone
