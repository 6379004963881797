"""What opens a database or a server: from the environment, or a secrets file that only its owner may read.

Never from a flow file, never shown, never logged.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sharewell.sources.origin import Origin
from sharewell.vocab.errors import SettingsInvalid, Where

_KEYS: Final = frozenset({"password", "token", "key_id", "secret", "key_file", "host_key", "endpoint"})


@dataclass(frozen=True)
class Credentials:
    """What opens a source. Its repr hides all of it, so that no log or traceback carries it."""

    told: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, name: str) -> str | None:
        """Return one of password, token, key_id, secret, key_file, host_key, endpoint."""
        return self.told.get(name)


def find_credentials(origin: Origin, file: Path | None, environment: Mapping[str, str]) -> Credentials:
    """Return what opens a source: its table in the secrets file, then the environment's word over it.

    A table is called after the user and the host, ``["reader@db.example.org"]``, or the host alone. The
    environment gives a password or token as ``SHAREWELL_SECRET_`` and the same name in capitals, with _ for
    every other sign. Raises SettingsInvalid (damaged, open to others, unknown key).
    """
    names = [f"{origin.user}@{origin.host}"] if origin.user else []
    names.append(origin.host or origin.scheme)
    tables = _read(file) if file and file.is_file() else {}
    told = next((tables[name] for name in names if name in tables), {})
    for name in reversed(names):
        if given := environment.get(variable(name)):
            told = {**told, "password": given, "token": given}
    return Credentials(told)


def variable(name: str) -> str:
    """Return the environment variable that holds the secret of ``user@host`` or ``host``."""
    return "SHAREWELL_SECRET_" + re.sub(r"[^A-Z0-9]", "_", name.upper())


def current_environment() -> Mapping[str, str]:
    """Return the environment of this process."""
    return os.environ


def _read(file: Path) -> Mapping[str, Mapping[str, str]]:
    where = Where(file=file.name)
    if os.name == "posix" and file.stat().st_mode & 0o077:
        raise SettingsInvalid(
            "The secrets file can be read by other users of this machine.",
            f"Run `chmod 600 {file.name}` in its folder.",
            where,
        )
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingsInvalid(
            "The secrets file is not valid TOML.", "Mend it; docs/sources.md shows its form.", where
        ) from None
    for table in tables.values():
        if not isinstance(table, dict) or not all(
            name in _KEYS and isinstance(value, str) for name, value in table.items()
        ):
            raise SettingsInvalid(
                "The secrets file has a key that is not known.",
                f'Write a table for each source, ["user@host"], with some of {", ".join(sorted(_KEYS))}.',
                where,
            )
    return tables
