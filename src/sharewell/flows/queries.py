"""Read runs from the control plane."""

from __future__ import annotations

from sharewell.flows.models import Run
from sharewell.flows.terms import RunState


def unfinished_runs() -> int:
    """Return how many runs began and have neither finished nor been refused or stopped."""
    return Run.objects.filter(state__in=[RunState.RUNNING, RunState.COMMITTED]).count()


def runs(limit: int = 100) -> list[Run]:
    """Return the newest runs first."""
    return list(Run.objects.all()[:limit])


def run_named(run_id: str) -> Run | None:
    """Return one run, if there is one of that id."""
    return Run.objects.filter(pk=run_id).first()


def runs_of_file(file: str) -> list[Run]:
    """Return the finished runs that read a file of that name, newest first."""
    finished = Run.objects.filter(state=RunState.FINISHED)
    return [run for run in finished if any(is_file(source["file"], file) for source in run.report["sources"])]


def is_file(held: str, file: str) -> bool:
    """Return whether a file named by a person is the one a run read: its path, or the end of it."""
    return held == file or held.endswith(f"/{file}") or file.endswith(f"/{held}")
