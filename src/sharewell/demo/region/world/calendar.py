"""Days of birth and other days, reckoned so that ages come out exactly."""

from __future__ import annotations

import numpy as np

from sharewell.demo.region.chance import Chance, Dates, Floats, Ints

NEVER = np.datetime64("NaT", "D")
DAYS = "timedelta64[D]"
OVER_NINETY = ((0.0, 90), (0.35, 92), (0.65, 94), (0.85, 97), (0.96, 100), (1.0, 106))
"""How old people of 90 and over are: share, age (ONS, estimates of the very old, rounded)."""


def never(n: int) -> Dates:
    """Return ``n`` days that never came."""
    return np.full(n, NEVER, dtype="datetime64[D]")


def years_before(day: np.datetime64, years: Ints) -> Dates:
    """Return the same day of the month so many years before; 29 February becomes 28 February."""
    month = day.astype("datetime64[M]") - (12 * years).astype("timedelta64[M]")
    of_month = int((day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(int))
    last = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(int) - 1
    made: Dates = month.astype("datetime64[D]") + np.minimum(of_month, last).astype(DAYS)
    return made


def born_by_age(age: Ints, on: np.datetime64, chance: Chance) -> Dates:
    """Return days of birth that make people this old on a day; 90 stands for 90 and over."""
    shares, ages = zip(*OVER_NINETY, strict=True)
    old = np.interp(chance.stream("old").random(len(age)), shares, ages).astype(np.int64)
    exact = np.where(age >= 90, old, age)
    last, first = years_before(on, exact), years_before(on, exact + 1)
    span = (last - first).astype(int)
    made: Dates = last - (chance.random(len(age)) * span).astype(np.int64).astype(DAYS)
    return made


def days_ago(today: np.datetime64, chance: Chance, n: int, most: int) -> Dates:
    """Return ``n`` days within so many days before today, each as likely."""
    return today - (1 + chance.random(n) * most).astype(np.int64).astype(DAYS)


def after(today: np.datetime64, floor: Dates, chance: Chance) -> Dates:
    """Return for each a day between the floor and today."""
    span: Floats = np.maximum((today - floor).astype(int), 1).astype(float)
    made: Dates = floor + (chance.random(len(floor)) * span).astype(np.int64).astype(DAYS)
    return made
