"""Run every benchmark, or those named: ``python -m benchmarks [flow] [people] [places] ...``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks import (
    address_errors,
    batch,
    cleaning,
    flow,
    lookup,
    mess,
    people,
    places,
    private,
    region,
    region_size,
    spark,
    spark_link,
    unseen,
    wild,
)

ALL: dict[str, Callable[[], None]] = {
    "flow": flow.main,
    "people": people.main,
    "batch": batch.main,
    "places": places.main,
    "lookup": lookup.main,
    "private": private.main,
    "mess": mess.main,
    "cleaning": cleaning.main,
    "wild": wild.main,
    "spark": spark.main,
    "spark_link": spark_link.main,
    "region": region.main,
    "region_size": region_size.main,
    "unseen": unseen.main,
    "address_errors": partial(address_errors.main, []),
}


def main() -> None:
    """Run what is named on the command line, or all."""
    parser = _parser()
    told = parser.parse_args()
    if unknown := set(told.names) - set(ALL):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    asked = partial(region.main, told.people, told.seed, told.reference)
    runs: dict[str, Callable[[], None]] = {**ALL, "region": asked}
    for name in told.names or ALL:
        print(f"\n## {name}\n", flush=True)
        runs[name]()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Print figures as Markdown tables."
    )
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"one of {', '.join(ALL)}; all when none is named"
    )
    parser.add_argument("--people", type=int, help="region: how many people; two usual regions without")
    parser.add_argument(
        "--seed", type=int, default=region.SEED, help="region: the same seed, the same region"
    )
    parser.add_argument("--reference", type=Path, help="region: the folder of census data to make it from")
    return parser


if __name__ == "__main__":
    main()
