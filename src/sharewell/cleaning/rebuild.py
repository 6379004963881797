"""Rebuild the bytes of a delimited file's cells from the answers alone: undo cleaning, then undo reading."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from sharewell.cleaning.raw_cells import joined_again, raw_cells
from sharewell.cleaning.write import ABOUT
from sharewell.sources.headings import ONE_COLUMN
from sharewell.sources.raw_lines import Why, code_of
from sharewell.sources.windows_1252 import to_windows
from sharewell.vocab.errors import FileMissing, FormatUnknown, Where

RAW_LINES: Final = "raw_lines.parquet"
_WINDOWS: Final = "windows-1252"
_MERELY_WINDOWS: Final = code_of(Why.WINDOWS_1252)
"""Why a line has no bytes of its own beside its text: the text gives them."""

Texts = Mapping[str, str]
"""A record's cells as text, by field."""


@dataclass(frozen=True)
class RawRecord:
    """A record as it stood in its file.

    ``cells`` holds the bytes of the cells of mapped columns by heading, without their quotation marks; none
    for a row set aside by reading, whose cells nobody can tell. ``raw`` holds all bytes of such a row and of
    one that was mended or lost NUL bytes, without the last line end. ``is_whole`` is false, and there are no
    bytes at all, where reading had no room to keep those of every line it read otherwise than they stand.
    """

    source_row: int
    cells: Mapping[str, bytes]
    raw: bytes | None = None
    is_whole: bool = True


def rebuild(folder: Path) -> Iterator[RawRecord]:
    """Rebuild every record of a delimited file from the folder that ``sharewell clean`` wrote.

    Kept records come first. The file itself is not read; UTF-16 cells come without a byte order mark.
    Raises FileMissing (no such answers), FormatUnknown (the list came from no delimited text).
    """
    answers = _open(folder)
    for row, texts in _kept(answers):
        yield _record(answers, row, texts)
    for batch in pq.ParquetFile(folder / "set_aside.parquet").iter_batches():
        for aside in batch.to_pylist():
            if aside["columns"]:
                yield _record(answers, aside["source_row"], json.loads(aside["raw"]))
            else:
                yield _as_it_stands(answers, aside["source_row"], aside["raw"])


@dataclass(frozen=True)
class _Held:
    """The own bytes of the lines of one record, None when some are lost, and why they were kept."""

    raw: bytes | None
    why: frozenset[str]

    def and_line(self, line: Mapping[str, Any]) -> _Held:
        """Return the record with its next line."""
        raw, more = self.raw, line["raw"]
        both = None if raw is None or more is None else raw + more
        return _Held(both, self.why | set(line["why"].split("+")))


@dataclass
class _Answers:
    folder: Path
    cells: tuple[str, ...]
    delimiter: str
    encoding: str
    fields: Mapping[str, str]
    windows: set[int] = field(default_factory=set)
    held: dict[int, _Held] = field(default_factory=dict)

    def encode(self, row: int, text: str) -> bytes:
        return to_windows(text) if row in self.windows else text.encode(self.encoding)


def _open(folder: Path) -> _Answers:
    for name in (ABOUT, RAW_LINES):
        if not (folder / name).is_file():
            raise FileMissing(
                "The folder does not hold what a list's bytes can be rebuilt from.",
                "Name the folder that `sharewell clean FILE --out FOLDER` wrote.",
                Where(file=f"{folder.name}/{name}"),
            )
    about: Any = json.loads((folder / ABOUT).read_bytes())
    file = about["file"]
    if not file["format"].startswith(("csv", "tsv")):
        raise FormatUnknown(
            "The list came from no delimited text, so its cells have no bytes of their own.",
            "Look at changes.parquet: it has each changed cell as it came.",
            Where(file=file["name"]),
        )
    encoding = file["encoding"] if file["encoding"].startswith("utf-16") else "utf-8"
    fields = {column: name for column, name in about["mapping"].items() if name}
    answers = _Answers(folder, tuple(file["cells"]), file["delimiter"] or ONE_COLUMN, encoding, fields)
    _read_raw_lines(answers)
    return answers


