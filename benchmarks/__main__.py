"""Run every benchmark, or those named: ``python -m benchmarks [flow] [people] [places] [mess]``."""

from __future__ import annotations

import argparse

from benchmarks import flow, mess, people, places

ALL = {"flow": flow.main, "people": people.main, "places": places.main, "mess": mess.main}


def main() -> None:
    """Run what is named on the command line, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Print figures as Markdown tables."
    )
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"one of {', '.join(ALL)}; all when none is named"
    )
    names = parser.parse_args().names
    if unknown := set(names) - set(ALL):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(ALL)}")
    for name in names or ALL:
        print(f"\n## {name}\n", flush=True)
        ALL[name]()


if __name__ == "__main__":
    main()
