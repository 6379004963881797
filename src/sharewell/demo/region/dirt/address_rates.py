"""How often each kind of address error is planted, of the rows that could carry it; all can be set.

``FROM_COUNCILS`` and ``FROM_STYLES`` are derived from address-errors 0.1.1 (University College London, MIT
licence), whose pooled profile was fitted on the addresses of six English councils, about 4.6 % of which it
touches. Its 120 or so edits were run 60 times over the 13,480 dwellings of a part of this region and of
the made-up county, and counted by our kinds against the rows that could carry each (38 % flats there: so
12 % are touched). Rates are of flats; ``Kind.of_houses`` says how much rarer some are on houses. What that
package draws for whole blocks at once is drawn for whole blocks here too (``Kind.by_block``).

``FROM_STYLES`` are what it counts as a council's house style, pooled over five councils by records.
``ASSUMED`` are kinds that registers of councils hardly show and typed lists do: assumptions, all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FROM_COUNCILS: Final[Mapping[str, float]] = {
    "flat_missing": 0.0083,  # SU7
    "flat_word_dropped": 0.0818,  # SU13
    "flat_other_word": 0.0273,  # SU10, TX1
    "flat_number_changed": 0.0036,  # SU14, PN8, FM6, TX2, TX3
    "flat_added": 0.0023,  # SU15, PN6
    "floor_added": 0.0166,  # SU4
    "floor_dropped": 0.0323,  # SU4
    "floor_other_words": 0.0145,  # SU3, SU5
    "flat_side_added": 0.0008,  # SU6
    "annexe_added": 0.0002,  # SU8
    "rear_of_added": 0.0005,  # DQ1
    "plot_added": 0.0006,  # DQ2
    "flat_over_added": 0.0012,  # DQ3
    "flat_at_added": 0.0066,  # FM8
    "building_added": 0.0175,  # BN1, BN3
    "building_dropped": 0.0269,  # BN1, BN3
    "building_shortened": 0.0156,  # BN2
    "building_other_word": 0.0100,  # BN2, BN4
    "building_respelt": 0.0103,  # TX1, TX2, TX3, FM9
    "number_range": 0.0008,  # PN2
    "number_dropped": 0.0146,  # PN4
    "number_added": 0.0050,  # PN6
    "number_as_name": 0.0006,  # PN3
    "number_wrong": 0.0006,  # PN3, PN7
    "suffix_added": 0.0016,  # SU1
    "suffix_lost": 0.0241,  # SU1
    "street_missing": 0.1730,  # ST5
    "street_cut_short": 0.0082,  # ST2
    "street_wrong": 0.0072,  # ST4
    "street_abbreviated": 0.0003,  # TX1
    "street_misspelt": 0.0002,  # TX3, FM9
    "street_joined": 0.0004,  # TX2
    "locality_respelt": 0.0068,  # TX1, TX2, TX3, FM9
    "postcode_of_next_street": 0.0127,  # PC3
    "postcode_wrong_sign": 0.0042,  # PC4, PC5
}
"""Errors proper: postcodes those of the three councils that record them."""
FROM_STYLES: Final[Mapping[str, float]] = {
    "floor_added": 0.0040,  # SU4 as a style
    "room_added": 0.0005,  # SU9 as a style
    "flat_number_changed": 0.0022,  # FM6, a zero before the number
    "flat_in_brackets": 0.0016,  # DQ4
    "flat_building_swapped": 0.0233,  # SU11, order of flat and building
    "flat_behind_street": 0.0017,  # SU11, flat after the street and order of words
    "street_off_another": 0.0048,  # ST3
    "street_joined": 0.0077,  # ST1, a street's own convention
    "street_misspelt": 0.0024,  # ST1
    "locality_as_town": 0.0149,  # LO, nothing but the locality behind the street
    "town_missing": 0.0060,  # LO, neither
}
"""How councils write, where it differs from the gazetteer."""
ASSUMED: Final[Mapping[str, float]] = {
    "flat_before_slash": 0.005,
    "flat_as_suffix": 0.05,
    "suffix_as_flat": 0.05,
    "flat_in_capitals": 0.01,
    "suffix_spaced": 0.05,
    "suffix_small": 0.10,
    "building_behind_street": 0.004,
    "number_glued": 0.002,
    "street_abbreviated": 0.03,
    "street_misspelt": 0.004,
    "town_wrong": 0.004,
    "county_added": 0.02,
    "care_of": 0.002,
    "postcode_missing": 0.005,
    "postcode_letter_for_figure": 0.003,
    "postcode_unspaced": 0.02,
    "postcode_small": 0.01,
    "address_line_shifted": 0.003,
    "address_line_broken": 0.003,
    "address_cut_short": 0.002,
    "address_stops": 0.01,
    "address_capitals": 0.02,
    "address_small_letters": 0.01,
    "address_spaces": 0.01,
}
"""``next_number`` is not here: it is a rate of the world's hard pairs."""


def _summed(*tables: Mapping[str, float]) -> Mapping[str, float]:
    rates: dict[str, float] = {}
    for table in tables:
        for kind, rate in table.items():
            rates[kind] = round(rates.get(kind, 0.0) + rate, 6)
    return rates


DEFAULT_RATES: Final = _summed(FROM_COUNCILS, FROM_STYLES, ASSUMED)
"""Every kind's rate: errors proper, house style and what is assumed of typed lists, added up."""
ADDRESS_RATES: Final = DEFAULT_RATES


def scaled(factor: float, rates: Mapping[str, float] = DEFAULT_RATES) -> Mapping[str, float]:
    """Return rates so many times as high, none over 1: a list typed with more or with less care."""
    return {kind: min(rate * factor, 1.0) for kind, rate in rates.items()}
