"""Bring a list from where it lies onto this machine: a file, a database's table, a file of a server."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from sharewell.settings import Place
from sharewell.sources.credentials import current_environment, find_credentials
from sharewell.sources.database import read_table
from sharewell.sources.origin import Origin, is_origin, parse_origin
from sharewell.sources.remote import fetch_file
from sharewell.vocab.errors import SourceInvalid, Where

FOLDER: Final = "sources"
"""The folder of the place's scratch to which lists come."""
MOST: Final = 16 << 30
"""The bytes that a fetched list may have: far more than a region's people, and less than a disk."""


def connect(
    source: str, place: Place, *, most: int = MOST, environment: Mapping[str, str] | None = None
) -> Path:
    """Return a local file with the records of a source; read it with ``read_source``.

    ``source`` is a file of the place; ``postgresql://``, ``mssql://``, ``oracle://`` or ``sqlite:///`` with
    ``?table=NAME`` or ``#SELECT ...``; or ``https://``, ``sftp://`` or ``s3://``. What is not a file comes to
    the place's scratch, whole or not at all: a table as Parquet of text columns, a server's file as it is.

    Raises SourceInvalid (unread kind, a password in it, outside the place), SourceUnreachable, FileMissing,
    FileTooLarge, ExtraMissing, SettingsInvalid.
    """
    if not is_origin(source):
        return _inside(place.folder, source)
    origin = parse_origin(source)
    credentials = find_credentials(origin, place.keys / "sources.toml", environment or current_environment())
    target = _target(place, source, origin)
    if origin.is_database:
        return read_table(origin, credentials, place.folder, target, most)
    return fetch_file(origin, credentials, target, most)


@contextlib.contextmanager
def fetched(source: str, place: Place) -> Iterator[Path]:
    """Give a local file with the records at an address, and remove it again however the block ends.

    Hold the place meanwhile (``only_run``): another run would empty the scratch. Raises as ``connect`` does.
    """
    try:
        yield connect(source, place)
    finally:
        shutil.rmtree(place.scratch / FOLDER, ignore_errors=True)


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SourceInvalid(
            "The file lies outside the place.",
            "Put it into the place's folder, and name it from there.",
            Where(file=path.name),
        )
    return path


def _target(place: Place, source: str, origin: Origin) -> Path:
    """Return where the records of a source will lie: a folder of its own, and a name people can read."""
    told = origin.told.get("table") or ("query" if origin.is_database else PurePosixPath(origin.path).name)
    name = re.sub(r"[^A-Za-z0-9._ -]+", "_", told).strip("._ ")[:80] or "list"
    folder = place.scratch / FOLDER / hashlib.sha256(source.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / (f"{name}.parquet" if origin.is_database else name)
