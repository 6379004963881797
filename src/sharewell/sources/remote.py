"""Fetch a file from a server into the place's scratch: whole or not at all, gone on with after a break."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from sharewell.sources.credentials import Credentials
from sharewell.sources.extras import needed
from sharewell.sources.origin import Origin
from sharewell.vocab.errors import (
    DiskFull,
    FileMissing,
    FileTooLarge,
    SharewellError,
    SourceUnreachable,
    Where,
)

_CHUNK: Final = 1 << 20
_TRIES: Final = 3
_MARKS: Final = ("size", "ETag", "Last-Modified", "Content-MD5", "LastModified", "mtime", "created")
_PURPOSE: Final = "Fetching a list from a server"


def fetch_file(origin: Origin, credentials: Credentials, target: Path, most: int) -> Path:
    """Fetch a server's file to ``target``. ``most``: the bytes it may have.

    Raises SourceUnreachable, FileMissing, FileTooLarge, DiskFull, ExtraMissing.
    """
    system = _file_system(origin, credentials)
    path = origin.path if origin.scheme == "sftp" else _address(origin)
    return fetch_whole(system, path, target, most=most, shown=origin.shown)


def _address(origin: Origin) -> str:
    port = f":{origin.port}" if origin.port else ""
    asked = urlencode(origin.told)
    return f"{origin.scheme}://{origin.host}{port}{origin.path}{'?' if asked else ''}{asked}"


def _file_system(origin: Origin, credentials: Credentials) -> Any:  # noqa: ANN401 - fsspec is an extra
    fsspec = needed("fsspec", "remote", _PURPOSE)
    needed({"sftp": "paramiko", "s3": "s3fs"}.get(origin.scheme, "aiohttp"), "remote", _PURPOSE)
    options = {"sftp": _sftp_options, "s3": _s3_options}.get(origin.scheme, _http_options)
    try:
        return fsspec.filesystem(origin.scheme, skip_instance_cache=True, **options(origin, credentials))
    except SharewellError:
        raise
    except Exception as error:
        raise _unreachable(error, origin.shown) from None


def _http_options(origin: Origin, credentials: Credentials) -> dict[str, Any]:
    aiohttp = needed("aiohttp", "remote", _PURPOSE)
    client: dict[str, Any] = {
        "headers": {"Accept-Encoding": "identity"},
        "timeout": aiohttp.ClientTimeout(total=None, sock_connect=30, sock_read=120),
        "trace_configs": [_no_downgrade(aiohttp)],
    }
    if origin.user and (password := credentials.get("password")):
        client["auth"] = aiohttp.BasicAuth(origin.user, password)
    elif token := credentials.get("token"):
        client["headers"]["Authorization"] = f"Bearer {token}"
    return {"client_kwargs": client}


def _no_downgrade(aiohttp: Any) -> Any:  # noqa: ANN401
    """Return a watch that stops a server from sending an https request on to http."""

    async def look(session: object, context: object, asked: Any) -> None:  # noqa: ANN401
        onward = asked.response.headers.get("Location", "")
        if asked.url.scheme == "https" and onward.lower().startswith("http:"):
            raise ConnectionRefusedError

    watch = aiohttp.TraceConfig()
    watch.on_request_redirect.append(look)
    return watch


def _sftp_options(origin: Origin, credentials: Credentials) -> dict[str, Any]:
    from sharewell.sources.hostkeys import only_known_hosts

    told = {
        "username": origin.user,
        "port": origin.port or 22,
        "password": credentials.get("password"),
        "key_filename": credentials.get("key_file"),
        "timeout": 30,
    }
    given = {name: value for name, value in told.items() if value is not None}
    return {"host": origin.host, "host_key_policy": only_known_hosts(credentials.get("host_key")), **given}


def _s3_options(origin: Origin, credentials: Credentials) -> dict[str, Any]:
    """Return a bucket's keys; without any, the machine's own (environment, profile, role) are used."""
    told = {
        "key": credentials.get("key_id"),
        "secret": credentials.get("secret"),
        "endpoint_url": credentials.get("endpoint"),
    }
    return {name: value for name, value in told.items() if value is not None}


def fetch_whole(system: Any, path: str, target: Path, *, most: int, shown: str) -> Path:  # noqa: ANN401
    """Copy a file of an fsspec file system to ``target``, which is there only once it is whole.

    What came before a break stays beside it as ``.part`` and is gone on with where the server still has the
    same file (by size and tag or date) and can begin in the middle; else it begins again.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    trouble: Exception | None = None
    for _ in range(_TRIES):
        try:
            mark = _mark(system, path, most, shown)
            _bring(system, path, part, mark, most, shown)
            if _mark(system, path, most, shown) == mark:
                return _settle(part, target)
            _forget(part)
        except SharewellError:
            _forget(part)
            raise
        except Exception as error:
            if refusal := _lasting(error, shown):
                _forget(part)
                raise refusal from None
            trouble = error
    raise _unreachable(trouble, shown)


