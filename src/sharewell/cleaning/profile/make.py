"""Make a profile of a file: read it as cleaning reads it, count its columns, compare with last time."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from sharewell.cleaning.profile.count import profile_column
from sharewell.cleaning.profile.drift import drifts
from sharewell.cleaning.profile.keep import read_profile
from sharewell.cleaning.profile.rules import SMALLEST, shown_count
from sharewell.cleaning.profile.terms import Profile
from sharewell.sources.map import guess_mapping
from sharewell.sources.read import Read, read_source
from sharewell.sources.terms import Field, HowMapped, Standard
from sharewell.store.duckdb import DuckDB, Limits
from sharewell.vocab.clock import LONDON

Confirmed = Callable[[tuple[str, ...]], Mapping[str, str | None] | None]
MEMORY = "1GB"
_SURE = {HowMapped.EXACT, HowMapped.SYNONYM, HowMapped.CONFIRMED}


def profile_file(
    path: Path,
    standard: Standard | None = None,
    *,
    last: Path | None = None,
    sheet: str | None = None,
    confirmed: Confirmed = lambda _: None,
    as_of: date | None = None,
) -> Profile:
    """Return what is in a file. No value of a record is in the answer, nor a count of 1 to 7.

    Columns whose heading the standard knows, or that ``confirmed`` names, take their type from it; others by
    their values. ``last`` is the JSON of an earlier profile to compare with. ``as_of`` (today) is the day by
    which years of two figures are read. The work is done within 1 GB and spills to a scratch folder.
    Raises whatever reading the file raises; FileMissing and FileUnreadable for ``last``.
    """
    before = read_profile(last) if last else None
    with tempfile.TemporaryDirectory(prefix="sharewell-profile-") as scratch:
        engine = DuckDB(Path(scratch), Limits(memory=MEMORY))
        try:
            read = read_source(path, engine, "profiled", sheet=sheet)
            fields = _fields(read, standard, confirmed)
            made = _profile(read, standard, fields, as_of or datetime.now(LONDON).date())
        finally:
            engine.close()
    return _compared(made, before) if before else made


def _fields(read: Read, standard: Standard | None, confirmed: Confirmed) -> Mapping[str, Field | None]:
    if standard is None:
        return {}
    mapping = guess_mapping(read.facts.columns, standard, None, confirmed(read.facts.columns))
    sure = [guess for guess in mapping.guesses if guess.how in _SURE and guess.field]
    return {guess.column: standard.field(guess.field or "") for guess in sure}


def _profile(
    read: Read, standard: Standard | None, fields: Mapping[str, Field | None], as_of: date
) -> Profile:
    facts, total = read.facts, read.kept.count()
    columns = tuple(profile_column(read.kept, name, fields.get(name), total, as_of) for name in facts.columns)
    return Profile(
        file=facts.name,
        format=facts.format,
        standard=standard.name if standard else None,
        rows=total if total >= SMALLEST else None,
        set_aside=shown_count(read.set_aside.count()),
        columns=columns,
    )


def _compared(made: Profile, before: Profile) -> Profile:
    fill = tuple((each.name, each.fill.share) for each in before.columns if each.fill.share is not None)
    return replace(made, last_file=before.file, last_fill=fill, drifts=drifts(made, before))
