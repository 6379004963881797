"""Make the demo's place: the town's lists in the inbox, its agreements signed, its flows ready to run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.db import transaction

from sharewell.accounts.actions import register_organisation
from sharewell.agreements.read import read_agreement
from sharewell.agreements.sign import sign_agreement
from sharewell.audit.actions import record
from sharewell.demo.region.make import Tell, Wish, make_region
from sharewell.demo.terms import COUNCIL, ORGANISATIONS, SENDERS, TOWN_NAME
from sharewell.flows.make import make_place
from sharewell.settings import FILE_NAME, Place, open_place
from sharewell.store.control import close_control_plane, open_control_plane
from sharewell.store.disk import writing
from sharewell.store.keys import KeyRing
from sharewell.vocab.errors import PlaceExists, Where

AGREEMENTS = ("marlbeck-2026-001", "marlbeck-2026-002", "marlbeck-2026-003")
FLOWS = ("food-parcels", "over-75-alone")
MARK = "demo.json"
REGION, TRUTH, GAZETTEER = "region", "truth.parquet", "gazetteer.csv"
DAYS_OLD = 21
"""How long before today the town's lists are for."""
BY = "demo"


def demo_place(folder: Path, people: int, seed: int, *, tell: Tell = lambda *_: None) -> Place:
    """Return the demo's place, making it if the folder is new or empty.

    It is made beside the folder and moved there whole, so a demo that is killed leaves nothing half-made.
    Raises PlaceExists when the folder holds something else, or a demo of another size or seed.
    """
    if (folder / FILE_NAME).is_file():
        return _held(folder, people, seed)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlaceExists(
            "The folder holds other files.", "Choose a new or an empty folder.", Where(file=folder.name)
        )
    with writing(folder.name):
        making = folder.with_name(f"{folder.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.parent.mkdir(parents=True, exist_ok=True)
        _make(making, people, seed, tell)
        making.rename(folder)
    return open_place(folder)


def _held(folder: Path, people: int, seed: int) -> Place:
    mark = folder / MARK
    made = json.loads(mark.read_text(encoding="utf-8")) if mark.is_file() else None
    if made != {"people": people, "seed": seed}:
        raise PlaceExists(
            "The folder is a place already, and not this demo.",
            "Choose another folder, or the number of people and the seed it was made with.",
            Where(file=folder.name),
        )
    return open_place(folder)


def _make(folder: Path, people: int, seed: int, tell: Tell) -> None:
    at = datetime.now(UTC)
    place = make_place(folder, name=TOWN_NAME, organisation=COUNCIL, code=COUNCIL, by=BY)
    as_of = at.date() - timedelta(days=DAYS_OLD)
    region = folder / REGION
    told = make_region(Wish(people, seed, as_of=as_of), region, tell=tell)
    _hand_in(told["lists"], region, place)
    (folder / "reference").mkdir(exist_ok=True)
    (region / GAZETTEER).rename(folder / "reference" / GAZETTEER)
    _write_files(place, _dates(at.date(), as_of))
    _sign(place, at)
    (folder / MARK).write_text(json.dumps({"people": people, "seed": seed}), encoding="utf-8")


def _hand_in(lists: Mapping[str, Any], region: Path, place: Place) -> None:
    """Put each list where its sender would: in the sender's folder of the inbox."""
    for each in lists.values():
        inbox = place.inbox / SENDERS[each["sender"]]
        inbox.mkdir(parents=True, exist_ok=True)
        path = region / each["file"]
        path.rename(inbox / path.name)


def _dates(today: date, as_of: date) -> Mapping[str, str]:
    """Return the days the agreements and flows name, counted from today."""
    days = {
        "signed": today - timedelta(days=40),
        "starts": today - timedelta(days=30),
        "review": today + timedelta(days=60),
        "ends": today + timedelta(days=150),
        "over65": today - timedelta(days=round(65 * 365.25)),
        "over75": today - timedelta(days=round(75 * 365.25)),
        "as_of": as_of,
    }
    return {name: day.isoformat() for name, day in days.items()}


def _write_files(place: Place, dates: Mapping[str, str]) -> None:
    for names, folder in ((AGREEMENTS, place.agreements), (FLOWS, place.flows)):
        for name in names:
            text = (files("sharewell.demo") / "files" / f"{name}.yaml").read_text(encoding="utf-8")
            for key, day in dates.items():
                text = text.replace(f"@{key}@", day)
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def _sign(place: Place, at: datetime) -> None:
    """Register the five organisations and sign each agreement for each of its parties."""
    open_control_plane(place)
    keys = KeyRing.open(place)
    with transaction.atomic():
        for code, name in ORGANISATIONS.items():
            register_organisation(code, name, keys=keys, by=BY, at=at)
        for name in AGREEMENTS:
            path = place.agreements / f"{name}.yaml"
            for party in read_agreement(path).parties.values():
                approver = party.approved_by or party.role
                sign_agreement(path, party.key, keys.signing_key(party.org), by=approver, at=at)
            record(by=BY, action="agreement.signed", agreement=name, details={}, at=at, key=keys.log_key())
    close_control_plane()