def _lasting(error: Exception, shown: str) -> SharewellError | None:
    """Return the refusal of what trying again cannot mend."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DiskFull("The disk is full.", "Free some space and run again.", Where(file=shown))
    cause = error.__cause__  # fsspec calls every failure of a server a missing file
    if isinstance(error, FileNotFoundError) and (
        cause is None or getattr(cause, "status", None) in (404, 410)
    ):
        return FileMissing("The server has no such file.", "Check its path.", Where(file=shown))
    return None


def _mark(system: Any, path: str, most: int, shown: str) -> dict[str, str]:  # noqa: ANN401
    """Return what tells this version of the file from another."""
    if hasattr(system, "invalidate_cache"):
        system.invalidate_cache()
    info: Mapping[str, Any] = system.info(path)
    if (info.get("size") or 0) > most:
        raise _too_large(shown)
    return {name: str(info[name]) for name in _MARKS if info.get(name) is not None}


def _too_large(shown: str) -> FileTooLarge:
    return FileTooLarge(
        "The file is larger than a list may be.", "Ask for fewer rows or columns.", Where(file=shown)
    )


def _bring(
    system: Any,  # noqa: ANN401
    path: str,
    part: Path,
    mark: dict[str, str],
    most: int,
    shown: str,
) -> None:
    """Bring the rest of a file, or the whole of it."""
    note = part.with_name(f"{part.name}.json")
    is_same = (
        part.is_file() and note.is_file() and len(mark) > 1 and json.loads(note.read_text("utf-8")) == mark
    )
    have = part.stat().st_size if is_same else 0
    size = int(mark["size"]) if "size" in mark else None
    if size is not None and have >= size > 0:
        have = 0
    part.touch(mode=0o600)
    note.write_text(json.dumps(mark), "utf-8")
    try:
        _copy(system, path, part, have, most, shown)
    except ValueError:
        if not have:
            raise
        _copy(system, path, part, 0, most, shown)
    if size is not None and part.stat().st_size != size:
        raise EOFError


def _copy(system: Any, path: str, part: Path, have: int, most: int, shown: str) -> None:  # noqa: ANN401
    """Append what lies beyond the first ``have`` bytes. ValueError: the server cannot begin in the middle."""
    whole = {"block_size": 0} if path.startswith("http") and not have else {"block_size": 8 * _CHUNK}
    with system.open(path, "rb", **whole) as coming, part.open("r+b") as kept:
        if have:
            coming.seek(have)
        kept.seek(have)
        kept.truncate()
        while piece := coming.read(_CHUNK):
            kept.write(piece)
            if kept.tell() > most:
                raise _too_large(shown)


def _settle(part: Path, target: Path) -> Path:
    part.replace(target)
    _forget(part)
    return target


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(f"{part.name}.json").unlink(missing_ok=True)


def _unreachable(error: Exception | None, shown: str) -> SourceUnreachable:
    return SourceUnreachable(
        f"The file could not be fetched ({type(error).__name__ if error else 'it kept changing'}).",
        "Check the address, that the server answers, and the login in the environment or in "
        "store/keys/sources.toml; then run again.",
        Where(file=shown),
    )
