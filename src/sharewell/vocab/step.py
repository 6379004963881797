"""The shape every step of a flow returns, and the law that none may break."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from sharewell.vocab.errors import RowsNotConserved, Where


class Countable(Protocol):
    """Anything that knows how many rows it holds: a store relation, an Arrow table behind one."""

    def count(self) -> int:
        """Return the number of rows."""
        ...


Rows = TypeVar("Rows", bound=Countable)


@dataclass(frozen=True)
class Note:
    """One thing a step wants people to know: a code, a plain sentence and how many rows it touched.

    Never a value from a record.
    """

    code: str
    text: str
    rows: int = 0


@dataclass(frozen=True)
class Step(Generic[Rows]):
    """What a step did: the rows it kept, the rows it set aside with their reasons, and notes."""

    kept: Rows
    set_aside: Rows
    notes: tuple[Note, ...] = ()


def conserve(step: Step[Rows], rows_in: int, name: str, file: str | None = None) -> Step[Rows]:
    """Return the step unchanged, or refuse when rows in is not kept plus set aside.

    Raises RowsNotConserved.
    """
    kept, aside = step.kept.count(), step.set_aside.count()
    if kept + aside != rows_in:
        raise RowsNotConserved(
            f"The {name} step took {rows_in} rows and accounts for {kept} kept and {aside} set aside.",
            "Nothing was released. Please report this with the file's shape, never its content.",
            Where(file=file),
        )
    return step
