"""Play the demo: run both flows, score them against the truth, and find a row worth tracing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sharewell.demo.make import BY, FLOWS, REGION, TRUTH, demo_place
from sharewell.demo.region.make import Tell
from sharewell.demo.score import score
from sharewell.flows.run import run_flow
from sharewell.flows.terms import RunReport
from sharewell.settings import Place
from sharewell.store.control import open_control_plane


@dataclass(frozen=True)
class Played:
    """What the demo did: its place, its runs and how right they were."""

    place: Place
    runs: tuple[RunReport, ...]
    accuracy: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Return the demo's answer as JSON-ready data."""
        return {
            "folder": str(self.place.folder),
            "runs": [run.as_dict() for run in self.runs],
            "accuracy": dict(self.accuracy),
        }


def play_demo(folder: Path, *, people: int, seed: int, tell: Callable[[str], None]) -> Played:
    """Make the town if it is not there, run both flows and score them."""
    place = demo_place(folder, people, seed, tell=_counted(tell))
    runs = tuple(run_flow(place.flows / f"{name}.yaml", place, by=BY, tell=tell) for name in FLOWS)
    tell("scoring against the truth")
    return Played(place, runs, _accuracy(place, runs))


def _counted(tell: Callable[[str], None]) -> Tell:
    """Return what says how far the making of the town is in words."""

    def say(what: str, done: int, of: int) -> None:
        tell(f"{what}: {done} of {of}" if of > 1 else what)

    return say


def _accuracy(place: Place, runs: Sequence[RunReport]) -> dict[str, Any]:
    open_control_plane(place)
    figures: dict[str, Any] = {}
    for run in runs:
        sources = [(source.organisation, source.name) for source in run.sources]
        figures[run.flow] = score(place, sources, place.folder / REGION / TRUTH)
    return figures
