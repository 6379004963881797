"""Run every benchmark, or those named: ``python -m benchmarks [flow] [people] [places] [mess]``."""

from __future__ import annotations

import sys

from benchmarks import flow, mess, people, places

ALL = {"flow": flow.main, "people": people.main, "places": places.main, "mess": mess.main}


def main() -> None:
    """Run what is named on the command line, or all."""
    for name in sys.argv[1:] or ALL:
        print(f"\n## {name}\n")
        ALL[name]()


if __name__ == "__main__":
    main()
