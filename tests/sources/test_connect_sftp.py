"""A real SFTP server on this machine: fetched from only when its key is known."""

from __future__ import annotations

import socket
import threading

import pytest

from sharewell.settings import open_place
from sharewell.sources.connect import connect
from sharewell.vocab.errors import FileMissing, SourceUnreachable

paramiko = pytest.importorskip("paramiko", reason="the extra [remote] is not installed")
pytest.importorskip("fsspec", reason="the extra [remote] is not installed")

LIST = b"surname\n" + b"Smith\n" * 100_000


class Door(paramiko.ServerInterface):
    def check_auth_password(self, username, password):
        is_right = (username, password) == ("reader", "hush-hush")
        return paramiko.AUTH_SUCCESSFUL if is_right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username):
        return "password"


class Files(paramiko.SFTPServerInterface):
    def stat(self, path):
        if path != "/lists/people.csv":
            return paramiko.SFTP_NO_SUCH_FILE
        found = paramiko.SFTPAttributes()
        found.st_size, found.st_mode, found.st_mtime = len(LIST), 0o100600, 1_700_000_000
        found.st_uid = found.st_gid = found.st_atime = 0
        return found

    lstat = stat

    def open(self, path, flags, attr):
        return Handle(flags) if path == "/lists/people.csv" else paramiko.SFTP_NO_SUCH_FILE


class Handle(paramiko.SFTPHandle):
    def stat(self):
        return Files.stat(None, "/lists/people.csv")

    def read(self, offset, length):
        return LIST[offset : offset + length]


class Server:
    """An SFTP server of one list."""

    def __init__(self):
        self.key = paramiko.ECDSAKey.generate()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, Files)
            self.open.append(transport)
            threading.Thread(target=self.welcome, args=(transport,), daemon=True).start()

    def welcome(self, transport):
        try:
            transport.start_server(server=Door())
        except (paramiko.SSHException, EOFError, OSError):
            transport.close()

    def close(self):
        self.listener.close()
        for transport in self.open:
            transport.close()


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "sharewell.toml").write_text("")
    place = open_place(tmp_path)
    place.keys.mkdir(parents=True)
    return place


def tell(place, **told):
    file = place.keys / "sources.toml"
    lines = [f'{name} = "{value}"' for name, value in told.items()]
    file.write_text('["reader@127.0.0.1"]\n' + "\n".join(lines))
    file.chmod(0o600)


def test_a_list_comes_from_a_server_whose_key_is_known(place, server):
    tell(place, password="hush-hush", host_key=f"{server.key.get_name()} {server.key.get_base64()}")
    address = f"sftp://reader@127.0.0.1:{server.port}/lists/people.csv"
    assert connect(address, place, environment={}).read_bytes() == LIST
    with pytest.raises(FileMissing):
        connect(address.replace("people", "nobody"), place, environment={})


def test_a_key_among_the_known_hosts_will_do(place, server):
    tell(place, password="hush-hush")
    known = place.folder / ".ssh" / "known_hosts"
    known.parent.mkdir()
    known.write_text(f"[127.0.0.1]:{server.port} {server.key.get_name()} {server.key.get_base64()}\n")
    assert connect(f"sftp://reader@127.0.0.1:{server.port}/lists/people.csv", place, environment={}).is_file()


def test_a_server_whose_key_is_unknown_is_given_no_password(place, server):
    tell(place, password="hush-hush")
    with pytest.raises(SourceUnreachable, match="key is not known"):
        connect(f"sftp://reader@127.0.0.1:{server.port}/lists/people.csv", place, environment={})
    assert not any(transport.is_authenticated() for transport in server.open)


def test_a_wrong_password_is_refused_without_saying_it(place, server):
    tell(place, password="wrong-one", host_key=f"{server.key.get_name()} {server.key.get_base64()}")
    with pytest.raises(SourceUnreachable) as caught:
        connect(f"sftp://reader@127.0.0.1:{server.port}/lists/people.csv", place, environment={})
    assert "wrong-one" not in str(caught.value.as_dict())
