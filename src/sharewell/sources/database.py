"""Read a table or a query from a database: read only, in batches, every value as exact text.

The login should be one that may only read. We add what each database offers (a read-only file or
transaction), let only a single SELECT through, and roll back at the end.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from sqlglot import exp

from sharewell.sources.credentials import Credentials
from sharewell.sources.extras import extra_missing, needed
from sharewell.sources.origin import Origin
from sharewell.vocab.errors import (
    FileMissing,
    FileTooLarge,
    SharewellError,
    SourceInvalid,
    SourceUnreachable,
    Where,
)

_ROWS: Final = 20_000
_PURPOSE: Final = "Reading a database"
_DRIVERS: Final = {
    "postgresql": "postgresql+psycopg",
    "mssql": "mssql+pymssql",
    "oracle": "oracle+oracledb",
}
_DIALECTS: Final = {"postgresql": "postgres", "mssql": "tsql", "oracle": "oracle", "sqlite": "sqlite"}
_WRITING: Final = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Command,
    exp.Into,
    exp.Lock,
)


def read_table(origin: Origin, credentials: Credentials, folder: Path, target: Path, most: int) -> Path:
    """Write a database's table or query to a Parquet file of text columns, whole or not at all.

    ``folder``: the place's, in which a SQLite file must lie. ``most``: the bytes that the file may grow to.
    Raises SourceInvalid, SourceUnreachable, FileTooLarge, FileMissing, ExtraMissing.
    """
    alchemy = needed("sqlalchemy", "sql", _PURPOSE)
    query = origin.fragment or origin.told.get("query")
    if query:
        _require_select(query, origin)
    engine = _engine(alchemy, origin, credentials, folder)
    part = target.with_name(f"{target.name}.part")
    try:
        with engine.connect() as connection:
            statement = _statement(alchemy, connection, origin, query)
            _write(connection.execute(statement), part, most, origin)
            connection.rollback()
        part.replace(target)
    except SharewellError:
        raise
    except (alchemy.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _refusal(error, origin) from None
    finally:
        part.unlink(missing_ok=True)
        engine.dispose()
    return target


def _require_select(query: str, origin: Origin) -> None:
    """Refuse anything but one SELECT. Databases are asked to refuse writing too; this is the first door."""
    try:
        parsed = sqlglot.parse(query, dialect=_DIALECTS[origin.database])
    except sqlglot.errors.SqlglotError:
        parsed = []
    tree = parsed[0] if len(parsed) == 1 else None
    if not isinstance(tree, exp.Query) or any(tree.find(kind) for kind in _WRITING):
        raise SourceInvalid(
            "The query of a source must be one SELECT that writes and locks nothing.",
            "Mend it, or make a view of it in the database and name that with ?table=.",
            Where(file=origin.shown),
        )


def _engine(alchemy: Any, origin: Origin, credentials: Credentials, folder: Path) -> Any:  # noqa: ANN401 - SQLAlchemy is an extra
    settings: dict[str, Any] = {
        "hide_parameters": True,
        "poolclass": alchemy.pool.NullPool,
        "execution_options": {"stream_results": True, "max_row_buffer": _ROWS},
    }
    try:
        if origin.database == "sqlite":
            path = _sqlite_path(origin, folder)
            return alchemy.create_engine("sqlite://", creator=_opener(path), **settings)
        if origin.database == "postgresql":
            settings["execution_options"]["postgresql_readonly"] = True
        engine = alchemy.create_engine(_url(alchemy, origin, credentials), **settings)
        if origin.scheme == "postgresql":
            alchemy.event.listen(engine, "connect", _keep_text)
        return engine
    except (ModuleNotFoundError, alchemy.exc.NoSuchModuleError):
        raise extra_missing("sql", _PURPOSE) from None


def _keep_text(connection: Any, _: object) -> None:  # noqa: ANN401
    """Take the server's own text of what Python's types cannot hold: years BC, infinity, figures in JSON."""
    loader = import_module("psycopg.types.string").TextLoader
    for kind in ("date", "time", "timetz", "timestamp", "timestamptz", "interval", "json", "jsonb"):
        connection.adapters.register_loader(kind, loader)
    connection.execute("SET DateStyle TO ISO")
    connection.commit()


def _url(alchemy: Any, origin: Origin, credentials: Credentials) -> Any:  # noqa: ANN401
    options = {name: text for name, text in origin.told.items() if name not in ("table", "schema", "query")}
    if origin.database == "postgresql" and not origin.is_local:
        options.setdefault("sslmode", "require")
    return alchemy.engine.URL.create(
        _DRIVERS.get(origin.scheme, origin.scheme),
        username=origin.user,
        password=credentials.get("password"),
        host=origin.host or None,
        port=origin.port,
        database=origin.path.strip("/") or None,
        query=options,
    )


def _sqlite_path(origin: Origin, folder: Path) -> Path:
    path = (folder / origin.path.lstrip("/")).resolve()
    if origin.host or not path.is_relative_to(folder.resolve()):
        raise SourceInvalid(
            "The database's file lies outside the place.",
            "Put it into the place's folder and name it from there, as in sqlite:///inbox/hub.db?table=people.",
            Where(file=path.name),
        )
    if not path.is_file():
        raise FileMissing("There is no such file.", "Check its name in the inbox.", Where(file=path.name))
    return path


def _opener(path: Path) -> Callable[[], sqlite3.Connection]:
    def open_file() -> sqlite3.Connection:
        connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        connection.text_factory = _decoded
        return connection

    return open_file


def _decoded(raw: bytes) -> str:
    """Return SQLite's text, which any program may have written in any encoding."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("windows-1252", "replace")


