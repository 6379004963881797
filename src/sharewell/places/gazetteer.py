"""Load a place's address gazetteer, in any of the shapes places have, and make it ready to match.

The shapes are in ``shapes.py``. A UPRN may have several rows, which are variants of one address. A folder
that ``prepared.py`` wrote is a gazetteer too, and takes no time to make ready.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from sharewell.places.addressbase import PLUS
from sharewell.places.build import Facts, build_index
from sharewell.places.index import Index
from sharewell.places.parse import Parts, joined_parts, parse
from sharewell.places.shapes import Shape, digits, shape_of
from sharewell.places.split import split_texts
from sharewell.places.terms import Standing
from sharewell.places.tokens import Lexicon, Texts, read_atoms
from sharewell.store.engine import Engine, Relation, quoted
from sharewell.vocab.errors import GazetteerInvalid, Where

_HEAD = 16_384
CHUNK = 200_000
"""How many addresses are parsed at a time, so that memory stays bounded."""


@dataclass(frozen=True)
class Gazetteer:
    """A gazetteer ready to match: ``index`` of what stands, ``former`` of what stood once, if anything did.

    ``relation`` has ``row, uprn, parent, text, postcode, shell, ward, standing, use, easting, northing``, one
    row per usable row of the file; a prepared gazetteer loads it when it is first asked for.
    """

    index: Index
    former: Index | None
    rows: Callable[[], Relation]

    @cached_property
    def relation(self) -> Relation:
        """Return its rows, in the engine it was loaded into."""
        return self.rows()

    @property
    def engine(self) -> Engine:
        """Return the engine its rows are in."""
        return self.relation.engine


def load_gazetteer(
    path: Path, engine: Engine, table: str = "gazetteer", *, coordinates: Path | None = None
) -> Gazetteer:
    """Read a gazetteer (CSV, compressed CSV, Parquet, or a prepared folder) and make it ready to match.

    ``coordinates`` is an OS Open UPRN file, which gives each UPRN its easting and northing. Raises
    GazetteerInvalid when it has no column of UPRNs or of addresses, or none that can be used.
    """
    if path.is_dir():
        from sharewell.places.prepared import open_gazetteer

        return open_gazetteer(path, engine, table)
    relation = read_rows(path, engine, table, coordinates=coordinates)
    return index_rows(relation)


def prepare_gazetteer(raw: Relation, table: str = "gazetteer", *, file: str | None = None) -> Gazetteer:
    """Make a gazetteer's raw rows ready to match, as table ``table``. Rows without a valid UPRN are left out.

    Raises GazetteerInvalid.
    """
    return index_rows(_usable(raw, table, file))


def read_rows(path: Path, engine: Engine, table: str, *, coordinates: Path | None = None) -> Relation:
    """Read a gazetteer's usable rows. Raises GazetteerInvalid and the refusals of reading."""
    raw = read_raw(path, engine, f"{table}__raw")
    try:
        relation = _usable(raw, table, path.name)
        return _placed(relation, coordinates) if coordinates else relation
    finally:
        raw.drop()


def read_raw(path: Path, engine: Engine, table: str) -> Relation:
    """Read a gazetteer's file as it stands; AddressBase Plus, whose files have no header, is given one."""
    from sharewell.sources.read import read_source

    if _is_bare_plus(path):
        return engine.load(table, _plus_batches(path))
    read = read_source(path, engine, table)
    read.set_aside.drop()
    return read.kept


def shape_of_relation(raw: Relation, file: str | None) -> Shape:
    """Understand raw rows by their headings. Raises GazetteerInvalid."""
    return shape_of(raw.columns, file)


def _usable(raw: Relation, table: str, file: str | None) -> Relation:
    shape = shape_of_relation(raw, file)
    relation = raw.engine.create(
        table, f"SELECT row_number() OVER () AS row, * FROM ({shape.rows_query(raw.name)}) AS usable"
    )
    if relation.count() == 0:
        relation.drop()
        raise GazetteerInvalid(
            "No row of the gazetteer has both a valid UPRN (1 to 12 digits) and an address.",
            "Check that its UPRN column holds UPRNs as digits and that its address columns are filled in.",
            Where(file=file, column=shape.columns.get("uprn")),
        )
    return relation


