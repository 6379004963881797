"""Where a list comes from when it is no file of the place: the address of a database or of a server's file.

An address may stand in a flow file, which people read, send and keep in git. It never holds a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from sharewell.vocab.errors import SourceInvalid, Where

DATABASES: Final = frozenset({"postgresql", "mssql", "oracle", "sqlite"})
SERVERS: Final = frozenset({"https", "http", "sftp", "s3"})
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//|:)")
_OURS: Final = frozenset({"table", "schema", "query"})
_DRIVERS: Final = frozenset({"sslmode", "sslrootcert", "host", "service_name", "driver", "encrypt"})
_SECRET_WORDS: Final = re.compile(
    r"pass|pwd|secret|token|sig$|signature|credential|api[-_]?key|access[-_]?key|auth|odbc_connect",
    re.IGNORECASE,
)
_ADVICE: Final = (
    "Take it out of the address, and give it in the environment or in store/keys/sources.toml: "
    "docs/sources.md shows how."
)


@dataclass(frozen=True)
class Origin:
    """The address of a list, taken apart. ``told`` holds what stands after the question mark."""

    scheme: str
    user: str | None
    host: str
    port: int | None
    path: str
    told: Mapping[str, str]
    fragment: str

    @property
    def database(self) -> str:
        """Return the kind of database or server, without its driver: ``mssql`` of ``mssql+pyodbc``."""
        return self.scheme.partition("+")[0]

    @property
    def is_database(self) -> bool:
        """Return whether it names a table or query rather than a file."""
        return self.database in DATABASES

    @property
    def is_local(self) -> bool:
        """Return whether it is on this machine, so that nobody can listen in between."""
        return self.host in LOOPBACK or (not self.host and self.told.get("host", "/").startswith("/"))

    @property
    def shown(self) -> str:
        """Return the address as it may be shown and logged: no user, no options."""
        return f"{self.scheme}://{self.host}{self.path}"


def is_origin(source: str) -> bool:
    """Return whether a source is an address rather than the path of a file."""
    return bool(_URL.match(source))


def parse_origin(source: str) -> Origin:
    """Take an address apart.

    Raises SourceInvalid for a password or token in it, a kind we do not read, http across a network, and
    options we do not know; the message never quotes what might be a secret.
    """
    scheme = source.partition(":")[0].lower()
    try:
        parts = urlsplit(source)
        port = parts.port
    except ValueError:
        _refuse("The address of a list cannot be read.", "Write it as scheme://user@host/path.", scheme)
    if parts.password is not None or "@" in parts.path or "@" in (parts.hostname or ""):
        _refuse("The address of a list has a password in it.", _ADVICE, scheme)
    origin = _origin(parts, port)
    _refuse_unread(origin, source)
    _refuse_options(origin)
    return origin


def _origin(parts: SplitResult, port: int | None) -> Origin:
    told = dict(parse_qsl(parts.query, keep_blank_values=True))
    if any(_SECRET_WORDS.search(name) for name in told):
        _refuse("The address of a list has a password or a token in it.", _ADVICE, parts.scheme)
    scheme = parts.scheme.lower()
    scheme = "postgresql" if scheme == "postgres" else scheme
    user = unquote(parts.username) if parts.username else None
    return Origin(scheme, user, parts.hostname or "", port, parts.path, told, unquote(parts.fragment))


def _refuse_unread(origin: Origin, source: str) -> None:
    if "::" in source.partition("?")[0].replace("[::1]", "") or not (
        origin.is_database or origin.scheme in SERVERS
    ):
        known = ", ".join(sorted(DATABASES | SERVERS - {"http"}))
        _refuse(
            "A list of this kind of address cannot be read.", f"Use one of {known}, or a file.", origin.scheme
        )
    if origin.scheme == "http" and not origin.is_local:
        _refuse("Lists are not fetched over http, which anybody can read.", "Use https.", origin.shown)
    if not origin.host and origin.scheme in SERVERS:
        _refuse("The address names no server.", "Write it as scheme://user@host/path.", origin.scheme)


def _refuse_options(origin: Origin) -> None:
    if not origin.is_database:
        return
    unknown = [name for name in origin.told if name.lower() not in _OURS | _DRIVERS]
    if unknown:
        known = ", ".join(sorted(_OURS | _DRIVERS))
        _refuse("The address has an option that is not known.", f"Use some of {known}.", origin.shown)
    asked = [bool(origin.told.get("table")), bool(origin.told.get("query") or origin.fragment)]
    if sum(asked) != 1:
        _refuse(
            "The address must name one table or one query.",
            "End it with ?table=NAME, or with # and a SELECT.",
            origin.shown,
        )


def _refuse(what: str, next_step: str, shown: str) -> NoReturn:
    raise SourceInvalid(what, next_step, Where(file=shown))
