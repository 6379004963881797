"""What every format's reader hands over, and the reader of text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pyarrow as pa

from sharewell.sources.aside import Aside
from sharewell.sources.encoding import Decoding, decide_charset
from sharewell.sources.formats import Found
from sharewell.sources.headings import ONE_COLUMN
from sharewell.sources.lines import Fate
from sharewell.sources.preflight import Preflight
from sharewell.sources.terms import FileFacts
from sharewell.vocab.errors import SharewellError
from sharewell.vocab.step import Note


class Reading(Protocol):
    """A file half read: its rows to load, then what was set aside, what it was and what to tell people."""

    aside: Aside

    def rows(self) -> pa.Table | pa.RecordBatchReader:
        """Return the records kept; may be asked once."""
        ...

    def facts(self) -> FileFacts:
        """Return what the file turned out to be; complete once the rows are read."""
        ...

    def notes(self) -> tuple[Note, ...]:
        """Return what people should know; complete once the rows are read."""
        ...


class TextReading:
    """A delimited text file through the pre-flight."""

    def __init__(self, found: Found, known: frozenset[str]) -> None:
        """Decide the encoding and find the header."""
        self._found = found
        decoding = decide_charset(found.head, found.path.name)
        self._flight = Preflight(found.blocks(), decoding, known, found.path.name)
        self.aside, self.raw_lines = self._flight.aside, self._flight.raw_lines
        self.error: SharewellError | None = None

    def rows(self) -> pa.RecordBatchReader:
        """Return the records as a stream. A refusal on the way is kept in ``error``: engines reword it."""
        return pa.RecordBatchReader.from_batches(self._flight.schema, self._carefully())

    def _carefully(self) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._flight.batches()
        except SharewellError as error:
            self.error = error
            raise

    def facts(self) -> FileFacts:
        """Return what the file turned out to be."""
        flight, layout = self._flight, self._flight.layout
        kind = "tsv" if layout.delimiter == "\t" else "csv"
        return FileFacts(
            name=self._found.path.name,
            sha256=self._found.sha256,
            format=f"{kind}{self._found.content.wrap}",
            encoding=flight.decoding.found,
            delimiter=None if layout.delimiter == ONE_COLUMN else layout.delimiter,
            header_line=layout.first + 1,
            columns=layout.columns,
            records=flight.records,
            lines=named_lines(flight.lines),
        )

    def notes(self) -> tuple[Note, ...]:
        """Return what was odd about the file."""
        flight = self._flight
        return notes_of({**odd_bytes(flight.decoding), **named_lines(flight.lines), **flight.repairs})


def odd_bytes(decoding: Decoding) -> dict[str, int]:
    """Return counts of what was odd about a text's bytes, by the code of its note."""
    return {
        "windows_1252": decoding.fallen_back,
        "undefined_bytes": decoding.undefined,
        "nul_bytes": decoding.nuls,
        "raw_lines_dropped": decoding.raw.dropped if decoding.raw else 0,
    }


def named_lines(lines: dict[Fate, int]) -> dict[str, int]:
    """Return counts of lines by the name of their fate, those that occur."""
    return {fate.name.lower(): lines[fate] for fate in Fate if lines.get(fate)}


_NOTES = {
    "windows_1252": "Lines that are not UTF-8 were read as Windows-1252.",
    "undefined_bytes": "Lines hold bytes that Windows-1252 leaves undefined; they were read as Latin-1.",
    "nul_bytes": "NUL bytes were dropped.",
    "raw_lines_dropped": "Lines read otherwise than they stand were too many or long to keep their bytes.",
    "title": "Lines above the header were taken for titles and left out.",
    "blank": "Blank lines were left out.",
    "shifted_row": "Records whose text crosses from one column into the next were set aside.",
    "repeated_header": "Lines that repeat the header were left out.",
    "footer": "Lines at the foot that sum up or sign off the list were left out.",
    "hidden_rows": "Rows hidden in the sheet were read like the others.",
    "merged_rows": "Cells merged over several rows hold their value in the first of them only.",
    "cell_errors": "Cells hold an error of the spreadsheet, such as #REF!; it was read as its text.",
    "unvalued_formulas": "Cells hold a formula that was never worked out; they were read as blank. "
    "Open the workbook, save it and read it again.",
    "shown_otherwise": "Numbers shown with zeros in front were read as they are shown.",
    "bad_json": "Items that are no JSON objects were set aside.",
    "other_element": "Elements that stand among the records and are none were set aside.",
    "outside": "Elements outside the list were left out.",
    "truncated_row": "A record that is cut off at the end of the file was set aside.",
    "stray_quote": "Records had stray quotation marks, kept as they are.",
    "spare_cells_dropped": "Records had empty cells beyond the last column; those cells were dropped.",
    "spaced_quotes": "Records had spaces between a delimiter and a quotation mark.",
    "realigned": "Records shifted by an unquoted delimiter were put right, where only one way fitted.",
}


def notes_of(counts: dict[str, int]) -> tuple[Note, ...]:
    """Return a note for each oddity that occurred."""
    return tuple(Note(code, text, counts[code]) for code, text in _NOTES.items() if counts.get(code))
