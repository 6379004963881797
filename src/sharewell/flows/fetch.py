"""Bring the lists that lie elsewhere onto this machine, before the first is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sharewell.sources.origin import is_origin, parse_origin
from sharewell.vocab.errors import SourceInvalid

if TYPE_CHECKING:
    from sharewell.flows.actions import Work


def fetch_lists(run: Work) -> None:
    """Bring every list that a source's address names to the place's scratch, which the run's end empties.

    All of them before the first is read, so that one that cannot be had is refused at once. Raises what
    ``sources.connect.connect`` raises.
    """
    for source in run.flow.sources:
        if is_origin(source.file):
            run.tell(f"{source.name}: fetching")
            with run.timed("sources"):
                run.source_path(source)


def shown_file(file: str) -> str:
    """Return a source's file as reports and traces name it: an address without user, options and query."""
    if not is_origin(file):
        return file
    origin = parse_origin(file)
    table = origin.told.get("table") if origin.is_database else None
    return f"{origin.shown}?table={table}" if table else origin.shown


def reported_file(file: str) -> str:
    """Return a source's file as reports name it, whether a person wrote it in full or took it from a report.

    Raises SourceInvalid for an address that holds a secret or cannot be read.
    """
    try:
        return shown_file(file)
    except SourceInvalid:
        if any(sign in file for sign in "?#@"):
            raise
        return file
