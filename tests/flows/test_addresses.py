"""A flow whose list lies in a database or on a server: fetched when it is allowed, gone afterwards."""

from __future__ import annotations

import csv
import json
import shlex
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sharewell.cli import build_app
from sharewell.flows.models import Run
from sharewell.flows.terms import RunReport, RunState
from sharewell.flows.trace import trace_row
from sharewell.settings import Place
from sharewell.store.control import open_control_plane
from sharewell.vocab import errors

Go = Callable[..., RunReport]
Settles = Callable[..., None]
LIST = "inbox/X26/shielded-patients.csv"
TABLE = "sqlite:///inbox/hub.db?table=shielded"
QUERY = "sqlite:///inbox/hub.db#SELECT * FROM shielded WHERE PatientSurname <> 'Zebedee'"


@pytest.fixture
def town(ran_town: Place) -> Place:
    """A town whose flow has run once, with its list as a file."""
    return ran_town


class Server(ThreadingHTTPServer):
    """A server of one list, which notes what it was asked."""

    daemon_threads = True

    def __init__(self, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.body, self.asked = body, []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/lists/shielded.csv?year=2026"


class Answer(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.do_HEAD()
        self.wfile.write(self.server.body)


@pytest.fixture
def server(town: Place) -> Iterator[Server]:
    pytest.importorskip("fsspec", reason="the extra [remote] is not installed")
    pytest.importorskip("aiohttp", reason="the extra [remote] is not installed")
    with Server((town.folder / LIST).read_bytes()) as serving:
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        (town.folder / LIST).unlink()
        yield serving
        serving.shutdown()
        thread.join()


@pytest.fixture
def hub(town: Place) -> Path:
    """The list in a SQLite database of the place, and no longer as a file."""
    pytest.importorskip("sqlalchemy", reason="the extra [sql] is not installed")
    with (town.folder / LIST).open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    columns = ", ".join(f'"{name}" TEXT' for name in header)
    path = town.inbox / "hub.db"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"CREATE TABLE shielded ({columns})")
        base.executemany(f"INSERT INTO shielded VALUES ({', '.join('?' * len(header))})", rows)
    (town.folder / LIST).unlink()
    return path


def read_from(town: Place, address: str) -> None:
    flow = town.flows / "food-parcels.yaml"
    flow.write_text(flow.read_text().replace(f"file: {LIST}", f'file: "{address}"'), encoding="utf-8")


def left(town: Place) -> list[Path]:
    return [path for path in town.scratch.rglob("*") if path.is_file()]


def test_a_table_of_a_database_is_read_as_its_file_would_be(run: Go, town: Place, hub: Path) -> None:
    read_from(town, TABLE)
    report = run()
    assert (report.released, report.released_new) == (24, 0)
    assert report.sources[0].file == TABLE
    assert left(town) == []
    [found] = trace_row(town, TABLE, 1, show=False, by="test")
    assert (found.file, found.row) == (TABLE, 1)


def test_a_file_of_a_server_is_fetched_once(run: Go, town: Place, server: Server) -> None:
    read_from(town, server.address)
    report = run()
    assert report.released == 24
    assert server.asked == ["/lists/shielded.csv?year=2026"]
    assert report.sources[0].file == "http://127.0.0.1/lists/shielded.csv"
    assert left(town) == []


def holds(town: Place, word: bytes) -> bool:
    return any(word in path.read_bytes() for path in town.store.rglob("*") if path.is_file())


def test_a_query_is_never_shown_or_kept(run: Go, town: Place, hub: Path) -> None:
    read_from(town, QUERY)
    report = run()
    assert report.sources[0].file == "sqlite:///inbox/hub.db"
    assert not holds(town, b"Zebedee")
    for named in ("sqlite:///inbox/hub.db", QUERY):
        [found] = trace_row(town, named, 1, show=True, by="test")
        assert found.file == "sqlite:///inbox/hub.db"
    assert not holds(town, b"Zebedee")


def test_a_query_is_not_in_the_refusal_of_a_changed_delivery_either(
    run: Go, settles: Settles, town: Place, hub: Path
) -> None:
    read_from(town, QUERY.replace("SELECT *", "SELECT 1 AS extra, *"))
    with pytest.raises(errors.DeliveryChanged) as caught:
        run()
    told = json.dumps(caught.value.as_dict())
    assert "Zebedee" not in told and "ADDRESS" in caught.value.next_step
    open_control_plane(town)
    assert "Zebedee" not in json.dumps([each.problem for each in Run.objects.all()])
    [_, command, _] = caught.value.next_step.split("`")
    words = [
        QUERY.replace("SELECT *", "SELECT 1 AS extra, *") if word == "ADDRESS" else word
        for word in shlex.split(command)
    ]
    done = CliRunner().invoke(build_app(), words[1:])
    assert done.exit_code == 0, done.output
    settles()


@pytest.mark.parametrize(
    "named", ["postgresql://me:hush@db.example.org/x?table=t", "sqlite:///inbox/hub.db?tabel=t"]
)
def test_a_row_of_an_address_that_cannot_be_read_is_refused(named: str, town: Place) -> None:
    with pytest.raises(errors.SourceInvalid) as caught:
        trace_row(town, named, 1, show=False, by="test")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("spoilt", ["agreement", "field"])
def test_nothing_is_fetched_that_the_agreement_does_not_cover(
    spoilt: str, run: Go, town: Place, server: Server
) -> None:
    read_from(town, server.address)
    if spoilt == "agreement":
        (town.agreements / "marlbeck-2026-001.signatures.json").unlink()
    else:
        flow = town.flows / "food-parcels.yaml"
        flow.write_text(flow.read_text() + "fields: [shielded_patient_list.nhs_number]\n")
    with pytest.raises((errors.AgreementUnsigned, errors.FieldNotCovered)):
        run()
    assert server.asked == []


@pytest.mark.parametrize(
    "ending", [errors.OutOfMemory("Full.", "Raise it."), KeyboardInterrupt(), ValueError()]
)
def test_the_fetched_list_is_gone_however_the_run_ends(
    ending: BaseException, run: Go, town: Place, hub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sharewell.flows import prepare

    seen: list[Path] = []

    def end(*_: object, **__: object) -> None:
        seen.extend(left(town))
        raise ending

    monkeypatch.setattr(prepare, "clean", end)
    read_from(town, TABLE)
    with pytest.raises(type(ending)):
        run()
    assert [path.name for path in seen] == ["shielded.parquet"]
    assert left(town) == []


def test_what_a_killed_run_had_fetched_is_gone_with_the_next(settles: Settles, town: Place) -> None:
    fetched = town.scratch / "sources" / "0123456789ab" / "shielded.parquet"
    fetched.parent.mkdir(parents=True)
    fetched.write_bytes(b"of a run that was killed")
    settles()
    assert left(town) == []


def test_a_dry_run_fetches_and_leaves_nothing(run: Go, town: Place, hub: Path) -> None:
    read_from(town, TABLE)
    assert run(is_dry_run=True).released == 24
    assert left(town) == []


def test_a_server_that_does_not_answer_is_refused_before_any_list_is_read(
    run: Go, town: Place, server: Server
) -> None:
    read_from(town, server.address)
    server.shutdown()
    server.server_close()
    said: list[str] = []
    with pytest.raises(errors.SourceUnreachable):
        run(tell=said.append)
    assert not any("reading" in each for each in said)
    assert left(town) == []


def test_a_password_in_a_flow_file_is_refused_and_never_written(run: Go, town: Place) -> None:
    read_from(town, "postgresql://reader:hush-hush@db.example.org/x?table=t")
    with pytest.raises(errors.SourceInvalid) as caught:
        run()
    open_control_plane(town)
    assert "hush" not in str(caught.value) + str([run.problem for run in Run.objects.all()])
    assert Run.objects.filter(state=RunState.REFUSED).count() == 1


def test_a_database_outside_the_place_is_refused(run: Go, town: Place, hub: Path) -> None:
    read_from(town, "sqlite:///../hub.db?table=shielded")
    with pytest.raises(errors.SourceInvalid):
        run()


def test_a_changed_table_stops_the_flow_and_the_command_it_names_settles_it(
    run: Go, settles: Settles, town: Place, hub: Path
) -> None:
    read_from(town, TABLE)
    settles()
    with closing(sqlite3.connect(hub)) as base, base:
        base.execute("ALTER TABLE shielded RENAME COLUMN PatientSurname TO FamName")
    with pytest.raises(errors.DeliveryChanged) as caught:
        run()
    assert caught.value.where.file == TABLE
    [_, command, _] = caught.value.next_step.split("`")
    done = CliRunner().invoke(build_app(), shlex.split(command)[1:])
    assert done.exit_code == 0, done.output
    assert left(town) == []
    settles()
