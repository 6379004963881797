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

from django.http import HttpRequest, HttpResponse, HttpResponseBase

COOKIE = "sharewell"
OPEN_PATHS = ("/static/", "/enter")
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self' 'nonce-{nonce}'; "
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


class Guard:
    """Middleware: nothing but the door and the style sheet without the cookie; reading only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request, or show the closed door."""
        nonce = secrets.token_urlsafe(16)
        request.META["sharewell.nonce"] = nonce
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers[name] = value.format(nonce=nonce)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse("These pages can only be read.", status=405, content_type="text/plain")
        if request.path.startswith(OPEN_PATHS) or DOOR.knows(request.COOKIES.get(COOKIE, "")):
            return self.get_response(request)
        from sharewell.web.views import closed

        return closed(request)
