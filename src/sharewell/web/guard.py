"""Who may see the pages: whoever holds the one-time token that ``sharewell serve`` printed.

The token opens the door once and is then void; after it a random cookie, known only to this server process,
keeps the browser in. Accounts come later. Every answer forbids framing, caching and foreign content.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

COOKIE, NONCE = "sharewell", "sharewell.nonce"
OPEN_PATHS = ("/static/", "/enter")
METHODS = ("GET", "HEAD")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self' 'nonce-{nonce}'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@dataclass
class Door:
    """The one-time token and the cookie of one server process."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    is_used: bool = False
    lock: Lock = field(default_factory=Lock)

    def open(self, offered: str) -> bool:
        """Return whether the token is right and was not used before; it cannot be used again."""
        with self.lock:
            if self.is_used or not hmac.compare_digest(offered.encode(), self.token.encode()):
                return False
            self.is_used = True
            return True

    def knows(self, cookie: str) -> bool:
        """Return whether a browser has been let in."""
        return self.is_used and hmac.compare_digest(cookie.encode(), self.cookie.encode())


DOOR = Door()


def cookie_name(request: HttpRequest) -> str:
    """Return the cookie's name, with the port: browsers give one machine's cookies to all of its ports."""
    return f"{COOKIE}-{request.get_port()}"


def is_inside(request: HttpRequest) -> bool:
    """Return whether the request comes from a browser that was let in."""
    return DOOR.knows(request.COOKIES.get(cookie_name(request), ""))


def nonce_of(request: HttpRequest) -> str:
    """Return the nonce that this answer's own scripts carry."""
    return str(request.META[NONCE])


class Guard:
    """Middleware: nothing but the door and the style sheet without the cookie; reading only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request, or show the closed door."""
        request.META[NONCE] = secrets.token_urlsafe(16)
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers[name] = value.format(nonce=nonce_of(request))
        return _without_body(response) if request.method == "HEAD" else response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS, "These pages can only be read.", content_type="text/plain")
        if not _is_this_machine(request):
            return HttpResponse("This host name is not served.", status=400, content_type="text/plain")
        if request.path.startswith(OPEN_PATHS) or is_inside(request):
            return self.get_response(request)
        from sharewell.web.views import closed

        return closed(request)


def _is_this_machine(request: HttpRequest) -> bool:
    """Return whether the browser asked this machine by its own name, so that no other name can point here."""
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _without_body(response: HttpResponseBase) -> HttpResponse:
    """Return the answer to HEAD: the same status and headers, and nothing after them."""
    response.close()
    return HttpResponse(status=response.status_code, headers=dict(response.headers))
