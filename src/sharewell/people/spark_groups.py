"""Tell which records have to be divided together: those that likely pairs join by any path.

Done with numpy where Spark is driven from: 24 bytes for each likely pair and 8 for each record, a few times
over. No group is larger than a worker can hold.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from sharewell.people.divide import connected
from sharewell.people.weights import Floats, Numbers

LARGEST_GROUP: Final = 100_000
"""A larger group is made of chance likenesses: its weakest pairs are left out until it falls apart."""

_STRONGER: Final = (1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0)


def groups_of(
    records: int, likely: pa.Table, families: pa.Table, largest: int = LARGEST_GROUP
) -> tuple[Numbers, int]:
    """Return for each record the lowest of its group, and how many records were in groups that were cut.

    ``likely``: l, r, bits; ``families``: id, family (another record that dividing looks at
    together with it; of a group too large these ties go first). Records
    of a group that nothing parts are left alone.
    """
    left = np.concatenate([_numbers(likely, "l"), _numbers(families, "id")])
    right = np.concatenate([_numbers(likely, "r"), _numbers(families, "family")])
    bits: Floats = np.concatenate(
        [likely["bits"].to_numpy().astype(np.float64), np.full(families.num_rows, -np.inf)]
    )
    group = connected(records, left, right)
    cut = np.zeros(records, bool)
    for least in (*_STRONGER, np.inf):
        too_large = np.bincount(group, minlength=records)[group] > largest
        if not too_large.any():
            break
        cut |= too_large
        stays = ~too_large[left] | (bits >= least)
        left, right, bits = left[stays], right[stays], bits[stays]
        group = connected(records, left, right)
    return group, int(cut.sum())


def shared_groups(group: Numbers) -> pa.Table:
    """Return id and part of the records that are not alone."""
    shared = np.flatnonzero(np.bincount(group, minlength=len(group))[group] > 1)
    return pa.table({"id": shared, "part": group[shared]})


def _numbers(table: pa.Table, column: str) -> Numbers:
    return table[column].to_numpy().astype(np.int64)
