"""Serve the pages on this machine only, one thread a request."""

from __future__ import annotations

import traceback
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from sharewell.settings import Place
from sharewell.store.control import open_control_plane
from sharewell.vocab.errors import SettingsInvalid

HOST = "127.0.0.1"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Logs nothing: an address can hold the token."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 - the base class's signature
        return


def failure_in_words(error: BaseException) -> str:
    """Return which line failed, and no more: the error's own message could hold a value."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"A page failed: {type(error).__name__}{where}."


def open_server(place: Place, port: int) -> tuple[WSGIServer, str]:
    """Return a server for a place and the address that lets one browser in, once.

    Port 0 takes any free port. Raises SettingsInvalid when the port is taken.
    """
    open_control_plane(place)
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from sharewell.web import views
    from sharewell.web.door import DOOR

    settings.SECRET_KEY = DOOR.cookie
    views.PLACE[:] = [place]
    try:
        server = make_server(HOST, port, get_wsgi_application(), _Server, _Quiet)
    except OSError:
        raise SettingsInvalid(f"Port {port} is taken.", "Choose another with `--port`.") from None
    return server, f"http://{HOST}:{server.server_port}/enter?token={DOOR.token}"
