"""Make a place: a folder with its settings, its keys and somewhere for everything to lie."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from sharewell.accounts.actions import register_organisation
from sharewell.audit.actions import record
from sharewell.flows.actions import Clock, right_now
from sharewell.settings import FILE_NAME, Place, open_place
from sharewell.store.control import close_control_plane, open_control_plane
from sharewell.store.disk import writing
from sharewell.store.keys import KeyRing
from sharewell.vocab.errors import PlaceExists, Where

FOLDERS = ("agreements", "flows", "inbox", "outbox", "reference", "standards", "store")
SETTINGS = """# docs/settings.md lists every setting. The environment wins: SHAREWELL_STORE__MEMORY=8GB.
[place]
name = {name}
code = {code}
organisation = {organisation}

[store]
threads = 2
memory = "4GB"
keep_snapshots = 2
"""
IGNORE = "# Records, keys and what was let out do not belong in git; agreements, flows and standards do.\n"


def make_place(
    folder: Path, *, name: str, organisation: str, code: str = "", by: str, clock: Clock = right_now
) -> Place:
    """Make a place in an empty or new folder, with a root key of its own, and open it.

    Raises PlaceExists when the folder is a place already or holds other files, FolderReadOnly or DiskFull
    when it cannot be written.
    """
    _require_empty(folder)
    with writing(folder.name):
        for part in FOLDERS:
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "store").chmod(0o700)
        (folder / ".gitignore").write_text(f"{IGNORE}inbox/\noutbox/\nstore/\n", encoding="utf-8")
        (folder / FILE_NAME).write_text(_settings(name, code, organisation), encoding="utf-8")
        place = open_place(folder)
        open_control_plane(place)
        _write_first_entry(place, by, clock)
        close_control_plane()
    return place


def _write_first_entry(place: Place, by: str, clock: Clock) -> None:
    keys = KeyRing.create(place)
    with transaction.atomic():
        settings = place.settings.place
        register_organisation(settings.organisation, settings.name, by=by, at=clock(), keys=keys)
        record(
            by=by,
            action="place.made",
            details={"name": settings.name, "organisation": settings.organisation},
            at=clock(),
            key=keys.log_key(),
        )


def _settings(name: str, code: str, organisation: str) -> str:
    """Return the settings file; a JSON string is also a TOML string."""
    return SETTINGS.format(
        name=json.dumps(name, ensure_ascii=False),
        code=json.dumps(code),
        organisation=json.dumps(organisation),
    )


def _require_empty(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir() or any(folder.iterdir()):
        raise PlaceExists(
            "The folder is a place already, or holds other files.",
            "Choose a new or an empty folder.",
            Where(file=folder.name),
        )
