"""The pages, served for real over a place that has run both flows, and a browser to look at them with."""

from __future__ import annotations

import http.client
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page
from pytest_django.plugin import DjangoDbBlocker

from sharewell.demo.make import FLOWS
from sharewell.flows.run import run_flow
from sharewell.settings import Place, open_place
from sharewell.store.control import close_control_plane
from sharewell.vocab.errors import SharewellError
from sharewell.web import door
from sharewell.web.serve import open_server

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def base_url() -> None:
    """No address to begin from: each test opens a server of its own. (The plugin's fixture warns.)"""


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def run_town(
    made_town: Path, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Place:
    """A town where both flows have run, one row was set aside, and a third run was refused."""
    folder = tmp_path_factory.mktemp("pages") / "town"
    shutil.copytree(made_town, folder)
    place = open_place(folder)
    _add_ragged_row(place.inbox / "QMB" / "gp register.csv")
    with django_db_blocker.unblock():
        for name in FLOWS:
            run_flow(place.flows / f"{name}.yaml", place, by="test")
        (place.inbox / "X26" / "shielded-patients.csv").write_bytes(b"")
        with pytest.raises(SharewellError):
            run_flow(place.flows / "food-parcels.yaml", place, by="test")
        close_control_plane()
    return place


def _add_ragged_row(file: Path) -> None:
    """Repeat the last row with two cells too many."""
    rows = file.read_bytes()
    last = rows.rstrip(b"\r\n").rpartition(b"\n")[2]
    file.write_bytes(rows + last + b",x,x\r\n")


@pytest.fixture
def address(
    run_town: Place, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The address that lets one browser in, once."""
    monkeypatch.setattr(door.DOOR, "is_used", False)
    with django_db_blocker.unblock():
        server, entry = open_server(run_town, 0)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield entry
        server.shutdown()
        server.server_close()
        close_control_plane()


@pytest.fixture
def inside(page: Page, address: str) -> Page:
    page.goto(address)
    return page


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass
class Visitor:
    """Asks the server without a browser, byte for byte what it is told to ask."""

    host: str
    port: int
    entry: str
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Answer:
        asking = http.client.HTTPConnection(self.host, self.port, timeout=60)
        asking.request(method, path, headers={**self.headers, **(headers or {})})
        answer = asking.getresponse()
        found = Answer(answer.status, dict(answer.getheaders()), answer.read().decode("utf-8"))
        asking.close()
        return found

    def enter(self) -> Answer:
        """Use the one-time address, and keep the cookie as a browser would."""
        answer = self.get(self.entry)
        self.headers["Cookie"] = answer.headers["Set-Cookie"].partition(";")[0]
        return answer


@pytest.fixture
def stranger(address: str) -> Visitor:
    """Somebody who was not let in."""
    parts = urlsplit(address)
    assert parts.hostname and parts.port
    return Visitor(parts.hostname, parts.port, f"{parts.path}?{parts.query}")


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """Somebody who was let in."""
    stranger.enter()
    return stranger
