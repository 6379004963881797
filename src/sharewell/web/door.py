"""The door: a one-time token that ``sharewell serve`` prints, and the cookie that keeps one browser in."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from threading import Lock

from django.http import HttpRequest

COOKIE, NONCE = "sharewell", "sharewell.nonce"


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
