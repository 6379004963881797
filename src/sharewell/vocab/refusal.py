"""What every refusal is made of: what is wrong, where, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Where:
    """Where in the input the trouble is: a file name, a record number counted from 1, a column name."""

    file: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            None if self.row is None else f"row {self.row}",
            None if self.column is None else f"column {self.column}",
        ]
        return ", ".join(part for part in parts if part)


class SharewellError(Exception):
    """A refusal: ``what`` is wrong, ``next_step`` to take, and ``where`` it was met."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, next_step: str, where: Where | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.where = where or Where()

    def __str__(self) -> str:
        place = str(self.where)
        return f"{place}: {self.what} {self.next_step}" if place else f"{self.what} {self.next_step}"

    def as_dict(self) -> dict[str, object]:
        """Return the refusal as JSON-ready data, for ``--json`` and the pages."""
        return {
            "error": self.code,
            "exit_code": self.exit_code,
            "what": self.what,
            "next": self.next_step,
            "file": self.where.file,
            "row": self.where.row,
            "column": self.where.column,
        }
