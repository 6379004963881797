"""What people confirmed about a file's columns, kept in the place's standards folder.

One YAML file for each standard and set of headings, so that the next delivery of a list goes unattended and a
new heading asks again. Headings are not personal data.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from sharewell.sources.rules import normal_heading
from sharewell.vocab.errors import DiskFull, FolderReadOnly, StandardInvalid, Where

Meanings = Mapping[str, str | None]


def fingerprint(columns: Sequence[str]) -> str:
    """Return what a file's headings share with its next delivery: order, capitals, punctuation aside."""
    headings = "\n".join(sorted(normal_heading(column) or column for column in columns))
    return hashlib.sha256(headings.encode()).hexdigest()[:16]


def _path(folder: Path, standard: str, columns: Sequence[str]) -> Path:
    return folder / "mappings" / f"{standard}-{fingerprint(columns)}.yaml"


def load_confirmed(
    folder: Path, standard: str, columns: Sequence[str], supplier: str | None = None
) -> Meanings | None:
    """Return what was confirmed for these headings under a standard, by column; None when nothing was.

    ``folder`` is the place's standards folder. A value of None says that the column is left out. What was
    confirmed of one supplier's file does not speak for another's, where the caller says whose file it is.
    Raises StandardInvalid when the file was damaged by hand.
    """
    path = _path(folder, standard, columns)
    if not path.is_file():
        return None
    try:
        written: Any = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        written = None
    meanings = written.get("columns") if isinstance(written, dict) else None
    if not isinstance(meanings, dict) or not all(_is_meaning(pair) for pair in meanings.items()):
        raise StandardInvalid(
            "The confirmed mapping cannot be read.",
            "Delete the file and confirm again.",
            Where(file=path.name),
        )
    if supplier and written.get("supplier", supplier) != supplier:
        return None
    spelt = {normal_heading(name) or name: field for name, field in meanings.items()}
    keys = {column: normal_heading(column) or column for column in columns}
    return {column: spelt[key] for column, key in keys.items() if key in spelt}


def _is_meaning(pair: tuple[object, object]) -> bool:
    return isinstance(pair[0], str) and (pair[1] is None or isinstance(pair[1], str))


def save_confirmed(
    folder: Path, standard: str, columns: Sequence[str], meanings: Meanings, supplier: str | None = None
) -> Path:
    """Keep what a person confirmed, whole or not at all. Raises FolderReadOnly, DiskFull."""
    document = {
        "standard": standard,
        **({"supplier": supplier} if supplier else {}),
        "columns": {name: meanings[name] for name in columns if name in meanings},
    }
    return write_confirmation(_path(folder, standard, columns), document)


def write_confirmation(path: Path, document: Mapping[str, Any]) -> Path:
    """Write a document of the standards folder, whole or not at all. Raises FolderReadOnly, DiskFull."""
    text = yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, text)
    except OSError as error:
        raise _refusal(error, path) from None
    return path


def _write_whole(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _refusal(error: OSError, path: Path) -> DiskFull | FolderReadOnly:
    if error.errno == errno.ENOSPC:
        return DiskFull("The disk is full.", "Free some space and confirm again.", Where(file=path.name))
    return FolderReadOnly(
        "The place's standards folder cannot be written.",
        "Ask for leave to write to it.",
        Where(file=path.name),
    )