def _placed(relation: Relation, coordinates: Path) -> Relation:
    """Give rows the coordinates that OS Open UPRN has for their UPRNs."""
    engine, name = relation.engine, relation.name
    raw = read_raw(coordinates, engine, f"{name}__coordinates")
    try:
        columns = {column.replace("_", "").lower(): column for column in raw.columns}
        if not {"uprn", "xcoordinate", "ycoordinate"} <= columns.keys():
            raise GazetteerInvalid(
                "The coordinates are not OS Open UPRN: it has UPRN, X_COORDINATE and Y_COORDINATE.",
                "Give the CSV of OS Open UPRN, or leave the coordinates out.",
                Where(file=coordinates.name, column="X_COORDINATE"),
            )
        points = (
            f"SELECT CAST({digits(columns['uprn'])} AS VARCHAR) AS uprn, "
            f"max(TRY_CAST({quoted(columns['xcoordinate'])} AS DOUBLE)) AS x, "
            f"max(TRY_CAST({quoted(columns['ycoordinate'])} AS DOUBLE)) AS y "
            f"FROM {quoted(raw.name)} GROUP BY 1"
        )
        kept = "row, g.uprn, parent, text, postcode, shell, ward, standing, use"
        return engine.create(
            name,
            f"SELECT {kept}, coalesce(p.x, easting) AS easting, coalesce(p.y, northing) AS northing "
            f"FROM {quoted(name)} AS g LEFT JOIN ({points}) AS p ON p.uprn = g.uprn",
        )
    finally:
        raw.drop()


def _is_bare_plus(path: Path) -> bool:
    """Return whether a file is AddressBase Plus as it is supplied: its columns, and no header."""
    if not path.is_file() or not path.name.lower().endswith((".csv", ".csv.gz")):
        return False
    try:
        with pa.input_stream(str(path), compression="detect") as file:
            head = file.read(_HEAD).decode("utf-8", errors="replace")
        first = next(csv.reader(io.StringIO(head)), [])
    except (OSError, EOFError, csv.Error):
        return False
    return len(first) == len(PLUS) and first[0].strip().isdigit()


def _plus_batches(path: Path) -> pa.RecordBatchReader:
    import pyarrow.csv as arrow_csv

    return arrow_csv.open_csv(
        str(path),
        read_options=arrow_csv.ReadOptions(column_names=list(PLUS)),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=False),
        convert_options=arrow_csv.ConvertOptions(column_types={name: pa.string() for name in PLUS}),
    )


def index_rows(relation: Relation) -> Gazetteer:
    """Index a gazetteer's rows: what stands, and apart from it what stood once."""
    live, past = (f"standing {sign} {int(Standing.HISTORIC)}" for sign in ("<", "="))
    index = _index(relation, live)
    if index is None:
        raise GazetteerInvalid(
            "Every row of the gazetteer is historic: none stands for a place that is still there.",
            "Check its column of statuses, or export it again with its approved addresses.",
            Where(column="status"),
        )
    former = _index(relation, past)
    return Gazetteer(index, former, lambda: relation)


def _index(relation: Relation, where: str) -> Index | None:
    """Return the index of some of the rows, None where there are none; ``order`` counts from 0 among all."""
    lexicon = Lexicon()
    for word in ("STREET", "SAINT"):
        lexicon.learn(word)
    many, postcodes, facts = [], [], []
    for chunk in _chunks(relation, where):
        parts, codes = _parsed(chunk, lexicon)
        many.append(parts)
        postcodes.append(codes)
        facts.append(chunk.drop_columns(["text", "postcode"]))
    if not many:
        return None
    return build_index(joined_parts(many), pa.concat_arrays(postcodes), _facts(facts), lexicon)


def _chunks(relation: Relation, where: str) -> Iterator[pa.Table]:
    query = (
        "SELECT row - 1 AS id, text, postcode, CAST(uprn AS BIGINT) AS uprn, "
        "coalesce(CAST(parent AS BIGINT), 0) AS parent, shell, "
        f"2 * use + CASE WHEN standing = {int(Standing.PROVISIONAL)} THEN 1 ELSE 0 END AS rank "
        f"FROM {quoted(relation.name)} WHERE {where} ORDER BY row"
    )
    for batch in relation.engine.stream(query, CHUNK):
        if batch.num_rows:
            yield pa.Table.from_batches([batch])


def _parsed(chunk: pa.Table, lexicon: Lexicon) -> tuple[Parts, Texts]:
    split = split_texts(chunk.select(["id", "text", "postcode"]))
    tokens = split.column("tokens").combine_chunks()
    parts = parse(read_atoms(tokens, lexicon, learning=True), lexicon, complete=True)
    return parts, split.column("postcode").combine_chunks()


def _facts(chunks: list[pa.Table]) -> Facts:
    table = pa.concat_tables(chunks)
    uprn, parent, shell, rank, order = (
        table.column(name).to_numpy() for name in ("uprn", "parent", "shell", "rank", "id")
    )
    return Facts(uprn, parent, shell, rank.astype(np.int64), order.astype(np.int64))
