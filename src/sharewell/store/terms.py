"""The nouns of the record plane: what is known of a snapshot, and one that is written but not yet visible."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Facts:
    """What is known of a snapshot without opening it. ``destroyed_at`` set means nobody can open it again."""

    id: str
    organisation: str
    table: str
    rows: int
    as_of: date
    run: str
    created_at: datetime
    is_current: bool = False
    destroyed_at: datetime | None = None


@dataclass(frozen=True)
class Staged:
    """A snapshot whose file is written and which no reader can see yet.

    Its key lives only here until ``Snapshots.swap`` wraps it into the control database, so the file of a
    killed run can be opened by nobody.
    """

    id: str
    organisation: str
    table: str
    file: str
    rows: int
    as_of: date
    run: str
    key: bytes = field(repr=False)
