"""Rows on their way into an engine from Python, which stop when the engine fails.

Arrow reads ahead in a thread of its own. When the engine gives up, that thread may still be inside our
reader; if the interpreter then ends, the process aborts. So the rows are told to end, and waited for.
"""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterator
from typing import Final

import pyarrow as pa

_PATIENCE: Final = 2.0
"""Seconds to wait for the thread that reads ahead; it is in the middle of a batch at most."""


class Arriving:
    """A reader's batches, one after another until they are told to stop."""

    def __init__(self, rows: pa.RecordBatchReader) -> None:
        """Take the reader whose batches are handed on."""
        self._rows, self.is_over = rows, False

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        """Return itself."""
        return self

    def __next__(self) -> pa.RecordBatch:
        """Return the next batch; none more once stopped."""
        if self.is_over:
            raise StopIteration
        return next(self._rows)


@contextlib.contextmanager
def stopped_on_failure(rows: pa.Table | pa.RecordBatchReader) -> Iterator[pa.Table | pa.RecordBatchReader]:
    """Give rows to an engine; when the block fails, no more of them are read and none is being read."""
    if isinstance(rows, pa.Table):
        yield rows
        return
    arriving, released = Arriving(rows), threading.Event()
    weakref.finalize(arriving, released.set)
    given = pa.RecordBatchReader.from_batches(rows.schema, arriving)
    try:
        yield given
    except BaseException:
        arriving.is_over = True
        del arriving, given
        released.wait(_PATIENCE)
        raise