def _read_raw_lines(answers: _Answers) -> None:
    told: set[int] = set()
    for batch in pq.ParquetFile(answers.folder / RAW_LINES).iter_batches():
        for line in batch.to_pylist():
            row, is_windows = line["source_row"], line["encoding"] == _WINDOWS
            if row is not None and is_windows:
                answers.windows.add(row)
            if row is not None and line["raw"] is None and is_windows and line["why"] == _MERELY_WINDOWS:
                told.add(row)
            elif row is not None:
                answers.held[row] = answers.held.get(row, _Held(b"", frozenset())).and_line(line)
    for row in told & answers.held.keys():
        answers.held[row] = replace(answers.held[row], raw=None)


def _kept(answers: _Answers) -> Iterator[tuple[int, Texts]]:
    """Return the kept records with every change undone."""
    befores = _befores(answers)
    names = list(answers.fields.values())
    for batch in pq.ParquetFile(answers.folder / "kept.parquet").iter_batches(columns=["source_row", *names]):
        rows: list[Any] = batch.column("source_row").to_pylist()
        columns = [_undone(rows, batch.column(name).to_pylist(), befores.get(name, {})) for name in names]
        for row, *texts in zip(rows, *columns, strict=True):
            yield row, dict(zip(names, texts, strict=True))


def _befores(answers: _Answers) -> dict[str, dict[int, str]]:
    befores: dict[str, dict[int, str]] = {}
    changes = pq.ParquetFile(answers.folder / "changes.parquet")
    for batch in changes.iter_batches(columns=["source_row", "column", "before"]):
        for row, column, before in zip(*(each.to_pylist() for each in batch.columns), strict=True):
            befores.setdefault(column, {})[row] = before or ""
    return befores


def _undone(rows: list[int], texts: list[str | None], befores: Mapping[int, str]) -> list[str]:
    if not befores:
        return [text or "" for text in texts]
    return [befores.get(row, text or "") for row, text in zip(rows, texts, strict=True)]


def _record(answers: _Answers, row: int, texts: Texts) -> RawRecord:
    held = answers.held.get(row)
    if held is None:
        return RawRecord(row, _encoded(answers, row, texts))
    if held.raw is None:
        return RawRecord(row, {}, is_whole=False)
    raw = _without_end(answers, held.raw)
    cells = raw_cells(raw, answers.delimiter, answers.encoding, is_spaced=_has(held, Why.SPACED_QUOTES))
    told = [texts.get(answers.fields.get(name, "")) for name in answers.cells]
    if _has(held, Why.REALIGNED):
        cells = joined_again(cells, told, answers.delimiter, answers.encoding)
    named = dict(zip(answers.cells, cells, strict=False))
    found = {name: named[name] for name in answers.fields if name in named}
    return RawRecord(row, found or _encoded(answers, row, texts), raw)


def _encoded(answers: _Answers, row: int, texts: Texts) -> dict[str, bytes]:
    return {name: answers.encode(row, texts[column] or "") for name, column in answers.fields.items()}


def _as_it_stands(answers: _Answers, row: int, text: str) -> RawRecord:
    held = answers.held.get(row)
    if held is None:
        return RawRecord(row, {}, answers.encode(row, text))
    raw = None if held.raw is None else _without_end(answers, held.raw)
    return RawRecord(row, {}, raw, is_whole=raw is not None)


def _without_end(answers: _Answers, raw: bytes) -> bytes:
    feed, back = ("\n".encode(answers.encoding), "\r".encode(answers.encoding))
    if answers.encoding != "utf-8":
        return raw.removesuffix(feed).removesuffix(back)
    end = raw.rstrip(b"\0")
    if not end.endswith((feed, back)):
        return raw
    bare = end[:-1].rstrip(b"\0")
    return bare[:-1] if end.endswith(feed) and bare.endswith(back) else end[:-1]


def _has(held: _Held, why: Why) -> bool:
    return code_of(why) in held.why
