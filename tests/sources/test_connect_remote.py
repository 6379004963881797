"""Lists from servers: whole or not at all, gone on with after a break, bounded, and no secret ever shown."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sharewell.settings import open_place
from sharewell.sources.connect import connect
from sharewell.sources.credentials import find_credentials
from sharewell.sources.origin import parse_origin
from sharewell.sources.read import read_source
from sharewell.vocab.errors import (
    ExtraMissing,
    FileMissing,
    FileTooLarge,
    SettingsInvalid,
    SourceInvalid,
    SourceUnreachable,
)

LIST = b"surname,postcode\n" + b"".join(b"Smith%d,BN1 1AA\n" % n for n in range(200_000))


@pytest.fixture
def place(tmp_path):
    (tmp_path / "sharewell.toml").write_text("")
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "list.csv").write_text("surname\nSmith\n")
    return open_place(tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        "postgresql://reader:hush-hush@db.example.org/x?table=t",
        "postgresql://reader:hush-hush/more@db.example.org/x?table=t",
        "postgresql://reader:hush:hush@db.example.org/x?table=t",
        "postgresql://reader@db.example.org/x?table=t&password=hush-hush",
        "mssql+pyodbc:///?odbc_connect=PWD%3Dhush-hush&table=t",
        "https://lists.example.org/list.csv?X-Amz-Signature=hush-hush",
        "https://lists.example.org/list.csv?sv=1&sig=hush-hush",
        "https://:hush-hush@lists.example.org/list.csv",
        "sftp://reader:hush-hush@lists.example.org/list.csv",
    ],
)
def test_a_password_in_an_address_is_refused_and_never_said(place, source):
    with pytest.raises(SourceInvalid) as caught:
        connect(source, place, environment={})
    said = str(caught.value) + str(caught.value.as_dict())
    assert "hush" not in said
    assert "sources.toml" in said or "cannot be read" in said


@pytest.mark.parametrize(
    "source",
    [
        "http://lists.example.org/list.csv",
        "file:///etc/passwd",
        "memory://list.csv",
        "github://a:b@main/list.csv",
        "simplecache::https://lists.example.org/list.csv",
        "https://lists.example.org/a::memory://list.csv",
        "https:///list.csv",
        "ftp://lists.example.org/list.csv",
        "../outside.csv",
    ],
)
def test_other_kinds_of_address_are_refused(place, source):
    with pytest.raises(SourceInvalid):
        connect(source, place, environment={})


def test_a_file_of_the_place_is_itself(place):
    assert connect("inbox/list.csv", place) == place.inbox / "list.csv"


def test_credentials_come_of_the_secrets_file_and_the_environment_wins(tmp_path):
    file = tmp_path / "sources.toml"
    file.write_text('["reader@db.example.org"]\npassword = "from file"\n')
    file.chmod(0o600)
    origin = parse_origin("postgresql://reader@db.example.org/x?table=t")
    assert find_credentials(origin, file, {}).get("password") == "from file"
    environment = {"SHAREWELL_SECRET_READER_DB_EXAMPLE_ORG": "from environment"}
    found = find_credentials(origin, file, environment)
    assert found.get("password") == "from environment"
    assert "from" not in repr(found)


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ('["a"]\npassword="hush"\n', 0o644),
        ("[", 0o600),
        ('["a"]\npasswort="hush"\n', 0o600),
        ("a=1\n", 0o600),
    ],
)
def test_a_secrets_file_open_to_others_or_damaged_is_refused(tmp_path, text, mode):
    file = tmp_path / "sources.toml"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(SettingsInvalid) as caught:
        find_credentials(parse_origin("sftp://a/list.csv"), file, {})
    assert "hush" not in str(caught.value)


def test_a_missing_extra_names_the_command(place, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(ExtraMissing) as caught:
        connect("https://lists.example.org/list.csv", place, environment={})
    assert "pip install 'sharewell[remote]'" in caught.value.next_step


class Server(ThreadingHTTPServer):
    """A server of one list, which can break off, refuse ranges, change its list, ask for a login."""

    daemon_threads = True
    breaks = 0
    takes_ranges = True
    tells_size = True
    token = ""
    onward = ""
    tag = '"one"'
    body = LIST

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked = []

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/lists/people%201.csv"

    def handle_error(self, request, client_address):
        pass


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, with_body):
        server, begin = self.server, 0
        body, asked = server.body, self.headers.get("Range")
        server.asked.append((self.command, asked))
        if server.token and self.headers.get("Authorization") != f"Bearer {server.token}":
            self.plain(401)
            return
        if "missing" in self.path:
            self.plain(404)
            return
        if asked and server.takes_ranges:
            begin, _, end = asked.removeprefix("bytes=").partition("-")
            begin, end = int(begin), min(int(end or len(body)), len(body) - 1)
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{end}/{len(body)}")
            body = body[begin : end + 1]
        else:
            self.send_response(200)
        self.send_header("ETag", server.tag)
        if server.takes_ranges:
            self.send_header("Accept-Ranges", "bytes")
        if server.tells_size:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        if with_body:
            self.give(body)

    def give(self, body):
        if self.server.breaks:
            self.server.breaks -= 1
            self.wfile.write(body[: len(body) // 2])
            time.sleep(0.3)  # what had come must be taken before the break, or there is nothing to go on with
            return
        self.wfile.write(body)

    def plain(self, code):
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def server():
    pytest.importorskip("fsspec", reason="the extra [remote] is not installed")
    pytest.importorskip("aiohttp", reason="the extra [remote] is not installed")
    server = Server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def left(place):
    return [path.name for path in place.scratch.rglob("*") if path.is_file()]


def test_a_list_is_fetched_and_read(place, server, engine):
    path = connect(server.address, place, environment={})
    assert path.read_bytes() == LIST
    assert path.is_relative_to(place.scratch)
    assert read_source(path, engine, "raw").facts.records == 200_000
    assert left(place) == [path.name]


def test_a_break_is_gone_on_with_from_where_it_was(place, server):
    server.breaks = 1
    assert connect(server.address, place, environment={}).read_bytes() == LIST
    begun = [asked for command, asked in server.asked if command == "GET" and asked]
    assert begun
    assert int(begun[0].removeprefix("bytes=").partition("-")[0]) > 0


def test_a_server_that_cannot_begin_in_the_middle_is_asked_for_the_whole_again(place, server):
    server.breaks, server.takes_ranges = 1, False
    assert connect(server.address, place, environment={}).read_bytes() == LIST


def test_a_list_that_keeps_breaking_off_leaves_nothing_that_looks_whole(place, server):
    server.breaks, server.takes_ranges = 99, False
    with pytest.raises(SourceUnreachable):
        connect(server.address, place, environment={})
    assert all(name.endswith((".part", ".part.json")) for name in left(place))


def test_what_a_stopped_run_left_is_gone_on_with_only_while_it_is_the_same_file(place, server):
    server.breaks, server.takes_ranges = 99, False
    with pytest.raises(SourceUnreachable):
        connect(server.address, place, environment={})
    server.breaks, server.takes_ranges, server.tag = 0, True, '"two"'
    server.body = LIST[::-1]
    assert connect(server.address, place, environment={}).read_bytes() == LIST[::-1]


@pytest.mark.parametrize("tells_size", [True, False])
def test_a_list_over_the_bound_is_refused_and_leaves_nothing(place, server, tells_size):
    server.tells_size = tells_size
    with pytest.raises(FileTooLarge):
        connect(server.address, place, most=1000, environment={})
    assert left(place) == []


def test_a_list_of_unknown_size_comes_whole(place, server):
    server.tells_size = False
    assert connect(server.address, place, environment={}).read_bytes() == LIST


def test_a_token_opens_the_server_and_is_never_said(place, server):
    server.token = "hush-hush"
    with pytest.raises(SourceUnreachable) as caught:
        connect(server.address, place, environment={"SHAREWELL_SECRET_127_0_0_1": "wrong-one"})
    assert "wrong-one" not in str(caught.value.as_dict())
    environment = {"SHAREWELL_SECRET_127_0_0_1": "hush-hush"}
    assert connect(server.address, place, environment=environment).read_bytes() == LIST


def test_a_file_that_is_not_there_is_said_without_its_options(place, server):
    with pytest.raises(FileMissing) as caught:
        connect(server.address.replace("people", "missing") + "?person=Smith", place, environment={})
    assert "Smith" not in str(caught.value.as_dict())


def test_a_server_that_does_not_answer_is_said(place, server):
    address = server.address
    server.shutdown()
    server.server_close()
    with pytest.raises(SourceUnreachable) as caught:
        connect(address, place, environment={})
    assert caught.value.code == "source-unreachable"


def test_any_file_system_of_fsspec_is_fetched_whole(tmp_path):
    fsspec = pytest.importorskip("fsspec", reason="the extra [remote] is not installed")
    from sharewell.sources.remote import fetch_whole

    memory = fsspec.filesystem("memory", skip_instance_cache=True)
    memory.pipe("/bucket/list.csv", LIST)
    target = tmp_path / "list.csv"
    assert fetch_whole(memory, "/bucket/list.csv", target, most=1 << 30, shown="memory").read_bytes() == LIST
    with pytest.raises(FileMissing):
        fetch_whole(memory, "/bucket/none.csv", tmp_path / "none.csv", most=1 << 30, shown="memory")
    assert [path.name for path in tmp_path.iterdir()] == ["list.csv"]
