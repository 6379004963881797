"""Find who is on both of two encoded lists, without the key, and tell no more than was agreed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from sharewell.people.encoded.compare import Near, Pass, merged, near_pairs, one_to_one
from sharewell.people.encoded.files import EncodedFile
from sharewell.people.encoded.keys import require_not_ended
from sharewell.people.encoded.rules import NEAR, told
from sharewell.people.encoded.sketch import Numbers, Words
from sharewell.people.encoded.terms import Answer, Told
from sharewell.store.disk import writing
from sharewell.store.parquet import write_plain
from sharewell.vocab.errors import EncodingsDiffer, Where

LINKED = pa.schema([("handle_a", pa.string()), ("handle_b", pa.string())])


@dataclass(frozen=True)
class Overlap:
    """What a comparison may tell. ``linked`` (handle_a, handle_b) is None unless it was asked for.

    ``rows_a`` and ``rows_b`` count encoded rows, decoys among them. ``compared`` counts pairs looked at.
    """

    both: Told
    rows_a: Told
    rows_b: Told
    linked: pa.Table | None
    compared: int

    @property
    def counts(self) -> dict[str, str]:
        """Return the counts in words, as they may be told."""
        return {"on_both": str(self.both), "rows_a": str(self.rows_a), "rows_b": str(self.rows_b)}


def overlap(a: Path, b: Path, answer: Answer, today: date) -> Overlap:
    """Compare two encoded lists: how many people are on both and, for ``Answer.LINKED``, by which handles.

    Raises FileMissing and FileUnreadable for a file that is no encoding, EncodingsDiffer for two that were
    made with different keys, for different agreements or by one party, AgreementEnded after the last day.
    """
    one, other = EncodedFile(a), EncodedFile(b)
    _require_alike(one, other)
    require_not_ended(one.terms, today)
    handles = one.handles(), other.handles()
    near = merged([near_pairs(one.read(place), other.read(place)) for place in one.passes], len(handles[1]))
    pairs = _chosen(near, one.read(0), other.read(0))
    linked = [handles[side].take(pa.array(rows)) for side, rows in enumerate(pairs)]
    return Overlap(
        told(len(pairs[0])),
        told(len(handles[0])),
        told(len(handles[1])),
        pa.Table.from_arrays(linked, schema=LINKED) if answer is Answer.LINKED else None,
        near.compared,
    )


def write_answer(found: Overlap, out: Path) -> None:
    """Write linked handles as Parquet or, where none may be told, the counts as JSON.

    Raises DiskFull, FolderReadOnly.
    """
    if found.linked is not None:
        write_plain(found.linked.to_reader(), out)
        return
    with writing(out.name):
        out.write_text(json.dumps(found.counts, indent=2) + "\n", encoding="utf-8")


def _chosen(near: Near, a: Pass, b: Pass) -> tuple[Numbers, Numbers]:
    """Return the rows of the pairs that are near enough, one to one; bits decide ties, not random handles."""
    enough = near.distance <= NEAR
    kept = Near(near.left[enough], near.right[enough], near.distance[enough], near.compared)
    ties: Words = a.encodings[kept.left, 0] ^ b.encodings[kept.right, 0]
    chosen = one_to_one(kept, ties)
    return kept.left[chosen], kept.right[chosen]


def _require_alike(one: EncodedFile, other: EncodedFile) -> None:
    """Refuse two encodings that do not belong together, saying in what they differ."""
    if one.terms.agreement != other.terms.agreement:
        differ = f"for different agreements ({one.terms.agreement} and {other.terms.agreement})"
    elif one.terms != other.terms:
        differ = "on different terms: the parties, the last day, the fields or the size of blocks"
    elif one.check != other.check:
        differ = "with different keys"
    elif one.party == other.party:
        differ = f"by one organisation ({one.party})"
    else:
        return
    raise EncodingsDiffer(
        f"The two lists were encoded {differ}.",
        "Let each of the two organisations encode its list with one key file of this agreement.",
        Where(file=other.name),
    )