def _statement(alchemy: Any, connection: Any, origin: Origin, query: str | None) -> Any:  # noqa: ANN401
    if origin.database == "oracle":
        connection.execute(alchemy.text("SET TRANSACTION READ ONLY"))
    if query:
        return alchemy.text(query.replace(":", "\\:"))
    table, schema = origin.told["table"], origin.told.get("schema")
    if schema is None and "." in table:
        schema, _, table = table.partition(".")
    if not alchemy.inspect(connection).has_table(table, schema=schema):
        raise SourceInvalid(
            f"The database shows this login no table '{table}'.",
            "Write it as the database spells it, as in ?table=schema.table, and ask for leave to read it.",
            Where(file=origin.shown),
        )
    name = alchemy.sql.quoted_name(table, quote=True)
    named = alchemy.table(name, schema=alchemy.sql.quoted_name(schema, quote=True) if schema else None)
    return alchemy.select(alchemy.text("*")).select_from(named)


def _write(result: Any, part: Path, most: int, origin: Origin) -> None:  # noqa: ANN401
    schema = pa.schema([(name, pa.string()) for name in result.keys()])  # noqa: SIM118 - a result is no mapping
    part.parent.mkdir(parents=True, exist_ok=True)
    part.touch(mode=0o600)
    with pq.ParquetWriter(part, schema, compression="zstd") as writer:
        for batch in _batches(result, schema):
            writer.write_batch(batch)
            if part.stat().st_size > most:
                raise FileTooLarge(
                    "The table is larger than a list may be.",
                    "Ask for fewer rows or columns with a query.",
                    Where(file=origin.shown),
                )


def _batches(result: Any, schema: pa.Schema) -> Iterator[pa.RecordBatch]:  # noqa: ANN401
    for rows in result.partitions(_ROWS):
        columns = [pa.array(as_text(values), pa.string()) for values in zip(*rows, strict=True)]
        yield pa.record_batch(columns, schema=schema)


def as_text(values: Sequence[object]) -> list[str | None]:
    """Return a column's values as exact text: no number is rounded or put into scientific notation."""
    return [value if value is None or type(value) is str else _written(value) for value in values]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _fixed(Decimal(repr(value)))
    if isinstance(value, Decimal):
        return _fixed(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return _bytes(bytes(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _fixed(number: Decimal) -> str:
    return format(number, "f") if number.is_finite() else str(number)


def _bytes(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.hex()


def _refusal(error: Exception, origin: Origin) -> SharewellError:
    """Return a database's failure in our words: its own may quote a login or a record."""
    kind = type(getattr(error, "orig", None) or error).__name__
    return SourceUnreachable(
        f"The database could not be read ({kind}).",
        "Check its address, that it runs, and that the login of the environment or of "
        "store/keys/sources.toml may read the table.",
        Where(file=origin.shown),
    )
