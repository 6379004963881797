"""Only SFTP servers whose key is known: any other might be somebody in between."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import Any

from sharewell.sources.extras import needed
from sharewell.vocab.errors import SourceUnreachable, Where


def only_known_hosts(host_key: str | None, known_hosts: Path | None = None) -> Any:  # noqa: ANN401 - paramiko is an extra
    """Return paramiko's policy that takes a server by ``host_key`` or this user's known hosts, and no other.

    ``host_key`` is as known hosts write it: ``ssh-ed25519 AAAA...``.
    """
    paramiko = needed("paramiko", "remote", "Fetching a list from a server")
    known = paramiko.HostKeys()
    file = known_hosts or Path.home() / ".ssh" / "known_hosts"
    if host_key is None and file.is_file():
        known.load(str(file))

    class OnlyKnown(paramiko.MissingHostKeyPolicy):  # type: ignore[misc, name-defined]
        def missing_host_key(self, client: object, hostname: str, key: Any) -> None:  # noqa: ANN401
            if host_key is not None and key.asbytes() == b64decode(host_key.split()[-1]):
                return
            if host_key is None and known.check(hostname, key):
                return
            raise SourceUnreachable(
                "The server's key is not known here, so it may be somebody else's server.",
                "Compare its fingerprint with its owner by another way, then add it to your known hosts, "
                "or as host_key to store/keys/sources.toml.",
                Where(file=hostname),
            )

    return OnlyKnown()
