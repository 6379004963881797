"""The published attacks on Bloom filters, in small: they read plain ones, and read nothing in ours.

Frequency (Kuzu et al., 2011; Niedermeyer et al., 2014), Hamming weight, and patterns of bits that occur
together (Christen et al., 2018). The attacker knows how common each surname is, sees every encoding and lacks
the key.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from encoded_cases import a_key, bits, encoded

BITS, HASHES = 1000, 15
COMMON = {"smith": 0.16, "jones": 0.11, "patel": 0.08, "kovacs": 0.06, "begum": 0.04}
ROWS = 1500


class People:
    """Made-up records: five common surnames, the others rare; everything else drawn evenly."""

    def __init__(self) -> None:
        draw = np.random.default_rng(5)
        rare = ["".join(draw.choice(list("bcdfghlmnrtwaeiou"), draw.integers(4, 11))) for _ in range(400)]
        names = [*COMMON, *rare]
        shares = [*COMMON.values(), *([(1 - sum(COMMON.values())) / len(rare)] * len(rare))]
        self.surname = draw.choice(names, ROWS, p=shares).tolist()
        self.first = ["".join(draw.choice(list("abdefijklmnorsuvy"), 6)) for _ in range(ROWS)]
        self.born = [
            f"{draw.integers(1930, 2015)}-{draw.integers(1, 13):02}-{draw.integers(1, 29):02}"
            for _ in range(ROWS)
        ]
        self.postcode = [
            f"E{draw.integers(1, 18)} {draw.integers(1, 10)}{''.join(draw.choice(list('ABDEFG'), 2))}"
            for _ in range(ROWS)
        ]


def grams(value: str) -> list[str]:
    return [a + b for a, b in pairwise(f"_{value}_")]


def plain_filters(values: list[list[str]]) -> np.ndarray:
    """Bloom filters by double hashing under a secret, as first proposed (Schnell et al., 2009)."""
    made = np.zeros((len(values), BITS), np.uint8)
    places: dict[str, list[int]] = {}
    for row, tokens in enumerate(values):
        for token in tokens:
            if token not in places:
                one, two = (
                    int.from_bytes(hashlib.sha256(s + token.encode()).digest()[:8]) for s in (b"1", b"2")
                )
                places[token] = [(one + nth * two) % BITS for nth in range(HASHES)]
            made[row, places[token]] = 1
    return made


@pytest.fixture(scope="module")
def people() -> People:
    return People()


@pytest.fixture(scope="module")
def ours(people: People) -> list[np.ndarray]:
    rows = [
        [
            "a.csv",
            place + 1,
            people.first[place],
            people.surname[place],
            people.born[place],
            people.postcode[place],
        ]
        for place in range(ROWS)
    ]
    made = encoded(rows, a_key(records=ROWS))
    return [bits(made, place) for place in range(6)]


@pytest.fixture(scope="module")
def plain(people: People) -> np.ndarray:
    """One filter a record, of name and birth date."""
    return plain_filters(
        [
            [*grams(first), *(f"s{gram}" for gram in grams(surname)), *(f"b{gram}" for gram in grams(born))]
            for first, surname, born in zip(people.first, people.surname, people.born, strict=True)
        ]
    )


def by_frequency(filters: np.ndarray, people: People) -> float:
    """Guess that the most frequent encodings are the most frequent surnames; return the share right."""
    keys = [row.tobytes() for row in np.packbits(filters, axis=1)]
    ranked = [key for key, _ in Counter(keys).most_common(len(COMMON))]
    guess = dict(zip(ranked, COMMON, strict=False))
    return share_right([guess.get(key) for key in keys], people)


def by_patterns(filters: np.ndarray, people: People) -> float:
    """Find bits that occur together; guess the surname that is as common as all of them at once."""
    together = np.nan_to_num(np.corrcoef(filters.T.astype(np.float32)))
    guesses: list[str | None] = [None] * len(filters)
    free = np.ones(len(together), np.bool_)
    for seed in np.argsort(-(together > 0.25).sum(axis=0)):
        group = np.flatnonzero((together[seed] > 0.25) & free)
        if not free[seed] or len(group) < HASHES:
            continue
        free[group] = False
        has_all = filters[:, group].mean(axis=1) > 0.97
        name = min(COMMON, key=lambda name: abs(COMMON[name] - has_all.mean()))
        if abs(COMMON[name] - has_all.mean()) < 0.015:
            for row in np.flatnonzero(has_all):
                guesses[row] = guesses[row] or name
    return share_right(guesses, people)


def share_right(guesses: list[str | None], people: People) -> float:
    common = [(guess, name) for guess, name in zip(guesses, people.surname, strict=True) if name in COMMON]
    return sum(guess == name for guess, name in common) / len(common)


def weight_tells_length(filters: np.ndarray, people: People) -> float:
    lengths = [len(surname) for surname in people.surname]
    return abs(float(np.corrcoef(filters.sum(axis=1), lengths)[0, 1]))


def test_frequency_reads_plain_filters_of_surnames_and_nothing_of_ours(people, ours):
    plain_surnames = plain_filters([grams(surname) for surname in people.surname])
    assert by_frequency(plain_surnames, people) > 0.9
    assert max(by_frequency(filters, people) for filters in ours) < 0.01


def test_weight_tells_the_length_of_a_name_in_plain_filters_and_nothing_in_ours(people, plain, ours):
    assert weight_tells_length(plain, people) > 0.5
    assert max(weight_tells_length(filters, people) for filters in ours) < 0.1


def test_patterns_of_bits_read_plain_filters_and_nothing_of_ours(people, plain, ours):
    assert by_patterns(plain, people) > 0.4
    assert max(by_patterns(filters, people) for filters in ours) < 0.01


def test_every_bit_of_ours_is_a_fair_coin_and_no_two_go_together(ours):
    for filters in ours:
        assert np.abs(filters.mean(axis=0) - 0.5).max() < 5 * 0.5 / ROWS**0.5
        assert np.abs(np.corrcoef(filters.T) - np.eye(512)).max() < 6 / ROWS**0.5
        assert abs(filters.sum(axis=1).var() - 128) < 20


def test_rows_with_different_blocking_keys_are_as_far_apart_as_strangers(people, ours):
    """Even two rows of one surname: only a shared blocking key makes two rows comparable."""
    smiths = np.flatnonzero(np.array(people.surname) == "smith")[:80]
    for filters in ours[:2]:
        apart = (filters[smiths][:, None] != filters[smiths][None]).sum(axis=2)[
            np.triu_indices(len(smiths), 1)
        ]
        assert abs(apart.mean() - 256) < 1
        assert apart.min() > 256 - 6 * 11.4
