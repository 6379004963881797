"""The command, as a person or a script runs it."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from sharewell.settings import Place
from sharewell.vocab.errors import SettingsInvalid
from sharewell.web.serve import open_server


def test_serve_prints_an_address_that_opens_and_stops_when_asked(run_town: Place):
    command = [
        sys.executable,
        "-m",
        "sharewell",
        "serve",
        "--dir",
        str(run_town.folder),
        "--port",
        "0",
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout and serving.stderr
            address = json.loads(serving.stdout.readline())["address"]
            assert address.startswith("http://127.0.0.1:")
            visiting = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with visiting.open(address, timeout=60) as answer:
                assert answer.status == 200
                assert "Food parcels for people shielding" in answer.read().decode("utf-8")
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(timeout=30)
        assert serving.returncode == 0
        assert serving.stdout.read() == ""
        assert serving.stderr.read() == "", "the token is in no log line"


def test_a_port_that_is_taken_is_refused_in_words(place: Place):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SettingsInvalid, match="is taken"):
            open_server(place, taken.getsockname()[1])


def test_the_server_listens_on_this_machine_only(place: Place):
    server, _address = open_server(place, 0)
    with server:
        assert server.server_address[0] == "127.0.0.1"
