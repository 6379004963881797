"""Who may see the pages: whoever holds the one-time token that ``sharewell serve`` printed.

The token opens the door once and is then void; after it a random cookie, known only to this server process,
keeps the browser in. Accounts come later. Every answer forbids framing, caching and foreign content.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from sharewell.web.door import NONCE, is_inside, nonce_of
from sharewell.web.views import closed

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
