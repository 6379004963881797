"""A sealed file comes back as it was written, or not at all."""

from __future__ import annotations

import secrets
from pathlib import Path

import pyarrow as pa
import pytest

from sharewell.store.sealed import read_sealed, write_sealed
from sharewell.vocab.errors import SharewellError, SnapshotMissing

KEY = bytes(range(32))
ROWS = pa.table(
    {
        "name": ["Canary", None, "Zoë"],
        "rows": pa.array([1, 2, 3], pa.int64()),
        "keys": [["a"], [], ["b", "c"]],
    }
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "base-1"
    assert write_sealed(pa.RecordBatchReader.from_batches(ROWS.schema, ROWS.to_batches(1)), path, KEY) == 3
    return path


def test_rows_come_back_in_their_order_and_say_nothing_on_disk(file):
    assert read_sealed(file, KEY).equals(ROWS)
    assert b"Canary" not in file.read_bytes() and b"name" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_no_rows_are_a_file_too(tmp_path):
    write_sealed(ROWS.slice(0, 0), tmp_path / "none", KEY)
    assert read_sealed(tmp_path / "none", KEY).equals(ROWS.slice(0, 0))


def test_a_changed_byte_is_noticed_wherever_it_is(file):
    sound = file.read_bytes()
    sizes = [sum(map(len, _pieces(sound)[:piece])) + n for piece in (1, 2, 3) for n in range(9)]
    for place in (*range(0, len(sound), 7), *sizes):
        file.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        with pytest.raises(SnapshotMissing):
            read_sealed(file, KEY)


def test_a_piece_that_is_cut_off_moved_or_added_is_noticed(file):
    sound = file.read_bytes()
    pieces = _pieces(sound)
    assert len(pieces) == 4
    mark, *batches = pieces
    for other in (
        *(sound[:length] for length in range(0, len(sound), 11)),
        mark + b"".join(reversed(batches)),
        mark + b"".join(batches[:2]),
        mark + b"".join([*batches, batches[-1]]),
        sound + b"\0",
    ):
        file.write_bytes(other)
        with pytest.raises(SnapshotMissing):
            read_sealed(file, KEY)


def _pieces(content: bytes) -> list[bytes]:
    end = content.index(b"\n") + 1
    pieces = [content[:end]]
    while end < len(content):
        size = int.from_bytes(content[end : end + 8], "little") + 8 + 1 + 12
        pieces.append(content[end : end + size])
        end += size
    return pieces


def test_another_key_or_name_opens_nothing(file):
    with pytest.raises(SnapshotMissing):
        read_sealed(file, secrets.token_bytes(32))
    other = file.rename(file.with_name("base-2"))
    with pytest.raises(SnapshotMissing) as caught:
        read_sealed(other, KEY)
    assert isinstance(caught.value, SharewellError) and "Canary" not in str(caught.value)
