"""What a refusal may carry beside its message: every fault that was found, each with where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Fault(Protocol):
    """One thing wrong with a file: a code, the clause and line it stands on, what is wrong, what instead."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def clause(self) -> str: ...  # noqa: D102
    @property
    def line(self) -> int | None: ...  # noqa: D102
    @property
    def what(self) -> str: ...  # noqa: D102
    @property
    def instead(self) -> str: ...  # noqa: D102


Faults = Sequence[Fault]
PARTS = ("code", "clause", "line", "what", "instead")


def as_dicts(faults: Faults) -> list[dict[str, object]]:
    """Return faults as JSON-ready data."""
    return [{part: getattr(fault, part) for part in PARTS} for fault in faults]
